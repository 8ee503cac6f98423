import Assembly
import Channels
import Contract
import Gateway
import Payments
import Runtime
import Tenancy
import Testing

/// Every refusal names the field, the value and the rule, and leaves the book as it was.
@Suite("Bad input") struct BadInputTests {
    /// One bad request and what its refusal must say.
    struct Case: Sendable {
        var method = "POST"
        var path = "/v1/orders"
        var body: String?
        var key: String? = "bad"
        var headers: [(String, String)] = []
        var type: String? = "application/json"
        var status: Int
        var problem: String
        var field: String?
        /// Words of the detail: the value and the rule.
        var says: [String] = []
    }

    private func check(_ cases: [Case], _ stall: Stall) async throws {
        let head = try await stall.head()
        for wrong in cases {
            let answer = try await stall.web.call(
                wrong.method, wrong.path, wrong.body, key: wrong.key, headers: wrong.headers, type: wrong.type)
            let shown =
                "\(wrong.method) \(wrong.path) \((wrong.body ?? "").prefix(120)): \(answer.status) "
                + answer.text.prefix(400)
            #expect(answer.status == wrong.status, "\(shown)")
            #expect(answer.problem == wrong.problem, "\(shown)")
            #expect(answer.contentType.hasPrefix("application/problem+json"), "\(shown)")
            #expect(answer.json.status.int == Int64(answer.status), "\(shown)")
            if let field = wrong.field { #expect(answer.json.field.text == field, "\(shown)") }
            #expect(!answer.json.detail.text.isEmpty, "\(shown)")
            for word in wrong.says { #expect(answer.json.detail.text.contains(word), "\(shown) does not say \(word)") }
            #expect(try await stall.head() == head, "\(shown) moved the journal")
        }
        #expect(try await stall.audit().broken == nil)
    }

    /// A shop with one thing to sell and one paid order.
    private func shop(_ mall: Mall) async throws -> (stall: Stall, variant: String, order: String) {
        let stall = try await mall.openShop("strict")
        let variant = try await stall.shelve("mug", priceMinor: 1_250, stock: 10)
        let order = try await stall.place(variant, key: "good").expecting(201).order_id.text
        _ = try await stall.pay(order, key: "good-pay").expecting(200)
        try await stall.settle()
        return (stall, variant, order)
    }

    @Test("amounts out of range, in another currency or not whole are refused by name")
    func amounts() async throws {
        try await Mall.open(seed: 41) { mall in
            let (stall, variant, order) = try await shop(mall)
            func refund(_ amount: String, _ status: Int, _ problem: String, _ field: String?, _ says: [String]) -> Case
            {
                Case(
                    path: "/v1/orders/\(order)/refunds", body: #"{"amount": \#(amount)}"#, status: status,
                    problem: problem, field: field, says: says)
            }
            func product(_ price: String, _ status: Int, _ problem: String, _ field: String?, _ says: [String]) -> Case
            {
                Case(
                    path: "/v1/catalog/products", body: #"{"title": "Cup", "variants": [{"price": \#(price)}]}"#,
                    status: status, problem: problem, field: field, says: says)
            }
            try await check(
                [
                    refund(
                        #"{"minor": "9223372036854775808", "currency": "EUR"}"#, 400, "malformed-json", "amount.minor",
                        ["9223372036854775808"]),
                    refund(#"{"minor": 12.5, "currency": "EUR"}"#, 400, "malformed-json", "amount.minor", ["12.5"]),
                    refund(
                        #"{"minor": -1.6e-14, "currency": "EUR"}"#, 400, "malformed-json", "amount.minor",
                        ["-1.6e-14"]),
                    refund(
                        #"{"minor": "-5", "currency": "EUR"}"#, 422, "invalid-field", "amount.minor",
                        ["-5", "above zero"]),
                    refund(
                        #"{"minor": "0", "currency": "EUR"}"#, 422, "invalid-field", "amount.minor", ["0", "above zero"]
                    ),
                    refund(
                        #"{"minor": "100", "currency": "USD"}"#, 422, "invalid-field", "amount.currency", ["USD", "EUR"]
                    ),
                    refund(#"{"minor": "100", "currency": "eur"}"#, 422, "invalid-field", nil, ["eur"]),
                    refund(#"{"minor": "1251", "currency": "EUR"}"#, 409, "refund-too-large", nil, ["12.5"]),
                    product(#"{"minor": "-1", "currency": "EUR"}"#, 422, "invalid-field", nil, ["price"]),
                    product(#"{"minor": "100", "currency": "XXX"}"#, 422, "invalid-field", nil, ["XXX"]),
                    product(#"{"minor": "100"}"#, 422, "invalid-field", nil, ["currency"]),
                    Case(
                        body: #"{"lines": [{"variant_id": "\#(variant)", "quantity": "0"}]}"#, status: 422,
                        problem: "invalid-field", field: "lines[0].quantity", says: ["0", "1"]),
                    Case(
                        body: #"{"lines": [{"variant_id": "\#(variant)", "quantity": "1000001"}]}"#, status: 422,
                        problem: "invalid-field", field: "lines[0].quantity", says: ["1000001", "1000000"]),
                    Case(
                        body: #"{"lines": [{"variant_id": "\#(variant)", "quantity": "11"}]}"#, status: 409,
                        problem: "insufficient-stock")
                ], stall)
        }
    }

    @Test("totals that would pass the largest amount are refused and not wrapped around")
    func overflow() async throws {
        try await Mall.open(seed: 42) { mall in
            let stall = try await mall.openShop("giant")
            let variant = try await stall.shelve("island", priceMinor: 9_000_000_000_000, stock: 9_000_000)
            try await check(
                [
                    Case(
                        body:
                            #"""
                            {"lines": [{"variant_id": "\#(variant)", "quantity": "1000000"},
                            {"variant_id": "\#(variant)", "quantity": "1000000"}]}
                            """#,
                        status: 422, problem: "invalid-field")
                ], stall)
        }
    }

    @Test("unknown fields, repeated keys and malformed JSON are refused by name")
    func json() async throws {
        try await Mall.open(seed: 43) { mall in
            let (stall, variant, _) = try await shop(mall)
            let line = #"{"variant_id": "\#(variant)", "quantity": "1"}"#
            func body(_ text: String, _ status: Int, _ problem: String, _ field: String? = nil, _ says: [String] = [])
                -> Case
            {
                Case(body: text, status: status, problem: problem, field: field, says: says)
            }
            try await check(
                [
                    body(#"{"lines": [\#(line)], "colour": "red"}"#, 400, "unknown-field", "colour"),
                    body(
                        #"{"lines": [{"variant_id": "\#(variant)", "quantity": "1", "gift": true}]}"#, 400,
                        "unknown-field", "lines[0].gift"),
                    body(
                        #"{"discount_code": "A", "lines": [\#(line)], "discount_code": "B"}"#, 400, "repeated-field",
                        "discount_code", ["more than once"]),
                    body(
                        #"{"lines": [\#(line)], "lines": [\#(line)]}"#, 400, "repeated-field", "lines",
                        ["more than once"]),
                    body(#"{"lines": ["#, 400, "malformed-json"),
                    body(#"{"lines": [}"#, 400, "malformed-json"),
                    body(#"{"lines": {}}"#, 400, "malformed-json", "lines"),
                    body(#"{"lines": [{"variant_id": 7}]}"#, 400, "malformed-json", "lines[0].variant_id", ["7"]),
                    body(
                        #"{"lines": [{"quantity": "many", "variant_id": "\#(variant)"}]}"#, 400, "malformed-json",
                        "lines[0].quantity", ["many"]),
                    body("no JSON at all", 400, "malformed-json"),
                    body("[]", 400, "malformed-json"),
                    body("\"text\"", 400, "malformed-json"),
                    body(#"{"lines": [\#(line)]} {"lines": []}"#, 400, "malformed-json"),
                    body(String(repeating: "[", count: 20_000), 400, "malformed-json"),
                    body(#"{"lines": []}"#, 422, "invalid-field", "lines"),
                    body(
                        #"{"lines": [{"variant_id": "var_nonsense", "quantity": "1"}]}"#, 422, "invalid-field", nil,
                        ["var_nonsense"]),
                    body(#"{"lines": [{"quantity": "1"}]}"#, 422, "invalid-field", "lines[0].variant_id")
                ], stall)
        }
    }

    @Test("bodies over the limit, wrong kinds of body and bad headers are refused by name")
    func transport() async throws {
        try await Mall.open(seed: 44) { mall in
            let (stall, variant, order) = try await shop(mall)
            let good = #"{"lines": [{"variant_id": "\#(variant)", "quantity": "1"}]}"#
            let large = #"{"discount_code": "\#(String(repeating: "x", count: 1 << 20))"}"#
            try await check(
                [
                    Case(body: large, status: 413, problem: "body-too-large", says: ["1048576"]),
                    Case(
                        body: good, type: "text/plain", status: 415, problem: "unsupported-media-type",
                        says: ["text/plain", "application/json"]),
                    Case(body: good, type: nil, status: 415, problem: "unsupported-media-type"),
                    Case(
                        body: good, key: nil, status: 400, problem: "invalid-idempotency-key", field: "Idempotency-Key",
                        says: ["required"]),
                    Case(
                        body: good, key: String(repeating: "k", count: 129), status: 400,
                        problem: "invalid-idempotency-key", says: ["128"]),
                    Case(
                        body: good.replacing("\"1\"", with: "\"2\""), key: "good", status: 422,
                        problem: "idempotency-key-reused", field: "Idempotency-Key"),
                    Case(
                        body: good, headers: [("request-timeout", "soon")], status: 400, problem: "invalid-header",
                        field: "Request-Timeout", says: ["soon"]),
                    Case(body: good, headers: [("request-timeout", "0")], status: 504, problem: "deadline-exceeded"),
                    Case(
                        body: good, headers: [("idempotency-key", "second")], status: 400, problem: "invalid-header",
                        field: "Idempotency-Key"),
                    Case(
                        method: "GET", path: "/v1/orders/nonsense", status: 422, problem: "invalid-field",
                        field: "order_id", says: ["nonsense"]),
                    Case(
                        method: "GET", path: "/v1/orders?page_size=many", status: 400, problem: "invalid-parameter",
                        field: "page_size", says: ["many"]),
                    Case(
                        method: "GET", path: "/v1/catalog/products?page_size=201", status: 422,
                        problem: "invalid-field", field: "page_size", says: ["201", "200"]),
                    Case(
                        method: "GET", path: "/v1/orders/\(order)?colour=red", status: 400,
                        problem: "invalid-parameter", field: "colour"),
                    Case(method: "GET", path: "/v1/nothing", status: 404, problem: "not-found"),
                    Case(method: "DELETE", path: "/v1/orders", status: 405, problem: "method-not-allowed")
                ], stall)
        }
    }

    @Test("a file that is no catalogue is refused with the line and the rule, and no product comes in")
    func files() async throws {
        try await Mall.open(seed: 45, edge: { $0.gateway.rawBodyLimitBytes = 1 << 16 }) { mall in
            let (stall, _, _) = try await shop(mall)
            func file(_ text: String, _ status: Int, _ problem: String, _ says: [String]) -> Case {
                Case(
                    path: "/v1/catalog/imports?currency=EUR", body: text, type: "text/csv", status: status,
                    problem: problem, says: says)
            }
            let head = "Handle,Title,Option1 Name,Option1 Value,Variant Price\n"
            try await check(
                [
                    file(head + "mug,\"Mug,Title,Default Title,12.50\n", 422, "malformed-csv", ["line 2", "quote"]),
                    file("colour,shape\nred,round\n", 422, "malformed-csv", ["line 1", "Handle"]),
                    file(head + String(repeating: "x", count: 1 << 16), 413, "body-too-large", ["65536"])
                ], stall)
        }
    }

    @Test("callbacks that are forged, stale, malformed or for nobody change nothing but the journal's note of them")
    func callbacks() async throws {
        try await Mall.open(seed: 46) { mall in
            let (stall, _, order) = try await shop(mall)
            let account = try await mall.house.connectSandbox(stall.tenant, publicAddress: mall.address)
            let path = "/v1/callbacks/sandbox/\(account.token)"
            let payment = try await stall.order(order).payments[0].payment_id.text
            let reference = try await stall.web.get("/v1/payments/\(payment)").attempts[0].merchant_reference.text
            let body =
                #"""
                {"id": "ntc-1", "type": "refund_succeeded", "reference": "\#(reference)",
                "channel_reference": "sbx1", "refund_reference": "x", "currency": "EUR", "amount_minor": 1250,
                "fee_minor": 0, "occurred_at": "2026-01-01T00:00:00Z"}
                """#
            let now = mall.world.now()
            let secret = account.secret
            func sign(_ body: String, _ secret: [UInt8], _ at: Timestamp) -> String {
                SignedMessage.sign(Array(body.utf8), secret: secret, at: at)
            }
            let good = sign(body, secret, now)
            let wrong: [(String, String, String?, Int)] = [
                ("no signature", body, nil, 401),
                ("no form of a signature", body, "hello", 401),
                ("another's secret", body, sign(body, [UInt8](repeating: 7, count: 32), now), 401),
                ("another body", body.replacing("1250", with: "9999"), good, 401),
                ("an old recording", body, sign(body, secret, now.adding(.seconds(-3_600))), 401),
                ("from the future", body, sign(body, secret, now.adding(.seconds(3_600))), 401),
                ("signed nonsense", "nonsense", sign("nonsense", secret, now), 401),
                ("a payment of nobody", body.replacing(reference, with: "pay_nobody-1"), nil, 404)
            ]
            let before = (try await stall.audit(), try await stall.order(order))
            let web = Web(address: mall.address)
            for (name, body, signature, status) in wrong {
                let used = name == "a payment of nobody" ? sign(body, secret, now) : signature
                let answer = try await web.call(
                    "POST", path, body, headers: used.map { [(SignedMessage.callbackHeader, $0)] } ?? [])
                #expect(answer.status == status, "\(name): \(answer.text)")
                #expect(!answer.json.detail.text.isEmpty, "\(name)")
            }
            let unknown = try await web.call(
                "POST", "/v1/callbacks/sandbox/ca_unknown", body, headers: [(SignedMessage.callbackHeader, good)])
            #expect(unknown.status == 404)
            try await stall.settle()
            let after = (try await stall.audit(), try await stall.order(order))
            #expect(after.0.broken == nil)
            #expect(after.0.net("customer_deposits") == before.0.net("customer_deposits"))
            #expect(after.1 == before.1)
            #expect(try await stall.web.get("/v1/payments/\(payment)").state.text == "captured")
        }
    }
}
