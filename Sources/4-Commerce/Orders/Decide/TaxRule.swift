public import Money

/// One tax: a rate and whether prices contain it.
public struct TaxRule: Hashable, Sendable {
    public let name: String
    /// From 0 to 1.
    public let rate: Rate
    public let included: Bool

    public init(name: String, rate: Rate, included: Bool) {
        precondition((Rate.zero...Rate.one).contains(rate), "the table of rates refuses what is not from 0 to 1")
        self.name = name
        self.rate = rate
        self.included = included
    }

    /// The tax on, or inside, an amount; rounded once.
    func tax(on amount: Amount, rounding: Rounding) throws(MoneyError) -> Amount {
        guard included else { return try amount.multiplied(by: rate, rounding: rounding) }
        // Both fit into 64 bits because the rate is at most 1, which is 10^12.
        return try amount.scaled(
            numerator: Int64(rate.numerator), denominator: Int64(Rate.denominator + rate.numerator), rounding: rounding)
    }
}

/// The tax rates of a tenant, by place and category.
struct TaxTable: Sendable {
    struct Key: Hashable {
        var country: String
        var region: String
        var category: String
    }

    private(set) var rules: [Key: TaxRule] = [:]

    init(_ rows: [(key: Key, rule: TaxRule)] = []) {
        for row in rows { rules[row.key] = row.rule }
    }

    /// The region's rate, else the country's, else none: what is not listed is not taxed.
    func rule(country: String, region: String, category: String) -> TaxRule? {
        if !region.isEmpty, let rule = rules[Key(country: country, region: region, category: category)] { return rule }
        return rules[Key(country: country, region: "", category: category)]
    }
}
