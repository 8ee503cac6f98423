import Contract
import Inventory
import Money
import Payments
import SwiftProtobuf
import TestStores
import Testing

@testable import Orders

/// Orders from the shelf to the books. After every step the trial balance is zero and the clearing account agrees with
/// the channel.
@Suite("From placing to returning", .onBothStores)
struct OrderFlowTests {
    @Test("an order is placed, paid, sent in parts, and its revenue is earned part by part")
    func wholeLife() async throws {
        let shop = try await Shop()
        var order = try await shop.place((shop.mug, 3), (shop.shirt, 1))
        #expect(order.state == "placed" && order.paymentState == "none" && order.version == 1)
        #expect(order.totals.total.minor == 5_500)
        #expect(order.allowedMoves == ["pay", "cancel"])
        #expect(try await shop.level(shop.mug) == StockLevel(onHand: 20, reserved: 3))
        try await shop.check()

        order = try await shop.pay(order)
        #expect(order.state == "paid" && order.paymentState == "captured" && order.captured.minor == 5_500)
        #expect(order.reservedUntil.isEmpty)
        #expect(try await shop.balance("customer_deposits") == 5_500)
        #expect(try await shop.balance("sales") == 0)
        try await shop.check()

        order = try await shop.fulfil(order, (1, 2))
        #expect(order.state == "partially_fulfilled")
        #expect(order.lines.map(\.fulfilled) == [2, 0])
        #expect(try await shop.balance("sales") == 2_000)
        #expect(try await shop.balance("cost_of_goods") == 800)
        #expect(try await shop.balance("customer_deposits") == 3_500)
        #expect(try await shop.level(shop.mug) == StockLevel(onHand: 18, reserved: 1))
        try await shop.check()

        order = try await shop.fulfil(order)
        #expect(order.state == "fulfilled" && order.fulfilments.count == 2)
        #expect(order.fulfilments[1].trackingNumber == "00340434")
        #expect(try await shop.balance("sales") == 5_500)
        #expect(try await shop.balance("cost_of_goods") == 2_311)
        #expect(try await shop.balance("customer_deposits") == 0)
        try await shop.check()

        try await shop.settle()
        #expect(try await shop.orders.complete(shop.book) == 0)
        shop.advance(.seconds(15 * 86_400))
        #expect(try await shop.orders.complete(shop.book) == 1)
        order = try await shop.get(order)
        #expect(order.state == "completed" && order.allowedMoves.isEmpty)
    }

    @Test("goods come back onto the shelf, their money goes back, and revenue and tax are taken back")
    func returnsAndRefunds() async throws {
        let shop = try await Shop()
        try await shop.tax("0.19", included: true)
        var order = try await shop.pay(try await shop.place((shop.mug, 2)))
        order = try await shop.fulfil(order)
        #expect(try await shop.balance("tax_payable") == 319)
        #expect(try await shop.balance("sales") == 1_681)

        order = try await shop.takeBack(order, (1, 1))
        #expect(order.state == "partially_returned" && order.lines[0].returned == 1)
        #expect(try await shop.level(shop.mug) == StockLevel(onHand: 19, reserved: 0))
        #expect(try await shop.balance("cost_of_goods") == 400)
        try await shop.check()

        order = try await shop.refund(order, 1_000)
        #expect(order.paymentState == "partially_refunded" && order.refunded.minor == 1_000)
        #expect(order.refunds.map(\.state) == ["done"])
        #expect(shop.channel.refunded == 1_000)
        #expect(try await shop.balance("refunds") + shop.balance("customer_deposits") == 840)
        #expect(try await shop.balance("customer_deposits") == 0)
        #expect(try await shop.balance("tax_payable") == 159)
        try await shop.check()

        order = try await shop.takeBack(order, restock: false, (1, 1))
        #expect(order.state == "returned")
        #expect(try await shop.level(shop.mug).onHand == 19)
        order = try await shop.refund(order, 1_000)
        #expect(order.paymentState == "refunded")
        #expect(try await shop.balance("tax_payable") == 0)
        #expect(try await shop.balance("customer_deposits") == 0)
        #expect(try await shop.balance("sales") == shop.balance("refunds"))
        try await shop.check()
    }

    @Test("a refund never exceeds its capture")
    func refundIsBounded() async throws {
        let shop = try await Shop()
        let order = try await shop.pay(try await shop.place((shop.mug, 1)))
        let tooMuch = await refusal { _ = try await shop.refund(order, 1_001) }
        #expect(tooMuch?.type == "refund-too-large" && tooMuch?.extensions["refundable"] == "10.00 EUR")
        _ = try await shop.refund(order, 400)
        let rest = await refusal { _ = try await shop.refund(order, 601) }
        #expect(rest?.type == "refund-too-large")
        let dollars = await refusal {
            _ = try await shop.orders.refundOrder(
                .with {
                    $0.orderID = order.orderID
                    $0.amount = V1Amount(Amount(minor: 1, .usd))
                }, shop.context())
        }
        #expect(dollars?.field == "amount.currency")
        let nothing = await refusal { _ = try await shop.refund(order, 0) }
        #expect(nothing?.status == 422)
        try await shop.check()
    }

