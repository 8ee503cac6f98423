import Runtime
import Store
import Synchronization
import TestStores
import Testing

@testable import Reconciliation

@Suite("Tasks that one process does side by side", .onBothStores)
struct TasksAtOnceTests {
    private static let day = DayShop.firstDay

    /// A day of forty sales with a few differences, cut into eight shards.
    private static func sent(_ shop: DayShop) async throws {
        shop.goTo(day: day, hour: 9)
        for number in 1...40 { try await shop.sell(1_000 + Int64(number), order: "ord-\(number)") }
        var lines = shop.lines(day)
        lines[1].amount += 5
        lines[2].status = "reversed"
        lines.append(lines[3])
        try await shop.send(Array(lines.dropFirst()), day: day)
        // The file is small, so the number of its shards is set by hand before anything is done.
        try await shop.book.write("shards") { try $0.execute("UPDATE recon_runs SET shards = 8") }
    }

    private static func imprint(atOnce: Int) async throws -> [String] {
        let shop = try await DayShop.make()
        try await shop.setProfile { _ in }
        try await sent(shop)
        let worked = Mutex<[TaskKind: Int]>([:])
        let done = try await shop.reconciliation.work(shop.book, process: "one", limit: 1_000, atOnce: atOnce) { task in
            worked.withLock { $0[task.kind, default: 0] += 1 }
        }
        let kinds: [TaskKind: Int] = [
            .parse: 1, .collect: 1, .match: 8, .rest: 1, .propose: 1, .settle: 8, .finish: 1
        ]
        #expect(worked.withLock { $0 } == kinds && done == 21, "\(atOnce) at once")
        #expect(try await shop.run(day).state == .settled)
        try await shop.expectSound("\(atOnce) at once")
        let imprint = try await shop.imprint()
        await shop.test.discard()
        return imprint
    }

    @Test("however many are done at once, the books are the same")
    func same() async throws {
        let expected = try await Self.imprint(atOnce: 1)
        for atOnce in [2, 4, 64] { #expect(try await Self.imprint(atOnce: atOnce) == expected, "\(atOnce) at once") }
    }

    @Test("no more tasks are taken than were asked for")
    func limit() async throws {
        try await DayShop.run { shop in
            try await Self.sent(shop)
            var done = 0
            for _ in 0..<7 {
                let now = try await shop.reconciliation.work(shop.book, process: "one", limit: 3, atOnce: 4)
                #expect(now == 3)
                done += now
            }
            #expect(try await shop.run(Self.day).state == .settled)
            #expect(try await shop.reconciliation.work(shop.book, process: "one", limit: 3, atOnce: 4) == 0)
        }
    }

    @Test("a process that dies with several tasks in its hands leaves each to the next", arguments: [3, 9, 20, 33, 48])
    func crash(at target: Int) async throws {
        let expected = try await Self.imprint(atOnce: 1)
        try await DayShop.run { shop in
            try await Self.sent(shop)
            let reached = Mutex(0)
            // Once dead it writes nothing more, whichever of its tasks is on.
            try? await Interruption.$probe.withValue({ _ in
                let now = reached.withLock { count in
                    count += 1
                    return count
                }
                if now > target { throw Interruption.Crashed() }
            }) {
                _ = try await shop.reconciliation.work(shop.book, process: "dead", limit: 1_000, atOnce: 4)
            }
            #expect(reached.withLock { $0 } > target)
            shop.clock.advance(by: .seconds(61))
            try await shop.reconciliation.work(shop.book, process: "heir", limit: 1_000, atOnce: 4)
            #expect(try await shop.run(Self.day).state == .settled)
            #expect(try await shop.imprint() == expected, "crashed at \(target)")
            try await shop.expectSound("crashed at \(target)")
        }
    }
}
