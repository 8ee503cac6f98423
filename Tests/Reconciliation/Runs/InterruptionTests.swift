import Contract
import Matching
import Money
import Payments
import Runtime
import Store
import Synchronization
import TestStores
import Testing

@testable import Reconciliation

@Suite("Runs that are interrupted, and runs that several processes work on", .onBothStores)
struct InterruptionTests {
    private static let day = DayShop.firstDay

    /// A day with every kind of difference, and a second day that finds what the first lacked.
    private static func twoDays(_ shop: DayShop, shards: Bool = false) async throws {
        shop.goTo(day: day, hour: 9)
        for number in 1...12 { try await shop.sell(1_000 + Int64(number), order: "ord-\(number)") }
        var lines = shop.lines(day)
        lines[1].amount += 5
        lines[2].fee += 3
        lines.append(lines[3])
        lines.append(FileLine(merchant: "x", channel: "ch-x", amount: 50, time: shop.clock.now()))
        try await shop.send(Array(lines.dropFirst()), day: day)
        shop.goTo(day: day.adding(days: 1), hour: 9)
        try await shop.sell(2_000, order: "ord-13")
        try await shop.send([lines[0]] + shop.lines(day.adding(days: 1)), day: day.adding(days: 1))
    }

    private static func undisturbed() async throws -> [String] {
        let shop = try await DayShop.make()
        try await shop.setProfile { _ in }
        try await twoDays(shop)
        try await shop.work()
        let imprint = try await shop.imprint()
        await shop.test.discard()
        return imprint
    }

    @Test("a crash at any point, then a restart, gives the same result")
    func everyPoint() async throws {
        let expected = try await Self.undisturbed()
        // First every point is counted, then each is a crash once.
        let points = Mutex<[String]>([])
        try await DayShop.run { shop in
            try await Self.twoDays(shop)
            try await Interruption.$probe.withValue({ point in points.withLock { $0.append(point) } }) {
                _ = try await shop.work()
            }
        }
        let all = points.withLock { $0 }
        #expect(all.count > 30)
        // On both stores each point stops its own run; a third of them keeps the suite under its minute.
        for target in stride(from: 0, to: all.count, by: 3) {
            try await DayShop.run { shop in
                try await Self.twoDays(shop)
                let reached = Mutex(0)
                try? await Interruption.$probe.withValue({ _ in
                    let now = reached.withLock { count in
                        count += 1
                        return count - 1
                    }
                    if now == target { throw Interruption.Crashed() }
                }) {
                    _ = try await shop.work(process: "dead")
                }
                // The dead process holds its claim until nobody has heard of it for a minute.
                shop.clock.advance(by: .seconds(61))
                try await shop.work(process: "heir")
                #expect(try await shop.run(Self.day.adding(days: 1)).state == .settled, "\(all[target])")
                #expect(try await shop.imprint() == expected, "crashed at \(target): \(all[target])")
                try await shop.expectSound("\(all[target])")
            }
        }
    }

