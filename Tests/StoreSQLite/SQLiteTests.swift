import Foundation
import Runtime
import Store
import TestStores
import Testing

@testable import StoreSQLite

/// What only a SQLite file has. What it shares with PostgreSQL is tested in Tests/Store.
@Suite("SQLite files", .onSQLite(because: "it is this driver's own behaviour"))
struct SQLiteTests {
    private static let notes = Migration(
        capability: "test", version: 1, name: "notes",
        statements: ["CREATE TABLE notes (id BIGINT PRIMARY KEY, body BYTEA NOT NULL) /* clustered */"])

    private func open(_ driver: SQLiteDriver, _ name: String) async throws -> Book {
        try await driver.open(name, migrations: [Self.notes], world: .simulated(seed: 1), options: BookOptions())
    }

    private func refusal(_ body: () async throws -> Void) async -> StoreError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? StoreError ?? StoreError(.unexpectedValue, "\(error)")
        }
    }

    @Test("a book writes ahead, syncs at every commit and overwrites what it deletes")
    func settings() async throws {
        let test = try await TestBook.make(migrations: [Self.notes])
        let found = try await test.book.write("settings") { tx in
            (
                try tx.first("PRAGMA journal_mode") { $0.text(0) },
                // 2 is FULL, FAST is 2 of secure_delete: sqlite.org/pragma.html.
                try tx.first("PRAGMA synchronous") { $0.int64(0) },
                try tx.first("PRAGMA secure_delete") { $0.int64(0) }
            )
        }
        #expect(found.0 == "wal")
        #expect(found.1 == 2)
        #expect(found.2 == 2)
    }

    @Test("every new book has the same schema and its own time, and what has the name already is kept")
    func newBooks() async throws {
        let driver = try SQLiteDriver(folder: try await TestBook.make(migrations: []).folder + "/new")
        var schemas: [[String]] = []
        var times: [Int64?] = []
        for (number, name) in ["a", "b", "c"].enumerated() {
            let world = World.simulated(seed: UInt64(number))
            world.manualClock?.advance(by: .seconds(number))
            let book = try await driver.open(name, migrations: [Self.notes], world: world, options: BookOptions())
            schemas.append(
                try await book.read { try $0.query("SELECT sql FROM sqlite_master ORDER BY name") { $0.text(0) } })
            times.append(
                try await book.read { reader in
                    let kinds = try reader.query("SELECT applied_at FROM schema_migrations") { $0.int64(0) }
                    return Set(kinds).count == 1 ? kinds[0] : nil
                })
            #expect(times[number] == world.now().microseconds)
            try await book.write("note") { try $0.execute("INSERT INTO notes VALUES (\(number), '')") }
            await book.close()
        }
        #expect(schemas[0] == schemas[1] && schemas[1] == schemas[2] && schemas[0].count > 3)

        let book = try await open(driver, "a")
        #expect(try await book.read { try $0.query("SELECT id FROM notes") { $0.int64(0) } } == [0])
        await book.close()
        #expect(try await driver.names() == ["a", "b", "c"])
    }

    @Test("a table that is kept in key order has no row numbers of its own")
    func clustered() async throws {
        let test = try await TestBook.make(migrations: [Self.notes])
        let text = try await test.book.read {
            try $0.first("SELECT sql FROM sqlite_master WHERE name = 'notes'") { $0.text(0) }
        }
        #expect(text?.hasSuffix("WITHOUT ROWID") == true)
    }

    @Test("closing folds the log into the file, and the folder is nobody else's")
    func closing() async throws {
        let test = try await TestBook.make(migrations: [Self.notes])
        try await test.book.write("note") {
            try $0.execute("INSERT INTO notes VALUES (1, \([UInt8](repeating: 1, count: 9)))")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: test.folder).contains("book.sqlite-wal"))
        await test.book.close()
        #expect(try FileManager.default.contentsOfDirectory(atPath: test.folder) == ["book.sqlite"])

        let folder = test.folder + "/books"
        _ = try SQLiteDriver(folder: folder)
        let mode = try FileManager.default.attributesOfItem(atPath: folder)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o700)
    }

    @Test("a log that was left behind by a dead process is read, and follows a renamed book")
    func leftBehind() async throws {
        let test = try await TestBook.make(migrations: [Self.notes])
        let files = FileManager.default
        let driver = try SQLiteDriver(folder: test.folder + "/copies")
        try await test.book.write("note") {
            try $0.execute("INSERT INTO notes VALUES (7, \([UInt8](repeating: 1, count: 9)))")
        }
        // The files as a process leaves them that is killed now: the row is in the log only.
        for suffix in ["", "-wal"] {
            try files.copyItem(
                atPath: "\(test.folder)/book.sqlite\(suffix)", toPath: "\(test.folder)/copies/a.sqlite\(suffix)")
        }
        try await driver.rename("a", to: "b")
        #expect(try await driver.names() == ["b"])
        let book = try await open(driver, "b")
        #expect(try await book.read { try $0.query("SELECT id FROM notes") { $0.int64(0) } } == [7])
        await book.close()
    }

    @Test(
        "a name that would leave the folder is refused",
        arguments: ["", "..", "a/b", "a.b", "ä", String(repeating: "a", count: 64)])
    func names(name: String) async throws {
        let driver = try SQLiteDriver(folder: try await TestBook.make(migrations: []).folder + "/names")
        #expect(await refusal { _ = try await open(driver, name) }?.code == .database)
        #expect(try await !driver.exists(name))
        try await driver.remove(name)
    }

    @Test("a file that is no database, and a folder that cannot be, are refused and left alone")
    func notADatabase() async throws {
        let test = try await TestBook.make(migrations: [])
        let driver = try SQLiteDriver(folder: test.folder)
        let text = Data(String(repeating: "Dear diary, ", count: 500).utf8)
        let path = test.folder + "/diary.sqlite"
        try text.write(to: URL(filePath: path))
        #expect(await refusal { _ = try await open(driver, "diary") }?.code == .database)
        #expect(FileManager.default.contents(atPath: path) == text)
        #expect(await refusal { _ = try SQLiteDriver(folder: path + "/books") }?.code == .database)
    }

    @Test("a full disk refuses the batch as such, and what was there before goes on")
    func fullDisk() async throws {
        let test = try await TestBook.make(migrations: [Self.notes])
        // A bound on the file's pages stands in for the disk's.
        let pages = try await test.book.write("bound") { tx in
            let pages = try tx.first("PRAGMA page_count") { $0.int64(0) } ?? 0
            return try tx.first("PRAGMA max_page_count = \(raw: "\(pages + 20)")") { $0.int64(0) }
        }
        #expect(pages ?? 0 > 20)
        let megabyte = [UInt8](repeating: 7, count: 1 << 20)
        let full = await refusal {
            try await test.book.write("big") { try $0.execute("INSERT INTO notes VALUES (1, \(megabyte))") }
        }
        #expect(full?.code == .diskFull, "\(String(describing: full))")
        try await test.book.write("small") { try $0.execute("INSERT INTO notes VALUES (2, \([UInt8]([1])))") }
        #expect(try await test.book.read { try $0.query("SELECT id FROM notes") { $0.int64(0) } } == [2])
    }

    @Test("a read sees one moment, however much is written while it goes on")
    func snapshots() async throws {
        let test = try await TestBook.make(migrations: [Self.notes])
        let book = test.book
        let writing = Task {
            for id in 0..<200 {
                try await book.write("note") { try $0.execute("INSERT INTO notes VALUES (\(id), '')") }
            }
        }
        for _ in 0..<50 {
            let counts = try await book.read { reader in
                try (0..<3).map { _ in try reader.first("SELECT COUNT(*) FROM notes") { $0.int64(0) } }
            }
            #expect(Set(counts).count == 1)
        }
        try await writing.value
    }
}
