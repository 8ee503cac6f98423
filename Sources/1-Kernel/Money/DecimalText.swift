/// Plain decimal numbers as text, read and written exactly: `-?[0-9]+(\.[0-9]+)?`, nothing else.
///
/// There is no plus, no exponent, no grouping, no space, no digit outside ASCII and no bare point, because each of
/// these reads differently somewhere: "1.000" and "1,000" are a thousand or one, depending on the country. For the
/// same reason a number with more decimals than allowed is refused even when the surplus is zeros.
enum DecimalText {
    /// No number of 128 bits is longer, leading zeros aside; longer text is refused before it is read.
    static let maximumLength = 64

    /// Reads `text` as an integer of units of 10^-decimals.
    static func parse(_ text: String, decimals: Int) throws(MoneyError) -> Int128 {
        guard text.utf8.count <= maximumLength else {
            throw malformed(text, "must be at most \(maximumLength) characters long")
        }
        var digits = text.utf8[...]
        let negative = digits.first == UInt8(ascii: "-")
        if negative { digits.removeFirst() }

        var value: Int128 = 0
        var wholeDigits = 0
        var fraction: Int?
        for byte in digits {
            if byte == UInt8(ascii: "."), fraction == nil, wholeDigits > 0 {
                fraction = 0
                continue
            }
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else {
                throw malformed(text, refusal(of: byte))
            }
            if let count = fraction { fraction = count + 1 } else { wholeDigits += 1 }
            guard fraction ?? 0 <= decimals else { throw tooPrecise(text, decimals) }
            value = try append(Int128(byte - UInt8(ascii: "0")), to: value, negative: negative, text)
        }
        guard wholeDigits > 0 else { throw malformed(text, "must have a digit before the point") }
        guard fraction != 0 else { throw malformed(text, "must have a digit after the point") }
        for _ in (fraction ?? 0)..<decimals { value = try append(0, to: value, negative: negative, text) }
        return value
    }

    /// Appends one digit. Negative numbers grow downwards, so that the lowest value of the range can be read too.
    private static func append(
        _ digit: Int128, to value: Int128, negative: Bool, _ text: String
    ) throws(MoneyError) -> Int128 {
        let (shifted, tooFar) = value.multipliedReportingOverflow(by: 10)
        let (sum, beyond) =
            negative ? shifted.subtractingReportingOverflow(digit) : shifted.addingReportingOverflow(digit)
        guard !tooFar, !beyond else { throw MoneyError.rateOverflow(text) }
        return sum
    }

    /// Writes the shortest text with exactly `decimals` decimals: 5 with 2 decimals is "0.05".
    static func format(_ magnitude: some UnsignedInteger, negative: Bool, decimals: Int) -> String {
        var digits = String(magnitude)
        if decimals > 0 {
            let missing = decimals + 1 - digits.utf8.count
            if missing > 0 { digits = String(repeating: "0", count: missing) + digits }
            digits.insert(".", at: digits.utf8.index(digits.utf8.endIndex, offsetBy: -decimals))
        }
        return negative ? "-" + digits : digits
    }

    private static func refusal(of byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "+"), UInt8(ascii: "-"): "must have no sign but one leading minus"
        case UInt8(ascii: "e"), UInt8(ascii: "E"): "must be written out, without an exponent"
        case UInt8(ascii: ","), UInt8(ascii: "'"), UInt8(ascii: "_"): "must have no grouping, and a point for decimals"
        case UInt8(ascii: "."): "must have one point at most, with a digit before it"
        case UInt8(ascii: " "), 9, 10, 13: "must have no space"
        default: "must have the digits 0 to 9 and a point only"
        }
    }

    private static func malformed(_ text: String, _ rule: String) -> MoneyError {
        MoneyError(.malformedDecimal, value: text, rule: rule)
    }

    private static func tooPrecise(_ text: String, _ decimals: Int) -> MoneyError {
        let rule = decimals == 0 ? "must have no decimals" : "must have at most \(decimals) decimals"
        return MoneyError(.tooManyDecimals, value: text, rule: rule)
    }
}
