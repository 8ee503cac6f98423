import Contract
import Foundation
import Journal
import Money
import Runtime
import Store
import SwiftProtobuf
import TestStores
import Testing

@testable import Orders

@Suite("Carts, lists and personal data", .onBothStores)
struct CartTests {
    private func rates(_ shop: Shop) async throws {
        try await shop.tax("0.19", included: true)
        try await shop.tax("0.0725", included: false, country: "US", region: "CA")
        _ = try await shop.orders.putShippingMethod(
            .with {
                $0.code = "parcel"
                $0.shippingMethod = .with {
                    $0.name = "Parcel"
                    $0.price = V1Amount(Amount(minor: 499, .eur))
                    $0.freeFrom = V1Amount(Amount(minor: 5_000, .eur))
                    $0.active = true
                }
            }, shop.context())
        _ = try await shop.orders.putDiscount(
            .with {
                $0.code = "TEN"
                $0.discount = .with {
                    $0.kind = "basis_points"
                    $0.basisPoints = 1_000
                    $0.minimum = V1Amount(Amount(minor: 2_000, .eur))
                    $0.validUntil = "2026-02-01T00:00:00Z"
                    $0.active = true
                }
            }, shop.context())
    }

    private func address(_ country: String = "DE", region: String = "") -> V1PostalAddress {
        .with {
            $0.name = "Ada Lovelace"
            $0.line1 = "12 St James's Square"
            $0.city = "London"
            $0.postalCode = "SW1Y 4JH"
            $0.phone = "+44 20 7946 0018"
            $0.country = country
            $0.region = region
        }
    }

    @Test("a cart is filled, shows its totals, and becomes an order")
    func cartToOrder() async throws {
        let shop = try await Shop()
        try await rates(shop)
        var cart = try await shop.orders.createCart(V1CreateCartRequest(), shop.context())
        #expect(cart.state == "open" && cart.totals.total.minor == 0)
        let id = cart.cartID
        func add(_ variant: VariantID, _ quantity: Int64) async throws -> V1Cart {
            try await shop.orders.addCartLine(
                .with {
                    $0.cartID = id
                    $0.variantID = "\(variant)"
                    $0.quantity = quantity
                }, shop.context())
        }
        _ = try await add(shop.mug, 1)
        cart = try await add(shop.mug, 1)
        #expect(cart.lines.map(\.quantity) == [2])
        cart = try await shop.orders.setCartDetails(
            .with {
                $0.cartID = id
                $0.email = "ada@example.org"
                $0.shippingAddress = address()
                $0.shippingMethod = "parcel"
                $0.discountCode = "TEN"
            }, shop.context())
        #expect(cart.totals.discount.minor == 200 && cart.totals.shipping.minor == 499)
        #expect(cart.totals.total.minor == 2_299)
        #expect(cart.email.hasPrefix("tok_") && cart.shippingAddress.name.hasPrefix("tok_"))

        let order = try await shop.orders.checkoutCart(
            .with {
                $0.cartID = id
                $0.expectedTotal = cart.totals.total
            }, shop.context())
        #expect(order.totals == cart.totals && order.cartID == id)
        let closed = await refusal { _ = try await add(shop.mug, 1) }
        #expect(closed?.type == "cart-closed" && closed?.extensions["state"] == "checked_out")
        let read = try await shop.orders.getCart(.with { $0.cartID = id }, shop.context())
        #expect(read.state == "checked_out" && read.orderID == order.orderID)

        let sent = try await shop.fulfil(try await shop.pay(order))
        #expect(sent.state == "fulfilled")
        #expect(try await shop.balance("customer_deposits") == 0)
        #expect(try await shop.balance("discounts") == 168)
        try await shop.check()
    }

    @Test("lines change and go; what is not in the cart or not in the catalogue is refused")
    func lines() async throws {
        let shop = try await Shop()
        var cart = try await shop.orders.createCart(
            .with { $0.lines = Shop.request([(shop.mug, 2), (shop.shirt, 1)]).lines }, shop.context())
        let id = cart.cartID
        cart = try await shop.orders.updateCartLine(
            .with {
                $0.cartID = id
                $0.variantID = "\(shop.mug)"
                $0.quantity = 5
            }, shop.context())
        #expect(cart.totals.total.minor == 7_500)
        cart = try await shop.orders.removeCartLine(
            .with {
                $0.cartID = id
                $0.variantID = "\(shop.shirt)"
            }, shop.context())
        #expect(cart.lines.map(\.sku) == ["MUG"])
        let gone = await refusal {
            _ = try await shop.orders.removeCartLine(
                .with {
                    $0.cartID = id
                    $0.variantID = "\(shop.shirt)"
                }, shop.context())
        }
        #expect(gone?.field == "variant_id")
        let stranger: VariantID = shop.book.world.newID()
        let unknown = await refusal {
            _ = try await shop.orders.addCartLine(
                .with {
                    $0.cartID = id
                    $0.variantID = "\(stranger)"
                    $0.quantity = 1
                }, shop.context())
        }
        #expect(unknown.map { (400..<500).contains($0.status) } == true)
    }

