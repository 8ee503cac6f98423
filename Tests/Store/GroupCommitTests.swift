import Foundation
import Runtime
import Store
import Synchronization
import TestStores
import Testing

@Suite("Group commit", .onBothStores)
struct GroupCommitTests {
    static let table = Migration(
        capability: "test", version: 1, name: "notes",
        statements: ["CREATE TABLE notes (id BIGINT PRIMARY KEY, text TEXT NOT NULL)"])

    struct Refused: Error {}

    private func withBook(
        options: BookOptions = BookOptions(), _ body: (TestBook) async throws -> Void
    ) async throws {
        let test = try await TestBook.make(migrations: [Self.table], options: options)
        try await body(test)
        await test.discard()
    }

    private func notes(_ book: Book) async throws -> [Int64] {
        try await book.read { reader in try reader.query("SELECT id FROM notes ORDER BY id") { $0.int64(0) } }
    }

    @Test("a thousand callers at once all find their note durable when they are answered")
    func manyCallers() async throws {
        try await withBook { test in
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for id in 0..<1_000 {
                    tasks.addTask {
                        _ = try await test.book.write("note") { tx in
                            try tx.execute("INSERT INTO notes VALUES (\(id), \("note"))")
                        }
                    }
                }
                try await tasks.waitForAll()
            }
            let again = try await test.reopened()
            let left = try await notes(again.book)
            #expect(left == Array(0..<1_000))
        }
    }

    @Test("a command that is refused after it wrote leaves nothing and disturbs no neighbour of its batch")
    func refusedNeighbour() async throws {
        try await withBook { test in
            let outcomes = await withTaskGroup(of: (Int, Bool).self, returning: [Int: Bool].self) { tasks in
                for id in 0..<300 {
                    tasks.addTask {
                        let done: Void? = try? await test.book.write("note") { tx in
                            try tx.execute("INSERT INTO notes VALUES (\(id), \("x"))")
                            if id % 3 == 0 { throw Refused() }
                        }
                        return (id, done != nil)
                    }
                }
                return await tasks.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            #expect(outcomes.filter { $0.value }.keys.sorted() == (0..<300).filter { $0 % 3 != 0 })
            let left = try await notes(test.book)
            #expect(left == (0..<300).filter { $0 % 3 != 0 }.map(Int64.init))
        }
    }

    @Test("a command whose deadline has passed is refused untouched")
    func deadline() async throws {
        try await withBook { test in
            let past = test.book.world.now().adding(.seconds(-1))
            await #expect {
                try await test.book.write("late", deadline: past) { tx in
                    try tx.execute("INSERT INTO notes VALUES (1, \("late"))")
                }
            } throws: { ($0 as? StoreError)?.code == .deadlineExceeded }
            let left = try await notes(test.book)
            #expect(left.isEmpty)
        }
    }

    @Test("a full queue refuses at once and says when to come back")
    func fullQueue() async throws {
        var options = BookOptions()
        options.queueLimit = 4
        options.batchLimit = 1
        try await withBook(options: options) { test in
            let gate = DispatchSemaphore(value: 0)
            let entered = DispatchSemaphore(value: 0)
            let first = Task {
                try await test.book.write("slow") { _ in
                    entered.signal()
                    gate.wait()
                }
            }
            await withUnsafeContinuation { (done: UnsafeContinuation<Void, Never>) in
                DispatchQueue.global().async {
                    entered.wait()
                    done.resume()
                }
            }
            let others = (0..<4).map { id in
                Task {
                    try await test.book.write("note") { tx in try tx.execute("INSERT INTO notes VALUES (\(id), '')") }
                }
            }
            while test.book.queueDepth < 4 { await Task.yield() }
            await #expect {
                try await test.book.write("note") { _ in }
            } throws: { error in
                let error = error as? StoreError
                return error?.code == .busy && error?.retryAfter == options.retryAfter
            }
            gate.signal()
            _ = try await first.value
            for other in others { _ = try await other.value }
            let left = try await notes(test.book)
            #expect(left == [0, 1, 2, 3])
        }
    }

    @Test("closing runs what waits and then refuses")
    func closing() async throws {
        let test = try await TestBook.make(migrations: [Self.table])
        async let written: Void = test.book.write("note") { tx in try tx.execute("INSERT INTO notes VALUES (1, '')") }
        try await written
        await test.book.close()
        await #expect { try await test.book.write("note") { _ in } } throws: { error in
            (error as? StoreError)?.code == .closed
        }
    }

    @Test("what follows a commit never runs for a refused command")
    func commitActions() async throws {
        try await withBook { test in
            let ran = Mutex<[Int]>([])
            for id in 0..<4 {
                _ = try? await test.book.write("note") { tx in
                    tx.onCommit { ran.withLock { $0.append(id) } }
                    if id.isMultiple(of: 2) { throw Refused() }
                }
            }
            #expect(ran.withLock { $0 } == [1, 3])
        }
    }
}
