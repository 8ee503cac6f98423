import Catalog
import Contract
import Orders
import SwiftProtobuf

/// One shopper's visit, and what the merchant does with the order afterwards: browse, cart, order, pay, and so on.
struct Shopper: Sendable {
    let plan: ShopperPlan
    let api: ApiClient
    let shop: Shop
    /// Tells this run's idempotency keys from those of other runs.
    let run: String
    /// Told how long the call took that placed the order.
    let placed: @Sendable (Duration) -> Void

    /// Returns the order's identifier; nil when nothing could be bought.
    func visit() async throws -> String? {
        let order: V1Order
        do {
            order = plan.throughCart ? try await orderThroughCart() : try await orderDirectly()
        } catch let refusal as ApiClient.Refusal where refusal.type == "insufficient-stock" {
            return nil
        }
        guard plan.payment != .none else {
            _ = try await api.send(
                .post, "/v1/orders/\(order.orderID)/cancel",
                V1CancelOrderRequest.with { $0.reason = "changed my mind" }, key: key("cancel"), as: V1Order.self)
            return order.orderID
        }
        let paid = try await pay(order)
        if paid.paymentState == "captured" { try await handle(paid) }
        return order.orderID
    }

    // ---- Buying ----

    private func orderThroughCart() async throws -> V1Order {
        let query = shop.searches[plan.number % shop.searches.count]
        _ = try await api.get("/v1/catalog/search?q=\(query)&page_size=10", as: V1SearchProductsReply.self)
        let cart = try await api.send(.post, "/v1/carts", V1CreateCartRequest(), key: key("cart"), as: V1Cart.self)
        for (index, line) in plan.lines.enumerated() {
            _ = try await api.send(
                .post, "/v1/carts/\(cart.cartID)/lines",
                V1AddCartLineRequest.with {
                    $0.variantID = shop.variants[line.pick % shop.variants.count]
                    $0.quantity = line.quantity
                }, key: key("line\(index)"), as: V1Cart.self)
        }
        _ = try await api.send(
            .patch, "/v1/carts/\(cart.cartID)",
            V1SetCartDetailsRequest.with {
                $0.email = shop.person(plan.number).email
                $0.shippingAddress = shop.person(plan.number).address
                $0.shippingMethod = "standard"
                $0.discountCode = plan.usesCoupon ? "WELCOME10" : ""
            }, key: key("details"), as: V1Cart.self)
        return try await place("/v1/carts/\(cart.cartID)/checkout", V1CheckoutCartRequest(), key: key("checkout"))
    }

    private func orderDirectly() async throws -> V1Order {
        var request = V1PlaceOrderRequest()
        for line in plan.lines {
            let variant = shop.variants[line.pick % shop.variants.count]
            guard !request.lines.contains(where: { $0.variantID == variant }) else { continue }
            request.lines.append(
                .with {
                    $0.variantID = variant
                    $0.quantity = line.quantity
                })
        }
        request.email = shop.person(plan.number).email
        request.shippingAddress = shop.person(plan.number).address
        request.shippingMethod = "standard"
        request.discountCode = plan.usesCoupon ? "WELCOME10" : ""
        return try await place("/v1/orders", request, key: key("order"))
    }

    private func place(_ path: String, _ request: any Message, key: String) async throws -> V1Order {
        let started = ContinuousClock.now
        let order = try await api.send(.post, path, request, key: key, as: V1Order.self)
        placed(ContinuousClock.now - started)
        return order
    }

    private func pay(_ order: V1Order) async throws -> V1Order {
        switch plan.payment {
        case .none: return order
        case .ok: return try await pay(order, "tok_ok", 0)
        case .slow: return try await pay(order, "tok_slow", 0)
        case .declined: return try await pay(order, "tok_decline", 0)
        case .timeoutDone: return try await pay(order, "tok_timeout_done", 0)
        case .timeoutUndone: return try await pay(order, "tok_timeout_undone", 0)
        case .declinedThenOK:
            _ = try await pay(order, "tok_decline", 0)
            return try await pay(order, "tok_ok", 1)
        }
    }

    private func pay(_ order: V1Order, _ instrument: String, _ attempt: Int) async throws -> V1Order {
        do {
            return try await api.send(
                .post, "/v1/orders/\(order.orderID)/pay",
                V1PayOrderRequest.with {
                    $0.instrumentToken = instrument
                    $0.channel = "sandbox"
                }, key: key("pay\(attempt)"), as: V1Order.self)
        } catch let refusal as ApiClient.Refusal where (400..<500).contains(refusal.status) {
            return try await api.get("/v1/orders/\(order.orderID)")
        }
    }

    // ---- What the merchant does ----

    private func handle(_ order: V1Order) async throws {
        switch plan.afterwards {
        case .left: return
        case .cancelledAfterPaying:
            _ = try await api.send(
                .post, "/v1/orders/\(order.orderID)/cancel", V1CancelOrderRequest.with { $0.reason = "ordered twice" },
                key: key("cancel"), as: V1Order.self)
        case .fulfilled: try await fulfil(order, lines: [], "parcel")
        case .fulfilledInParts:
            let first = order.lines.first.map { line in
                V1LineQuantity.with {
                    $0.line = line.line
                    $0.quantity = 1
                }
            }
            try await fulfil(order, lines: first.map { [$0] } ?? [], "parcel1")
            let now = try await api.get("/v1/orders/\(order.orderID)", as: V1Order.self)
            if now.state == "partially_fulfilled" { try await fulfil(order, lines: [], "parcel2") }
        case .partialRefund:
            try await fulfil(order, lines: [], "parcel")
            try await refund(order, minor: max(1, order.captured.minor / 4))
        case .fullReturn:
            try await fulfil(order, lines: [], "parcel")
            _ = try await api.send(
                .post, "/v1/orders/\(order.orderID)/returns",
                V1ReturnOrderRequest.with { request in
                    request.lines = order.lines.map { line in
                        .with {
                            $0.line = line.line
                            $0.quantity = line.quantity
                        }
                    }
                    request.restock = true
                    request.reason = "does not fit"
                }, key: key("return"), as: V1Order.self)
            try await refund(order, minor: order.captured.minor)
        }
    }

    private func fulfil(_ order: V1Order, lines: [V1LineQuantity], _ step: String) async throws {
        _ = try await api.send(
            .post, "/v1/orders/\(order.orderID)/fulfilments",
            V1FulfilOrderRequest.with {
                $0.lines = lines
                $0.carrier = "DHL"
                $0.trackingNumber = "00340\(plan.number)"
            }, key: key(step), as: V1Order.self)
    }

    private func refund(_ order: V1Order, minor: Int64) async throws {
        _ = try await api.send(
            .post, "/v1/orders/\(order.orderID)/refunds",
            V1RefundOrderRequest.with {
                $0.amount.minor = minor
                $0.amount.currency = order.captured.currency
                $0.reason = "goodwill"
            }, key: key("refund"), as: V1Order.self)
    }

    private func key(_ step: String) -> String { "\(run)-\(plan.number)-\(step)" }
}
