public import Money

/// A decimal number as a file has it: `units / 10^scale`, so that `0.00600` is 600 at scale 5.
public struct ExactDecimal: Hashable, Sendable {
    /// More decimals than any statement has; a number with more is refused.
    public static let largestScale = 18

    public let units: Int64
    public let scale: Int

    public init(units: Int64, scale: Int) {
        precondition((0...Self.largestScale).contains(scale), "a scale is 0 to 18 decimals")
        self.units = units
        self.scale = scale
    }

    /// The number in minor units of `currency`, exactly. Decimals beyond the currency's own must be zero.
    public func minor(_ currency: Currency) throws(FieldProblem) -> Int64 {
        try minor(digits: currency.minorUnits, rounding: false)
    }

    /// The number in minor units, what is finer rounded half away from zero: the rule by which WeChat charges a fee
    /// that its bill prints with five decimals.
    public func roundedMinor(_ currency: Currency) throws(FieldProblem) -> Int64 {
        try minor(digits: currency.minorUnits, rounding: true)
    }

    /// Whether the number is a whole count of the currency's minor units.
    public func isWhole(_ currency: Currency) -> Bool {
        scale <= currency.minorUnits || units % Self.power(scale - currency.minorUnits) == 0
    }

    /// The same number at another scale; nil when digits would be lost or do not fit.
    public func units(atScale wanted: Int) -> Int64? {
        guard (0...Self.largestScale).contains(wanted) else { return nil }
        if wanted >= scale {
            let (product, overflow) = units.multipliedReportingOverflow(by: Self.power(wanted - scale))
            return overflow ? nil : product
        }
        let divisor = Self.power(scale - wanted)
        return units % divisor == 0 ? units / divisor : nil
    }

    public var isZero: Bool { units == 0 }

    /// The opposite number; the parser keeps units away from the one value that has no opposite.
    public var negated: ExactDecimal { ExactDecimal(units: 0 &- units, scale: scale) }

    private func minor(digits: Int, rounding: Bool) throws(FieldProblem) -> Int64 {
        if scale <= digits {
            let (product, overflow) = units.multipliedReportingOverflow(by: Self.power(digits - scale))
            guard !overflow, product.magnitude <= StatementRow.largestMinor.magnitude else {
                throw FieldProblem("is larger than 10^18 minor units: \(self)")
            }
            return product
        }
        let divisor = Self.power(scale - digits)
        let (quotient, remainder) = units.quotientAndRemainder(dividingBy: divisor)
        guard quotient.magnitude <= StatementRow.largestMinor.magnitude else {
            throw FieldProblem("is larger than 10^18 minor units: \(self)")
        }
        if remainder == 0 { return quotient }
        guard rounding else { throw FieldProblem("has more decimals than its currency: \(self)") }
        let up = remainder.magnitude >= divisor.magnitude - remainder.magnitude
        return up ? quotient + (units < 0 ? -1 : 1) : quotient
    }

    static func power(_ exponent: Int) -> Int64 {
        var result: Int64 = 1
        for _ in 0..<exponent { result *= 10 }
        return result
    }
}

extension ExactDecimal: CustomStringConvertible {
    /// `-0.00600`: every decimal that was read.
    public var description: String {
        guard scale > 0 else { return String(units) }
        let digits = Digits.padded(magnitudeText: String(units.magnitude), to: scale + 1)
        return (units < 0 ? "-" : "") + digits.dropLast(scale) + "." + digits.suffix(scale)
    }
}

extension Digits {
    static func padded(magnitudeText text: String, to width: Int) -> String {
        text.utf8.count >= width ? text : String(repeating: "0", count: width - text.utf8.count) + text
    }

    /// Minor units as decimal text: `-1.05`.
    static func decimal(_ minor: Int64, _ currency: Currency) -> String {
        ExactDecimal(units: minor, scale: currency.minorUnits).description
    }
}
