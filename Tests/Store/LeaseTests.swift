import Runtime
import Synchronization
import TestStores
import Testing

@testable import Store

/// Two or three processes on one database. Heartbeats are given by hand, so nothing waits.
@Suite("Leases of jobs", .onBothStores)
struct LeaseTests {
    /// One process: the book as it opened it, its heartbeat, and its side of one book's lease.
    struct Process {
        let book: Book
        let keeper: LeaseKeeper
        let lease: BookLease

        init(_ test: TestBook, _ announcements: Announcements) async throws {
            book = try await test.openedByAnotherProcess(announcements: announcements)
            keeper = LeaseKeeper(platform: book)
            lease = BookLease(book, name: "tenant", job: "book", keeper: keeper)
            try await keeper.look(elapsed: .zero)
        }

        /// Beats for so long, every two seconds.
        func beat(for duration: Duration) async throws {
            for _ in 0..<Int(duration.components.seconds / 2) { try await keeper.look(elapsed: .seconds(2)) }
        }

        /// A job that counts; refused when the lease does not count any more.
        func work(_ lease: Lease) async throws {
            try await book.holding(lease) { [book] in
                try await book.write("work") { try $0.execute("UPDATE work SET done = done + 1") }
            }
        }
    }

    static let migrations =
        Lease.migrations + Lease.platformMigrations + [
            Migration(
                capability: "work", version: 1, name: "work",
                statements: ["CREATE TABLE work (done BIGINT NOT NULL)", "INSERT INTO work VALUES (0)"])
        ]

    func with(_ count: Int, _ body: ([Process]) async throws -> Void) async throws {
        let test = try await TestBook.make(migrations: Self.migrations)
        let announcements = Announcements()
        var processes: [Process] = []
        for _ in 0..<count { processes.append(try await Process(test, announcements)) }
        try await body(processes)
        for process in processes { await process.book.close() }
        await test.discard()
    }

    func done(_ process: Process) async throws -> Int64 {
        try await process.book.read { try $0.first("SELECT done FROM work") { $0.int64(0) } ?? 0 }
    }

    @Test("one process at a time holds a lease, and a living one keeps it")
    func oneHolder() async throws {
        try await with(2) { processes in
            let (a, b) = (processes[0], processes[1])
            let lease = try #require(try await a.lease.hold())
            #expect(try await b.lease.hold() == nil)
            for _ in 0..<10 {
                try await a.beat(for: .seconds(2))
                try await b.beat(for: .seconds(2))
                #expect(try await b.lease.hold() == nil)
            }
            #expect(try await a.lease.hold() == lease)
            try await a.work(lease)
            #expect(try await done(a) == 1)
        }
    }

    // A holds the lease and falls asleep; B finds its heartbeat silent, takes over and works; A wakes and writes:
    //   A: hold, work …………………………………………… work (refused)
    //   B:              beat, beat, beat, hold, work
    @Test("a process that was overtaken in its sleep writes nothing more")
    func fenced() async throws {
        try await with(2) { processes in
            let (a, b) = (processes[0], processes[1])
            let old = try #require(try await a.lease.hold())
            try await a.work(old)
            #expect(try await b.lease.hold() == nil)
            try await b.beat(for: .seconds(4))
            #expect(try await b.lease.hold() == nil)
            try await b.beat(for: .seconds(4))
            let new = try #require(try await b.lease.hold())
            #expect(new.token > old.token)
            try await b.work(new)

            await #expect(throws: LeaseLost.self) { try await a.work(old) }
            a.lease.lost(old)
            #expect(try await a.lease.hold() == nil)
            #expect(try await done(b) == 2)
        }
    }

