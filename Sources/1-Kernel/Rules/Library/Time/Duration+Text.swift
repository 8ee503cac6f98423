extension Duration {
    /// Reads `1h30m`, `-1.5s`, `250ms`: numbers with units (h, m, s, ms, us, µs, ns), each perhaps with a fraction,
    /// and one sign before all. `0` needs no unit.
    /// - Throws: `EvaluationError` when the text is nothing of the kind or the span is out of range.
    public init(parsing text: String) throws(EvaluationError) {
        var reader = ByteReader(text)
        let isNegative = reader.take("-")
        if !isNegative { _ = reader.take("+") }
        if reader.take("0"), reader.isAtEnd {
            try self.init(seconds: 0)
            return
        }
        reader = ByteReader(String(text.drop { $0 == "-" || $0 == "+" }))
        let hasOneSign = text.prefix { $0 == "-" || $0 == "+" }.count <= 1
        guard hasOneSign, !reader.isAtEnd else { throw Duration.invalid(text) }
        var nanos: Int128 = 0
        while !reader.isAtEnd {
            guard let part = Duration.part(&reader) else { throw Duration.invalid(text) }
            nanos += part
            // Far beyond the range, and far from overflowing: the rest no longer matters.
            guard nanos < Int128(1) << 100 else { throw Duration.outOfRange }
        }
        if isNegative { nanos = -nanos }
        guard let seconds = Int64(exactly: nanos / 1_000_000_000) else { throw Duration.outOfRange }
        try self.init(seconds: seconds, nanos: Int64(nanos % 1_000_000_000))
    }

    private static let outOfRange = EvaluationError(.overflow, "the duration is out of range")

    private static func invalid(_ text: String) -> EvaluationError {
        EvaluationError(.invalidArgument, "\(Value.quoted(text)) is no duration, such as \"1h30m\" or \"-1.5s\"")
    }

    /// A number with its unit, in nanoseconds.
    private static func part(_ reader: inout ByteReader) -> Int128? {
        var whole: Int128 = 0
        var hasDigits = false
        while let digit = reader.digit {
            // Saturates: such a number is out of range in any unit.
            whole = min(whole * 10 + Int128(digit), Int128(1) << 60)
            hasDigits = true
            reader.skip()
        }
        var fraction: Int128 = 0
        var scale: Int128 = 1
        if reader.take(".") {
            while let digit = reader.digit {
                // No unit has more than 14 digits in nanoseconds, so later digits cannot count.
                if scale < 1_000_000_000_000_000 {
                    fraction = fraction * 10 + Int128(digit)
                    scale *= 10
                }
                hasDigits = true
                reader.skip()
            }
        }
        guard hasDigits, let unit = unit(&reader) else { return nil }
        return whole * unit + fraction * unit / scale
    }

    private static func unit(_ reader: inout ByteReader) -> Int128? {
        if reader.take("h") { return 3_600_000_000_000 }
        if reader.take("m") { return reader.take("s") ? 1_000_000 : 60_000_000_000 }
        if reader.take("s") { return 1_000_000_000 }
        if reader.take("n") { return reader.take("s") ? 1 : nil }
        if reader.take("u") { return reader.take("s") ? 1_000 : nil }
        // Both micro signs, U+00B5 and the Greek letter, in UTF-8.
        for (first, second) in [(UInt8(0xC2), UInt8(0xB5)), (0xCE, 0xBC)] where reader.next == first {
            reader.skip()
            guard reader.next == second else { return nil }
            reader.skip()
            return reader.take("s") ? 1_000 : nil
        }
        return nil
    }

    /// Seconds with as many digits behind the point as there are: `-1.5s`.
    public var text: String {
        let sign = seconds < 0 || nanos < 0 ? "-" : ""
        return sign + String(seconds.magnitude) + fractionText(Int64(nanos.magnitude)) + "s"
    }
}
