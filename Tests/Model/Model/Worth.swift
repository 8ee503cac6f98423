/// What an order comes to, and what of it is earned: goods at their price with 19 % in it, shipping with 19 % in it.
struct Worth: Hashable {
    struct Line: Hashable {
        let quantity: Int64
        let net: Int64
        let tax: Int64
        let unitCost: Int64
    }

    struct Earned: Hashable {
        var sales: Int64 = 0
        var shipping: Int64 = 0
        var tax: Int64 = 0
        var cost: Int64 = 0

        var deposit: Int64 { sales + shipping + tax }

        func less(_ other: Earned) -> Earned {
            Earned(
                sales: sales - other.sales, shipping: shipping - other.shipping, tax: tax - other.tax,
                cost: cost - other.cost)
        }
    }

    let lines: [Line]
    let shippingNet: Int64
    let shippingTax: Int64

    init(_ pieces: [Piece], shipped: Bool) {
        lines = pieces.map { piece in
            let gross = Model.prices[piece.variant] * piece.quantity
            let tax = Round.share(gross, 19, 119)
            return Line(
                quantity: piece.quantity, net: gross - tax, tax: tax, unitCost: Model.costs[piece.variant])
        }
        shippingTax = shipped ? Round.share(Model.shippingPrice, 19, 119) : 0
        shippingNet = shipped ? Model.shippingPrice - shippingTax : 0
    }

    var total: Int64 { lines.reduce(shippingNet + shippingTax) { $0 + $1.net + $1.tax } }

    /// Without shipping.
    func goods(_ quantities: [Int64]) -> Earned {
        var earned = Earned()
        for (line, quantity) in zip(lines, quantities) {
            earned.sales += Round.share(line.net, quantity, line.quantity)
            earned.tax += Round.share(line.tax, quantity, line.quantity)
            earned.cost += line.unitCost * quantity
        }
        return earned
    }

    func earned(_ quantities: [Int64]) -> Earned {
        var earned = goods(quantities)
        let sent = quantities.reduce(0, +)
        let ordered = lines.reduce(0) { $0 + $1.quantity }
        earned.shipping = Round.share(shippingNet, sent, ordered)
        earned.tax += Round.share(shippingTax, sent, ordered)
        return earned
    }

    /// How much of what was earned refunds and returns have undone.
    func undone(
        captured: Int64, refunded: Int64, sent: [Int64], back: [Int64]
    ) -> (revenue: Int64, tax: Int64) {
        let earned = earned(sent)
        let whole = self.earned(lines.map(\.quantity))
        let amount = max(0, refunded - (captured - earned.deposit), min(refunded, goods(back).deposit))
        let tax = min(whole.deposit == 0 ? 0 : Round.share(whole.tax, amount, whole.deposit), earned.tax)
        return (amount - tax, tax)
    }
}
