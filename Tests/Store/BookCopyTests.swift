import Foundation
import Runtime
import Store
import StoreSQLite
import TestStores
import Testing

@Suite(.onBothStores) struct BookCopyTests {
    private static let migrations = [
        Migration(
            capability: "things", version: 1, name: "things",
            statements: [
                """
                CREATE TABLE things (id BIGINT PRIMARY KEY, name TEXT, content BYTEA, size BIGINT)
                """,
                "CREATE TABLE pairs (first TEXT NOT NULL, second BIGINT NOT NULL, PRIMARY KEY (first, second)) /* clustered */",
                "CREATE TABLE heap (note TEXT NOT NULL)"
            ],
            textIndexes: ["things_texts"])
    ]

    private func book() async throws -> TestBook { try await TestBook.make(migrations: Self.migrations) }

    /// A book on the other store, or in another folder: where the first one goes.
    private func elsewhere(_ store: TestStore) async throws -> (book: Book, end: @Sendable () async -> Void) {
        let folder = NSTemporaryDirectory() + "kontor-copy-\(UUID().uuidString)"
        let driver = try await store.driver(folder: folder)
        let name = "copy\(UInt32.random(in: 0...UInt32.max))"
        let book = try await driver.open(
            name, migrations: Self.migrations, world: .simulated(seed: 2), options: BookOptions())
        return (
            book,
            {
                await book.close()
                try? await driver.remove(name)
                try? FileManager.default.removeItem(atPath: folder)
            }
        )
    }

    private static func fill(_ book: Book, rows: Int64) async throws {
        try await book.write("fill") { tx in
            for id in 1...rows {
                let name: String? = id.isMultiple(of: 7) ? nil : id.isMultiple(of: 5) ? "" : "Käse \(id) 灯市 \"'\\\t\n"
                let content: [UInt8]? =
                    id.isMultiple(of: 3) ? nil : (0..<(id % 200)).map { UInt8(truncatingIfNeeded: $0 * id) }
                let size = [Int64.min, Int64.max, 0, -id][Int(id % 4)]
                try tx.execute(
                    """
                    INSERT INTO things (id, name, content, size)
                    VALUES (\(id), \(name.sqlValue), \(content.sqlValue), \(size))
                    """)
                try tx.execute("INSERT INTO pairs (first, second) VALUES (\("p\(id % 9)"), \(id))")
                try tx.execute("INSERT INTO heap (note) VALUES (\("note \(id % 4)"))")
                try tx.textIndex("things_texts").put(key: id, text: "cheese number\(id) 灯市")
            }
        }
    }

    @Test("every row of every table arrives on either store, and the texts are found there")
    func everyRow() async throws {
        let source = try await book()
        try await Self.fill(source.book, rows: 3_000)
        for store in TestStore.allCases {
            let (target, end) = try await elsewhere(store)
            let read = try await BookCopy.run(from: source.book, to: target)
            let written = try await BookCopy.digests(of: target)
            #expect(read == written)
            #expect(read.map(\.rows).reduce(0, +) == (try await BookCopy.rows(of: source.book)))
            #expect(read.first { $0.table == "things" }?.rows == 3_000)
            let query = try #require(TextQuery("灯市 number29"))
            let found = try await target.read { try $0.search("things_texts", query, limit: 500, offset: 0) }
            let same = try await source.book.read { try $0.search("things_texts", query, limit: 500, offset: 0) }
            #expect(Set(found) == Set(same) && found.count == 111)
            await end()
        }
        await source.discard()
    }

    @Test("what was in the target before is not there afterwards, and a second copy is the same")
    func again() async throws {
        let source = try await book()
        try await Self.fill(source.book, rows: 40)
        let (target, end) = try await elsewhere(.sqlite)
        try await target.write("old") { try $0.execute("INSERT INTO heap (note) VALUES ('old')") }
        _ = try await BookCopy.run(from: source.book, to: target)
        let read = try await BookCopy.run(from: source.book, to: target)
        #expect(try await BookCopy.digests(of: target) == read)
        await end()
        await source.discard()
    }

