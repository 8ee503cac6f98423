import Money

/// How much of an order's money is earned, from what has left the house. Pure, and a function of the quantities only.
///
/// Each component is scaled on the cumulative quantity and the amount already taken is subtracted, so parts never
/// drift: when the last piece leaves, the sum of all parts is the line's exact amount.
struct Recognition: Hashable {
    /// What one line is worth when all of it has left, net of tax.
    struct Line: Hashable {
        var quantity: Int64
        /// Without tax, after the discount.
        var net: Amount
        /// Without tax.
        var discount: Amount
        var tax: Amount
        var unitCost: Amount?
    }

    /// Money earned so far, or earned by one fulfilment.
    struct Earned: Hashable {
        var sales: Amount
        var discount: Amount
        var shipping: Amount
        var tax: Amount
        /// By currency, because a supplier may be paid in another one.
        var cost: [Currency: Int64]

        /// What moves out of the customers' deposits.
        func deposit() throws(MoneyError) -> Amount { try sales.adding(shipping).adding(tax) }

        func subtracting(_ earlier: Earned) throws(MoneyError) -> Earned {
            var cost = cost
            for (currency, minor) in earlier.cost { cost[currency, default: 0] -= minor }
            return Earned(
                sales: try sales.subtracting(earlier.sales), discount: try discount.subtracting(earlier.discount),
                shipping: try shipping.subtracting(earlier.shipping), tax: try tax.subtracting(earlier.tax), cost: cost)
        }
    }

    var currency: Currency
    var lines: [Line]
    var shippingNet: Amount
    var shippingTax: Amount

    /// What is earned once these quantities have left the house, line by line.
    func earned(_ quantities: [Int64]) throws(MoneyError) -> Earned {
        var earned = try goods(quantities)
        let sent = quantities.reduce(0, +)
        let ordered = lines.reduce(0) { $0 + $1.quantity }
        guard ordered > 0 else { return earned }
        earned.shipping = try shippingNet.scaled(numerator: sent, denominator: ordered, rounding: .halfEven)
        earned.tax = try earned.tax.adding(
            shippingTax.scaled(numerator: sent, denominator: ordered, rounding: .halfEven))
        return earned
    }

    /// The same without shipping: what goods that came back had earned. The shipping was rendered all the same.
    func goods(_ quantities: [Int64]) throws(MoneyError) -> Earned {
        var sales = Amount.zero(currency)
        var discount = Amount.zero(currency)
        var tax = Amount.zero(currency)
        for (line, quantity) in zip(lines, quantities) where quantity > 0 {
            sales = try sales.adding(line.share(of: line.net, quantity))
            discount = try discount.adding(line.share(of: line.discount, quantity))
            tax = try tax.adding(line.share(of: line.tax, quantity))
        }
        return Earned(
            sales: sales, discount: discount, shipping: .zero(currency), tax: tax, cost: try cost(of: quantities))
    }

    func cost(of quantities: [Int64]) throws(MoneyError) -> [Currency: Int64] {
        var cost: [Currency: Int64] = [:]
        for (line, quantity) in zip(lines, quantities) where quantity > 0 {
            guard let unit = line.unitCost, !unit.isZero else { continue }
            let sum = Amount(minor: cost[unit.currency] ?? 0, unit.currency)
            cost[unit.currency] = try sum.adding(unit.multiplied(byQuantity: quantity)).minor
        }
        return cost
    }

    /// All that the order can earn, with its tax.
    func whole() throws(MoneyError) -> Earned { try earned(lines.map(\.quantity)) }
}

extension Recognition.Line {
    fileprivate func share(of amount: Amount, _ done: Int64) throws(MoneyError) -> Amount {
        done == quantity ? amount : try amount.scaled(numerator: done, denominator: quantity, rounding: .halfEven)
    }
}

/// How much recognised revenue refunds have undone. Pure.
///
/// A refund for goods that came back undoes revenue; any other refund comes first out of money that is not earned yet,
/// and undoes revenue only beyond that. So the customers' deposits of one order never go below zero, and once
/// everything has left the house and the refunds are paid they are zero.
struct RevenueCorrection: Hashable {
    var revenue: Amount
    var tax: Amount

    /// The total correction that should stand now; it never shrinks while `recognised`, `refunded` and `cameBack` grow.
    static func due(
        captured: Amount, refunded: Amount, recognised: Recognition.Earned, whole: Recognition.Earned,
        cameBack: Recognition.Earned
    ) throws(MoneyError) -> RevenueCorrection {
        let earned = try recognised.deposit()
        let beyond = try refunded.subtracting(captured.subtracting(earned))
        let forGoods = min(refunded.minor, try cameBack.deposit().minor)
        let total = Amount(minor: max(0, beyond.minor, forGoods), refunded.currency)
        let order = try whole.deposit()
        // The tax is undone in the order's own proportion: exact when all is undone, and never more than was recognised.
        let share =
            order.isZero
            ? Amount.zero(order.currency)
            : try whole.tax.scaled(numerator: total.minor, denominator: order.minor, rounding: .halfEven)
        let tax = Amount(minor: min(share.minor, recognised.tax.minor), order.currency)
        return RevenueCorrection(revenue: try total.subtracting(tax), tax: tax)
    }

    func subtracting(_ earlier: RevenueCorrection) throws(MoneyError) -> RevenueCorrection {
        RevenueCorrection(
            revenue: try revenue.subtracting(earlier.revenue), tax: try tax.subtracting(earlier.tax))
    }
}