    @Test("what is checked is in the same transaction: a takeover between the job's writes stops the second")
    func fencedBetweenWrites() async throws {
        try await with(2) { processes in
            let (a, b) = (processes[0], processes[1])
            let old = try #require(try await a.lease.hold())
            await #expect(throws: LeaseLost.self) {
                try await a.book.holding(old) {
                    try await a.book.write("first") { try $0.execute("UPDATE work SET done = done + 1") }
                    try await b.beat(for: .seconds(8))
                    #expect(try await b.lease.hold() != nil)
                    try await a.book.write("second") { try $0.execute("UPDATE work SET done = done + 100") }
                }
            }
            #expect(try await done(a) == 1)
            // Outside a job nothing is checked.
            try await a.book.write("caller") { try $0.execute("UPDATE work SET done = done + 10") }
            #expect(try await done(a) == 11)
        }
    }

    @Test("a lease that is given back is free at once, and everybody hears of it")
    func givenBack() async throws {
        try await with(2) { processes in
            let (a, b) = (processes[0], processes[1])
            #expect(try await a.lease.hold() != nil)
            #expect(try await b.lease.hold() == nil)
            try await b.keeper.look(elapsed: .seconds(2))
            await a.lease.giveBack()
            // The announcement may take a moment to arrive; without it the fifth question looks by itself.
            var taken: Lease?
            for _ in 0..<BookLease.asksBetweenLooks where taken == nil { taken = try await b.lease.hold() }
            #expect(taken?.token == 2)
            #expect(try await b.keeper.adopt().isEmpty)
        }
    }

    @Test("the books of a dead process are found, and each is given to one survivor")
    func adopted() async throws {
        try await with(3) { processes in
            let (dead, b, c) = (processes[0], processes[1], processes[2])
            for number in 10..<30 { try await dead.keeper.note("book\(number)") }
            try await b.keeper.note("book99")
            #expect(try await b.keeper.adopt().isEmpty)
            for round in 1...4 {
                let sawDeath = try await b.keeper.look(elapsed: .seconds(2))
                #expect(sawDeath == (round == 3))
                try await c.keeper.look(elapsed: .seconds(2))
            }
            var adopted: [[String]] = []
            while true {
                let ofB = try await b.keeper.adopt()
                let ofC = try await c.keeper.adopt()
                if ofB.isEmpty && ofC.isEmpty { break }
                #expect(ofB.count <= LeaseKeeper.adoptionLimit)
                adopted += [ofB, ofC]
            }
            let all = adopted.flatMap { $0 }
            #expect(all.sorted() == (10..<30).map { "book\($0)" })
            #expect(adopted[1].count == LeaseKeeper.adoptionLimit)
        }
    }

    @Test("a process that was taken for dead and beats again is among the living")
    func resurrected() async throws {
        try await with(2) { processes in
            let (a, b) = (processes[0], processes[1])
            try await b.beat(for: .seconds(8))
            #expect(try await !b.keeper.isAlive(a.keeper.process))
            try await a.beat(for: .seconds(2))
            #expect(try await b.keeper.isAlive(a.keeper.process))
            #expect(try await a.lease.hold() != nil)
            try await b.keeper.look(elapsed: .seconds(2))
            #expect(try await b.lease.hold() == nil)
        }
    }

    @Test("a process that signs off leaves its leases free, without waiting")
    func signedOff() async throws {
        try await with(2) { processes in
            let (a, b) = (processes[0], processes[1])
            #expect(try await a.lease.hold() != nil)
            #expect(try await b.lease.hold() == nil)
            await a.keeper.signOff()
            let sawItGo = try await b.keeper.look(elapsed: .seconds(2))
            #expect(sawItGo)
            #expect(try await b.lease.hold()?.token == 2)
        }
    }

    @Test("a lease of a book that takes no writes while it is moved is free when its holder says so")
    func sealed() async throws {
        try await with(2) { processes in
            let (a, b) = (processes[0], processes[1])
            #expect(try await a.lease.hold() != nil)
            try await a.keeper.announceFree("tenant book", book: "tenant", isTold: false)
            #expect(try await b.keeper.adopt().isEmpty)
            #expect(try await b.lease.hold()?.token == 2)
            // The note is b's now, and a is alive: nothing is free any more.
            a.lease.lost(Lease(job: "book", holder: a.keeper.process, token: 1))
            #expect(try await a.lease.hold() == nil)
        }
    }

    @Test("of several that find a lease free at once, one has it")
    func contended() async throws {
        try await with(3) { processes in
            for process in processes { try await process.keeper.look(elapsed: .zero) }
            let held = try await withThrowingTaskGroup(of: Lease?.self) { group in
                for process in processes { group.addTask { try await process.lease.hold() } }
                return try await group.reduce(into: [Lease]()) { if let lease = $1 { $0.append(lease) } }
            }
            #expect(held.count == 1)
        }
    }
}

@Suite("Heartbeats")
struct HeartbeatTests {
    @Test("a process is dead when its heartbeat stands still for four seconds of looking")
    func silence() {
        var beats = Heartbeats()
        #expect(beats.look(["a": 1, "b": 7], elapsed: .zero).isEmpty)
        #expect(beats.look(["a": 2, "b": 7], elapsed: .milliseconds(1_000)).isEmpty)
        #expect(beats.look(["a": 3, "b": 7], elapsed: .milliseconds(1_000)).isEmpty)
        #expect(beats.look(["a": 3, "b": 7], elapsed: .milliseconds(1_000)).isEmpty)
        #expect(beats.look(["a": 4, "b": 7], elapsed: .milliseconds(1_000)) == ["b": 7])
    }

    @Test("time in which the observer could not look is nobody's silence")
    func pause() {
        var beats = Heartbeats()
        _ = beats.look(["a": 1], elapsed: .zero)
        // The observer, or the database, stood still for an hour; the others could not beat either.
        #expect(beats.look(["a": 1], elapsed: .seconds(3_600)).isEmpty)
        #expect(beats.look(["a": 1], elapsed: .milliseconds(1_500)).isEmpty)
        #expect(beats.look(["a": 2], elapsed: .milliseconds(1_500)).isEmpty)
    }

    @Test("who has just come is not judged by what was before, and who beats once is forgiven everything")
    func newcomers() {
        var beats = Heartbeats()
        _ = beats.look(["a": 1], elapsed: .zero)
        for _ in 0..<2 { #expect(beats.look(["a": 1], elapsed: .seconds(2)).isEmpty) }
        #expect(beats.look(["a": 2, "b": 1], elapsed: .seconds(2)).isEmpty)
        for _ in 0..<2 { #expect(beats.look(["a": 2, "b": 1], elapsed: .seconds(2)).isEmpty) }
        #expect(beats.look(["a": 2, "b": 1], elapsed: .seconds(2)) == ["a": 2, "b": 1])
    }
}