    @Test("a cart that nobody touches expires")
    func expiry() async throws {
        let shop = try await Shop()
        let cart = try await shop.orders.createCart(V1CreateCartRequest(), shop.context())
        shop.advance(.seconds(8 * 86_400))
        #expect(try await shop.orders.expireCarts(shop.book) == 1)
        let read = try await shop.orders.getCart(.with { $0.cartID = cart.cartID }, shop.context())
        #expect(read.state == "expired")
    }

    @Test("a code that does not apply any more does not hide the cart, but cannot be set anew")
    func staleCode() async throws {
        let shop = try await Shop()
        try await rates(shop)
        var cart = try await shop.orders.createCart(
            .with { $0.lines = Shop.request([(shop.mug, 3)]).lines }, shop.context())
        let id = cart.cartID
        func set(_ code: String) async throws -> V1Cart {
            try await shop.orders.setCartDetails(
                .with {
                    $0.cartID = id
                    $0.discountCode = code
                }, shop.context())
        }
        #expect(try await set("TEN").totals.discount.minor == 300)
        cart = try await shop.orders.updateCartLine(
            .with {
                $0.cartID = id
                $0.variantID = "\(shop.mug)"
                $0.quantity = 1
            }, shop.context())
        #expect(cart.totals.discount.minor == 0 && cart.totals.total.minor == 1_000)
        #expect(await refusal { _ = try await set("TEN") }?.field == "discount_code")
        let order = await refusal {
            _ = try await shop.orders.checkoutCart(.with { $0.cartID = id }, shop.context())
        }
        #expect(order?.field == "discount_code")
    }

    @Test("a code is refused below its minimum, after its time and when it does not exist")
    func discountRules() async throws {
        let shop = try await Shop()
        try await rates(shop)
        for (code, quantity) in [("TEN", Int64(1)), ("NOPE", 3)] {
            let problem = await refusal { _ = try await shop.place((shop.mug, quantity), code: code) }
            #expect(problem?.field == "discount_code", "\(code)")
        }
        _ = try await shop.place((shop.mug, 3), code: "TEN")
        shop.advance(.seconds(40 * 86_400))
        #expect(await refusal { _ = try await shop.place((shop.mug, 3), code: "TEN") }?.field == "discount_code")
    }

    @Test("where goods are sent decides the tax")
    func taxByDestination() async throws {
        let shop = try await Shop()
        try await rates(shop)
        var request = Shop.request([(shop.mug, 2)])
        request.email = "ada@example.org"
        request.shippingAddress = address("US", region: "CA")
        let order = try await shop.orders.placeOrder(request, shop.context())
        #expect(order.totals.tax.minor == 145 && order.totals.taxIncluded.minor == 0)
        #expect(order.totals.total.minor == 2_145)
        #expect(order.taxLines.map(\.rate) == ["0.0725"])
    }

    @Test("names and addresses are tokens for everybody, and values for those who may ask and do")
    func personalData() async throws {
        let shop = try await Shop()
        var request = Shop.request([(shop.mug, 1)])
        request.email = "ada@example.org"
        request.shippingAddress = address()
        let order = try await shop.orders.placeOrder(request, shop.context())
        #expect(order.email.hasPrefix("tok_") && order.shippingAddress.line1.hasPrefix("tok_"))
        #expect(order.billingAddress == order.shippingAddress)
        #expect(order.shippingAddress.country == "DE")

        let forbidden = await refusal {
            _ = try await shop.orders.getOrder(
                .with {
                    $0.orderID = order.orderID
                    $0.reveal = true
                }, shop.context(scopes: ["orders:read"]))
        }
        #expect(forbidden?.status == 403)
        let shown = try await shop.orders.getOrder(
            .with {
                $0.orderID = order.orderID
                $0.reveal = true
            }, shop.context(scopes: ["orders:read", "personal:read"]))
        #expect(shown.email == "ada@example.org")
        #expect(shown.shippingAddress == address())

        var homeless = Shop.request([(shop.mug, 1)])
        homeless.shippingAddress = address()
        let refused = await refusal { _ = try await shop.orders.placeOrder(homeless, shop.context()) }
        #expect(refused?.field == "email")
    }

