import Channels
import Runtime
import Tenancy
import Testing

/// Two columns of one day, drawn from one seed, must end in the same hash; nothing of a run comes from outside.
@Suite("Replay") struct ReplayTests {
    struct Heads: Equatable, Sendable {
        var platform: String
        var tenants: [String]
    }

    private func run(seed: UInt64) async throws -> Heads {
        var channel = Mall.silentChannel
        // The followers of an authorisation are done before the capture is answered, as at any real channel.
        channel.latencyMs = 10...10
        return try await Mall.open(seed: seed, channel: channel) { mall in
            var tenants: [String] = []
            for (slug, currency, country, file) in [
                ("atelier", "EUR", "DE", "atelier.csv"), ("lantern", "CNY", "CN", "lantern.csv")
            ] {
                let stall = try await mall.openShop(slug, currency: currency, country: country)
                let day = Day(stall: stall, variants: try await stall.importCatalogue(file), seed: seed)
                try await day.run(visits: 10)
                let audit = try await stall.audit()
                #expect(audit.broken == nil, "seed \(seed)")
                #expect(audit.orders > 0)
                tenants.append(try await stall.head())
            }
            return Heads(platform: try await mall.platformHead, tenants: tenants)
        }
    }

    @Test("a whole scenario replays to the same journal heads from one seed, and to others from another seed")
    func replay() async throws {
        let first = try await run(seed: 20_261_121)
        let again = try await run(seed: 20_261_121)
        let other = try await run(seed: 7)
        #expect(first == again)
        #expect(first.platform != other.platform)
        #expect(zip(first.tenants, other.tenants).allSatisfy { $0 != $1 })
    }
}

/// A sequence of shoppers and of what the merchant does with their orders, drawn from a seed.
struct Day: Sendable {
    let stall: Stall
    let variants: [String]
    let random: RandomSource

    init(stall: Stall, variants: [String], seed: UInt64) {
        self.stall = stall
        self.variants = variants
        random = RandomSource(seed: seed &* 31 &+ 7)
    }

    func run(visits: Int) async throws {
        try await stall.setTables()
        for number in 0..<visits { try await visit(number) }
    }

    /// The same visits, all at once.
    func runConcurrently(visits: Int) async throws {
        try await stall.setTables()
        try await withThrowingTaskGroup(of: Void.self) { shoppers in
            for number in 0..<visits { shoppers.addTask { try await visit(number) } }
            try await shoppers.waitForAll()
        }
    }

    private func visit(_ number: Int) async throws {
        let order = number.isMultiple(of: 2) ? try await throughCart(number) : try await directly(number)
        try await pause()
        if number % 5 == 4 {
            try await step("POST", "/v1/orders/\(order)/cancel", #"{"reason": "changed my mind"}"#, "\(number)-cancel")
            return
        }
        if number % 4 == 3 { try await pay(order, "tok_decline", "\(number)-declined") }
        try await pay(order, "tok_ok", "\(number)-pay")
        guard number % 5 != 3 else { return }
        try await step("POST", "/v1/orders/\(order)/fulfilments", #"{"carrier": "DHL"}"#, "\(number)-fulfil")
        let shown = try await stall.order(order)
        let captured = shown.captured.minor.int
        if number % 3 == 0 {
            try await step(
                "POST", "/v1/orders/\(order)/refunds",
                #"{"amount": \#(stall.amount(max(1, captured / 3))), "reason": "goodwill"}"#, "\(number)-refund")
        } else if number % 3 == 1 {
            try await step(
                "POST", "/v1/orders/\(order)/returns",
                #"{"lines": [{"line": 1, "quantity": "1"}], "restock": true, "reason": "does not fit"}"#,
                "\(number)-return")
        }
    }

    private func directly(_ number: Int) async throws -> String {
        let first = random.integer(in: 0..<variants.count)
        let second = (first + 1 + random.integer(in: 0..<(variants.count - 1))) % variants.count
        let lines = stall.lines([
            (variants[first], Int64(1 + random.integer(in: 0..<3))), (variants[second], 1)
        ])
        return try await step(
            "POST", "/v1/orders",
            #"""
            {"lines": \#(lines), "email": "shopper\#(number)@shopper.example", "shipping_method": "standard",
            "shipping_address": \#(address(number))}
            """#,
            "\(number)-order"
        ).order_id.text
    }

    private func throughCart(_ number: Int) async throws -> String {
        let cart = try await step("POST", "/v1/carts", "{}", "\(number)-cart").cart_id.text
        let variant = variants[random.integer(in: 0..<variants.count)]
        try await step(
            "POST", "/v1/carts/\(cart)/lines", #"{"variant_id": "\#(variant)", "quantity": "2"}"#, "\(number)-line")
        try await step(
            "PATCH", "/v1/carts/\(cart)",
            #"""
            {"email": "shopper\#(number)@shopper.example", "shipping_method": "standard",
            "discount_code": "WELCOME10", "shipping_address": \#(address(number))}
            """#,
            "\(number)-details")
        return try await step("POST", "/v1/carts/\(cart)/checkout", "{}", "\(number)-checkout").order_id.text
    }

    private func pay(_ order: String, _ instrument: String, _ key: String) async throws {
        _ = try await stall.pay(order, instrument, key: key).expecting(200, 409)
        try await pause()
    }

    private func address(_ number: Int) -> String {
        #"""
        {"name": "Ada Quastenberg", "line1": "Mohnblumenweg \#(number)", "city": "Lindenstadt",
        "postal_code": "10115", "country": "\#(stall.tenant.country)", "phone": "+49 30 5550\#(1_000 + number)"}
        """#
    }

    @discardableResult
    private func step(_ method: String, _ path: String, _ body: String, _ key: String) async throws -> JSON {
        let answer = try await stall.web.call(method, path, body, key: "day-\(key)").expecting(200, 201)
        try await pause()
        return answer
    }

    /// Lets the followers catch up and some time pass.
    private func pause() async throws {
        try await stall.settle()
        stall.mall.advance(.milliseconds(1 + random.integer(in: 0..<20_000)))
    }
}
