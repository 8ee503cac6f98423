import Runtime
import Store
import TestStores
import Testing

/// What a capability may rely on, whichever database keeps its book.
@Suite("What both stores promise", .onBothStores)
struct StoreTests {
    static let tables = Migration(
        capability: "test", version: 1, name: "shelves",
        statements: [
            """
            CREATE TABLE shelves (room TEXT NOT NULL, place BIGINT NOT NULL, label BYTEA, count BIGINT NOT NULL,
            PRIMARY KEY (room, place)) /* clustered */
            """,
            "CREATE UNIQUE INDEX shelves_label ON shelves (label) WHERE count > 0"
        ], textIndexes: ["shelf_texts"])

    struct Refused: Error {}

    private func book() async throws -> Book { try await TestBook.make(migrations: [Self.tables]).book }

    private func rows(_ reader: any SQLReader) throws -> [[SQLValue]] {
        let table = try #require(try reader.tables().first { $0.name == "shelves" })
        var rows: [[SQLValue]] = []
        try reader.copyOut(table) { row in
            rows.append(try table.columns.indices.map { try row.get($0, as: SQLValue.self) })
        }
        return rows
    }

    @Test("the number of changed rows counts what the statement found, added or left alone")
    func changedRows() async throws {
        let counts = try await book().write("count") { tx in
            try (1...4).map { place in
                try tx.executeCounted(
                    "INSERT INTO shelves VALUES ('a', \(place % 3), NULL, 0) ON CONFLICT (room, place) DO NOTHING")
            } + [
                try tx.executeCounted("UPDATE shelves SET count = shelves.count + 1 WHERE place > 0"),
                try tx.executeCounted("DELETE FROM shelves WHERE room = 'b'"),
                try tx.executeCounted("DELETE FROM shelves")
            ]
        }
        #expect(counts == [1, 1, 1, 0, 2, 0, 3])
    }

    @Test("one query for many lists of values answers each with its number, in their order")
    func manyLists() async throws {
        let each = Prepared("SELECT place FROM shelves WHERE room = ? AND place >= ? ORDER BY place")
        let book = try await book()
        try await book.write("fill") { tx in
            for place in 1...3 { try tx.execute("INSERT INTO shelves VALUES ('a', \(place), NULL, 0)") }
        }
        let found = try await book.read { reader in
            var found: [[Int64]] = []
            try reader.forEach(
                each: each, count: 200,
                values: { [.text($0 == 7 ? "elsewhere" : "a"), .integer(Int64($0 % 4))] }
            ) { list, row in
                found.append([Int64(list), row.int64(0)])
            }
            return found
        }
        let expected = (0..<200).flatMap { list -> [[Int64]] in
            list == 7 ? [] : (1...3).filter { $0 >= list % 4 }.map { [Int64(list), Int64($0)] }
        }
        #expect(found == expected)
    }

    @Test("a command sees its own writes and those of its neighbours before it")
    func ownWrites() async throws {
        let book = try await book()
        let answers = try await withThrowingTaskGroup(of: [Int64].self) { tasks in
            for _ in 0..<300 {
                tasks.addTask {
                    try await book.write("next") { tx in
                        let before = try tx.first("SELECT count FROM shelves WHERE room = 'a'") { $0.int64(0) } ?? 0
                        try tx.execute(
                            """
                            INSERT INTO shelves VALUES ('a', 1, NULL, 1) ON CONFLICT (room, place)
                            DO UPDATE SET count = shelves.count + excluded.count
                            """)
                        return [before, try tx.first("SELECT count FROM shelves") { $0.int64(0) } ?? 0]
                    }
                }
            }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.map { $0[0] }.sorted() == Array(0..<300))
        #expect(answers.allSatisfy { $0[1] == $0[0] + 1 })
        let kept = try await book.read { try rows($0) }
        #expect(kept == [[.text("a"), .integer(1), .null, .integer(300)]])
    }

    @Test("a row that breaks a rule of the schema refuses its own command, as a constraint, and no other")
    func constraints() async throws {
        let book = try await book()
        let outcomes = await withTaskGroup(of: (Int64, StoreError.Code?).self) { tasks in
            for place in Int64(0)..<60 {
                tasks.addTask {
                    do {
                        try await book.write("add") { tx in
                            // Every third label is taken already, whoever comes first.
                            let label = [UInt8](place % 3 == 0 ? [0] : [1, UInt8(place)])
                            try tx.execute("INSERT INTO shelves VALUES ('a', \(place), \(label), 1)")
                        }
                        return (place, nil)
                    } catch {
                        return (place, (error as? StoreError)?.code)
                    }
                }
            }
            return await tasks.reduce(into: [:]) { $0[$1.0] = .some($1.1) }
        }
        let (taken, free) = (outcomes.filter { $0.key % 3 == 0 }, outcomes.filter { $0.key % 3 != 0 })
        #expect(free.values.allSatisfy { $0 == nil } && free.count == 40)
        #expect(taken.values.filter { $0 == nil }.count == 1)
        #expect(taken.values.compactMap { $0 }.allSatisfy { $0 == .constraint })
        #expect(try await book.read { try rows($0) }.count == 41)
    }

