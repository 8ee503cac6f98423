public import Money

/// How a decimal number is written.
public struct DecimalStyle: Hashable, Sendable {
    let point: UInt8
    let group: UInt8?
    /// `12,` is twelve, as SWIFT writes it.
    let allowsBarePoint: Bool

    /// `1,234.50`, `-1.5`, `+1.5`.
    public static let point = DecimalStyle(
        point: UInt8(ascii: "."), group: UInt8(ascii: ","), allowsBarePoint: false)
    /// `1.234,50`.
    public static let comma = DecimalStyle(
        point: UInt8(ascii: ","), group: UInt8(ascii: "."), allowsBarePoint: false)
    /// `1234,5` and `1234,`.
    public static let swift = DecimalStyle(point: UInt8(ascii: ","), group: nil, allowsBarePoint: true)
}

/// Reads the values of fields from their bytes: exactly, or not at all.
public enum FieldText {
    /// A number with at most 18 digits and at most 18 decimals; groups must be of three digits.
    public static func decimal(_ text: ArraySlice<UInt8>, _ style: DecimalStyle = .point) throws(FieldProblem)
        -> ExactDecimal
    {
        try text.withUnsafeBufferPointer { (bytes) throws(FieldProblem) in try decimal(bytes, style) }
    }

    /// The same for bytes in place: no slice is made and nothing is counted.
    static func decimal(_ text: UnsafeBufferPointer<UInt8>, _ style: DecimalStyle) throws(FieldProblem) -> ExactDecimal
    {
        var index = 0
        var end = text.count
        while index < end, isBlank(text[index]) { index += 1 }
        while index < end, isBlank(text[end - 1]) { end -= 1 }
        guard index < end else { throw FieldProblem("is empty") }
        let isNegative = text[index] == UInt8(ascii: "-")
        if isNegative || text[index] == UInt8(ascii: "+") { index += 1 }
        guard index < end, digitValue(text[index]) != nil else { throw notAnAmount(text) }
        var units: Int64 = 0
        var digits = 0
        // How many decimals there are, and how many digits since the last group mark; -1: no point or mark yet.
        var scale = -1
        var sinceGroup = -1
        while index < end {
            let byte = text[index]
            if let digit = digitValue(byte) {
                // Leading zeros say nothing and are free.
                if units > 0 || digit > 0 { digits += 1 }
                guard digits <= 18 else { throw FieldProblem("has more than 18 digits: \(shown(text))") }
                units = units * 10 + digit
                if scale >= 0 { scale += 1 } else if sinceGroup >= 0 { sinceGroup += 1 }
            } else if byte == style.point, scale < 0, sinceGroup < 0 || sinceGroup == 3 {
                scale = 0
            } else if byte == style.group, scale < 0, sinceGroup < 0 || sinceGroup == 3 {
                sinceGroup = 0
            } else {
                throw notAnAmount(text)
            }
            index += 1
        }
        guard scale != 0 || style.allowsBarePoint, scale >= 0 || sinceGroup < 0 || sinceGroup == 3 else {
            throw notAnAmount(text)
        }
        guard scale <= ExactDecimal.largestScale else {
            throw FieldProblem("has more than 18 decimals: \(shown(text))")
        }
        return ExactDecimal(units: isNegative ? -units : units, scale: max(0, scale))
    }

    private static func notAnAmount(_ text: UnsafeBufferPointer<UInt8>) -> FieldProblem {
        FieldProblem("is not an amount: \(shown(text))")
    }

    /// A whole number of at most 18 digits, with a sign or without.
    public static func integer(_ text: ArraySlice<UInt8>) throws(FieldProblem) -> Int64 {
        let bytes = trimmed(text)
        let isNegative = bytes.first == UInt8(ascii: "-")
        let digits = isNegative || bytes.first == UInt8(ascii: "+") ? bytes.dropFirst() : bytes
        guard (1...18).contains(digits.count) else {
            throw FieldProblem(digits.isEmpty ? "is empty" : "is not a number of 18 digits: \(shown(text))")
        }
        var value: Int64 = 0
        for byte in digits {
            guard let digit = digitValue(byte) else { throw FieldProblem("is not a number: \(shown(text))") }
            value = value * 10 + digit
        }
        return isNegative ? -value : value
    }

    /// Three letters of ISO 4217.
    public static func currency(_ text: ArraySlice<UInt8>) throws(FieldProblem) -> Currency {
        do {
            return try Currency(code: String(decoding: trimmed(text), as: UTF8.self))
        } catch {
            throw FieldProblem("is not a currency: \(shown(text))")
        }
    }

    /// The same from a string.
    public static func currency(_ text: String) throws(FieldProblem) -> Currency { try currency(bytes(text)) }

    /// A string's bytes, for the parsers of this type.
    public static func bytes(_ text: some StringProtocol) -> ArraySlice<UInt8> { Array(text.utf8)[...] }

    /// Without the blanks around: spaces, tabs, and the ends of lines.
    public static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var start = bytes.startIndex
        var end = bytes.endIndex
        while start < end, isBlank(bytes[start]) { start += 1 }
        while start < end, isBlank(bytes[end - 1]) { end -= 1 }
        return bytes[start..<end]
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    static func digitValue(_ byte: UInt8) -> Int64? {
        let value = byte &- UInt8(ascii: "0")
        return value < 10 ? Int64(value) : nil
    }

    /// What a message quotes of a bad value.
    static func shown(_ bytes: some Collection<UInt8>) -> String {
        let text = String(decoding: bytes.prefix(40), as: UTF8.self)
        return "\"\(text)\(bytes.count > 40 ? "…" : "")\""
    }
}
