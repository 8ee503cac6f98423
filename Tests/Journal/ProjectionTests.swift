import Logging
import Runtime
import Store
import Synchronization
import TestStores
import Testing

@testable import Journal

/// Sums the payloads' first bytes, to see whether each event is applied exactly once.
private struct Sum: Projection {
    static let table = Migration(
        capability: "test", version: 1, name: "sum",
        statements: ["CREATE TABLE sums (id BIGINT PRIMARY KEY, total BIGINT NOT NULL, seen BIGINT NOT NULL)"])

    let name = "sum"
    let types: Set<String> = ["test.Added"]

    func apply(_ event: JournalEvent, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO sums VALUES (1, \(Int64(event.payload[0])), 1)
            ON CONFLICT (id) DO UPDATE SET total = sums.total + excluded.total, seen = sums.seen + 1
            """)
    }

    func reset(in transaction: Transaction) throws { try transaction.execute("DELETE FROM sums") }
}

@Suite("Projections", .onBothStores)
struct ProjectionTests {
    private func totals(_ book: Book) async throws -> [Int64] {
        try await book.read { try $0.first("SELECT total, seen FROM sums") { [$0.int64(0), $0.int64(1)] } ?? [] }
    }

    private func add(_ count: Int, _ book: Book) async throws {
        for _ in 0..<count {
            try await book.write("add") { tx in
                try tx.append(type: "test.Added", payload: [2])
                try tx.append(type: "test.Ignored", payload: [100])
            }
        }
    }

    @Test("a projection sees each event of its types once, before and after a restart")
    func exactlyOnce() async throws {
        let test = try await TestBook.make(migrations: Journal.migrations + [Sum.table])
        let runner = ProjectionRunner(book: test.book, projections: [Sum()])
        try await add(3, test.book)
        try await runner.start()
        #expect(try await totals(test.book) == [6, 3])
        try await add(1_200, test.book)
        try await runner.settle()
        #expect(try await totals(test.book) == [2_406, 1_203])
        let again = try await test.reopened()
        let second = ProjectionRunner(book: again.book, projections: [Sum()])
        try await second.start()
        #expect(try await totals(again.book) == [2_406, 1_203])
        await again.discard()
    }

    @Test("a projection follows commits by itself")
    func follows() async throws {
        let test = try await TestBook.make(migrations: Journal.migrations + [Sum.table])
        let runner = ProjectionRunner(book: test.book, projections: [Sum()])
        try await runner.start()
        try await add(1, test.book)
        while try await totals(test.book).isEmpty { await Task.yield() }
        #expect(try await totals(test.book) == [2, 1])
        await test.discard()
    }

    @Test("a rebuilt projection is what it was")
    func rebuild() async throws {
        let test = try await TestBook.make(migrations: Journal.migrations + [Sum.table])
        let runner = ProjectionRunner(book: test.book, projections: [Sum()])
        try await add(50, test.book)
        try await runner.settle()
        let before = try await totals(test.book)
        try await test.book.write("damage") { tx in try tx.execute("UPDATE sums SET total = 0") }
        try await runner.rebuild("sum")
        #expect(try await totals(test.book) == before)
        await test.discard()
    }

    @Test("processes that write and follow at once apply each event once, and keep one chain")
    func severalProcesses() async throws {
        let test = try await TestBook.make(migrations: Journal.migrations + [Sum.table])
        var books: [Book] = []
        for _ in 0..<3 { books.append(try await test.openedByAnotherProcess()) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for book in books {
                group.addTask {
                    let runner = ProjectionRunner(book: book, projections: [Sum()])
                    try await runner.start()
                    try await add(60, book)
                    try await runner.settle()
                }
            }
            try await group.waitForAll()
        }
        let runner = ProjectionRunner(book: books[0], projections: [Sum()])
        try await runner.settle()
        #expect(try await totals(books[0]) == [360, 180])
        let report = try await books[1].read { try JournalVerifier.verify($0) }
        #expect(report.finding == nil)
        #expect(report.verified == 360)
        for book in books { await book.close() }
        await test.discard()
    }

    @Test("what a process wrote and did not follow any more is seen as behind, until somebody follows")
    func behind() async throws {
        let test = try await TestBook.make(migrations: Journal.migrations + [Sum.table])
        let runner = ProjectionRunner(book: test.book, projections: [Sum()])
        try await add(2, test.book)
        #expect(try await test.book.read { try runner.isBehind($0) })
        try await runner.settle()
        #expect(try await !test.book.read { try runner.isBehind($0) })
        await test.discard()
    }

    @Test("a projection that fails is told, and holds up no other")
    func failing() async throws {
        let test = try await TestBook.make(migrations: Journal.migrations + [Sum.table])
        let runner = ProjectionRunner(book: test.book, projections: [Broken(), Sum()])
        try await add(4, test.book)
        await #expect(throws: Broken.Fault.self) { try await runner.settle() }
        #expect(try await totals(test.book) == [8, 4])
        await test.discard()
    }

    @Test("projections of several kinds see each event once, what one of them tells included, and a new one catches up")
    func together() async throws {
        let test = try await TestBook.make(migrations: Journal.migrations + [Sum.table])
        try await add(1_100, test.book)
        try await ProjectionRunner(book: test.book, projections: [Teller()]).settle()
        let runner = ProjectionRunner(book: test.book, projections: [Sum(), Teller()])
        // 1,100 were told one event each by the teller; the sum begins behind it and has to see those too.
        try await runner.settle()
        #expect(try await totals(test.book) == [1_100 * 2 + 1_100 * 5, 2_200])
        try await add(3, test.book)
        try await runner.settle()
        #expect(try await totals(test.book) == [1_103 * 7, 2_206])
        #expect(try await !test.book.read { try runner.isBehind($0) })
        await test.discard()
    }

    @Test("a book that closes while a projection follows is no error, and what was not followed is followed later")
    func closing() async throws {
        let test = try await TestBook.make(migrations: Journal.migrations + [Sum.table])
        let told = Told()
        let broken = ProjectionRunner(book: test.book, projections: [Broken()], logger: told.logger)
        let runner = ProjectionRunner(book: test.book, projections: [Sum()], logger: told.logger)
        try await add(2, test.book)
        await broken.follow()
        #expect(told.errors.count == 1, "a projection that fails is an error")
        await test.book.close()
        await runner.follow()
        #expect(told.errors.count == 1)
        let again = try await test.reopened()
        try await ProjectionRunner(book: again.book, projections: [Sum()]).start()
        #expect(try await totals(again.book) == [4, 2])
        await again.discard()
    }
}

/// Answers each event that others ignore with one that the sum follows.
private struct Teller: Projection {
    let name = "teller"
    let types: Set<String> = ["test.Ignored"]
    func apply(_ event: JournalEvent, in transaction: Transaction) throws {
        try transaction.append(type: "test.Added", payload: [5])
    }
    func reset(in transaction: Transaction) throws {}
}

private struct Broken: Projection {
    struct Fault: Error {}
    let name = "broken"
    let types: Set<String> = ["test.Added"]
    func apply(_ event: JournalEvent, in transaction: Transaction) throws { throw Fault() }
    func reset(in transaction: Transaction) throws {}
}

/// Keeps the errors that are logged.
private final class Told: Sendable {
    private let messages = Mutex<[String]>([])

    var errors: [String] { messages.withLock { $0 } }

    var logger: Logger { Logger(label: "test") { _ in Handler(told: self) } }

    private struct Handler: LogHandler {
        let told: Told
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.error

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { told.messages.withLock { $0.append("\(event.message)") } }
    }
}
