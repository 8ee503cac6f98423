import Contract
import Matching
import Runtime
import Store
import SwiftProtobuf
import TestStores
import Testing

@testable import Reconciliation

@Suite("What the matcher suggests to people", .onBothStores)
struct SuggestionTests {
    private let day = DayShop.firstDay

    private func list(
        _ shop: DayShop, _ run: RunID, size: Int32 = 0, token: String = ""
    ) async throws -> V1ListSuggestionsReply {
        var request = V1ListSuggestionsRequest()
        request.runID = "\(run)"
        request.pageSize = size
        request.pageToken = token
        return try await shop.reconciliation.listSuggestions(request, shop.context())
    }

    /// A line that says nothing but its amount and time, as a purse's own statement may.
    private func nameless(_ shop: DayShop, _ amount: Int64) -> FileLine {
        FileLine(merchant: "", channel: "", amount: amount, time: shop.clock.now())
    }

    @Test("a likely pair below the automatic score is kept with both lines, and both its differences find it")
    func kept() async throws {
        // The channel tells no fee, so nothing but the reference is different.
        try await DayShop.run(tellsFee: false) { shop in
            shop.goTo(day: day, hour: 9)
            for number in 1...2 { try await shop.sell(1_000 * Int64(number), order: "ord-\(number)") }
            try await shop.send([shop.lines(day)[0], nameless(shop, 2_000)], day: day)
            try await shop.work()
            let run = try await shop.run(day)
            #expect(run.counts.classes == ["matched": 1, "missing_theirs": 1, "missing_ours": 1])
            #expect(run.counts.suggestions == 1 && run.counts.differences == 2)
            let reply = try await list(shop, run.id)
            let found = try #require(reply.suggestions.first)
            #expect(reply.suggestions.count == 1 && reply.found == 1 && !reply.cut)
            #expect(found.class == "matched" && found.confidence == 60 && found.number == 1)
            #expect(found.reason.contains("same amount"))
            #expect(found.ours.reference == "ord-2" && found.ours.amount.minor == 2_000)
            #expect(found.theirs.amount.minor == 2_000 && found.theirs.line == 3)
            let differences = try await shop.differences(run)
            #expect(Set(found.differenceIds) == Set(differences.map { "\($0.id)" }))
            for difference in differences {
                let told = try await shop.book.read { try SuggestionRows.concerning(difference.id, $0) }
                #expect(told.map(\.number) == [1] && told.first?.run == run.id)
            }
            // Nothing is booked for it.
            #expect(try await shop.open().values.sorted() == [-2_000, 2_000])
        }
    }

