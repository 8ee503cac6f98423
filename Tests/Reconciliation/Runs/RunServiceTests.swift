import Contract
import Foundation
import Runtime
import Store
import TestStores
import Testing

@testable import Reconciliation

@Suite("Reconciliation through its contract", .onBothStores)
struct RunServiceTests {
    private let day = DayShop.firstDay

    private func statement(_ shop: DayShop, _ lines: [FileLine]) async throws -> V1ReconciliationStatement {
        var request = V1SendStatementRequest()
        request.channel = "card"
        request.day = "\(day)"
        request.name = "kontor-a.csv"
        request.content = Data(DayShop.file(lines))
        return try await shop.reconciliation.sendStatement(request, shop.context())
    }

    @Test("a file is sent, kept byte for byte, compared and confirmed at the version that was read")
    func story() async throws {
        try await DayShop.run(autoConfirm: false) { shop in
            shop.goTo(day: day, hour: 9)
            for number in 1...3 { try await shop.sell(1_000, order: "ord-\(number)") }
            let lines = Array(shop.lines(day).dropLast())
            let sent = try await statement(shop, lines)
            #expect(sent.state == "active" && sent.pieces == 1 && !sent.repeated)
            var download = V1DownloadStatementRequest()
            download.statementID = sent.id
            let content = try await shop.reconciliation.downloadStatement(download, shop.context()).content
            #expect(Array(content) == DayShop.file(lines))
            try await shop.work()
            var get = V1GetRunRequest()
            get.runID = sent.runID
            let ready = try await shop.reconciliation.getRun(get, shop.context())
            #expect(ready.state == "preparing" && ready.ready && ready.tasks.map(\.kind).contains("rest"))
            #expect(ready.counts.differenceAmount.minor == 994 && ready.counts.matched == 2)
            var list = V1ListDifferencesRequest()
            list.runID = sent.runID
            let found = try await shop.reconciliation.listDifferences(list, shop.context()).differences
            #expect(found.map(\.class) == ["missing_theirs"] && found[0].reference == "ord-3")
            var confirm = V1ConfirmRunRequest()
            confirm.runID = sent.runID
            confirm.version = ready.version + 1
            await #expect(throws: ReconciliationError.self) {
                try await shop.reconciliation.confirmRun(confirm, shop.context())
            }
            confirm.version = ready.version
            let confirmed = try await shop.reconciliation.confirmRun(confirm, shop.context())
            #expect(confirmed.state == "confirmed" && confirmed.confirmedBy == "key")
            try await shop.work()
            let settled = try await shop.reconciliation.getRun(get, shop.context())
            #expect(settled.state == "settled" && settled.counts.settledLines == 2)
        }
    }

    @Test("two people who confirm at once: one is told that the run has moved on")
    func race() async throws {
        try await DayShop.run(autoConfirm: false) { shop in
            shop.goTo(day: day, hour: 9)
            try await shop.sell(1_000, order: "ord-1")
            let sent = try await statement(shop, shop.lines(day))
            try await shop.work()
            let ready = try await shop.run(day)
            var confirm = V1ConfirmRunRequest()
            confirm.runID = sent.runID
            confirm.version = ready.version
            let request = confirm
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        (try? await shop.reconciliation.confirmRun(request, shop.context())) != nil
                    }
                }
                return await group.reduce(into: [Bool]()) { $0.append($1) }
            }
            #expect(outcomes.filter { $0 }.count == 1)
        }
    }

    @Test("a channel without a profile, a day that is none, and rules that are none are refused with what to do")
    func refusals() async throws {
        try await DayShop.run { shop in
            var open = V1OpenRunRequest()
            open.channel = "nobody"
            open.day = "\(day)"
            let unknown = open
            await #expect(throws: ReconciliationError.self) {
                try await shop.reconciliation.openRun(unknown, shop.context())
            }
            open.channel = "card"
            open.day = "2026-02-30"
            let noDay = open
            await #expect(throws: Problem.self) { try await shop.reconciliation.openRun(noDay, shop.context()) }
            for change: (inout V1ReconciliationProfile) -> Void in [
                { $0.matchRules = "{\"amonut\":{}}" }, { $0.zone = "Mars/Olympus" }, { $0.currency = "XXX" },
                { $0.statementProfile = "layout: none" },
                {
                    $0.format = "none"; $0.statementProfile = ""
                }
            ] {
                await #expect(throws: ReconciliationError.self) { try await shop.setProfile(change) }
            }
        }
    }

    @Test("the profile's rules are what a run matches with")
    func rules() async throws {
        try await DayShop.run { shop in
            try await shop.setProfile { $0.matchRules = "{\"amount\":{\"absoluteMinor\":5}}" }
            shop.goTo(day: day, hour: 9)
            for number in 1...2 { try await shop.sell(1_000, order: "ord-\(number)") }
            var lines = shop.lines(day)
            lines[0].amount -= 5
            lines[1].amount -= 6
            try await shop.send(lines, day: day)
            try await shop.work()
            #expect(try await shop.run(day).counts.classes == ["matched": 1, "amount": 1])
            #expect(try await shop.open() == ["ord-2": 6])
            try await shop.expectSound()
        }
    }

    @Test("payouts move the channel's own account, and fees on lines of their own are booked where the profile says so")
    func others() async throws {
        try await DayShop.run { shop in
            try await shop.setProfile { profile in
                profile.settlementAccount = "channel:card"
                profile.payoutAccount = "cash"
                profile.booksFees = true
            }
            shop.goTo(day: day, hour: 9)
            try await shop.sell(10_000, order: "ord-1")
            let now = shop.clock.now()
            let lines =
                shop.lines(day) + [
                    FileLine(merchant: "", channel: "f1", kind: "fee", amount: -40, time: now),
                    FileLine(merchant: "", channel: "p1", kind: "payout", amount: -9_900, time: now)
                ]
            try await shop.send(lines, day: day)
            try await shop.work()
            let run = try await shop.run(day)
            #expect(run.state == .settled && run.counts.others == 2 && run.counts.differences == 0)
            #expect(try await shop.balance("channel:card") == 0)
            #expect(try await shop.balance("cash") == 9_900)
            #expect(try await shop.balance("channel_fees") == 100)
            #expect(try await shop.open().isEmpty)
            try await shop.expectSound()
        }
    }
}