    @Test("one changed, added or missing value makes another digest; the order of rows does not")
    func digests() async throws {
        let source = try await book()
        try await Self.fill(source.book, rows: 50)
        let before = try await BookCopy.digests(of: source.book)
        let changes: [SQL] = [
            "UPDATE things SET name = 'Käse' WHERE id = 8", "UPDATE things SET name = NULL WHERE id = 5",
            "UPDATE pairs SET second = 1000 WHERE second = 50", "DELETE FROM heap WHERE note = 'note 3'",
            "INSERT INTO heap (note) VALUES ('note 0')"
        ]
        var seen = [before]
        for change in changes {
            try await source.book.write("change") { try $0.execute(change) }
            let now = try await BookCopy.digests(of: source.book)
            #expect(!seen.contains(now), "\(change.text)")
            seen.append(now)
        }
        try await source.book.write("turn") { tx in
            try tx.execute("DELETE FROM things WHERE id = 1")
            try tx.execute("INSERT INTO things (id, name, size) VALUES (1, 'one', 1)")
        }
        let one = try await BookCopy.digests(of: source.book)
        try await source.book.write("turn") { tx in
            try tx.execute("DELETE FROM things WHERE id = 1")
            try tx.execute("INSERT INTO things (id, name, size) VALUES (1, 'one', 1)")
        }
        #expect(try await BookCopy.digests(of: source.book) == one)
        await source.discard()
    }

    @Test("a book of another schema is not filled")
    func otherSchema() async throws {
        let source = try await book()
        let target = try await TestBook.make(
            migrations: [
                Migration(
                    capability: "things", version: 1, name: "other",
                    statements: ["CREATE TABLE things (id BIGINT PRIMARY KEY)"])
            ])
        let refusal = await #expect(throws: StoreError.self) {
            _ = try await BookCopy.run(from: source.book, to: target.book)
        }
        #expect(refusal?.code == .migration)
        await target.discard()
        await source.discard()
    }

    @Test("a copy that fails on the way leaves the target as it was")
    func failure() async throws {
        let source = try await book()
        try await Self.fill(source.book, rows: 2_000)
        let (target, end) = try await elsewhere(.sqlite)
        await source.book.close()
        await #expect(throws: (any Error).self) { _ = try await BookCopy.run(from: source.book, to: target) }
        #expect(try await BookCopy.rows(of: target) == 0)
        await end()
        await source.discard()
    }

    @Test("a sealed book takes no command from any process until its own seal is taken away")
    func seal() async throws {
        let test = try await book()
        let mark: [UInt8] = [1, 2, 3]
        try await test.book.seal(mark, reason: "being moved")
        let other = try await test.openedByAnotherProcess()
        let refusal = await #expect(throws: StoreError.self) {
            try await other.write("late") { try $0.execute("INSERT INTO heap (note) VALUES ('late')") }
        }
        #expect(refusal?.code == .busy && refusal?.message == "being moved" && refusal?.retryAfter == .seconds(2))
        await #expect(throws: StoreError.self) {
            try await test.book.write("late") { try $0.execute("INSERT INTO heap (note) VALUES ('late')") }
        }
        #expect(try await BookCopy.rows(of: test.book) == 0)

        // A later worker's seal replaces an earlier one's and is not lifted by it.
        #expect(try await test.book.unseal([0]) == false)
        try await test.book.seal([4], reason: "again")
        #expect(try await test.book.unseal(mark) == false)
        await #expect(throws: StoreError.self) { try await test.book.seal(mark, reason: "too late") }
        #expect(try await test.book.sealMark() == [4])
        #expect(try await test.book.unseal([4]))
        try await other.write("now") { try $0.execute("INSERT INTO heap (note) VALUES ('now')") }
        #expect(try await BookCopy.rows(of: test.book) == 1)
        await other.close()
        await test.discard()
    }
}
