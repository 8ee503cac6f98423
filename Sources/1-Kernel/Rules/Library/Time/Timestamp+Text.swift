extension Timestamp {
    /// Reads `2009-02-13T23:31:30.5Z` or `2009-02-14T00:31:30+01:00` (RFC 3339). Digits beyond the nanosecond are
    /// dropped.
    /// - Throws: `EvaluationError` when the text is nothing of the kind or the year is not 1 to 9999.
    public init(parsing text: String) throws(EvaluationError) {
        var reader = ByteReader(text)
        guard let year = reader.number(digits: 4), reader.take("-"),
            let month = reader.number(digits: 2), (1...12).contains(month), reader.take("-"),
            let day = reader.number(digits: 2), day >= 1, day <= CivilDate.days(in: month, of: year),
            reader.take("T") || reader.take("t"),
            let hour = reader.number(digits: 2), hour < 24, reader.take(":"),
            let minute = reader.number(digits: 2), minute < 60, reader.take(":"),
            let second = reader.number(digits: 2), second < 60,
            let nanos = reader.fraction(),
            let offset = Timestamp.offset(&reader), reader.isAtEnd
        else { throw EvaluationError(.invalidArgument, "\(Value.quoted(text)) is no timestamp of RFC 3339") }
        let days = CivilDate(year: year, month: month, day: day).daysSince1970
        try self.init(seconds: days * 86_400 + hour * 3_600 + minute * 60 + second - offset, nanos: nanos)
    }

    /// The offset at the end, in seconds east of UTC.
    private static func offset(_ reader: inout ByteReader) -> Int64? {
        if reader.take("Z") || reader.take("z") { return 0 }
        let isWest = reader.take("-")
        guard isWest || reader.take("+"), let hours = reader.number(digits: 2), hours < 24, reader.take(":"),
            let minutes = reader.number(digits: 2), minutes < 60
        else { return nil }
        let offset = hours * 3_600 + minutes * 60
        return isWest ? -offset : offset
    }

    /// As RFC 3339 in UTC, with as many digits of the second as it has: `2009-02-13T23:31:30.5Z`.
    public var text: String {
        let clock = ClockReading(seconds: seconds)
        let date = clock.date
        return padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2) + "T"
            + padded(clock.hour, 2) + ":" + padded(clock.minute, 2) + ":" + padded(clock.second, 2)
            + fractionText(Int64(nanos)) + "Z"
    }
}

/// What a calendar and a clock show at a moment.
struct ClockReading {
    let date: CivilDate
    let hour: Int64
    let minute: Int64
    let second: Int64

    /// - Parameter seconds: since 1970, shifted to the clock's zone already.
    init(seconds: Int64) {
        let rest = seconds % 86_400
        let ofDay = rest < 0 ? rest + 86_400 : rest
        date = CivilDate(daysSince1970: (seconds - ofDay) / 86_400)
        hour = ofDay / 3_600
        minute = ofDay / 60 % 60
        second = ofDay % 60
    }
}

private func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(width - digits.utf8.count, 0)) + digits
}

/// `.5`, `.000000001` or nothing.
func fractionText(_ nanos: Int64) -> String {
    guard nanos > 0 else { return "" }
    var digits = Substring(padded(nanos, 9))
    while digits.last == "0" { digits.removeLast() }
    return "." + digits
}

/// Reads a text of ASCII from left to right.
struct ByteReader {
    private let bytes: [UInt8]
    private(set) var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { position == bytes.count }

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next.map(UInt32.init) == character.value else { return false }
        position += 1
        return true
    }

    mutating func skip() { position += 1 }

    var digit: Int64? {
        guard let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
        return Int64(byte - UInt8(ascii: "0"))
    }

    /// Exactly so many digits.
    mutating func number(digits: Int) -> Int64? {
        var number: Int64 = 0
        for _ in 0..<digits {
            guard let digit else { return nil }
            number = number * 10 + digit
            position += 1
        }
        return number
    }

    /// The nanoseconds of `.5`; zero without a point; nil for a point without digits.
    mutating func fraction() -> Int64? {
        guard take(".") else { return 0 }
        guard digit != nil else { return nil }
        var nanos: Int64 = 0
        var unit: Int64 = 100_000_000
        while let digit {
            nanos += digit * unit
            unit /= 10
            position += 1
        }
        return nanos
    }
}
