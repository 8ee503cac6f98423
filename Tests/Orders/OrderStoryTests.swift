import Contract
import Money
import Payments
import Runtime
import Store
import SwiftProtobuf
import TestStores
import Testing

@testable import Orders

@Suite("Random stories", .onBothStores)
struct OrderStoryTests {
    /// Four hundred random deeds of shoppers, clerks, channels and time. Whatever is refused is refused with a reason;
    /// whatever is done leaves the books balanced, the clearing account as the channel says, and no deposit below zero.
    @Test("whatever happens in whatever order, the books agree with the channel", arguments: [UInt64(1), 2, 3])
    func story(seed: UInt64) async throws {
        let shop = try await Shop(seed: seed, stock: 1_000)
        try await shop.tax("0.19", included: seed % 2 == 0)
        let random = RandomSource(seed: seed &* 7_919)
        var orders: [V1Order] = []
        for step in 0..<400 {
            let note: Comment = "seed \(seed), step \(step)"
            let problem = await refusal { try await deed(shop, random, &orders) }
            #expect(problem.map { (400..<500).contains($0.status) } ?? true, "\(note): \(problem?.detail ?? "")")
            try await shop.settle()
            try await shop.check(note, clearing: false)
        }
        shop.channel.nextRefund()
        shop.advance(.seconds(7_200))
        for _ in 0..<5 {
            _ = try await shop.payments.resolveUnknown(shop.book, tenant: "ten_1", limit: 1_000)
            try await shop.settle()
            shop.advance(.seconds(7_200))
        }
        _ = try await shop.orders.expireOrders(shop.book)
        try await shop.check("seed \(seed), at the end")
        try await expectDeposits(shop, orders, seed)
    }

    private func deed(_ shop: Shop, _ random: RandomSource, _ orders: inout [V1Order]) async throws {
        let choice = random.integer(in: 0..<12)
        guard choice > 2, let known = orders.randomOrder(random) else {
            orders.append(
                try await shop.place(
                    (shop.mug, Int64(random.integer(in: 1..<5))), (shop.shirt, Int64(random.integer(in: 1..<4)))))
            return
        }
        let line = (Int32(random.integer(in: 1..<3)), Int64(random.integer(in: 1..<4)))
        switch choice {
        case 3, 4, 5:
            let steps: [ScriptedChannel.Step] = [.agree, .agree, .agree, .decline, .answerIsLost, .unreachable]
            shop.channel.nextAuthorise(steps[random.integer(in: 0..<steps.count)])
            if random.integer(in: 0..<8) == 0 {
                shop.channel.beforeCapture { _ = await refusal { _ = try await shop.cancel(known) } }
            }
            defer { shop.channel.beforeCapture(nil) }
            _ = try await shop.pay(known)
        case 6, 7:
            _ = random.integer(in: 0..<2) == 0 ? try await shop.fulfil(known, line) : try await shop.fulfil(known)
        case 8: _ = try await shop.takeBack(known, restock: random.integer(in: 0..<2) == 0, line)
        case 9:
            let steps: [ScriptedChannel.Step] = [.agree, .agree, .decline, .answerIsLost, .unreachable]
            shop.channel.nextRefund(steps[random.integer(in: 0..<steps.count)])
            _ = try await shop.refund(known, Int64(random.integer(in: 1..<4_000)))
        case 10: _ = try await shop.cancel(known)
        default:
            shop.advance(.seconds(random.integer(in: 1..<600)))
            _ = try await shop.payments.resolveUnknown(shop.book, tenant: "ten_1")
            _ = try await shop.orders.expireOrders(shop.book)
        }
    }

    /// The deposits are what the orders say: captured, less what was earned, less what went back, plus corrections.
    private func expectDeposits(_ shop: Shop, _ orders: [V1Order], _ seed: UInt64) async throws {
        let owed = try await shop.book.read { reader in
            try orders.reduce(Int64(0)) { sum, order in
                let id = try #require(OrderID(order.orderID))
                let row = try #require(try OrderStorage.find(id, in: reader))
                let earned = try row.placed().recognition().earned(row.quantities.fulfilled).deposit().minor
                let left =
                    row.captured - earned - row.refunded + row.correctedRevenue + row.correctedTax
                #expect(left >= 0, "seed \(seed), \(order.orderID)")
                #expect(row.refunding == 0, "seed \(seed), \(order.orderID)")
                // A channel may refuse to give money back; then it waits for a clerk, and it is not lost.
                let refused = try DeedStorage.refunds(of: id, in: reader).contains { $0.state == .failed }
                if row.state == .cancelled, !refused { #expect(left == 0, "seed \(seed), \(order.orderID)") }
                let strays = try OrderPaymentStorage.all(of: id, in: reader).filter { !$0.counted }
                if !refused { #expect(strays.allSatisfy { $0.captured == $0.refunded }, "seed \(seed)") }
                return sum + left + strays.reduce(0) { $0 + $1.captured - $1.refunded }
            }
        }
        #expect(try await shop.balance("customer_deposits") == owed, "seed \(seed)")
    }
}

extension [V1Order] {
    /// Mostly one of the youngest: the oldest have ended.
    fileprivate func randomOrder(_ random: RandomSource) -> V1Order? {
        if isEmpty { return nil }
        return self[Swift.max(0, count - 12) + random.integer(in: 0..<Swift.min(12, count))]
    }
}