    @Test("a line that was carried over is suggested on a later day, and its case is told")
    func carried() async throws {
        try await DayShop.run { shop in
            let cases = Cases(ledger: shop.ledger)
            let reconciliation = Reconciliation(ledger: shop.ledger, followers: [cases])
            let next = day.adding(days: 1)
            shop.goTo(day: day, hour: 9)
            try await shop.sell(1_000, order: "ord-1")
            func send(_ lines: [FileLine], _ day: BusinessDay) async throws {
                try await reconciliation.receive(
                    DayShop.file(lines), name: "kontor-\(day).csv", channel: "card", day: day, in: shop.book)
                _ = try await reconciliation.work(shop.book, process: "one", limit: 1_000)
            }
            try await send([], day)
            shop.goTo(day: next, hour: 9)
            try await send([nameless(shop, 1_000)], next)
            let run = try await shop.run(next)
            let found = try #require(try await list(shop, run.id).suggestions.first)
            #expect(found.confidence == 55 && found.differenceIds.count == 2)
            func suggestions(_ day: BusinessDay) async throws -> [V1MatchSuggestion] {
                let differences = try await shop.differences(try await shop.run(day)).map(\.id)
                let row = try await shop.book.read { try CaseStorage.find(differences: differences, $0).values.first }
                var request = V1GetCaseRequest()
                request.caseID = "\(try #require(row).id)"
                return try await cases.getCase(request, shop.context()).suggestions
            }
            // The case of the first day is told as well as that of the second.
            for day in [day, next] { #expect(try await suggestions(day) == [found], "\(day)") }
            // A corrected file without the line: the old run keeps what it said, and no case is told any more.
            try await send([nameless(shop, 7_777)], next)
            #expect(try await list(shop, run.id).suggestions.count == 1)
            #expect(try await suggestions(day).isEmpty)
        }
    }

    @Test("who agrees proposes to move one half to the other's reference; approved and executed, both cases end")
    func agreed() async throws {
        try await DayShop.run(tellsFee: false) { shop in
            let cases = Cases(ledger: shop.ledger, person: { $0.subject })
            let reconciliation = Reconciliation(ledger: shop.ledger, followers: [cases])
            shop.goTo(day: day, hour: 9)
            try await shop.sell(2_000, order: "ord-1")
            try await reconciliation.receive(
                DayShop.file([nameless(shop, 2_000)]), name: "kontor-a.csv", channel: "card", day: day, in: shop.book)
            _ = try await reconciliation.work(shop.book, process: "one", limit: 1_000)
            let found = try #require(try await list(shop, try await shop.run(day).id).suggestions.first)
            var halves: [String: V1ReconciliationCase] = [:]
            for id in found.caseIds {
                let half = try await cases.getCase(.with { $0.caseID = id }, shop.context())
                #expect(half.suggestions == [found])
                halves[half.class] = half
            }
            let (theirs, ours) = (try #require(halves["missing_ours"]), try #require(halves["missing_theirs"]))
            #expect(theirs.open.minor == -2_000 && ours.open.minor == 2_000)
            func context(_ person: String) -> CallContext {
                var context = shop.context()
                context.caller = Caller(subject: person, tenant: "shop", scopes: ["*"], book: shop.book)
                return context
            }
            let proposed = try await cases.proposeRepair(
                .with {
                    $0.caseID = theirs.id
                    $0.kind = RepairKind.reclassify.rawValue
                    $0.targetReference = ours.reference
                }, context("anna"))
            let approved = try await cases.approveRepair(
                .with {
                    $0.repairID = proposed.id
                    $0.version = proposed.version
                }, context("bert"))
            _ = try await cases.executeRepair(
                .with {
                    $0.repairID = proposed.id
                    $0.version = approved.version
                }, context("anna"))
            for id in found.caseIds {
                #expect(try await cases.getCase(.with { $0.caseID = id }, shop.context()).state == "resolved")
            }
            #expect(try await shop.open().isEmpty)
            try await shop.expectSound()
        }
    }

    @Test("a run that was given up suggests nothing")
    func aborted() async throws {
        try await DayShop.run(autoConfirm: false) { shop in
            shop.goTo(day: day, hour: 9)
            try await shop.sell(1_000, order: "ord-1")
            try await shop.send([nameless(shop, 1_000)], day: day)
            try await shop.work()
            let ready = try await shop.run(day)
            #expect(try await list(shop, ready.id).suggestions.count == 1)
            let reconciliation = shop.reconciliation
            _ = try await shop.book.write("abort") { tx in
                try reconciliation.abort(ready.id, version: ready.version, reason: "wrong file", in: tx)
            }
            #expect(try await list(shop, ready.id).suggestions.isEmpty)
            let rows = try await shop.book.read { reader in
                try reader.first("SELECT COUNT(*) FROM recon_suggestion_links") { $0.int64(0) }
            }
            #expect(rows == 0)
        }
    }

    @Test("a list is read in pages, the surest first, and a run that is not there has none to list")
    func pages() async throws {
        try await DayShop.run { shop in
            shop.goTo(day: day, hour: 9)
            // By amount and day alone some are likelier, because nothing else has their amount.
            for number in 1...5 {
                try await shop.sell(number < 3 ? 500 : 1_000 * Int64(number), order: "ord-\(number)")
            }
            try await shop.send([500, 500, 3_000, 4_000, 5_000].map { nameless(shop, $0) }, day: day)
            try await shop.work()
            let run = try await shop.run(day)
            var seen: [V1MatchSuggestion] = []
            var token = ""
            repeat {
                let reply = try await list(shop, run.id, size: 2, token: token)
                #expect(reply.suggestions.count <= 2)
                seen += reply.suggestions
                token = reply.nextPageToken
            } while !token.isEmpty
            #expect(seen.count >= 3 && seen.map(\.number) == Array(1...Int64(seen.count)))
            #expect(seen.map(\.confidence) == seen.map(\.confidence).sorted(by: >))
            #expect(Int64(seen.count) == run.counts.suggestions)
            await #expect(throws: ReconciliationError.self) { try await list(shop, shop.book.world.newID()) }
        }
    }
}

@Suite("Which suggestions are kept, without a book")
struct SuggestionChoiceTests {
    private func finding(_ id: Int64, _ confidence: UInt8, lines: Int = 1) -> RunFinding {
        func line(_ id: Int64) -> RunLine { RunLine(id: id, kind: .payment, currency: "EUR", amountMinor: 100 * id) }
        return RunFinding(
            matchClass: .matched, reason: "same amount", code: .likeness, confidence: confidence,
            ours: (0..<Int64(lines)).map { line(id * 1_000 + $0) }, theirs: [line(id)])
    }

    @Test("of more than are kept the surest stay, in an order that does not depend on chance")
    func cut() {
        let run = RunID(UUIDv7(high: 1, low: 2))
        let findings = (1...9).map { finding(Int64($0), UInt8(50 + $0 % 3)) }
        let kept = SuggestionChoice.surest(of: findings, run: run, standingIn: [], limit: 5)
        #expect(kept.map(\.confidence) == [52, 52, 52, 51, 51])
        #expect(kept.map(\.theirs.amountMinor) == [200, 500, 800, 100, 400])
        #expect(kept.map(\.number) == [1, 2, 3, 4, 5])
        #expect(SuggestionChoice.surest(of: findings, run: run, standingIn: []).count == 9)
    }

    @Test("a set of many lines is told with its sum and a bounded number of differences")
    func sets() throws {
        var set = finding(1, 70, lines: 30)
        for index in set.ours.indices {
            set.ours[index].carried = RunLine.Carried(
                day: BusinessDay(number: 1), difference: DifferenceID(UUIDv7(high: 1, low: UInt64(index))),
                isLate: false, lastDay: BusinessDay(number: 2), bookedReference: "", bookedMinor: 0)
        }
        let kept = try #require(
            SuggestionChoice.surest(of: [set], run: RunID(UUIDv7(high: 1, low: 2)), standingIn: []).first)
        #expect(kept.ours.lines == 30 && kept.ours.amountMinor == set.ours.reduce(0) { $0 + $1.amountMinor })
        #expect(kept.differences.count == Reconciliation.suggestionLinks)
    }

    @Test("counts with suggestions are read back, and so are those of runs from before")
    func packing() throws {
        var counts = RunCounts()
        counts.classes = ["matched": 7, "late": 1]
        #expect(try RunCounts(packed: counts.packed) == counts)
        counts.suggestions = 12
        let read = try RunCounts(packed: counts.packed)
        #expect(read == counts && read.differences == 1)
    }
}
