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
    /// Makes a call as the gateway would and returns the status and the JSON.
    private func call(
        _ fixture: LedgerFixture, _ operation: Contract.Operation, path: [String: String] = [:], key: String? = nil,
        query: [(name: String, value: String)] = [], _ body: String = ""
    ) async throws -> (status: Int, json: String) {
        let route = try #require(fixture.ledger.routes.first { $0.operation == operation })
        let caller = Caller(subject: "key_1", tenant: "ten_1", scopes: ["ledger:*"], book: fixture.book)
        let context = CallContext(
            caller: caller, operation: operation, idempotencyKey: key,
            deadline: fixture.book.world.now().adding(.seconds(5)))
        let reply = try await route.handle(
            RouteCall(path: path, query: query, body: Array(body.utf8), context: context))
        return (reply.status, String(decoding: reply.body, as: UTF8.self))
    }

    private func openAccounts(_ fixture: LedgerFixture) async throws {
        for code in ["cash", "sales"] {
            let side = code == "cash" ? "DEBIT" : "CREDIT"
            let body = "{\"code\":\"\(code)\",\"currency\":\"EUR\",\"normalSide\":\"\(side)\"}"
            #expect(try await call(fixture, LedgerContract.openLedgerAccount, key: "open-\(code)", body).status == 201)
        }
    }

    private let cash = ["currency": "EUR", "code": "cash"]

    private let twoTransfers = """
        {"transfers":[
        {"debit":"cash","credit":"sales","amount":{"minor":"1999","currency":"EUR"},"reference":"ord_1"},
        {"debit":"cash","credit":"nowhere","amount":{"minor":"5","currency":"EUR"}}]}
        """

    @Test("each transfer has its own result, and the same key gets the first answer without a second effect")
    func submit() async throws {
        try await LedgerFixture.with { fixture in
            try await openAccounts(fixture)
            let first = try await call(fixture, LedgerContract.submitTransfers, key: "t", twoTransfers)
            let again = try await call(fixture, LedgerContract.submitTransfers, key: "t", twoTransfers)
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
            _ = try await call(fixture, LedgerContract.submitTransfers, key: "t", twoTransfers)
            let balance = try await call(fixture, LedgerContract.getLedgerBalance, path: cash)
            #expect(balance.json.contains("\"posted\":{\"minor\":\"1999\",\"currency\":\"EUR\"}"))
            let past = try await call(
                fixture, LedgerContract.getLedgerBalance, path: cash, query: [("at", "2020-01-01T00:00:00Z")])
            #expect(!past.json.contains("1999"))
            let statement = try await call(fixture, LedgerContract.getLedgerStatement, path: cash)
            #expect(statement.json.contains("\"reference\":\"ord_1\""))
            let file = try await call(fixture, LedgerContract.exportLedgerStatement, path: cash)
            #expect(file.json.hasPrefix("time,transfer,"))
            let found = try await call(fixture, LedgerContract.listTransfers, query: [("reference", "ord_1")])
            #expect(found.json.contains("\"debit\":\"cash\""))
            #expect(
                try await call(fixture, LedgerContract.getTransfer, path: ["transfer_id": "1"]).json.contains(
                    "\"sales\""))
            let trial = try await call(fixture, LedgerContract.getTrialBalance)
            #expect(trial.json.contains("\"balanced\":true"))
            let accounts = try await call(fixture, LedgerContract.listLedgerAccounts, query: [("page_size", "1")])
            #expect(accounts.json.contains("\"nextPageToken\"") || accounts.json.contains("\"next_page_token\""))
            let chart = try await call(fixture, LedgerContract.installLedgerChart, "{\"currency\":\"CNY\"}")
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
                try await call(fixture, LedgerContract.submitTransfers, key: "x", body)
            }
            #expect(problem?.field == field)
            #expect(problem?.status == 422)
            #expect(try await fixture.balance("cash") == Balance())
        }
    }

    @Test("an unknown account or transfer is a 404 that names it")
    func unknown() async throws {
        try await LedgerFixture.with { fixture in
            for (operation, path) in [
                (LedgerContract.getLedgerBalance, ["currency": "EUR", "code": "nowhere"]),
                (LedgerContract.getTransfer, ["transfer_id": "9"])
            ] {
                let error = await #expect(throws: LedgerError.self) { try await call(fixture, operation, path: path) }
                #expect(error?.problem.status == 404)
            }
        }
    }
}