    @Test("a paid order that is cancelled gets its money back and frees its stock")
    func cancelPaid() async throws {
        let shop = try await Shop()
        var order = try await shop.pay(try await shop.place((shop.mug, 2)))
        order = try await shop.cancel(order)
        #expect(order.state == "cancelled" && order.paymentState == "refunded")
        #expect(shop.channel.refunded == 2_000)
        #expect(try await shop.level(shop.mug) == StockLevel(onHand: 20, reserved: 0))
        #expect(try await shop.balance("customer_deposits") == 0)
        try await shop.check()
    }

    @Test("a full refund of an order that has not left the house ends it")
    func fullRefundEndsTheOrder() async throws {
        let shop = try await Shop()
        var order = try await shop.pay(try await shop.place((shop.mug, 2)))
        order = try await shop.refund(order, 2_000)
        #expect(order.state == "cancelled" && order.paymentState == "refunded")
        #expect(try await shop.level(shop.mug).reserved == 0)
        try await shop.check()
    }

    @Test("a refund that the channel refuses leaves the money refundable")
    func refundRefused() async throws {
        let shop = try await Shop()
        var order = try await shop.pay(try await shop.place((shop.mug, 1)))
        shop.channel.nextRefund(.decline)
        order = try await shop.refund(order, 1_000)
        #expect(order.refunds.map(\.state) == ["failed"])
        #expect(order.refunded.minor == 0 && order.state == "paid")
        order = try await shop.refund(order, 1_000)
        #expect(order.refunds.map(\.state) == ["failed", "done"])
        try await shop.check()
    }

    @Test("a refund whose answer is lost is resolved by asking, and never sent twice")
    func refundUnknown() async throws {
        let shop = try await Shop()
        var order = try await shop.pay(try await shop.place((shop.mug, 1)))
        shop.channel.nextRefund(.answerIsLost)
        order = try await shop.refund(order, 300)
        #expect(order.refunds.map(\.state) == ["requested"])
        shop.advance(.seconds(3_600))
        try await shop.payments.resolveUnknown(shop.book, tenant: "ten_1")
        try await shop.settle()
        order = try await shop.get(order)
        #expect(order.refunds.map(\.state) == ["done"] && order.refunded.minor == 300)
        #expect(shop.channel.refunded == 300)
        try await shop.check()
    }

    @Test("illegal moves are refused with the state and the allowed moves")
    func illegalMoves() async throws {
        let shop = try await Shop()
        let order = try await shop.place((shop.mug, 1))
        let problem = await refusal { _ = try await shop.fulfil(order) }
        #expect(problem?.status == 409 && problem?.type == "illegal-move")
        #expect(problem?.extensions == ["state": "placed", "allowed": "pay cancel"])
        let cancelled = try await shop.cancel(order)
        let again = await refusal { _ = try await shop.pay(cancelled) }
        #expect(again?.extensions["state"] == "cancelled" && again?.extensions["allowed"] == "")
        try await shop.check()
    }

    @Test("more than a line holds is neither sent nor taken back")
    func quantitiesAreBounded() async throws {
        let shop = try await Shop()
        let order = try await shop.pay(try await shop.place((shop.mug, 2)))
        #expect(await refusal { _ = try await shop.fulfil(order, (1, 3)) }?.field == "lines[0].quantity")
        #expect(await refusal { _ = try await shop.fulfil(order, (2, 1)) }?.field == "lines[0].line")
        let sent = try await shop.fulfil(order, (1, 1))
        #expect(await refusal { _ = try await shop.takeBack(sent, (1, 2)) }?.field == "lines[0].quantity")
        try await shop.check()
    }

    @Test("a change under another version is refused")
    func versions() async throws {
        let shop = try await Shop()
        let order = try await shop.place((shop.mug, 1))
        let stale = await refusal {
            _ = try await shop.orders.cancelOrder(
                .with { $0.orderID = order.orderID }, shop.context(headers: ["if-match": "\"7\""]))
        }
        #expect(stale?.status == 412)
        let cancelled = try await shop.orders.cancelOrder(
            .with { $0.orderID = order.orderID }, shop.context(headers: ["if-match": "\"\(order.version)\""]))
        #expect(cancelled.state == "cancelled")
    }

    @Test("an order that costs nothing is paid at once")
    func freeOrder() async throws {
        let shop = try await Shop()
        _ = try await shop.orders.putDiscount(
            .with {
                $0.code = "GIFT"
                $0.discount = .with {
                    $0.kind = "basis_points"
                    $0.basisPoints = 10_000
                    $0.active = true
                }
            }, shop.context())
        let order = try await shop.place((shop.mug, 1), code: "GIFT")
        #expect(order.state == "paid" && order.totals.total.minor == 0)
        let sent = try await shop.fulfil(order)
        #expect(sent.state == "fulfilled")
        #expect(try await shop.balance("sales") == 1_000)
        #expect(try await shop.balance("discounts") == 1_000)
        try await shop.check()
    }
}

extension Shop {
    func tax(_ rate: String, included: Bool, country: String = "DE", region: String = "") async throws {
        _ = try await orders.putTaxRate(
            .with {
                $0.country = country
                $0.category = "standard"
                $0.taxRate = .with {
                    $0.name = "VAT"
                    $0.rate = rate
                    $0.region = region
                    $0.included = included
                }
            }, context())
    }
}
