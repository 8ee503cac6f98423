/// Why money was refused: the value as it came, and the rule that it breaks.
public struct MoneyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of refusal it is. A struct over a hidden enum, so that a new kind breaks nobody's `switch`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case unknownCurrency, currencyMismatch, overflow, malformedDecimal, tooManyDecimals, invalidRatio
            case invalidWeights
        }

        private let kind: Kind

        /// The letters or the number name no active currency with a minor unit.
        public static let unknownCurrency = Code(kind: .unknownCurrency)
        /// Two amounts of different currencies met.
        public static let currencyMismatch = Code(kind: .currencyMismatch)
        /// The exact result does not fit: 64 bits for an amount, 128 for a rate.
        public static let overflow = Code(kind: .overflow)
        /// The text is not a plain decimal number.
        public static let malformedDecimal = Code(kind: .malformedDecimal)
        /// The text has more decimals than the currency or the rate.
        public static let tooManyDecimals = Code(kind: .tooManyDecimals)
        /// A denominator or a conversion rate is not positive.
        public static let invalidRatio = Code(kind: .invalidRatio)
        /// Weights are missing, negative, all zero, or too many.
        public static let invalidWeights = Code(kind: .invalidWeights)

        public var description: String { kind.rawValue }
    }

    public let code: Code
    /// What was refused, shortened when it is long: it ends in logs and in problem documents.
    public let value: String
    /// The rule that it breaks, as a half sentence: "must be ...".
    public let rule: String

    /// The longest value that is quoted in full, in characters.
    static let longestValue = 64

    init(_ code: Code, value: String, rule: String) {
        self.code = code
        self.value = value.count <= Self.longestValue ? value : value.prefix(Self.longestValue) + "..."
        self.rule = rule
    }

    public var description: String { "\"\(value)\" \(rule)" }
}

extension MoneyError {
    /// An exact result that leaves the range of an amount. `value` is the computation in the caller's terms.
    static func overflow(_ value: String) -> MoneyError {
        MoneyError(
            .overflow, value: value, rule: "must stay within \(Int64.min)...\(Int64.max) minor units")
    }

    static func rateOverflow(_ value: String) -> MoneyError {
        MoneyError(.overflow, value: value, rule: "must stay within the 128 bits of a rate with 12 decimals")
    }

    static func mismatch(_ left: Amount, _ right: Currency) -> MoneyError {
        MoneyError(
            .currencyMismatch, value: "\(left) with \(right)",
            rule: "must be of one currency; convert with a rate first")
    }
}
