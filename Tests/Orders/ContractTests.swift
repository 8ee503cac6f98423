import Contract
import Foundation
import Inventory
import Money
import Runtime
import Store
import TestStores
import Testing

@testable import Orders

/// The calls as the gateway makes them: JSON in, JSON out, by the routes of the contract.
@Suite("Orders over the contract's routes", .onBothStores)
struct ContractTests {
    private func call(
        _ shop: Shop, _ operation: Contract.Operation, path: [String: String] = [:],
        query: [(name: String, value: String)] = [], _ body: String = ""
    ) async throws -> (status: Int, json: [String: Any]) {
        let route = try #require(shop.orders.routes.first { $0.operation == operation })
        var context = shop.context()
        context.operation = operation
        let reply = try await route.handle(
            RouteCall(path: path, query: query, body: Array(body.utf8), context: context))
        let json = try JSONSerialization.jsonObject(with: Data(reply.body)) as? [String: Any]
        return (reply.status, json ?? [:])
    }

    @Test("from the rates to the paid order in JSON")
    func story() async throws {
        let shop = try await Shop()
        let rate = try await call(
            shop, OrdersContract.putTaxRate, path: ["country": "DE", "category": "standard"],
            #"{"tax_rate": {"name": "MwSt", "rate": "0.19", "included": true}}"#)
        #expect(rate.json["country"] as? String == "DE" && rate.json["rate"] as? String == "0.19")
        let method = try await call(
            shop, OrdersContract.putShippingMethod, path: ["code": "parcel"],
            #"{"shipping_method": {"name": "Parcel", "price": {"minor": "499", "currency": "EUR"}, "active": true}}"#)
        #expect(method.json["tax_category"] as? String == "shipping")

        let cart = try await call(
            shop, OrdersContract.createCart, #"{"lines": [{"variant_id": "\#(shop.mug)", "quantity": 2}]}"#)
        #expect(cart.status == 201)
        let cartID = try #require(cart.json["cart_id"] as? String)
        let patched = try await call(
            shop, OrdersContract.setCartDetails, path: ["cart_id": cartID],
            #"{"email": "ada@example.org", "shipping_method": "parcel", "shipping_address": {"name": "Ada", "line1": "1 Way", "country": "DE"}}"#
        )
        let totals = try #require(patched.json["totals"] as? [String: Any])
        #expect((totals["total"] as? [String: Any])?["minor"] as? String == "2499")

        let order = try await call(shop, OrdersContract.checkoutCart, path: ["cart_id": cartID], "{}")
        #expect(order.status == 201 && order.json["state"] as? String == "placed")
        let id = try #require(order.json["order_id"] as? String)
        let paid = try await call(
            shop, OrdersContract.payOrder, path: ["order_id": id],
            #"{"instrument_token": "card_ok", "channel": "test"}"#)
        #expect(paid.status == 200 && paid.json["state"] as? String == "paid")
        let sent = try await call(
            shop, OrdersContract.fulfilOrder, path: ["order_id": id], #"{"tracking_number": "123"}"#)
        #expect(sent.status == 201 && sent.json["state"] as? String == "fulfilled")
        let refunded = try await call(
            shop, OrdersContract.refundOrder, path: ["order_id": id], #"{"amount": {"minor": 100, "currency": "EUR"}}"#)
        #expect(refunded.json["payment_state"] as? String == "partially_refunded")
        let listed = try await call(
            shop, OrdersContract.listOrders, query: [("state", "fulfilled"), ("page_size", "10")])
        #expect((listed.json["orders"] as? [Any])?.count == 1)
        let shown = try await call(shop, OrdersContract.getOrder, path: ["order_id": id], query: [("reveal", "true")])
        #expect(shown.json["email"] as? String == "ada@example.org")
        let day = try await call(shop, OrdersContract.getOrderDay, path: ["day": "2026-01-01"])
        #expect((day.json["figures"] as? [Any])?.isEmpty == false)
    }

    @Test(
        "bad input is refused before anything is written",
        arguments: [
            #"{"lines": []}"#, #"{}"#, #"{"lines": [{"variant_id": "nonsense", "quantity": 1}]}"#,
            #"{"lines": [{"variant_id": "MUG", "quantity": 0}]}"#,
            #"{"lines": [{"variant_id": "MUG", "quantity": -1}]}"#,
            #"{"lines": [{"variant_id": "MUG", "quantity": 1000001}]}"#,
            #"{"lines": [{"variant_id": "MUG", "quantity": 1}], "surprise": 1}"#,
            #"{"lines": [{"variant_id": "MUG", "quantity": 1}], "email": "nobody"}"#,
            #"{"lines": [{"variant_id": "MUG", "quantity": 1}], "shipping_method": "rocket"}"#,
            #"{"lines": [{"variant_id": "MUG", "quantity": 1}], "expected_total": {"minor": 1, "currency": "EUR"}}"#,
            #"{"lines": [{"variant_id": "MUG", "quantity": 1}], "expected_total": {"minor": 1, "currency": "XXX"}}"#,
            #"{"lines": [{"variant_id": "MUG", "quantity": 1}], "email": "a@b.org", "shipping_address": {"country": "de"}}"#,
            #"{"lines": "#
        ])
    func badInput(body: String) async throws {
        let shop = try await Shop()
        let text = body.replacingOccurrences(of: "MUG", with: "\(shop.mug)")
        let problem = await refusal { _ = try await call(shop, OrdersContract.placeOrder, text) }
        #expect(problem.map { (400..<500).contains($0.status) && !$0.detail.isEmpty } == true, "\(body)")
        let listed = try await shop.orders.listOrders(V1ListOrdersRequest(), shop.context())
        #expect(listed.orders.isEmpty)
        #expect(try await shop.level(shop.mug).reserved == 0)
    }

    @Test("what does not exist is not found, and an id of another kind is refused")
    func unknown() async throws {
        let shop = try await Shop()
        let stranger: OrderID = shop.book.world.newID()
        let cart: CartID = shop.book.world.newID()
        for (operation, path, status) in [
            (OrdersContract.getOrder, ["order_id": "\(stranger)"], 404),
            (OrdersContract.getOrder, ["order_id": "\(shop.mug)"], 422),
            (OrdersContract.getCart, ["cart_id": "\(cart)"], 404)
        ] {
            #expect(await refusal { _ = try await call(shop, operation, path: path) }?.status == status)
        }
    }
}
