import Contract
import Matching
import Money
import Payments
import Runtime
import Store
import TestStores
import Testing

@testable import Reconciliation

@Suite("From payments to settled", .onBothStores)
struct RunFlowTests {
    private let day = DayShop.firstDay

    @Test("a day that agrees settles: nothing is open, cash and fees are booked", arguments: [true, false])
    func agrees(tellsFee: Bool) async throws {
        try await DayShop.run(tellsFee: tellsFee) { shop in
            shop.goTo(day: day, hour: 9)
            let first = try await shop.sell(10_000, order: "ord-1")
            try await shop.sell(5_000, order: "ord-2")
            try await shop.sell(700, order: "ord-3", instrument: "declined")
            try await shop.refund(first, 2_500)
            try await shop.send(shop.lines(day), day: day)
            try await shop.work()
            let run = try await shop.run(day)
            #expect(run.state == .settled && run.confirmedBy == "policy")
            #expect(run.counts.matched == 3 && run.counts.differences == 0 && run.counts.theirs == 3)
            #expect(try await shop.open().isEmpty)
            #expect(try await shop.balance("cash") == 12_500 - 90)
            #expect(try await shop.balance("channel_fees") == 90)
            #expect(shop.listener.all.moves == [.pending, .preparing, .confirmed, .settled])
            try await shop.expectSound()
        }
    }

