import Assembly
import Contract
import Payments
import Tenancy

/// Everything of one tenant that has a name: what another tenant's credential must never reach.
struct Belongings: Sendable {
    let stall: Stall
    /// Path parameters of the contract with values that mean something to this tenant only.
    var identifiers: [String: String] = [:]
    /// Words that stand in this tenant's book and nowhere else.
    let marks = ["amberhouse", "Amberlamp", "AMBERLAMP", "ambershelf", "amberway", "AMBERCODE", "amber-clerk"]
    /// The e-mail of a shopper, whom the tenant can find and others cannot.
    let email = "amber.shopper@shopper.example"

    /// Fills a tenant's house over the API with at least one of everything.
    init(_ mall: Mall) async throws {
        stall = try await mall.openShop("amberhouse")
        let web = stall.web
        let variant = try await stall.shelve("Amberlamp", priceMinor: 4_900, costMinor: 1_900, stock: 50)
        let product = try await web.get("/v1/catalog/variants/\(variant)").product_id.text
        _ = try await web.post("/v1/catalog/collections", #"{"title": "ambershelf"}"#, key: "collection")
        let location = try await web.post(
            "/v1/inventory/locations", #"{"code": "ambershelf", "name": "ambershelf"}"#, key: "location")
        _ = try await web.put(
            "/v1/shipping-methods/amberway",
            #"{"shipping_method": {"name": "amberway", "price": \#(stall.amount(300)), "active": true}}"#, key: "ship")
        _ = try await web.put(
            "/v1/discounts/AMBERCODE",
            #"{"discount": {"kind": "basis_points", "basis_points": "100", "active": true}}"#, key: "discount")
        let cart = try await web.post(
            "/v1/carts", #"{"lines": \#(stall.lines([(variant, 1)]))}"#, key: "cart"
        ).cart_id.text
        let placed = try await web.post(
            "/v1/orders",
            #"""
            {"lines": \#(stall.lines([(variant, 2)])), "email": "\#(email)",
            "shipping_address": {"name": "Amber Shopper", "line1": "Amber Street 1", "country": "DE",
            "phone": "+49 30 777001"}}
            """#,
            key: "order")
        let order = placed.order_id.text
        let paid = try await stall.pay(order, key: "pay").expecting(200)
        let refunded = try await web.post(
            "/v1/orders/\(order)/refunds", #"{"amount": \#(stall.amount(100)), "reason": "amber"}"#, key: "refund")
        let user = try await web.post("/v1/users", #"{"handle": "amber-clerk", "role": "clerk"}"#, key: "user")
        let account = try await mall.house.connectSandbox(stall.tenant, publicAddress: mall.address)
        let person = placed.person_id.text
        let held = try await web.get("/v1/people/\(person)")
        identifiers = [
            "tenant_id": "\(stall.tenant.id)", "order_id": order, "cart_id": cart, "product_id": product,
            "variant_id": variant, "payment_id": paid.payments[0].payment_id.text, "key_id": stall.keyID,
            "user_id": user.user_id.text, "person_id": person, "token": held.held[0].token.text,
            "reference": order, "location_id": location.location_id.text, "account_token": account.token,
            "refund_payment": refunded.refunds[0].payment_id.text
        ]
        identifiers.merge(try await Self.reconciled(stall)) { $1 }
        try await stall.settle()
    }
}
