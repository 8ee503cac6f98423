import Runtime
import Store
import TestStores
import Testing

@Suite("SQL", .onBothStores)
struct SQLTests {
    @Test("an interpolated value is bound, whatever it says")
    func bound() async throws {
        let hostile = "'); DROP TABLE notes; --"
        let sql: SQL = "INSERT INTO notes VALUES (\(1), \(hostile))"
        #expect(sql.text == "INSERT INTO notes VALUES (?, ?)")
        let test = try await TestBook.make(migrations: [GroupCommitTests.table])
        try await test.book.write("note") { tx in try tx.execute(sql) }
        let text = try await test.book.read { try $0.first("SELECT text FROM notes") { $0.text(0) } }
        #expect(text == hostile)
        await test.discard()
    }

    @Test("every kind of value comes back as it went in")
    func roundTrip() async throws {
        let kinds = Migration(
            capability: "test", version: 1, name: "kinds",
            statements: ["CREATE TABLE kinds (a BIGINT, b TEXT, c BYTEA, d BIGINT, e BYTEA) "])
        let test = try await TestBook.make(migrations: [kinds])
        let id = test.book.world.newUUID()
        try await test.book.write("kinds") { tx in
            try tx.execute(
                "INSERT INTO kinds VALUES (\(Int64.min), \("汉字 🧾"), \([UInt8]([0, 255])), \(SQLValue.null), \(id))")
            try tx.execute("INSERT INTO kinds VALUES (\(Int64.max), \(""), \([UInt8]()), \(true), \(id))")
        }
        try await test.book.read { reader in
            let rows = try reader.query("SELECT a, b, c, d, e FROM kinds ORDER BY a") { row in
                (
                    row.int64(0), row.text(1), row.bytes(2), try row.get(3, as: Bool?.self),
                    try row.get(4, as: UUIDv7.self)
                )
            }
            #expect(rows.map(\.0) == [.min, .max])
            #expect(rows.map(\.1) == ["汉字 🧾", ""])
            #expect(rows.map(\.2) == [[0, 255], []])
            #expect(rows.map(\.3) == [nil, true])
            #expect(rows.allSatisfy { $0.4 == id })
        }
        await test.discard()
    }

    @Test("a query may run the same query for each of its rows")
    func nested() async throws {
        let test = try await TestBook.make(migrations: [GroupCommitTests.table])
        try await test.book.write("note") { tx in
            for id in 1...3 { try tx.execute("INSERT INTO notes VALUES (\(id), '')") }
        }
        let pairs = try await test.book.read { reader in
            var pairs = 0
            try reader.forEach("SELECT id FROM notes") { _ in
                try reader.forEach("SELECT id FROM notes") { _ in pairs += 1 }
            }
            return pairs
        }
        #expect(pairs == 9)
        await test.discard()
    }

    @Test("a migration that was edited after it ran is refused by name")
    func editedMigration() async throws {
        let test = try await TestBook.make(migrations: [GroupCommitTests.table])
        let edited = Migration(
            capability: "test", version: 1, name: "notes", statements: ["CREATE TABLE notes (id BIGINT)"])
        await #expect {
            _ = try await test.reopened(migrations: [edited])
        } throws: { error in
            (error as? StoreError)?.code == .migration && "\(error)".contains("notes")
        }
    }

    @Test("a search finds words, beginnings of words and Chinese without spaces")
    func textSearch() async throws {
        let index = Migration(capability: "test", version: 1, name: "text", statements: [], textIndexes: ["texts"])
        let test = try await TestBook.make(migrations: [index])
        try await test.book.write("texts") { tx in
            try tx.textIndex("texts").put(key: 1, text: "Ocean Blue Shirt")
            try tx.textIndex("texts").put(key: 2, text: "Classic varsity top, blue")
            try tx.textIndex("texts").put(key: 3, text: "蓝色衬衫 L")
            try tx.textIndex("texts").put(key: 2, text: "Classic varsity top, grey")
        }
        let found = try await test.book.read { reader in
            try ["blue", "var", "衬衫", "blue shirt", "\"; DROP"].map { text in
                try TextQuery(text).map { try reader.search("texts", $0, limit: 10, offset: 0) } ?? []
            }
        }
        #expect(found == [[1], [2], [3], [1], []])
        await test.discard()
    }
}
