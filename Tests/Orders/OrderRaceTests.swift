import Contract
import Inventory
import Money
import Payments
import Store
import TestStores
import Testing

@testable import Orders

/// What happens between asking for money and getting it.
@Suite("Races, expiry and repetition", .onBothStores)
struct OrderRaceTests {
    @Test("1,000 concurrent orders for the last unit sell it once")
    func lastUnit() async throws {
        let shop = try await Shop()
        let outcomes = await withTaskGroup(of: String.self) { group in
            for _ in 0..<1_000 {
                group.addTask {
                    let problem = await refusal { _ = try await shop.place((shop.last, 1)) }
                    return problem?.type ?? "placed"
                }
            }
            return await group.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
        }
        #expect(outcomes == ["placed": 1, "insufficient-stock": 999])
        #expect(try await shop.level(shop.last) == StockLevel(onHand: 1, reserved: 1))
        let listed = try await shop.orders.listOrders(V1ListOrdersRequest(), shop.context())
        #expect(listed.orders.count == 1)
    }

    @Test("a refusal for want of stock names the article, what was asked for and what there is")
    func shortage() async throws {
        let shop = try await Shop()
        let problem = await refusal { _ = try await shop.place((shop.mug, 1), (shop.last, 2)) }
        #expect(problem?.status == 409 && problem?.type == "insufficient-stock")
        #expect(problem?.extensions["sku"] == "LAST")
        #expect(problem?.extensions["asked"] == "2" && problem?.extensions["available"] == "1")
        #expect(try await shop.level(shop.mug).reserved == 0)
    }

    @Test("an order that is not paid in time is cancelled and its stock is free again")
    func expiry() async throws {
        let shop = try await Shop()
        let order = try await shop.place((shop.mug, 2))
        try await shop.settle()
        shop.advance(.seconds(29 * 60))
        #expect(try await shop.orders.expireOrders(shop.book) == 0)
        shop.advance(.seconds(2 * 60))
        let late = await refusal { _ = try await shop.pay(order) }
        #expect(late?.type == "reservation-lapsed")
        #expect(try await shop.orders.expireOrders(shop.book) == 1)
        let expired = try await shop.get(order)
        #expect(expired.state == "cancelled" && expired.cancelReason == "not paid in time")
        #expect(try await shop.level(shop.mug) == StockLevel(onHand: 20, reserved: 0))
        #expect(try await shop.orders.expireOrders(shop.book) == 0)
    }

    // shopper                    channel              somebody else
    // pay ─────────────────────► authorised
    //                                                 cancels the order: stock is free
    //                            captured
    // PaymentCaptured ◄───────── the order does not wait for it any more: the money goes back
    @Test("an order cancelled while its payment is under way gets its money back")
    func cancelledInFlight() async throws {
        let shop = try await Shop()
        let order = try await shop.place((shop.mug, 1))
        shop.channel.beforeCapture {
            await #expect(throws: Never.self) { _ = try await shop.cancel(order) }
        }
        let after = try await shop.pay(order)
        #expect(after.state == "cancelled")
        #expect(shop.channel.captured == 1_000 && shop.channel.refunded == 1_000)
        #expect(after.captured.minor == 0, "money that came too late was never the order's")
        #expect(after.refunds.map(\.state) == ["done"])
        #expect(try await shop.balance("customer_deposits") == 0)
        #expect(try await shop.level(shop.mug) == StockLevel(onHand: 20, reserved: 0))
        try await shop.check()
    }

    @Test("an order that expires while its payment is under way gets its money back")
    func expiredInFlight() async throws {
        let shop = try await Shop()
        let order = try await shop.place((shop.mug, 1))
        try await shop.settle()
        shop.channel.beforeCapture {
            shop.advance(.seconds(31 * 60))
            await #expect(throws: Never.self) { _ = try await shop.orders.expireOrders(shop.book) }
        }
        let after = try await shop.pay(order)
        #expect(after.state == "cancelled")
        #expect(shop.channel.refunded == 1_000)
        #expect(try await shop.balance("customer_deposits") == 0)
        try await shop.check()
    }

    @Test("stock that lapsed during the payment is taken again when it is still there")
    func lapsedStockIsTakenAgain() async throws {
        let shop = try await Shop()
        let order = try await shop.place((shop.mug, 1))
        shop.channel.beforeCapture {
            shop.advance(.seconds(31 * 60))
            await #expect(throws: Never.self) { try await shop.inventory.sweep(shop.book) }
        }
        let after = try await shop.pay(order)
        #expect(after.state == "paid")
        #expect(try await shop.level(shop.mug) == StockLevel(onHand: 20, reserved: 1))
        try await shop.check()
    }

