extension Amount {
    /// The amount times a rate, in the same currency, rounded once: tax, commission, discount.
    public func multiplied(by rate: Rate, rounding: Rounding) throws(MoneyError) -> Amount {
        // The product overflows 128 bits only when the rounded result is far beyond 64: 2^127 / 10^12 > 2^63.
        let (product, overflow) = rate.numerator.multipliedReportingOverflow(by: Int128(minor))
        guard !overflow, let result = Int64(exactly: rounding.quotient(product, by: Rate.denominator)) else {
            throw .overflow("\(self) × \(rate)")
        }
        return Amount(minor: result, currency)
    }

    /// The amount times `numerator / denominator`, rounded once; the ratio itself is never rounded.
    ///
    /// For the share of an order that is fulfilled, of a month that is used. When shares have to sum to the whole, scale
    /// the running total and subtract what was taken before, or use `allocate(weights:)`.
    public func scaled(
        numerator: Int64, denominator: Int64, rounding: Rounding
    ) throws(MoneyError) -> Amount {
        guard denominator > 0 else { throw .notPositive(denominator: denominator) }
        // Two factors of 64 bits always fit into 128.
        let exact = Int128(minor) * Int128(numerator)
        guard let result = Int64(exactly: rounding.quotient(exact, by: Int128(denominator))) else {
            throw .overflow("\(self) × \(numerator) / \(denominator)")
        }
        return Amount(minor: result, currency)
    }

    /// The amount in another currency, rounded once to its minor unit.
    ///
    /// The rate is quoted as markets quote it, in whole units: 1 unit of this currency is `rate` units of the other.
    /// 100.00 EUR at 163.25 are 16325 JPY; the different minor units are accounted for here.
    public func converted(
        to target: Currency, at rate: Rate, rounding: Rounding
    ) throws(MoneyError) -> Amount {
        guard rate > .zero else {
            throw MoneyError(.invalidRatio, value: "\(rate)", rule: "must be positive to convert currencies")
        }
        let steps = target.minorUnits - currency.minorUnits
        // As above: the divisor is at most 10^16, so a product beyond 128 bits means a result beyond 64.
        let (product, first) = rate.numerator.multipliedReportingOverflow(by: Int128(minor))
        let (dividend, second) = product.multipliedReportingOverflow(by: Self.powerOfTen(max(steps, 0)))
        let divisor = Rate.denominator * Self.powerOfTen(max(-steps, 0))
        guard !first, !second, let result = Int64(exactly: rounding.quotient(dividend, by: divisor)) else {
            throw .overflow("\(self) at \(rate) in \(target)")
        }
        return Amount(minor: result, target)
    }

    /// 10^exponent for the difference of two minor units, which is 4 at most.
    private static func powerOfTen(_ exponent: Int) -> Int128 {
        var power: Int128 = 1
        for _ in 0..<exponent { power *= 10 }
        return power
    }
}