    @Test("each difference stays open with exactly what it is about")
    func differences() async throws {
        try await DayShop.run { shop in
            shop.goTo(day: day, hour: 9)
            for number in 1...7 { try await shop.sell(1_000 * Int64(number), order: "ord-\(number)") }
            var lines = shop.lines(day)
            lines.remove(at: 0)  // They lack the first.
            lines[0].amount -= 100  // The second is 100 less.
            lines[1].status = "failed"  // They say that the third failed.
            lines[2].fee += 7  // They kept more of the fourth.
            lines.append(lines[3])  // The fifth stands in the file twice.
            lines.append(
                FileLine(merchant: "other", channel: "ch-x", amount: 777, fee: 7, time: shop.clock.now()))
            try await shop.send(lines, day: day)
            try await shop.work()
            let run = try await shop.run(day)
            let found = try await shop.differences(run)
            #expect(run.state == .settled)
            #expect(
                run.counts.classes == [
                    "matched": 3, "missing_theirs": 1, "amount": 1, "status": 1, "fee": 1, "duplicate_theirs": 1,
                    "missing_ours": 1
                ])
            #expect(
                try await shop.open() == ["ord-1": 994, "ord-2": 100, "ord-3": 2_982, "ord-4": 7, "ch-x": -770])
            let open = try await shop.open()
            for difference in found where difference.open.minor != 0 {
                #expect(open[difference.reference] == difference.open.minor, "\(difference)")
            }
            #expect(found.reduce(0) { $0 + $1.open.minor } == open.values.reduce(0, +))
            #expect(Set(shop.listener.all.opened.map(\.id)) == Set(found.map(\.id)))
            try await shop.expectSound()
        }
    }

    @Test("a second payment of one order is money that nobody knows, and no match")
    func secondPayment() async throws {
        try await DayShop.run { shop in
            shop.goTo(day: day, hour: 9)
            try await shop.sell(1_000, order: "ord-1")
            var lines = shop.lines(day)
            var again = lines[0]
            again.channel = "ch-again"
            lines.append(again)
            try await shop.send(lines, day: day)
            try await shop.work()
            #expect(try await shop.run(day).counts.classes == ["matched": 1, "duplicate_theirs": 1])
            #expect(try await shop.open() == ["ch-again": -994])
            try await shop.expectSound()
        }
    }

    @Test("a run that its policy does not let through waits for the version that a person has seen")
    func confirmation() async throws {
        try await DayShop.run(autoConfirm: false) { shop in
            shop.goTo(day: day, hour: 9)
            try await shop.sell(1_000, order: "ord-1")
            try await shop.send(shop.lines(day), day: day)
            try await shop.work()
            let ready = try await shop.run(day)
            #expect(ready.state == .preparing && ready.isReady)
            #expect(try await shop.open() == ["ord-1": 994])
            let reconciliation = shop.reconciliation
            await #expect(throws: ReconciliationError.self) {
                try await shop.book.write("stale") { tx in
                    try reconciliation.confirm(ready.id, version: ready.version - 1, by: "me", in: tx)
                }
            }
            _ = try await shop.book.write("confirm") { tx in
                try reconciliation.confirm(ready.id, version: ready.version, by: "me", in: tx)
            }
            await #expect(throws: ReconciliationError.self) {
                try await shop.book.write("abort") { tx in
                    try reconciliation.abort(ready.id, version: ready.version + 1, reason: "late", in: tx)
                }
            }
            try await shop.work()
            #expect(try await shop.run(day).state == .settled)
            #expect(try await shop.open().isEmpty)
        }
    }

    @Test("an aborted run books nothing, and its differences are none")
    func aborted() async throws {
        try await DayShop.run(autoConfirm: false) { shop in
            shop.goTo(day: day, hour: 9)
            try await shop.sell(1_000, order: "ord-1")
            try await shop.send([], day: day)
            try await shop.work()
            let ready = try await shop.run(day)
            #expect(try await shop.differences(ready).map(\.matchClass) == [.missingTheirs])
            let reconciliation = shop.reconciliation
            _ = try await shop.book.write("abort") { tx in
                try reconciliation.abort(ready.id, version: ready.version, reason: "wrong file", in: tx)
            }
            #expect(shop.listener.all.ended.map(\.1) == [.aborted])
            #expect(try await shop.differences(ready).map(\.state) == [.withdrawn])
            #expect(try await shop.work() == 0)
            #expect(try await shop.open() == ["ord-1": 994])
        }
    }

    @Test("a file that contradicts itself is refused with both figures, and the day waits for another")
    func contradiction() async throws {
        try await DayShop.run { shop in
            shop.goTo(day: day, hour: 9)
            try await shop.sell(1_000, order: "ord-1")
            let text = String(decoding: DayShop.file(shop.lines(day)), as: UTF8.self)
            let wrong = text.replacing("TOTAL,1,total,1000", with: "TOTAL,1,total,1001")
            try await shop.reconciliation.receive(
                Array(wrong.utf8), name: "kontor-a.csv", channel: "card", day: day, in: shop.book)
            try await shop.work()
            let refused = try await shop.run(day)
            #expect(refused.state == .preparing)
            #expect(refused.reason.contains("10.01") && refused.reason.contains("10.00"), "\(refused.reason)")
            try await shop.send(shop.lines(day), day: day)
            try await shop.work()
            #expect(try await shop.run(day).state == .settled)
            #expect(try await shop.open().isEmpty)
        }
    }

    @Test("the job opens the day's run after the cut-off, and not before")
    func opening() async throws {
        try await DayShop.run { shop in
            shop.goTo(day: day, hour: 23)
            let before = try await shop.reconciliation.openDueRuns(shop.book)
            shop.goTo(day: day.adding(days: 1), hour: 0)
            let after = try await shop.reconciliation.openDueRuns(shop.book)
            let again = try await shop.reconciliation.openDueRuns(shop.book)
            // The first was that of the day before.
            #expect(before == 1 && after == 1 && again == 0)
            #expect(try await shop.run(day).state == .pending)
        }
    }

    @Test("UnionPay's day runs from 23:00 to 23:00 of its own clock")
    func cutOff() throws {
        var message = V1ReconciliationProfile()
        message.currency = "CNY"
        message.zone = "Asia/Shanghai"
        message.cutoffMinute = 1_380
        let profile = try ChannelProfile(message)
        let bounds = profile.bounds(of: try #require(BusinessDay("2026-03-02")))
        #expect(bounds.from.rfc3339 == "2026-03-01T15:00:00.000000Z")
        #expect(bounds.until.rfc3339 == "2026-03-02T15:00:00.000000Z")
        #expect(profile.lastEnded(at: bounds.until).description == "2026-03-02")
        #expect(profile.lastEnded(at: bounds.until.adding(.microseconds(-1))).description == "2026-03-01")
        // Clocks go forward on 29 March in Berlin: that day has 23 hours.
        message.zone = "Europe/Berlin"
        message.cutoffMinute = 0
        let berlin = try ChannelProfile(message).bounds(of: try #require(BusinessDay("2026-03-29")))
        #expect(berlin.until - berlin.from == .seconds(23 * 3_600))
    }
}
