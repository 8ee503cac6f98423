import Assembly
import Contract
import Identity
import Runtime
import Tenancy
import Testing

/// Every route of the contract, walked with the wrong credential. The list of routes is the house's own, so a call that
/// is added tomorrow is walked tomorrow.
@Suite("Isolation") struct IsolationTests {
    /// Parameters that are words of every tenant's own book and not identifiers of one of them.
    private static let words = [
        "currency": "EUR", "code": "cash", "day": "2026-01-01", "country": "DE", "category": "standard",
        "channel": "sandbox", "transfer_id": "1", "kind": "causes", "number": "1", "name": "kontor-file.csv",
        "sha256": "0000000000000000000000000000000000000000000000000000000000000000"
    ]

    private func path(_ operation: Operation, _ belongings: Belongings) throws -> (path: String, names: [String]) {
        var names: [String] = []
        let parts = try operation.path.split(separator: "/").map { part -> String in
            guard part.hasPrefix("{") else { return String(part) }
            let name = String(part.dropFirst().dropLast())
            if let word = Self.words[name] { return word }
            names.append(name)
            return try #require(belongings.identifiers[name], "no value for {\(name)} of \(operation.path)")
        }
        return ("/" + parts.joined(separator: "/"), names)
    }

    /// Queries and bodies that name what belongs to the other tenant, by call.
    private func request(_ operation: Operation, _ other: Belongings) -> (query: String, body: String) {
        let ids = other.identifiers
        func id(_ name: String) -> String { ids[name] ?? "" }
        let line = #"{"variant_id": "\#(id("variant_id"))", "quantity": "1"}"#
        let money = #"{"minor": "1", "currency": "EUR"}"#
        return switch operation.name.split(separator: "/").last ?? "" {
        case "ListProducts": ("?handle=amberlamp&page_token=\(id("product_id"))", "")
        case "SearchProducts": ("?q=Amberlamp", "")
        case "ListMovements": ("?variant_id=\(id("variant_id"))", "")
        case "ListOrders": ("?person_id=\(id("person_id"))", "")
        case "ListPayments", "ListTransfers": ("?reference=\(id("order_id"))", "")
        case "RevealToken": ("?reason=curious", "")
        case "CreateProduct", "UpdateProduct":
            (
                "",
                #"""
                {"version": "1", "title": "Taken over", "variants": [{"variant_id": "\#(id("variant_id"))",
                "price": \#(money)}]}
                """#
            )
        case "CreateCart": ("", #"{"lines": [\#(line)]}"#)
        case "PlaceOrder": ("", #"{"lines": [\#(line)]}"#)
        case "AddCartLine": ("", line)
        case "UpdateCartLine": ("", #"{"quantity": "3"}"#)
        case "SetCartDetails": ("", #"{"discount_code": "AMBERCODE"}"#)
        case "PayOrder": ("", #"{"instrument_token": "tok_ok", "channel": "sandbox"}"#)
        case "CancelOrder": ("", #"{"reason": "not mine"}"#)
        case "ReturnOrder": ("", #"{"lines": [{"line": 1, "quantity": "1"}]}"#)
        case "RefundOrder", "RefundPayment", "CapturePayment": ("", #"{"amount": \#(money)}"#)
        case "AdjustStock":
            (
                "",
                #"""
                {"variant_id": "\#(id("variant_id"))", "location_id": "\#(id("location_id"))", "reason": "lost",
                "quantity": "1", "reference": "raid"}
                """#
            )
        case "RevealTokens": ("", #"{"tokens": ["\#(id("token"))"], "reason": "curious"}"#)
        case "FindPerson": ("", #"{"email": "\#(other.email)"}"#)
        case "ExportPerson": ("", #"{"reason": "curious"}"#)
        case "IssueToken": ("", #"{"user_id": "\#(id("user_id"))"}"#)
        case "ChangeUser": ("", #"{"role": "owner"}"#)
        case "IssueTenantKey": ("", #"{"name": "raid", "scopes": ["*"]}"#)
        case "SuspendTenant", "CloseTenant": ("", #"{"reason": "a raid"}"#)
        case "ChangeTenant": ("", #"{"name": "Taken over"}"#)
        default: ("", "{}")
        }
    }

    private func call(
        _ operation: Operation, _ other: Belongings, as web: Web
    ) async throws -> (answer: Web.Answer, sent: String, names: [String]) {
        let (path, names) = try path(operation, other)
        let (query, body) = request(operation, other)
        let takesBody = operation.method != .get && operation.method != .delete
        let answer = try await web.call(
            operation.method.rawValue, path + query, takesBody ? body : nil,
            key: operation.idempotency == .none ? nil : "walk-\(operation.name)",
            type: operation.rawBodyField == nil ? "application/json" : "text/csv")
        return (answer, path + query + body, names)
    }

    /// A person's token and an API key reach the same calls by different code.
    enum Kind: String, CaseIterable, Sendable { case key, token }

    @Test("a credential of one tenant reaches nothing of another by any route", arguments: Kind.allCases)
    func walk(kind: Kind) async throws {
        try await Mall.open(seed: 3) { mall in
            let other = try await Belongings(mall)
            let own = try await mall.openShop("bystander")
            var web = own.web
            if kind == .token {
                let user = try await own.web.post(
                    "/v1/users", #"{"handle": "the-owner", "role": "owner"}"#, key: "user")
                web.credential = try await own.web.call(
                    "POST", "/v1/tokens", #"{"user_id": "\#(user.user_id.text)"}"#
                ).expecting(200, 201).token.text
            }
            let before = try await other.stall.head()
            let directory = try await mall.house.tenancy.tenants()
            var walked = 0
            for operation in mall.house.routes.map(\.operation) where operation.access == .tenant {
                let (answer, sent, names) = try await call(operation, other, as: web)
                walked += 1
                #expect(answer.status != 401 && answer.status < 500, "\(operation.name): \(answer.text)")
                if !names.isEmpty, !isOwnRow(operation) {
                    #expect(
                        (400..<500).contains(answer.status),
                        "\(operation.name) took \(names) of another tenant: \(answer.status) \(answer.text.prefix(300))"
                    )
                }
                let secrets =
                    other.marks + Array(other.identifiers.values) + [other.email, "Amber Shopper", "Amber Street"]
                for secret in secrets where !sent.contains(secret) {
                    #expect(
                        !answer.text.contains(secret), "\(operation.name) told \(secret): \(answer.text.prefix(300))")
                }
            }
            #expect(walked > 60)
            #expect(try await other.stall.head() == before, "the other tenant's book has changed")
            #expect(try await mall.house.tenancy.tenants() == directory)
            // The walk did not break the bystander's own house either.
            #expect(try await own.audit().broken == nil)
            #expect(try await other.stall.order(other.identifiers["order_id"] ?? "").state.text == "paid")
        }
    }

    @Test("the walk would see what it looks for: the owner's own credential is shown it")
    func control() async throws {
        try await Mall.open(seed: 2) { mall in
            let own = try await Belongings(mall)
            var answered = 0
            var showing: Set<String> = []
            for operation in mall.house.routes.map(\.operation)
            where operation.access == .tenant && operation.method == .get {
                let (answer, sent, _) = try await call(operation, own, as: own.stall.web)
                if answer.status == 200 { answered += 1 }
                for secret in own.marks + Array(own.identifiers.values) where !sent.contains(secret) {
                    if answer.text.contains(secret) { showing.insert(secret) }
                }
            }
            #expect(answered > 25)
            // All but what no answer ever shows: the account's token, and the vault's tokens where they are sent.
            #expect(showing.count > 12, "only \(showing.sorted())")
        }
    }

    /// Stock is counted by variant and has no row of a variant that was never counted: it answers nothing on hand.
    private func isOwnRow(_ operation: Operation) -> Bool {
        ["GetStock"].contains { operation.name.hasSuffix("/" + $0) }
    }

    @Test("a tenant's key is refused by every call of the platform, an operator's by every call of a tenant")
    func walls() async throws {
        try await Mall.open(seed: 4) { mall in
            let other = try await Belongings(mall)
            let before = try await other.stall.head()
            let platformBefore = try await mall.platformHead
            for operation in mall.house.routes.map(\.operation) {
                switch operation.access {
                case .platform:
                    let answer = try await call(operation, other, as: other.stall.web).answer
                    #expect(answer.status == 403, "\(operation.name): \(answer.status) \(answer.text)")
                case .tenant:
                    let answer = try await call(operation, other, as: mall.platform).answer
                    #expect(answer.status == 403, "\(operation.name): \(answer.status) \(answer.text)")
                case .signed, .anonymous: continue
                }
            }
            #expect(try await other.stall.head() == before)
            #expect(try await mall.platformHead == platformBefore)
        }
    }

    @Test("without a credential, or with a wrong, expired, revoked or forged one, every call answers 401")
    func credentials() async throws {
        try await Mall.open(seed: 5) { mall in
            let other = try await Belongings(mall)
            let tenant = "\(other.stall.tenant.id)"
            let identity = mall.house.identity
            let expired = try await identity.issueKey(
                tenant: tenant, name: "short", scopes: ["*"], expiresAt: mall.world.now().adding(.seconds(60)))
            let revoked = try await identity.issueKey(tenant: tenant, name: "gone", scopes: ["*"])
            let ended = try await identity.issueOperatorKey(
                name: "short", expiresAt: mall.world.now().adding(.seconds(60)))
            let user = try await other.stall.web.post(
                "/v1/users", #"{"handle": "short-lived", "role": "owner"}"#, key: "short-lived")
            let token = try await other.stall.web.call(
                "POST", "/v1/tokens", #"{"user_id": "\#(user.user_id.text)", "lifetime_seconds": 60}"#
            ).expecting(200, 201).token.text
            // Both were good once.
            for credential in [revoked.credential, token] {
                _ = try await Web(address: mall.address, credential: credential).get("/v1/whoami")
            }
            _ = try await other.stall.web.call("DELETE", "/v1/keys/\(revoked.key.id)").expecting(200)
            mall.advance(.seconds(120))

            let wrong: [(String, String?)] = [
                ("none", nil), ("garbage", "garbage"), ("an expired key", expired.credential),
                ("an expired operator's key", ended.credential), ("a revoked key", revoked.credential),
                ("another secret", forged(other.stall.web.credential ?? "")), ("an expired token", token),
                ("a token without a signature", unsigned(token))
            ]
            let before = (try await other.stall.head(), try await mall.platformHead)
            for operation in mall.house.routes.map(\.operation)
            where operation.access == .tenant || operation.access == .platform {
                for (name, credential) in wrong {
                    let web = Web(address: mall.address, credential: credential)
                    let answer = try await call(operation, other, as: web).answer
                    #expect(answer.status == 401, "\(operation.name) with \(name): \(answer.status) \(answer.text)")
                    #expect(answer.problem == "unauthenticated", "\(operation.name) with \(name)")
                }
            }
            #expect(try await other.stall.head() == before.0)
            #expect(try await mall.platformHead == before.1)
        }
    }

    @Test("the console shows one tenant nothing of another by any page")
    func console() async throws {
        try await Mall.open(seed: 8) { mall in
            let other = try await Belongings(mall)
            let own = try await mall.openShop("bystander")
            let ids = other.identifiers
            let order = ids["order_id"] ?? ""
            let pages = [
                "", "/orders/\(order)", "/payments/\(ids["payment_id"] ?? "")", "/ledger", "/ledger/EUR/cash",
                "/ledger/EUR/clearing%3Asandbox", "/transfers/1", "/references/\(order)", "/journal", "/stock",
                "/products", "/products/\(ids["product_id"] ?? "")", "/variants/\(ids["variant_id"] ?? "")",
                "/reconciliation", "/reconciliation/runs/\(ids["run_id"] ?? "")", "/reconciliation/cases",
                "/reconciliation/cases/\(ids["case_id"] ?? "")", "/reconciliation/open-items/sandbox/EUR",
                "/reconciliation/reports/2026-01-01",
                "/reconciliation/cases/\(ids["case_id"] ?? "")/files/\(String(repeating: "0", count: 64))"
            ]
            let before = try await other.stall.head()
            var seen: Set<String> = []
            for page in pages {
                let path = "/console" + page
                let shown = try await visit(path, as: own.web.credential, mall)
                #expect(shown.status < 500, "\(path)")
                for secret in other.marks + Array(ids.values) + [other.email] where !path.contains(secret) {
                    #expect(!shown.text.contains(secret), "\(path) showed \(secret)")
                }
                // The same page shows its owner what it must not show the bystander.
                let mine = try await visit(path, as: other.stall.web.credential, mall)
                for secret in other.marks + [order] where !path.contains(secret) && mine.text.contains(secret) {
                    seen.insert(secret)
                }
                #expect(try await visit(path, as: nil, mall).text.contains("amber") == false)
            }
            #expect(seen.contains(order) && seen.contains("Amberlamp"), "\(seen)")
            #expect(try await other.stall.head() == before)
        }
    }

    private func visit(_ path: String, as credential: String?, _ mall: Mall) async throws -> Web.Answer {
        try await Web(address: mall.address).call(
            "GET", path, headers: credential.map { [("cookie", "kontor_session=\($0)")] } ?? [])
    }

    @Test("a suspended tenant's credentials are refused until it is resumed")
    func suspended() async throws {
        try await Mall.open(seed: 6) { mall in
            let stall = try await mall.openShop("paused")
            let path = "/v1/platform/tenants/\(stall.tenant.id)"
            _ = try await mall.platform.post("\(path)/suspend", #"{"reason": "unpaid bill"}"#, key: "suspend")
            #expect(try await stall.web.call("GET", "/v1/tenant").status == 403)
            _ = try await mall.platform.post("\(path)/resume", key: "resume")
            #expect(try await stall.web.call("GET", "/v1/tenant").status == 200)
        }
    }

    /// The same key with another secret.
    private func forged(_ credential: String) -> String {
        String(credential.dropLast(6)) + "AAAAAA"
    }

    /// The same claims, with the header that says that no signature is needed.
    private func unsigned(_ token: String) -> String {
        let parts = token.split(separator: ".")
        // {"alg":"none","typ":"JWT"}
        return "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0." + (parts.count > 1 ? parts[1] : "") + "."
    }
}
