public import Money

/// What an order comes to: lines at their prices, one discount spread over them, shipping, and tax on the result.
///
/// Pure: the same input always gives the same totals, and everything sums exactly:
/// `total = subtotal - discount + shipping + tax - taxIncluded`, and each figure is the sum of its lines' figures.
///
/// Rounding: a discount in basis points is rounded once, half-even, and then allocated over the lines by their value
/// without losing a unit. Tax is computed per line on the discounted amount and rounded once per line, half-even unless
/// the settings say half-up. A tax that the price includes is `amount × rate ÷ (1 + rate)`, never a rounded net price.
public struct Totals: Hashable, Sendable {
    public struct Line: Hashable, Sendable {
        public var quantity: Int64
        public var unitPrice: Amount
        public var tax: TaxRule?

        public init(quantity: Int64, unitPrice: Amount, tax: TaxRule? = nil) {
            self.quantity = quantity
            self.unitPrice = unitPrice
            self.tax = tax
        }
    }

    public struct Shipping: Hashable, Sendable {
        public var price: Amount
        /// Free for goods worth so much after the discount.
        public var freeFrom: Amount?
        public var tax: TaxRule?

        public init(price: Amount, freeFrom: Amount? = nil, tax: TaxRule? = nil) {
            self.price = price
            self.freeFrom = freeFrom
            self.tax = tax
        }
    }

    public enum Discount: Hashable, Sendable {
        /// A fixed amount; never more than the goods are worth.
        case amount(Amount)
        /// A share of the goods: 1000 is 10 %.
        case basisPoints(Int64)
    }

    public struct LineTotals: Hashable, Sendable {
        /// Price times quantity.
        public let gross: Amount
        public let discount: Amount
        /// The part of `discount` that is tax; zero unless the price includes tax.
        public let discountTax: Amount
        public let tax: Amount
        /// What the shopper pays for the line.
        public let total: Amount
    }

    public let lines: [LineTotals]
    public let subtotal: Amount
    public let discount: Amount
    public let shipping: Amount
    public let shippingTax: Amount
    public let tax: Amount
    public let taxIncluded: Amount
    public let total: Amount

    /// Throws `MoneyError` when currencies are mixed or a figure leaves the range of an amount.
    public init(
        lines: [Line], discount rule: Discount? = nil, shipping sending: Shipping? = nil, currency: Currency,
        rounding: Rounding = .halfEven
    ) throws(MoneyError) {
        var gross: [Amount] = []
        gross.reserveCapacity(lines.count)
        for line in lines { gross.append(try line.unitPrice.multiplied(byQuantity: line.quantity)) }
        let subtotal = try Amount.sum(gross, currency: currency)
        let discount = try Self.discount(rule, of: subtotal)
        let shares = try Self.spread(discount, over: gross, currency: currency)

        var results: [LineTotals] = []
        results.reserveCapacity(lines.count)
        var tax = Amount.zero(currency)
        var included = Amount.zero(currency)
        for (index, line) in lines.enumerated() {
            let due = try gross[index].subtracting(shares[index])
            let lineTax = try line.tax?.tax(on: due, rounding: rounding) ?? .zero(currency)
            let isIncluded = line.tax?.included == true
            tax = try tax.adding(lineTax)
            if isIncluded { included = try included.adding(lineTax) }
            // The tax that the full price would hold, less the tax that is left.
            let discountTax =
                isIncluded && !shares[index].isZero
                ? try line.tax?.tax(on: gross[index], rounding: rounding).subtracting(lineTax) ?? .zero(currency)
                : .zero(currency)
            results.append(
                LineTotals(
                    gross: gross[index], discount: shares[index], discountTax: discountTax, tax: lineTax,
                    total: isIncluded ? due : try due.adding(lineTax)))
        }
        let goods = try subtotal.subtracting(discount)
        let shipping = try Self.shipping(sending, goods: goods)
        let shippingTax = try sending?.tax?.tax(on: shipping, rounding: rounding) ?? .zero(currency)
        tax = try tax.adding(shippingTax)
        if sending?.tax?.included == true { included = try included.adding(shippingTax) }

        self.lines = results
        self.subtotal = subtotal
        self.discount = discount
        self.shipping = shipping
        self.shippingTax = shippingTax
        self.tax = tax
        taxIncluded = included
        total = try goods.adding(shipping).adding(tax).subtracting(included)
    }

    private static func discount(_ rule: Discount?, of subtotal: Amount) throws(MoneyError) -> Amount {
        switch rule {
        case nil: return .zero(subtotal.currency)
        case .amount(let amount): return try subtotal.isLess(than: amount) ? subtotal : amount
        case .basisPoints(let points):
            return try subtotal.multiplied(by: Rate(basisPoints: points), rounding: .halfEven)
        }
    }

    private static func spread(
        _ discount: Amount, over gross: [Amount], currency: Currency
    ) throws(MoneyError) -> [Amount] {
        if discount.isZero { return Array(repeating: .zero(currency), count: gross.count) }
        return try discount.allocate(weights: gross.map(\.minor))
    }

    private static func shipping(_ sending: Shipping?, goods: Amount) throws(MoneyError) -> Amount {
        guard let sending else { return .zero(goods.currency) }
        if let freeFrom = sending.freeFrom, try !goods.isLess(than: freeFrom) { return .zero(goods.currency) }
        return sending.price
    }
}
