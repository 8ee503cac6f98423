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
        _ shop: Shop, _ method: HTTPMethod, _ path: String, query: [(name: String, value: String)] = [],
        _ body: String = ""
    ) async throws -> (status: Int, json: [String: Any]) {
        let segments = path.dropFirst().split(separator: "/")
        guard case .found(let route, let parameters) = RouteTable(shop.orders.routes).match(method, segments) else {
            Issue.record("no route for \(method) \(path)")
            return (404, [:])
        }
        var context = shop.context()
        context.operation = route.operation
        let reply = try await route.handle(
            RouteCall(path: parameters, query: query, body: Array(body.utf8), context: context))
        let json = try JSONSerialization.jsonObject(with: Data(reply.body)) as? [String: Any]
        return (reply.status, json ?? [:])
    }

    @Test("from the rates to the paid order in JSON")
    func story() async throws {
        let shop = try await Shop()
        let rate = try await call(
            shop, .put, "/v1/tax-rates/DE/standard",
            #"{"tax_rate": {"name": "MwSt", "rate": "0.19", "included": true}}"#)
        #expect(rate.json["country"] as? String == "DE" && rate.json["rate"] as? String == "0.19")
        let method = try await call(
            shop, .put, "/v1/shipping-methods/parcel",
            #"{"shipping_method": {"name": "Parcel", "price": {"minor": "499", "currency": "EUR"}, "active": true}}"#)
        #expect(method.json["tax_category"] as? String == "shipping")

        let cart = try await call(
            shop, .post, "/v1/carts", #"{"lines": [{"variant_id": "\#(shop.mug)", "quantity": 2}]}"#)
        #expect(cart.status == 201)
        let cartID = try #require(cart.json["cart_id"] as? String)
        let patched = try await call(
            shop, .patch, "/v1/carts/\(cartID)",
            #"{"email": "ada@example.org", "shipping_method": "parcel", "shipping_address": {"name": "Ada", "line1": "1 Way", "country": "DE"}}"#
        )
        let totals = try #require(patched.json["totals"] as? [String: Any])
        #expect((totals["total"] as? [String: Any])?["minor"] as? String == "2499")

        let order = try await call(shop, .post, "/v1/carts/\(cartID)/checkout", "{}")
        #expect(order.status == 201 && order.json["state"] as? String == "placed")
        let id = try #require(order.json["order_id"] as? String)
        let paid = try await call(
            shop, .post, "/v1/orders/\(id)/pay", #"{"instrument_token": "card_ok", "channel": "test"}"#)
        #expect(paid.status == 200 && paid.json["state"] as? String == "paid")
        let sent = try await call(shop, .post, "/v1/orders/\(id)/fulfilments", #"{"tracking_number": "123"}"#)
        #expect(sent.status == 201 && sent.json["state"] as? String == "fulfilled")
        let refunded = try await call(
            shop, .post, "/v1/orders/\(id)/refunds", #"{"amount": {"minor": 100, "currency": "EUR"}}"#)
        #expect(refunded.json["payment_state"] as? String == "partially_refunded")
        let listed = try await call(shop, .get, "/v1/orders", query: [("state", "fulfilled"), ("page_size", "10")])
        #expect((listed.json["orders"] as? [Any])?.count == 1)
        let shown = try await call(shop, .get, "/v1/orders/\(id)", query: [("reveal", "true")])
        #expect(shown.json["email"] as? String == "ada@example.org")
        let day = try await call(shop, .get, "/v1/order-days/2026-01-01")
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
        let problem = await refusal { _ = try await call(shop, .post, "/v1/orders", text) }
        #expect(problem.map { (400..<500).contains($0.status) && !$0.detail.isEmpty } == true, "\(body)")
        let listed = try await shop.orders.listOrders(V1ListOrdersRequest(), shop.context())
        #expect(listed.orders.isEmpty)
        #expect(try await shop.level(shop.mug).reserved == 0)
    }

    @Test("what does not exist is not found, and an id of another kind is refused")
    func unknown() async throws {
        let shop = try await Shop()
        let stranger: OrderID = shop.book.world.newID()
        #expect(await refusal { _ = try await call(shop, .get, "/v1/orders/\(stranger)") }?.status == 404)
        #expect(await refusal { _ = try await call(shop, .get, "/v1/orders/\(shop.mug)") }?.status == 422)
        let cart: CartID = shop.book.world.newID()
        #expect(await refusal { _ = try await call(shop, .get, "/v1/carts/\(cart)") }?.status == 404)
    }
}
