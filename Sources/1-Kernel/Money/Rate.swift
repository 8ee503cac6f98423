/// An exact factor with twelve decimals: a tax rate, a commission, a rate of exchange.
///
/// It is an Int128 of 10^-12, about ±1.7 × 10^26 as a number. Twelve decimals hold every rate that central banks
/// and tax offices publish, and an inverse rate to eleven digits; nothing is ever stored as floating point.
public struct Rate: Hashable, Sendable {
    /// How many decimals a rate has.
    public static let decimals = 12

    /// The rate is `numerator / denominator`.
    public let numerator: Int128

    /// 10^12, for every rate.
    public static var denominator: Int128 { 1_000_000_000_000 }
    public var denominator: Int128 { Self.denominator }

    public static let zero = Rate(numerator: 0)
    public static let one = Rate(numerator: denominator)

    /// A rate from its count of 10^-12.
    public init(numerator: Int128) { self.numerator = numerator }

    /// A rate from hundredths of a percent: 825 is 8.25 %. Every Int64 fits.
    public init(basisPoints: Int64) { numerator = Int128(basisPoints) * 100_000_000 }

    /// A rate from text as "0.0825" or "-1.5", with at most twelve decimals. The value is a factor, not a percentage.
    public init(decimalText: String) throws(MoneyError) {
        numerator = try DecimalText.parse(decimalText, decimals: Self.decimals)
    }

    /// The ratio of two integers, rounded to twelve decimals. To apply a ratio exactly to an amount, use
    /// `Amount.scaled(numerator:denominator:rounding:)`, which rounds once.
    public init(numerator: Int64, denominator: Int64, rounding: Rounding) throws(MoneyError) {
        guard denominator > 0 else { throw .notPositive(denominator: denominator) }
        self.numerator = rounding.quotient(Int128(numerator) * Self.denominator, by: Int128(denominator))
    }

    /// The shortest text that reads back as this rate: "0.0825", "-1.5", "20".
    public var decimalText: String {
        var text = DecimalText.format(numerator.magnitude, negative: numerator < 0, decimals: Self.decimals)
        while text.utf8.last == UInt8(ascii: "0") { text.removeLast() }
        if text.utf8.last == UInt8(ascii: ".") { text.removeLast() }
        return text
    }
}

extension Rate {
    /// The exact sum, for rates that apply together (a state and a city tax on the same base).
    public func adding(_ other: Rate) throws(MoneyError) -> Rate {
        let (sum, overflow) = numerator.addingReportingOverflow(other.numerator)
        guard !overflow else { throw .rateOverflow("\(self) + \(other)") }
        return Rate(numerator: sum)
    }

    /// The exact difference.
    public func subtracting(_ other: Rate) throws(MoneyError) -> Rate {
        let (difference, overflow) = numerator.subtractingReportingOverflow(other.numerator)
        guard !overflow else { throw .rateOverflow("\(self) - \(other)") }
        return Rate(numerator: difference)
    }

    /// The product, rounded to twelve decimals (a cross rate, a tax on a tax). The product before rounding has 256 bits,
    /// so only a result that does not fit throws.
    public func multiplied(by other: Rate, rounding: Rounding) throws(MoneyError) -> Rate {
        let divisor = Self.denominator.magnitude
        let product = numerator.magnitude.multipliedFullWidth(by: other.numerator.magnitude)
        // `dividingFullWidth` traps when the quotient needs more than 128 bits, which is when high reaches the divisor.
        guard product.high < divisor else { throw .rateOverflow("\(self) × \(other)") }
        let (cut, remainder) = divisor.dividingFullWidth(product)
        let away = rounding.goesAway(odd: cut & 1 == 1, remainder: remainder, divisor: divisor)
        let (magnitude, carry) = cut.addingReportingOverflow(away ? 1 : 0)
        let negative = (numerator < 0) != (other.numerator < 0)
        guard !carry, let signed = Self.signed(magnitude, negative: negative) else {
            throw .rateOverflow("\(self) × \(other)")
        }
        return Rate(numerator: signed)
    }

    private static func signed(_ magnitude: UInt128, negative: Bool) -> Int128? {
        if negative, magnitude == Int128.min.magnitude { return .min }
        return Int128(exactly: magnitude).map { negative ? -$0 : $0 }
    }
}

extension Rate: Comparable {
    public static func < (left: Rate, right: Rate) -> Bool { left.numerator < right.numerator }
}

extension Rate: CustomStringConvertible {
    public var description: String { decimalText }
}

extension Rate: Codable {
    /// Reads the decimal text; a JSON number would have passed through floating point in most readers.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            try self.init(decimalText: container.decode(String.self))
        } catch let error as MoneyError {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
        }
    }

    /// Writes the decimal text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(decimalText)
    }
}

extension MoneyError {
    static func notPositive(denominator: Int64) -> MoneyError {
        MoneyError(.invalidRatio, value: String(denominator), rule: "must be positive to be a denominator")
    }
}
