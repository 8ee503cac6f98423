import Contract
import Ledger
import Matching
import Runtime
import Store
import SwiftProtobuf
import TestStores
import Testing

@testable import Reconciliation

/// From payments through a file to cases, with the runs of the house.
@Suite("From a file to a case", .onBothStores)
struct CaseFlowTests {
    private let day = DayShop.firstDay

    private func context(_ shop: DayShop, _ subject: String = "anna") -> CallContext {
        CallContext(
            caller: Caller(subject: subject, tenant: "shop", scopes: ["*"], book: shop.book),
            operation: ReconciliationCasesContract.getCase, deadline: shop.clock.now().adding(.seconds(3_600)))
    }

    private func send(_ lines: [FileLine], _ shop: DayShop, _ cases: Cases) async throws {
        let reconciliation = Reconciliation(ledger: shop.ledger, followers: [cases])
        try await reconciliation.receive(
            DayShop.file(lines), name: "card.csv", channel: "card", day: day, in: shop.book)
        try await reconciliation.work(shop.book, process: "one", limit: 1_000)
        try await cases.work(shop.book)
    }

    private func all(_ shop: DayShop, _ cases: Cases) async throws -> [String: V1ReconciliationCase] {
        let found = try await cases.listCases(V1ListCasesRequest(), context(shop)).cases
        return Dictionary(uniqueKeysWithValues: found.map { ($0.reference, $0) })
    }

    @Test(
        "a cent repairs itself, what costs more waits, and a corrected file takes back what is no difference any more")
    func corrected() async throws {
        try await DayShop.run { shop in
            let cases = Cases(ledger: shop.ledger)
            shop.goTo(day: day, hour: 9)
            for number in 1...3 { try await shop.sell(1_050 * Int64(number), order: "ord-\(number)") }
            var lines = shop.lines(day)
            lines[0].amount -= 1
            lines[1].fee += 7
            try await send(lines, shop, cases)
            let first = try await all(shop, cases)
            #expect(first.mapValues(\.state) == ["ord-1": "written_off", "ord-2": "open"])
            #expect(first["ord-1"]?.cause.code == "bank_rounding")
            #expect(try await shop.balance("rounding_differences") == 1)
            #expect(try await shop.open() == ["ord-2": 7])

            try await send(shop.lines(day), shop, cases)
            let second = try await all(shop, cases)
            #expect(second.mapValues(\.state) == ["ord-1": "closed_by_match", "ord-2": "closed_by_match"])
            #expect(second.mapValues(\.id) == first.mapValues(\.id))
            #expect(try await shop.balance("rounding_differences") == 0)
            #expect(try await shop.open().isEmpty)
            try await shop.expectSound()
        }
    }

    @Test("a repair of two people is not taken back without them: its case is open again")
    func decided() async throws {
        try await DayShop.run { shop in
            let cases = Cases(ledger: shop.ledger)
            shop.goTo(day: day, hour: 9)
            try await shop.sell(1_050, order: "ord-1")
            var lines = shop.lines(day)
            lines[0].fee += 7
            try await send(lines, shop, cases)
            let found = try #require(try await all(shop, cases)["ord-1"])
            let proposed = try await cases.proposeRepair(
                .with {
                    $0.caseID = found.id
                    $0.kind = "book_channel_fee"
                }, context(shop))
            func step(_ version: Int64) -> V1DecideRepairRequest {
                .with {
                    $0.repairID = proposed.id
                    $0.version = version
                }
            }
            _ = try await cases.approveRepair(step(1), context(shop, "bert"))
            _ = try await cases.executeRepair(step(2), context(shop))
            #expect(try await shop.open().isEmpty)
            try await send(shop.lines(day), shop, cases)
            let after = try #require(try await all(shop, cases)["ord-1"])
            #expect(after.state == "open")
            #expect(try await shop.open() == ["ord-1": -7], "the corrected file settled what was booked as a fee")
            try await shop.expectSound()
        }
    }

    @Test("a candidate for matching runs beside the live rules on a real day, and is activated by a second person")
    func matching() async throws {
        try await DayShop.run { shop in
            let cases = Cases(ledger: shop.ledger)
            shop.goTo(day: day, hour: 9)
            for number in 1...2 { try await shop.sell(1_050 * Int64(number), order: "ord-\(number)") }
            var lines = shop.lines(day)
            lines[0].amount -= 50
            try await send(lines, shop, cases)
            let set = try await cases.putRuleSet(
                .with { $0.source = "kind: matching\nchannel: card\nrules:\n  amount: { absoluteMinor: 60 }\n" },
                context(shop))
            let request = V1ActivateRuleSetRequest.with {
                $0.kind = "matching"
                $0.number = set.number
            }
            #expect(await refusal { try await cases.activateRuleSet(request, context(shop, "bert")) } == .shadowMissing)
            let run = try await shop.run(day)
            let before = try await shop.imprint()
            let report = try await cases.runShadow(
                .with {
                    $0.runID = "\(run.id)"
                    $0.kind = "matching"
                    $0.number = set.number
                }, context(shop))
            #expect(try await shop.imprint() == before, "the comparison changes nothing")
            #expect(report.changes.map(\.about) == ["our line 1", "their line 1"])
            #expect(report.changes.map(\.live) == ["amount", "amount"])
            #expect(report.changes.map(\.candidate) == ["matched", "matched"])
            #expect(report.same == 2)
            #expect(await refusal { try await cases.activateRuleSet(request, context(shop)) } == .samePerson)
            #expect(try await cases.activateRuleSet(request, context(shop, "bert")).state == "live")
            let live = try await shop.book.read { reader in
                try Reconciliation(ledger: shop.ledger).profile("card", in: reader)?.matchRules(on: day)
            }
            #expect(live?.amountsAgree(1_000, 1_060) == true)
            #expect(live?.amountsAgree(1_000, 1_061) == false)
            let unknown = "kind: matching\nchannel: nobody\nrules: {}\n"
            await #expect(throws: ReconciliationError.self) {
                try await cases.putRuleSet(.with { $0.source = unknown }, context(shop))
            }
        }
    }
}
