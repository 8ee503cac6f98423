import Money
import Runtime
import Testing

@testable import Orders

@Suite("Earned revenue")
struct RecognitionTests {
    private func eur(_ minor: Int64) -> Amount { Amount(minor: minor, .eur) }

    private func order(_ random: RandomSource) -> Recognition {
        Recognition(
            currency: .eur,
            lines: (0..<random.integer(in: 1..<5)).map { _ in
                .init(
                    quantity: Int64(random.integer(in: 1..<9)), net: eur(Int64(random.integer(in: 0..<10_000))),
                    discount: eur(Int64(random.integer(in: 0..<500))), tax: eur(Int64(random.integer(in: 0..<2_000))),
                    unitCost: random.integer(in: 0..<3) == 0 ? nil : eur(Int64(random.integer(in: 0..<900))))
            },
            shippingNet: eur(Int64(random.integer(in: 0..<900))), shippingTax: eur(Int64(random.integer(in: 0..<200))))
    }

    @Test("parts that leave one by one sum to the whole, in 2,000 random orders", arguments: [UInt64(42)])
    func partsSumToTheWhole(seed: UInt64) throws {
        let random = RandomSource(seed: seed)
        for round in 0..<2_000 {
            let order = order(random)
            var sent = [Int64](repeating: 0, count: order.lines.count)
            var deposit: Int64 = 0
            var cost: Int64 = 0
            var before = try order.earned(sent)
            while let index = order.lines.indices.filter({ sent[$0] < order.lines[$0].quantity }).randomElement(random)
            {
                sent[index] += Int64(random.integer(in: 1..<Int(order.lines[index].quantity - sent[index]) + 1))
                let now = try order.earned(sent)
                let part = try now.subtracting(before)
                #expect(part.sales.minor >= 0 && part.tax.minor >= 0, "seed \(seed), round \(round)")
                deposit += try part.deposit().minor
                cost += part.cost[.eur] ?? 0
                before = now
            }
            let whole =
                order.lines.reduce(0) { $0 + $1.net.minor + $1.tax.minor } + order.shippingNet.minor
                + order.shippingTax.minor
            #expect(deposit == whole, "seed \(seed), round \(round)")
            #expect(cost == order.lines.reduce(0) { $0 + ($1.unitCost?.minor ?? 0) * $1.quantity })
        }
    }

    /// Deposits of one order: what was captured, less what was earned, less what went back, plus what was taken back.
    @Test(
        "whatever happens in whatever order, the deposits never go below zero and end at zero", arguments: [UInt64(7)])
    func depositsEndAtZero(seed: UInt64) throws {
        let random = RandomSource(seed: seed)
        for round in 0..<1_000 {
            let order = order(random)
            let whole = try order.whole()
            let captured = try whole.deposit()
            var sent = [Int64](repeating: 0, count: order.lines.count)
            var back = sent
            var refunded = Amount.zero(.eur)
            var standing = RevenueCorrection(revenue: .zero(.eur), tax: .zero(.eur))

            func settle() throws {
                let earned = try order.earned(sent)
                let due = try RevenueCorrection.due(
                    captured: captured, refunded: refunded, recognised: earned, whole: whole,
                    cameBack: order.goods(back))
                let total = try due.revenue.adding(due.tax)
                #expect(try total.minor >= standing.revenue.adding(standing.tax).minor, "seed \(seed), round \(round)")
                #expect(due.tax.minor <= earned.tax.minor)
                standing = due
                let deposits = try captured.minor - earned.deposit().minor - refunded.minor + total.minor
                #expect(deposits >= 0, "seed \(seed), round \(round)")
            }

            for _ in 0..<random.integer(in: 1..<8) {
                let index = random.integer(in: 0..<sent.count)
                switch random.integer(in: 0..<3) {
                case 0: sent[index] = min(sent[index] + 1, order.lines[index].quantity)
                case 1: back[index] = min(back[index] + 1, sent[index])
                default:
                    let left = captured.minor - refunded.minor
                    if left > 0 { refunded = eur(refunded.minor + Int64(random.integer(in: 0..<Int(left) + 1))) }
                }
                try settle()
            }
            sent = order.lines.map(\.quantity)
            back = sent
            refunded = captured
            try settle()
            #expect(standing.tax == whole.tax, "seed \(seed), round \(round)")
            #expect(try standing.revenue.adding(standing.tax) == captured)
        }
    }
}

extension [Int] {
    fileprivate func randomElement(_ random: RandomSource) -> Int? {
        isEmpty ? nil : self[random.integer(in: 0..<count)]
    }
}