    @Test("the last unit that lapsed and was sold to another is not sold twice: the first shopper gets the money back")
    func soldMeanwhile() async throws {
        let shop = try await Shop()
        let order = try await shop.place((shop.last, 1))
        shop.channel.beforeCapture {
            shop.advance(.seconds(31 * 60))
            shop.channel.beforeCapture(nil)
            await #expect(throws: Never.self) {
                try await shop.inventory.sweep(shop.book)
                _ = try await shop.pay(try await shop.place((shop.last, 1)))
            }
        }
        let after = try await shop.pay(order)
        #expect(after.state == "cancelled" && after.cancelReason == "sold out while it was paid")
        #expect(after.paymentState == "refunded")
        #expect(shop.channel.captured == 666 && shop.channel.refunded == 333)
        #expect(try await shop.level(shop.last) == StockLevel(onHand: 1, reserved: 1))
        try await shop.check()
    }

    @Test("a declined card leaves the order placed, and another card may pay it")
    func declined() async throws {
        let shop = try await Shop()
        let order = try await shop.place((shop.mug, 1))
        shop.channel.nextAuthorise(.decline)
        let declined = try await shop.pay(order)
        #expect(declined.state == "placed" && declined.paymentState == "failed")
        let paid = try await shop.pay(order)
        #expect(paid.state == "paid" && paid.payments.map(\.state) == ["failed", "captured"])
        #expect(shop.channel.captured == 1_000)
        try await shop.check()
    }

    @Test("two payments of one order at once take the money once")
    func twoPaymentsAtOnce() async throws {
        let shop = try await Shop()
        let order = try await shop.place((shop.mug, 1))
        let problems = await withTaskGroup(of: String.self) { group in
            for _ in 0..<10 {
                group.addTask { await refusal { _ = try await shop.pay(order) }?.type ?? "answered" }
            }
            return await group.reduce(into: [String]()) { $0.append($1) }
        }
        // The late ones find the payment under way, or the order paid already.
        #expect(problems.count { $0 == "answered" } == 1)
        #expect(Set(problems).isSubset(of: ["answered", "payment-under-way", "illegal-move", "reservation-lapsed"]))
        #expect(shop.channel.captured == 1_000)
        #expect(try await shop.get(order).state == "paid")
        try await shop.check()
    }

    @Test("a channel that cannot be reached leaves the order payable")
    func unreachable() async throws {
        let shop = try await Shop()
        let order = try await shop.place((shop.mug, 1))
        shop.channel.nextAuthorise(.unreachable)
        let failed = try await shop.pay(order)
        #expect(failed.state == "placed" && failed.paymentState == "failed")
        #expect(try await shop.pay(order).state == "paid")
        try await shop.check()
    }

    @Test("an unknown outcome is not paid again; when the channel tells, the order follows")
    func unknownOutcome() async throws {
        let shop = try await Shop()
        let order = try await shop.place((shop.mug, 1))
        shop.channel.nextAuthorise(.answerIsLost)
        let unknown = try await shop.pay(order)
        #expect(unknown.state == "placed" && unknown.paymentState == "unknown")
        #expect(unknown.allowedMoves == ["cancel"])
        let second = await refusal { _ = try await shop.pay(order) }
        #expect(second?.type == "payment-under-way" && second?.status == 409)
        shop.advance(.seconds(120))
        try await shop.payments.resolveUnknown(shop.book, tenant: "ten_1")
        try await shop.settle()
        let resolved = try await shop.get(order)
        #expect(resolved.state == "paid" && shop.channel.captured == 1_000)
        try await shop.check()
    }

    @Test("a repeated payment call goes on with the same payment and takes the money once")
    func repeatedPay() async throws {
        let shop = try await Shop()
        let order = try await shop.place((shop.mug, 1))
        let first = try await shop.pay(order, key: "pay-1")
        let second = try await shop.pay(order, key: "pay-1")
        #expect(first.state == "paid" && second == first)
        #expect(shop.channel.captured == 1_000)
        try await shop.check()
    }

    @Test("the same key returns the same order, and with another body it is refused")
    func idempotency() async throws {
        let shop = try await Shop()
        let request = Shop.request([(shop.mug, 1)])
        let first = try await shop.orders.placeOrder(request, shop.context(key: "same"))
        let second = try await shop.orders.placeOrder(request, shop.context(key: "same"))
        #expect(first == second)
        #expect(try await shop.level(shop.mug).reserved == 1)
        let other = Shop.request([(shop.mug, 2)])
        let error = await #expect(throws: StoreError.self) {
            try await shop.orders.placeOrder(other, shop.context(key: "same"))
        }
        #expect(error?.code == .idempotencyKeyReused)
    }
}