    @Test("texts and bytes compare byte by byte, whatever language they are in")
    func order() async throws {
        let words = ["", " ", "A", "Z", "a", "aa", "b", "z", "Ä", "ß", "é", "汉", "🧾"]
        let book = try await book()
        try await book.write("words") { tx in
            for (index, word) in words.shuffled().enumerated() {
                try tx.execute("INSERT INTO shelves VALUES (\(word), \(index), \(Array(word.utf8)), 0)")
            }
        }
        let (byText, byBytes, above) = try await book.read { reader in
            (
                try reader.query("SELECT room FROM shelves ORDER BY room") { $0.text(0) },
                try reader.query("SELECT room FROM shelves ORDER BY label DESC") { $0.text(0) },
                try reader.query("SELECT room FROM shelves WHERE room > 'a' AND room <= 'z' ORDER BY room") {
                    $0.text(0)
                }
            )
        }
        #expect(byText == words)
        #expect(byBytes == words.reversed())
        #expect(above == ["aa", "b", "z"])
    }

    @Test("a book describes its tables, and they can be copied into another with their text indexes")
    func copies() async throws {
        let book = try await book()
        try await book.write("fill") { tx in
            for place in 0..<500 {
                let label = place % 2 == 0 ? SQLValue.null : .bytes(Array("\(place)".utf8))
                try tx.execute("INSERT INTO shelves VALUES (\("room \(place % 7)"), \(place), \(label), \(place * 3))")
            }
            try tx.textIndex("shelf_texts").put(key: 3, text: "Blue shirts 蓝色")
        }
        let described = try await book.read { reader in
            #expect(try reader.hasTable("shelves") && !reader.hasTable("shelf"))
            return try reader.tables()
        }
        let shelves = BookTable(
            name: "shelves",
            columns: [
                .init(name: "room", kind: .text), .init(name: "place", kind: .integer),
                .init(name: "label", kind: .bytes), .init(name: "count", kind: .integer)
            ], key: ["room", "place"])
        #expect(described.first { $0.name == "shelves" } == shelves)
        #expect(described.filter(\.isTextIndex).map(\.name) == ["shelf_texts"])
        #expect(described.map(\.name) == described.map(\.name).sorted())

        let kept = try await book.read { reader in try rows(reader) }
        #expect(kept.count == 500)
        #expect(kept.map { "\($0[0])" } == kept.map { "\($0[0])" }.sorted(), "copied out in the order of the key")
        let other = try await self.book()
        try await other.write("copy") { tx in
            var left = kept[...]
            try tx.copyIn(shelves) { row in
                guard let next = left.popFirst() else { return false }
                for value in next { row.bind(value) }
                return true
            }
        }
        #expect(try await other.read { try rows($0) } == kept)
    }

    @Test("what is announced is heard once it is committed, and never of a refused command")
    func announcements() async throws {
        let test = try await TestBook.make(migrations: [Self.tables])
        let (heard, told) = AsyncStream.makeStream(of: String.self)
        let mine = "\(test.book.name)-said"
        test.driver.announcements.listen("tests.said") { if $0.hasPrefix(mine) { told.yield($0) } }
        // A listener on PostgreSQL connects by itself, and what was said before it did is not heard.
        let speaking = Task {
            while !Task.isCancelled {
                for word in ["refused", "done"] {
                    _ = try? await test.book.write("say") { tx in
                        try tx.execute("UPDATE shelves SET count = 1")
                        try tx.announce("tests.said", "\(mine) \(word)")
                        if word == "refused" { throw Refused() }
                    }
                }
                try? await Task.sleep(for: .milliseconds(5))
            }
        }
        var said: [String] = []
        for await key in heard {
            said.append(key)
            if said.count == 3 { break }
        }
        speaking.cancel()
        await speaking.value
        #expect(said == Array(repeating: "\(mine) done", count: 3))
    }

    @Test("books are found by name, change it and go, and what is not there is nothing")
    func names() async throws {
        let test = try await TestBook.make(migrations: [Self.tables])
        let (driver, name) = (test.driver, test.book.name)
        try await test.book.write("mark") { try $0.execute("INSERT INTO shelves VALUES ('a', 1, NULL, 7)") }
        await test.book.close()
        let other = name + "-moved"
        #expect(try await driver.exists(name))
        #expect(try await !driver.exists(other))
        try await driver.rename(name, to: other)
        #expect(try await !driver.exists(name))
        let names = try await driver.names()
        #expect(names.contains(other) && !names.contains(name))
        let again = try await driver.open(
            other, migrations: [Self.tables], world: test.book.world, options: BookOptions())
        #expect(try await again.read { try rows($0) }.count == 1)
        await again.close()
        try await driver.remove(other)
        try await driver.remove(other)
        #expect(try await !driver.exists(other))
        await #expect(throws: StoreError.self) {
            _ = try await driver.open(
                "no/such name", migrations: [], world: test.book.world, options: BookOptions())
        }
    }
}
