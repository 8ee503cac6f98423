/// An exact sum of money: a count of minor units and the currency they are of. `Amount(minor: 1999, .eur)` is 19.99 EUR.
///
/// Every operation is exact or rounds once, by a mode that the caller names. What does not fit into 64 bits and what
/// mixes currencies throws; nothing traps and nothing wraps. Amounts are signed: a refund is the negative of a sale.
/// `Comparable` is missing on purpose, because amounts of different currencies have no order.
public struct Amount: Hashable, Sendable, Codable {
    /// Cents, fils, yen: what the currency counts in.
    public let minor: Int64
    public let currency: Currency

    public init(minor: Int64, _ currency: Currency) {
        self.minor = minor
        self.currency = currency
    }

    public static func zero(_ currency: Currency) -> Amount { Amount(minor: 0, currency) }

    public var isZero: Bool { minor == 0 }
    public var isNegative: Bool { minor < 0 }
    public var isPositive: Bool { minor > 0 }
}

extension Amount {
    /// The exact sum of two amounts of one currency.
    public func adding(_ other: Amount) throws(MoneyError) -> Amount {
        guard currency == other.currency else { throw .mismatch(self, other.currency) }
        let (sum, overflow) = minor.addingReportingOverflow(other.minor)
        guard !overflow else { throw .overflow("\(self) + \(other)") }
        return Amount(minor: sum, currency)
    }

    /// The exact difference of two amounts of one currency; it may be negative.
    public func subtracting(_ other: Amount) throws(MoneyError) -> Amount {
        guard currency == other.currency else { throw .mismatch(self, other.currency) }
        let (difference, overflow) = minor.subtractingReportingOverflow(other.minor)
        guard !overflow else { throw .overflow("\(self) - \(other)") }
        return Amount(minor: difference, currency)
    }

    /// The opposite amount. Throws for the lowest amount only, which has no opposite in 64 bits.
    public func negated() throws(MoneyError) -> Amount {
        let (opposite, overflow) = Int64(0).subtractingReportingOverflow(minor)
        guard !overflow else { throw .overflow("-(\(self))") }
        return Amount(minor: opposite, currency)
    }

    /// The amount without its sign. Throws for the lowest amount only.
    public func absolute() throws(MoneyError) -> Amount {
        isNegative ? try negated() : self
    }

    /// The exact price of a quantity: unit price times count.
    public func multiplied(byQuantity quantity: Int64) throws(MoneyError) -> Amount {
        let (product, overflow) = minor.multipliedReportingOverflow(by: quantity)
        guard !overflow else { throw .overflow("\(self) × \(quantity)") }
        return Amount(minor: product, currency)
    }

    /// Whether this amount is smaller than another of the same currency. -5.00 is smaller than 1.00.
    public func isLess(than other: Amount) throws(MoneyError) -> Bool {
        guard currency == other.currency else { throw .mismatch(self, other.currency) }
        return minor < other.minor
    }

    /// The exact sum of amounts of one currency; zero when there are none.
    ///
    /// Only the result has to fit, not the sums on the way, so the answer does not depend on the order.
    public static func sum(_ amounts: some Sequence<Amount>, currency: Currency) throws(MoneyError) -> Amount {
        // Int128 cannot overflow here: that would take 2^64 amounts.
        var total: Int128 = 0
        for amount in amounts {
            guard amount.currency == currency else { throw .mismatch(amount, currency) }
            total += Int128(amount.minor)
        }
        guard let minor = Int64(exactly: total) else { throw .overflow("the sum \(total) \(currency)") }
        return Amount(minor: minor, currency)
    }
}
