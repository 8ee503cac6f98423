import Contract
import Foundation
import Ledger
import Money
import Runtime
import Store
import TestStores
import Testing

@Suite("The ledger's calls", .onBothStores)
struct LedgerServiceTests {
    /// Sends a call as the gateway would and returns the status and the JSON.
    private func call(
        _ fixture: LedgerFixture, _ method: HTTPMethod, _ path: String, key: String? = nil,
        query: [(name: String, value: String)] = [], _ body: String = ""
    ) async throws -> (status: Int, json: String) {
        let segments = path.dropFirst().split(separator: "/")
        guard case .found(let route, let parameters) = RouteTable(fixture.ledger.routes).match(method, segments) else {
            Issue.record("no route for \(path)")
            return (404, "")
        }
        let caller = Caller(subject: "key_1", tenant: "ten_1", scopes: ["ledger:*"], book: fixture.book)
        let context = CallContext(
            caller: caller, operation: route.operation, idempotencyKey: key,
            deadline: fixture.book.world.now().adding(.seconds(5)))
        let reply = try await route.handle(
            RouteCall(path: parameters, query: query, body: Array(body.utf8), context: context))
        return (reply.status, String(decoding: reply.body, as: UTF8.self))
    }

    private func openAccounts(_ fixture: LedgerFixture) async throws {
        for code in ["cash", "sales"] {
            let side = code == "cash" ? "DEBIT" : "CREDIT"
            let body = "{\"code\":\"\(code)\",\"currency\":\"EUR\",\"normalSide\":\"\(side)\"}"
            #expect(try await call(fixture, .post, "/v1/ledger/accounts", key: "open-\(code)", body).status == 201)
        }
    }

    private let twoTransfers = """
        {"transfers":[
        {"debit":"cash","credit":"sales","amount":{"minor":"1999","currency":"EUR"},"reference":"ord_1"},
        {"debit":"cash","credit":"nowhere","amount":{"minor":"5","currency":"EUR"}}]}
        """

    @Test("each transfer has its own result, and the same key gets the first answer without a second effect")
    func submit() async throws {
        try await LedgerFixture.with { fixture in
            try await openAccounts(fixture)
            let first = try await call(fixture, .post, "/v1/ledger/transfers", key: "t", twoTransfers)
            let again = try await call(fixture, .post, "/v1/ledger/transfers", key: "t", twoTransfers)
            #expect(first.json == again.json)
            #expect(first.status == 200)
            #expect(first.json.contains("\"account-unknown\""))
            #expect(try await fixture.balance("cash").debitsPosted == 1_999)
        }
    }

    @Test("balances, statements, transfers and the trial balance are read over the contract")
    func reads() async throws {
        try await LedgerFixture.with { fixture in
            try await openAccounts(fixture)
            _ = try await call(fixture, .post, "/v1/ledger/transfers", key: "t", twoTransfers)
            let balance = try await call(fixture, .get, "/v1/ledger/accounts/EUR/cash/balance")
            #expect(balance.json.contains("\"posted\":{\"minor\":\"1999\",\"currency\":\"EUR\"}"))
            let past = try await call(
                fixture, .get, "/v1/ledger/accounts/EUR/cash/balance", query: [("at", "2020-01-01T00:00:00Z")])
            #expect(!past.json.contains("1999"))
            let statement = try await call(fixture, .get, "/v1/ledger/accounts/EUR/cash/statement")
            #expect(statement.json.contains("\"reference\":\"ord_1\""))
            let file = try await call(fixture, .get, "/v1/ledger/accounts/EUR/cash/statement.csv")
            #expect(file.json.hasPrefix("time,transfer,"))
            let found = try await call(fixture, .get, "/v1/ledger/transfers", query: [("reference", "ord_1")])
            #expect(found.json.contains("\"debit\":\"cash\""))
            #expect(try await call(fixture, .get, "/v1/ledger/transfers/1").json.contains("\"sales\""))
            let trial = try await call(fixture, .get, "/v1/ledger/trial-balance")
            #expect(trial.json.contains("\"balanced\":true"))
            let accounts = try await call(fixture, .get, "/v1/ledger/accounts", query: [("page_size", "1")])
            #expect(accounts.json.contains("\"nextPageToken\"") || accounts.json.contains("\"next_page_token\""))
            let chart = try await call(fixture, .post, "/v1/ledger/chart", "{\"currency\":\"CNY\"}")
            #expect(chart.json.contains("customer_deposits"))
        }
    }

    @Test(
        "what cannot be read is refused with the field, and nothing is written",
        arguments: [
            ("{\"transfers\":[]}", "transfers"),
            (
                #"{"transfers":[{"debit":"cash","credit":"sales","amount":{"minor":1,"currency":"EUX"}}]}"#,
                "transfers[0].amount.currency"
            ),
            ("{\"transfers\":[{\"kind\":\"EXPIRE_PENDING\"}]}", "transfers[0].kind"),
            ("{\"transfers\":[{\"kind\":\"PENDING\",\"expires_at\":\"soon\"}]}", "transfers[0].expires_at"),
            ("{\"transfers\":[{\"transfer_code\":65536}]}", "transfers[0].transfer_code")
        ])
    func refusals(_ body: String, _ field: String) async throws {
        try await LedgerFixture.with { fixture in
            try await openAccounts(fixture)
            let problem = await #expect(throws: Problem.self) {
                try await call(fixture, .post, "/v1/ledger/transfers", key: "x", body)
            }
            #expect(problem?.field == field)
            #expect(problem?.status == 422)
            #expect(try await fixture.balance("cash") == Balance())
        }
    }

    @Test("an unknown account or transfer is a 404 that names it")
    func unknown() async throws {
        try await LedgerFixture.with { fixture in
            for path in ["/v1/ledger/accounts/EUR/nowhere/balance", "/v1/ledger/transfers/9"] {
                let error = await #expect(throws: LedgerError.self) { try await call(fixture, .get, path) }
                #expect(error?.problem.status == 404)
            }
        }
    }
}
