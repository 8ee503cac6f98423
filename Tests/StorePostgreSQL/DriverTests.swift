import Runtime
import Store
import Synchronization
import TestStores
import Testing

@testable import StorePostgreSQL

/// The driver against a real server.
@Suite("PostgreSQL driver", .onPostgreSQL(because: "it is this driver's own behaviour")) struct DriverTests {
    static let notes = [
        Migration(
            capability: "notes", version: 1, name: "notes",
            statements: [
                "CREATE TABLE notes (id BIGINT PRIMARY KEY, body TEXT NOT NULL, kind BYTEA)",
                "CREATE TABLE tags (note BIGINT NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (note, tag)) /* clustered */",
                "CREATE TABLE counters (name TEXT PRIMARY KEY, value BIGINT NOT NULL)"
            ], textIndexes: ["note_texts"])
    ]
    private static let insert = Prepared("INSERT INTO notes (id, body, kind) VALUES (?, ?, ?)")
    private static let tag = Prepared("INSERT INTO tags VALUES (?, ?)")
    private static let count = Prepared(
        "INSERT INTO counters VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = counters.value + excluded.value")

    private func book() async throws -> TestBook { try await TestBook.make(migrations: Self.notes) }

    @Test("what a command wrote is seen by its next query, whether it was sent by itself or with its neighbours")
    func ownWrites() async throws {
        let book = try await book().book
        let seen = try await book.write("mixed") { tx -> [Int64] in
            var seen: [Int64] = []
            for id in 1...50 {
                try tx.execute(
                    Self.insert, [.integer(Int64(id)), .text("note \(id)"), id % 2 == 0 ? .null : .bytes([1, 0])])
                try tx.execute(Self.tag, [.integer(Int64(id)), .text("even")])
                if id % 10 == 0 { try tx.execute("UPDATE notes SET body = 'tenth' WHERE id = \(id)") }
                if id % 7 == 0 { try tx.execute("DELETE FROM tags WHERE note = \(id - 1)") }
                seen.append(try tx.first("SELECT COUNT(*) FROM notes") { $0.int64(0) } ?? -1)
            }
            return seen
        }
        #expect(seen == Array(1...50))
        let rows = try await book.read { reader in
            (
                try reader.first("SELECT COUNT(*) FROM tags") { $0.int64(0) },
                try reader.first("SELECT COUNT(*) FROM notes WHERE body = 'tenth' AND kind IS NULL") { $0.int64(0) },
                try reader.first("SELECT body, kind FROM notes WHERE id = 3") { ($0.text(0), $0.bytes(1)) }
            )
        }
        #expect(rows.0 == 43 && rows.1 == 5)
        #expect(rows.2?.0 == "note 3" && rows.2?.1 == [1, 0])
    }

    @Test("an insert that fails although it was held back refuses its own command and no neighbour")
    func heldBackFailure() async throws {
        let book = try await book().book
        let outcomes = await withTaskGroup(of: (Int, Bool).self) { tasks in
            for number in 0..<40 {
                tasks.addTask {
                    let done: Void? = try? await book.write("note") { tx in
                        // Every eighth takes a key that is taken.
                        try tx.execute(Self.insert, [.integer(Int64(number % 8 == 7 ? 6 : number)), .text("x"), .null])
                        try tx.execute(Self.count, [.text("all"), .integer(1)])
                    }
                    return (number, done != nil)
                }
            }
            return await tasks.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        #expect(outcomes.filter { !$0.value }.count == 5)
        let (kept, counted) = try await book.read { reader in
            (
                try reader.first("SELECT COUNT(*) FROM notes") { $0.int64(0) },
                try reader.first("SELECT value FROM counters") { $0.int64(0) }
            )
        }
        #expect(kept == 35 && counted == 35)
    }

    @Test("rows in bulk come back as they were, in as many messages as they need")
    func bulk() async throws {
        let book = try await book().book
        let count = WriteBehind.rowLimit * 2 + 17
        try await book.write("bulk") { tx in
            try tx.execute(each: Self.insert, count: count) { index, row in
                row.integer(Int64(index) - 5)
                row.text("n° \(index) 数")
                if index % 3 == 0 { row.null() } else { row.bytes([UInt8(index % 256)]) }
            }
        }
        let (total, odd, sum) = try await book.read { reader in
            (
                try reader.first("SELECT COUNT(*) FROM notes") { $0.int64(0) },
                try reader.first("SELECT body FROM notes WHERE id = 100") { $0.text(0) },
                try reader.first("SELECT SUM(id) FROM notes") { $0.int64(0) }
            )
        }
        #expect(total == Int64(count) && odd == "n° 105 数")
        #expect(sum == (0..<Int64(count)).reduce(0) { $0 + $1 - 5 })
    }

    @Test("a book is copied out and in, text index included, and is the same")
    func copies() async throws {
        let first = try await book().book
        try await first.write("fill") { tx in
            try tx.execute(each: Self.insert, count: 3_000) { index, row in
                row.integer(Int64(index))
                row.text(index % 5 == 0 ? "" : "it's \(index)")
                if index % 2 == 0 { row.null() } else { row.bytes([]) }
            }
            try tx.textIndex("note_texts").put(key: 7, text: "Crème brûlée 红茶")
        }
        let second = try await book().book
        let rows = try await first.read { reader -> [String: [[SQLValue]]] in
            var rows: [String: [[SQLValue]]] = [:]
            for table in try reader.tables() where table.name != "schema_migrations" {
                try reader.copyOut(table) { row in
                    rows[table.name, default: []].append(
                        try table.columns.indices.map { try row.get($0, as: SQLValue.self) })
                }
            }
            return rows
        }
        #expect(rows["notes"]?.count == 3_000 && rows["note_texts"]?.count == 1)
        try await second.write("copy") { tx in
            for table in try tx.tables() {
                var left = (rows[table.name] ?? [])[...]
                try tx.copyIn(table) { row in
                    guard let next = left.popFirst() else { return false }
                    for value in next { row.bind(value) }
                    return true
                }
            }
        }
        let again = try await second.read { reader in
            var notes: [[SQLValue]] = []
            for table in try reader.tables() where table.name == "notes" {
                try reader.copyOut(table) { row in notes.append(try (0..<3).map { try row.get($0, as: SQLValue.self) })
                }
            }
            let query = try #require(TextQuery("creme bru"))
            return (notes, try reader.search("note_texts", query, limit: 5, offset: 0))
        }
        #expect(again.0 == rows["notes"] && again.1 == [7])
    }

    @Test("a book's role sees no other book")
    func roles() async throws {
        let mine = try await book().book
        let other = try await TestBook.make(migrations: Self.notes)
        let schema = "kontor_" + other.book.name
        await #expect(throws: StoreError.self) {
            try await mine.read { try $0.first("SELECT 1 FROM \(raw: schema).notes") { $0.int64(0) } }
        }
        await #expect(throws: StoreError.self) {
            try await mine.write("steal") { try $0.execute("DELETE FROM \(raw: schema).notes") }
        }
        try await mine.write("well") { try $0.execute("INSERT INTO counters VALUES ('a', 1)") }
    }

    @Test("a book that was renamed under its users is closed to them, and open by its new name")
    func renamed() async throws {
        let test = try await book()
        try await test.book.write("one") { try $0.execute("INSERT INTO counters VALUES ('a', 1)") }
        let moved = test.book.name.dropLast(4) + "_gone"
        try await test.driver.rename(test.book.name, to: String(moved))
        let refused = await #expect(throws: StoreError.self) {
            try await test.book.write("two") { try $0.execute("INSERT INTO counters VALUES ('b', 1)") }
        }
        #expect(refused?.code == .closed)
        let again = try await test.driver.open(
            String(moved), migrations: Self.notes, world: test.book.world, options: BookOptions())
        #expect(try await again.read { try $0.query("SELECT name FROM counters") { $0.text(0) } } == ["a"])
        try await test.driver.remove(String(moved))
        #expect(try await !test.driver.exists(String(moved)))
    }

    @Test("when the server ends a connection, the next command gets another and nothing is lost or doubled")
    func terminated() async throws {
        let test = try await book()
        var options = PostgreSQLOptions()
        options.writers = 1
        let driver = try PostgreSQLDriver(url: try await TestPostgreSQL.url(), options: options)
        let book = try await driver.open(
            test.book.name, migrations: Self.notes, world: test.book.world, options: BookOptions())
        for _ in 1...20 {
            let process = try await book.write("count") { tx in
                try tx.execute(Self.count, [.text("rounds"), .integer(1)])
                return try tx.first("SELECT pg_backend_pid()") { $0.int64(0) } ?? 0
            }
            let ended = try await driver.onReader {
                try $0.texts("SELECT CAST(pg_terminate_backend(CAST(? AS integer)) AS text)", [.integer(process)])
            }
            #expect(ended == ["true"])
        }
        #expect(try await book.read { try $0.first("SELECT value FROM counters") { $0.int64(0) } } == 20)
        await book.close()
        await driver.close()
    }

    @Test("a transaction whose connection breaks before its commit is run again, once")
    func brokenBeforeCommit() async throws {
        let book = try await book().book
        let tries = Mutex(0)
        try await book.write("breaks") { tx in
            try tx.execute(Self.count, [.text("a"), .integer(1)])
            if tries.withLock({
                $0 += 1; return $0
            }) == 1 {
                // The end of our own connection, in the middle of the transaction.
                _ = try tx.first("SELECT CAST(pg_terminate_backend(pg_backend_pid()) AS text)") { $0.text(0) }
            }
        }
        #expect(tries.withLock { $0 } == 2)
        #expect(try await book.read { try $0.first("SELECT value FROM counters") { $0.int64(0) } } == 1)
    }

    @Test("what one process announces is heard by all that use the database, after the commit only")
    func announcements() async throws {
        let test = try await book()
        let other = try PostgreSQLDriver(url: try await TestPostgreSQL.url())
        let (heard, told) = AsyncStream.makeStream(of: String.self)
        other.announcements.listen("tests") { told.yield($0) }
        let there = try await other.open(
            test.book.name, migrations: Self.notes, world: test.book.world, options: BookOptions())
        // The listener connects by itself; until it has, announcements pass unheard.
        let key = "key-\(test.book.name)"
        let speaking = Task {
            while !Task.isCancelled {
                try? await test.book.write("refused") { tx in
                    try tx.announce("tests", "never")
                    throw StoreError(.constraint, "refused")
                }
                try? await test.book.write("say") { try $0.announce("tests", key) }
                try? await Task.sleep(for: .milliseconds(20))
            }
        }
        var first: String?
        for await said in heard where said == key || said == "never" {
            first = said
            break
        }
        speaking.cancel()
        #expect(first == key)
        await there.close()
        await other.close()
    }

    @Test("two processes write the same book in turn: each sees what the other did")
    func twoProcesses() async throws {
        let test = try await book()
        let other = try PostgreSQLDriver(url: try await TestPostgreSQL.url())
        let there = try await other.open(
            test.book.name, migrations: Self.notes, world: test.book.world, options: BookOptions())
        let books = [test.book, there]
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for number in 0..<200 {
                tasks.addTask {
                    try await books[number % 2].write("next") { tx in
                        let last = try tx.first("SELECT COALESCE(MAX(id), 0) FROM notes") { $0.int64(0) } ?? 0
                        try tx.execute(Self.insert, [.integer(last + 1), .text("\(number)"), .null])
                    }
                }
            }
            try await tasks.waitForAll()
        }
        #expect(try await there.read { try $0.first("SELECT MAX(id) FROM notes") { $0.int64(0) } } == 200)
        await there.close()
        await other.close()
    }

    @Test("a read that is given up is stopped at the server, and the connection goes on")
    func cancelled() async throws {
        let book = try await book().book
        let reading = Task {
            try await book.read { try $0.first("SELECT CAST(pg_sleep(20) AS text)") { $0.text(0) } }
        }
        try await Task.sleep(for: .milliseconds(200))
        let started = ContinuousClock.now
        reading.cancel()
        await #expect(throws: (any Error).self) { try await reading.value }
        #expect(ContinuousClock.now - started < .seconds(10))
        #expect(try await book.read { try $0.first("SELECT 1") { $0.int64(0) } } == 1)
    }

    @Test("a server that cannot be reached refuses in time, and says that nothing happened")
    func unreachable() async throws {
        var options = PostgreSQLOptions()
        options.patience = .milliseconds(200)
        let driver = try PostgreSQLDriver(url: "postgres:///none?host=/nonexistent", options: options)
        let refused = await #expect(throws: StoreError.self) {
            try await driver.open("a", migrations: [], world: .simulated(seed: 1), options: BookOptions())
        }
        #expect(refused?.code == .unavailable)
        await driver.close()
    }

    @Test("a statement that takes too long is ended and refused as busy")
    func statementTimeout() async throws {
        let test = try await book()
        var options = PostgreSQLOptions()
        options.statementTimeout = .seconds(1)
        let driver = try PostgreSQLDriver(url: try await TestPostgreSQL.url(), options: options)
        let book = try await driver.open(
            test.book.name, migrations: Self.notes, world: test.book.world, options: BookOptions())
        let refused = await #expect(throws: StoreError.self) {
            try await book.write("slow") { _ = try $0.first("SELECT CAST(pg_sleep(5) AS text)") { $0.text(0) } }
        }
        #expect(refused?.code == .busy)
        try await book.write("quick") { try $0.execute(Self.count, [.text("a"), .integer(1)]) }
        await book.close()
        await driver.close()
    }

    @Test("a connection that has seen many books is renewed, and statements that it prepared are prepared again")
    func renewed() async throws {
        var options = PostgreSQLOptions()
        options.booksPerConnection = 2
        options.writers = 1
        options.readers = 1
        let driver = try PostgreSQLDriver(url: try await TestPostgreSQL.url(), options: options)
        var books: [TestBook] = []
        for _ in 0..<5 { books.append(try await book()) }
        for round in 1...3 {
            for test in books {
                let book = try await driver.open(
                    test.book.name, migrations: Self.notes, world: test.book.world, options: BookOptions())
                try await book.write("count") { try $0.execute(Self.count, [.text("a"), .integer(1)]) }
                #expect(
                    try await book.read { try $0.first("SELECT value FROM counters") { $0.int64(0) } } == Int64(round))
                await book.close()
            }
        }
        await driver.close()
    }
}
