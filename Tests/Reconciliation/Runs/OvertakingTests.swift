import Contract
import Ledger
import Matching
import Money
import Runtime
import Store
import Synchronization
import TestStores
import Testing

@testable import Reconciliation

@Suite("Days that settle out of their order", .onBothStores)
struct OvertakingTests {
    private let day = DayShop.firstDay
    private var next: BusinessDay { day.adding(days: 1) }

    /// Two days: the first day's last line comes in the file of the second.
    private func twoDays(_ shop: DayShop) async throws -> (first: [FileLine], second: [FileLine]) {
        shop.goTo(day: day, hour: 9)
        for number in 1...3 { try await shop.sell(1_000, order: "ord-\(number)") }
        let lines = shop.lines(day)
        shop.goTo(day: next, hour: 9)
        try await shop.sell(2_000, order: "ord-4")
        return (Array(lines.dropLast()), [lines[2]] + shop.lines(next))
    }

    /// What is to be the same whatever came first.
    private func books(_ shop: DayShop) async throws -> [String: Int64] {
        var books = try await shop.open()
        books["cash"] = try await shop.balance("cash")
        books["channel_fees"] = try await shop.balance("channel_fees")
        return books
    }

    /// Once every day is compared: what is open is what the differences tell.
    private func expectInvariant(_ shop: DayShop, _ place: String = "") async throws {
        let told = try await shop.book.read { reader in
            try reader.first(
                """
                SELECT CAST(COALESCE(SUM(open_minor), 0) AS BIGINT) FROM recon_differences
                WHERE state IN ('open', 'carried')
                """
            ) { $0.int64(0) } ?? 0
        }
        let balance = try await shop.balance(DayShop.account)
        #expect(balance == told, "\(place): \(balance) in the account, \(told) in differences")
        try await shop.expectSound(place)
    }

    @Test("a refused file holds up no later day; when the right one comes its late line finds its counterpart")
    func refused() async throws {
        try await DayShop.run { shop in
            let (first, second) = try await twoDays(shop)
            let text = String(decoding: DayShop.file(first), as: UTF8.self)
            try await shop.reconciliation.receive(
                Array(text.replacing("TOTAL,2,", with: "TOTAL,3,").utf8), name: "kontor-a.csv", channel: "card",
                day: day, in: shop.book)
            try await shop.work()
            #expect(try await shop.run(day).reason.contains("refused"))
            try await shop.send(second, day: next)
            try await shop.work()
            #expect(try await shop.run(next).state == .settled)
            #expect(try await shop.run(next).counts.classes == ["matched": 1, "missing_ours": 1])
            try await shop.expectSound("only the second day")
            try await shop.send(first, day: day)
            try await shop.work()
            let again = try await shop.run(next)
            #expect(try await shop.run(day).state == .settled)
            #expect(again.state == .settled && again.number == 2 && again.previous != nil)
            #expect(again.counts.classes == ["matched": 2])
            #expect(try await shop.open().isEmpty)
            #expect(Set(shop.listener.all.ended.map(\.1)) == [.corrected, .matchedLater])
            try await expectInvariant(shop, "both days")
        }
    }

    @Test("a file that comes after the next day's has settled leaves the books as if it had come in time")
    func missing() async throws {
        let expected = Mutex<[String: Int64]>([:])
        for isInOrder in [true, false] {
            try await DayShop.run { shop in
                let (first, second) = try await twoDays(shop)
                let files = [(day, first), (next, second)]
                for (day, lines) in isInOrder ? files : files.reversed() {
                    try await shop.send(lines, day: day)
                    try await shop.work()
                }
                let books = try await books(shop)
                if isInOrder { expected.withLock { $0 = books } }
                #expect(books == expected.withLock { $0 })
                try await expectInvariant(shop)
            }
        }
        let final = expected.withLock { $0 }
        #expect(final["ord-3"] == nil && final["cash"] == 3 * 994 + 1_988)
    }

    @Test("a day that waits for its confirmation lets the next begin; confirmed first, the next is compared again")
    func confirmedInOrder() async throws {
        try await DayShop.run(autoConfirm: false) { shop in
            let (first, second) = try await twoDays(shop)
            try await shop.send(first, day: day)
            try await shop.send(second, day: next)
            try await shop.work()
            let before = try await shop.run(next)
            #expect(before.isReady && before.counts.classes == ["matched": 1, "missing_ours": 1])
            try await shop.confirm(day)
            try await shop.work()
            #expect(try await shop.run(day).state == .settled)
            let after = try await shop.run(next)
            #expect(after.number == 2 && after.isReady && after.previous == nil)
            #expect(after.counts.classes == ["matched": 2])
            await #expect(throws: ReconciliationError.self) { try await shop.confirm(before) }
            try await shop.confirm(next)
            try await shop.work()
            #expect(try await shop.open().isEmpty)
            try await expectInvariant(shop)
        }
    }