    @Test("who was overtaken writes nothing")
    func overtaken() async throws {
        try await DayShop.run { shop in
            shop.goTo(day: Self.day, hour: 9)
            try await shop.sell(1_000, order: "ord-1")
            try await shop.send(shop.lines(Self.day), day: Self.day)
            let slow = try #require(try await HeldTask.take(in: shop.book, process: "slow"))
            _ = try #require(try await HeldTask.take(in: shop.book, process: "heir"))
            let more = try await HeldTask.take(in: shop.book, process: "heir")
            #expect(more == nil)
            shop.clock.advance(by: .seconds(61))
            let heir = try #require(try await HeldTask.take(in: shop.book, process: "heir"))
            #expect(slow.task.number == heir.task.number && heir.task.token == slow.task.token + 1)
            await #expect(throws: ClaimLost.self) {
                try await slow.write("late") { task, _ in task.place = 99 }
            }
            try await heir.write("going on") { task, _ in task.place = 1 }
        }
    }

    @Test("two processes share the tasks of a run, and the books are those of one")
    func twoProcesses() async throws {
        let expected = try await Self.undisturbed()
        guard TestStore.current == .postgres else { return }
        try await DayShop.run { shop in
            try await Self.twoDays(shop)
            let other = try await shop.test.openedByAnotherProcess()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (name, book) in [("one", shop.book), ("two", other)] {
                    group.addTask {
                        var idle = 0
                        while idle < 20 {
                            idle = try await shop.work(process: name, book: book) == 0 ? idle + 1 : 0
                            try await Task.sleep(for: .milliseconds(5))
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await shop.imprint() == expected)
            try await shop.expectSound()
            await other.close()
        }
    }

    @Test("however many shards a run has, it comes to the same", arguments: [1, 2, 8])
    func shards(count: Int) async throws {
        let expected = try await Self.undisturbed()
        try await DayShop.run(autoConfirm: true) { shop in
            try await Self.twoDays(shop)
            // The file is small, so the number of its shards is set by hand before anything is done.
            try await shop.book.write("shards") { try $0.execute("UPDATE recon_runs SET shards = \(count)") }
            try await shop.work()
            // The second day was still pending, and begins with a number of its own.
            #expect(try await shop.imprint() == expected)
        }
    }
}

@Suite("The month-end invariant", .onBothStores)
struct MonthEndTests {
    @Test("after random days the clearing account is the sum of the open differences", arguments: 1...3)
    func invariant(seed: UInt64) async throws {
        try await DayShop.run(seed: seed) { shop in
            let random = RandomSource(seed: seed)
            var late: [FileLine] = []
            var sold: [PaymentID] = []
            for offset in 0..<5 {
                let day = DayShop.firstDay.adding(days: Int64(offset))
                shop.goTo(day: day, hour: 8)
                for number in 0..<random.integer(in: 3..<12) {
                    shop.clock.advance(by: .seconds(random.integer(in: 1..<3_000)))
                    sold.append(
                        try await shop.sell(
                            Int64(random.integer(in: 100..<90_000)), order: "ord-\(offset)-\(number)"))
                    if random.integer(in: 0..<4) == 0 { try? await shop.refund(sold[sold.count - 1], 50) }
                }
                var lines = late + shop.lines(day)
                late = []
                for _ in 0..<3 where !lines.isEmpty {
                    let place = random.integer(in: 0..<lines.count)
                    switch random.integer(in: 0..<6) {
                    case 0: lines.remove(at: place)
                    case 1: lines[place].amount += 10
                    case 2: late.append(lines.remove(at: place))
                    case 3: lines.append(lines[place])
                    case 4: lines[place].fee += 1
                    default:
                        lines.append(
                            FileLine(
                                merchant: "s\(offset)", channel: "str\(offset)-\(place)", amount: 99,
                                time: shop.clock.now()))
                    }
                }
                try await shop.send(lines, day: day)
                try await shop.work()
                #expect(try await shop.run(day).state == .settled, "seed \(seed), day \(offset)")
                try await expectInvariant(shop, "seed \(seed), day \(offset)")
            }
        }
    }

    @Test("of random corruption exactly what was injected is found", arguments: 1...4)
    func exactly(seed: UInt64) async throws {
        try await DayShop.run(seed: seed) { shop in
            let random = RandomSource(seed: seed)
            let day = DayShop.firstDay
            shop.goTo(day: day, hour: 8)
            for number in 0..<40 {
                try await shop.sell(Int64(random.integer(in: 100..<90_000)), order: "ord-\(number)")
            }
            var sent: [FileLine] = []
            var expected: [String: Int64] = ["matched": 0]
            for line in shop.lines(day) {
                var wrong = line
                let kinds = ["missing_theirs", "amount", "fee", "status", "duplicate_theirs", "missing_ours"]
                let fate = random.integer(in: 0..<12)
                if fate < kinds.count { expected[kinds[fate], default: 0] += 1 }
                if fate > 3 { expected["matched", default: 0] += 1 }
                switch fate {
                case 0: continue
                case 1: wrong.amount += Int64(random.integer(in: 1..<50))
                case 2: wrong.fee += 1
                case 3: wrong.status = "reversed"
                case 4: sent.append(line)
                case 5:
                    // Nothing about it is like one of ours, or likeness might find it.
                    sent.append(
                        FileLine(
                            merchant: "", channel: "str\(sent.count)", amount: 5_000_000 + line.amount,
                            time: line.time))
                default: break
                }
                sent.append(wrong)
            }
            for place in sent.indices.dropLast() { sent.swapAt(place, random.integer(in: place..<sent.count)) }
            try await shop.send(sent, day: day)
            try await shop.work()
            #expect(try await shop.run(day).counts.classes == expected, "seed \(seed)")
            try await expectInvariant(shop, "seed \(seed)")
        }
    }

    private func expectInvariant(_ shop: DayShop, _ place: String) async throws {
        let balance = try await shop.balance(DayShop.account)
        let open = try await shop.open().values.reduce(0, +)
        let told = try await shop.book.read { reader in
            try reader.first(
                """
                SELECT CAST(COALESCE(SUM(open_minor), 0) AS BIGINT) FROM recon_differences
                WHERE state IN ('open', 'carried')
                """
            ) { $0.int64(0) } ?? 0
        }
        #expect(balance == open && open == told, "\(place): \(balance), \(open), \(told)")
        try await shop.expectSound(place)
    }
}