    @Test("no file of the book holds a name, an address or a number in the clear")
    func nothingInTheClear() async throws {
        let shop = try await Shop()
        var request = Shop.request([(shop.mug, 1)])
        request.email = "ada@example.org"
        request.shippingAddress = address()
        let order = try await shop.orders.placeOrder(request, shop.context())
        _ = try await shop.fulfil(try await shop.pay(order))
        let cart = try await shop.orders.createCart(V1CreateCartRequest(), shop.context())
        _ = try await shop.orders.setCartDetails(
            .with {
                $0.cartID = cart.cartID
                $0.email = "ada@example.org"
                $0.shippingAddress = address()
            }, shop.context())
        try await shop.settle()
        let bytes = try await shop.test.contents()
        #expect(bytes.count > 10_000)
        #expect(bytes.range(of: Data("kontor.orders.v1.OrderPlaced".utf8)) != nil, "the journal is in what is searched")
        for secret in ["ada@example.org", "Lovelace", "St James", "SW1Y 4JH", "7946 0018", "79460018"] {
            #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(secret)")
        }
    }

    @Test("orders are listed newest first by state, day and person, page by page")
    func lists() async throws {
        let shop = try await Shop()
        var placed: [V1Order] = []
        for index in 0..<5 {
            var request = Shop.request([(shop.mug, 1)])
            if index % 2 == 0 { request.email = "ada@example.org" }
            placed.append(try await shop.orders.placeOrder(request, shop.context()))
            shop.advance(.seconds(index == 2 ? 86_400 : 1))
        }
        _ = try await shop.pay(placed[4])
        try await shop.settle()
        func list(_ build: (inout V1ListOrdersRequest) -> Void) async throws -> V1ListOrdersReply {
            try await shop.orders.listOrders(.with(build), shop.context())
        }
        let newest = placed.map(\.orderID).reversed() as [String]
        #expect(try await list { _ in }.orders.map(\.orderID) == newest)
        #expect(try await list { $0.state = "paid" }.orders.map(\.orderID) == [newest[0]])
        #expect(try await list { $0.state = "placed" }.orders.count == 4)
        #expect(try await list { $0.day = "2026-01-01" }.orders.map(\.orderID) == Array(newest[2...]))
        #expect(try await list { $0.day = "2026-01-02" }.orders.count == 2)
        #expect(try await list { $0.personID = placed[0].personID }.orders.count == 3)
        let mine = try await list {
            $0.personID = placed[0].personID
            $0.state = "paid"
        }
        #expect(mine.orders.map(\.orderID) == [newest[0]])

        var pages: [[String]] = []
        var token = ""
        repeat {
            let page = try await list {
                $0.pageSize = 2
                $0.pageToken = token
            }
            pages.append(page.orders.map(\.orderID))
            token = page.nextPageToken
        } while !token.isEmpty
        #expect(pages.map(\.count) == [2, 2, 1] && pages.flatMap { $0 } == newest)
        #expect(await refusal { _ = try await list { $0.state = "lost" } }?.field == "state")
        #expect(await refusal { _ = try await list { $0.day = "tomorrow" } }?.field == "day")
    }

    @Test("a day's figures follow its orders, and are the same when they are derived anew")
    func days() async throws {
        let shop = try await Shop()
        let first = try await shop.pay(try await shop.place((shop.mug, 2)))
        _ = try await shop.fulfil(first)
        _ = try await shop.refund(first, 500)
        _ = try await shop.place((shop.shirt, 1))
        try await shop.settle()
        func figures() async throws -> [String: [Int64]] {
            let day = try await shop.orders.getOrderDay(.with { $0.day = "2026-01-01" }, shop.context())
            return Dictionary(uniqueKeysWithValues: day.figures.map { ($0.figure, [$0.count, $0.amount.minor]) })
        }
        let before = try await figures()
        #expect(before["placed"] == [2, 4_500])
        #expect(before["state:placed"] == [1, 2_500] && before["state:fulfilled"] == [1, 2_000])
        #expect(before["captured"] == [1, 2_000] && before["refunded"] == [1, 500])
        #expect(before["revenue"] == [1, 2_000] && before["revenue_corrected"] == [1, 500])
        #expect(before["cost"] == [1, 800])
        try await shop.rebuild("orders.lists")
        #expect(try await figures() == before)
    }
}

extension Shop {
    func rebuild(_ name: String) async throws { try await projections.rebuild(name) }
}