    @Test("confirmed last, a day has the next one corrected; the correction has the channel for itself")
    func confirmedLast() async throws {
        try await DayShop.run(autoConfirm: false) { shop in
            let (first, second) = try await twoDays(shop)
            try await shop.send(first, day: day)
            try await shop.send(second, day: next)
            try await shop.work()
            try await shop.confirm(next)
            try await shop.work()
            #expect(try await shop.run(next).state == .settled)
            try await shop.confirm(day)
            try await shop.work()
            let correction = try await shop.run(next)
            #expect(correction.isReady && correction.previous != nil)
            try await shop.send([], day: next.adding(days: 1))
            try await shop.work()
            let third = try await shop.run(next.adding(days: 1))
            #expect(third.state == .pending && third.reason.contains("run 2 of \(next)"))
            try await shop.confirm(next)
            try await shop.work()
            #expect(try await shop.run(next.adding(days: 1)).isReady)
            #expect(try await shop.open().isEmpty)
            try await expectInvariant(shop)
        }
    }

    @Test("a line of an earlier day that a waiting run has found is found by no other run")
    func claimed() async throws {
        try await DayShop.run(autoConfirm: false, carryDays: 2) { shop in
            shop.goTo(day: day, hour: 9)
            try await shop.sell(1_000, order: "ord-1")
            let late = shop.lines(day)
            try await shop.send([], day: day)
            try await shop.work()
            try await shop.confirm(day)
            try await shop.work()
            // Both following files have the line.
            try await shop.send(late, day: next)
            try await shop.work()
            try await shop.send(late, day: next.adding(days: 1))
            try await shop.work()
            #expect(try await shop.run(next).counts.classes == ["matched": 1])
            #expect(try await shop.run(next.adding(days: 1)).counts.classes == ["missing_ours": 1])
            try await shop.confirm(next.adding(days: 1))
            try await shop.work()
            #expect(try await shop.open() == ["ord-1": 994, "ch1": -994])
            try await shop.confirm(next)
            try await shop.work()
            #expect(try await shop.open() == ["ch1": -994])
            try await expectInvariant(shop)
        }
    }

    @Test("a day that is skipped with a reason lets the next begin at once, and a file that comes later opens it again")
    func skipped() async throws {
        try await DayShop.run { shop in
            let (first, second) = try await twoDays(shop)
            shop.goTo(day: next, hour: 1)
            _ = try await shop.reconciliation.openDueRuns(shop.book)
            let waiting = try await shop.run(day)
            #expect(waiting.state == .pending && waiting.statement == nil)
            let reconciliation = shop.reconciliation
            _ = try await shop.book.write("skip") { tx in
                try reconciliation.abort(waiting.id, version: waiting.version, reason: "the bank was closed", in: tx)
            }
            _ = try await shop.reconciliation.openDueRuns(shop.book)
            #expect(try await shop.run(day).reason == "the bank was closed", "it is not opened again by itself")
            shop.goTo(day: next, hour: 20)
            try await shop.send(second, day: next)
            try await shop.work()
            #expect(try await shop.run(next).state == .settled)
            try await shop.send(first, day: day)
            try await shop.work()
            let again = try await shop.run(day)
            #expect(again.state == .settled && again.number == 2)
            #expect(try await shop.open().isEmpty)
            try await expectInvariant(shop)
        }
    }

    @Test("whatever order the files of five days come in, the books end the same", arguments: 1...4)
    func anyOrder(seed: UInt64) async throws {
        let days = (0..<5).map { day.adding(days: $0) }
        let expected = Mutex<[String: Int64]>([:])
        for isInOrder in [true, false] {
            try await DayShop.run(seed: seed) { shop in
                let random = RandomSource(seed: seed)
                var files: [[FileLine]] = []
                var late: [FileLine] = []
                for (offset, day) in days.enumerated() {
                    shop.goTo(day: day, hour: 8)
                    for number in 0..<random.integer(in: 3..<9) {
                        shop.clock.advance(by: .seconds(random.integer(in: 1..<3_000)))
                        try await shop.sell(
                            Int64(random.integer(in: 100..<90_000)), order: "ord-\(offset)-\(number)")
                    }
                    var lines = shop.lines(day)
                    let held = lines.remove(at: random.integer(in: 0..<lines.count))
                    if random.integer(in: 0..<3) == 0 { lines.removeFirst() }
                    files.append(late + lines)
                    late = [held]
                }
                var order = Array(days.indices)
                for place in order.indices.dropLast() where !isInOrder {
                    order.swapAt(place, random.integer(in: place..<order.count))
                }
                for place in order {
                    shop.clock.advance(by: .seconds(60))
                    try await shop.send(files[place], day: days[place])
                    try await shop.work()
                    try await shop.expectSound("seed \(seed), order \(order), after \(place)")
                }
                try await expectInvariant(shop, "seed \(seed), order \(order)")
                let books = try await books(shop)
                if isInOrder { expected.withLock { $0 = books } }
                #expect(books == expected.withLock { $0 }, "seed \(seed), order \(order)")
            }
        }
    }
}

extension DayShop {
    func confirm(_ day: BusinessDay) async throws { try await confirm(try await run(day)) }

    func confirm(_ run: Run) async throws {
        let reconciliation = reconciliation
        _ = try await book.write("confirm") { tx in
            try reconciliation.confirm(run.id, version: run.version, by: "me", in: tx)
        }
    }
}
