import Assembly
import Channels
import Contract
import Payments
import Runtime
import Store
import Tenancy
import Testing

/// Many shoppers at once at a channel whose notices come late, twice, in the wrong order or not at all.
@Suite("A day in the mall") struct MallTests {
    private static let stubborn: SandboxBehaviour = {
        var behaviour = SandboxBehaviour()
        behaviour.seed = 51
        behaviour.callbackLostPerMille = 100
        behaviour.callbackDoubledPerMille = 300
        behaviour.callbackLatePerMille = 150
        behaviour.callbackReorderedPerMille = 300
        behaviour.lateMs = 400
        behaviour.reorderMs = 100
        return behaviour
    }()

    @Test("the books agree with the channel's statement, whatever became of its callbacks")
    func booksAgree() async throws {
        try await Mall.open(seed: 51, channel: Self.stubborn, realTime: true, jobs: .milliseconds(200)) { mall in
            let stall = try await mall.openShop("busy")
            let day = Day(stall: stall, variants: try await stall.importCatalogue("atelier.csv"), seed: 51)
            try await day.runConcurrently(visits: 60)
            try await settled(stall)

            let audit = try await stall.audit()
            #expect(audit.broken == nil, "seed 51")
            let statement = try await stall.statement()
            let orders = try await orders(stall)
            #expect(orders.count == 60)
            let captured = orders.reduce(0) { $0 + $1.captured.minor.int }
            let refunded = orders.reduce(0) { $0 + $1.refunded.minor.int }
            #expect(captured > 0 && refunded > 0)
            #expect(minor(statement, "capture") == captured, "seed 51")
            #expect(minor(statement, "refund") == -refunded, "seed 51")
            #expect(
                Set(statement.filter { $0.type == "capture" }.map(\.reference)).count
                    == statement.count { $0.type == "capture" }, "an attempt was captured twice")
            // The channel owes what it took, less what it gave back, less what it keeps.
            #expect(audit.net("clearing:sandbox") + audit.net("channel_fees") == captured - refunded, "seed 51")
        }
    }

    /// Waits until no outcome is open: late notices have come, lost ones were asked for.
    private func settled(_ stall: Stall) async throws {
        let patience = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < patience {
            try await stall.settle()
            if try await stall.read({ try Payments.openOutcomes($0) }) == 0 { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        Issue.record("outcomes were open after 20 seconds")
    }

    private func orders(_ stall: Stall) async throws -> [JSON] {
        var found: [JSON] = []
        var token = ""
        repeat {
            let page = try await stall.web.get("/v1/orders?page_size=50&page_token=\(token)")
            found += page.orders.items
            token = page.next_page_token.text
        } while !token.isEmpty
        return found
    }

    /// The sum of a kind of lines, in cents, from text like "12.34": no floating point here either.
    private func minor(_ statement: [Stall.StatementLine], _ type: String) -> Int64 {
        statement.filter { $0.type == type }.reduce(0) { $0 + (Int64($1.gross.filter { $0 != "." }) ?? 0) }
    }
}
