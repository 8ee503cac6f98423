/// Carries all rows of a book to another one, whatever stores they are kept in.
public enum BookCopy {
    /// What belongs to a book's place and not to what it holds.
    private static let ownTables: Set<String> = ["schema_migrations", "book_seal"]

    /// Called with the number of rows that were carried or compared so far, on a database's thread.
    public typealias Progress = @Sendable (Int64) -> Void

    /// Fills `target`, which has the same schema, in one transaction; returns what was read of each table.
    ///
    /// The source should be sealed: its rows are those of one snapshot. Throws `migration` when the schemas differ.
    public static func run(
        from source: Book, to target: Book, progress: @escaping Progress = { _ in }
    ) async throws -> [TableDigest] {
        let tables = try await matched(source, target)
        let pipe = RowPipe()
        async let sent = send(tables.map(\.source), of: source, through: pipe, progress)
        do {
            try await receive(tables.map(\.target), in: target, from: pipe)
        } catch {
            pipe.fail(error)
            _ = try? await sent
            throw error
        }
        return try await sent
    }

    /// What each table holds, read from one snapshot.
    public static func digests(of book: Book, progress: @escaping Progress = { _ in }) async throws -> [TableDigest] {
        let tables = try await tables(of: book)
        return try await book.read { reader in
            var rows: Int64 = 0
            return try tables.map { table in
                try digest(table, reader) { _ in
                    rows += 1
                    if rows.isMultiple(of: 1_000) { progress(rows) }
                }
            }
        }
    }

    /// How many rows there are to carry.
    public static func rows(of book: Book) async throws -> Int64 {
        let tables = try await tables(of: book)
        return try await book.read { reader in
            try tables.reduce(0) { count, table in
                try reader.first("SELECT COUNT(*) FROM \(raw: table.name)") { count + $0.int64(0) } ?? count
            }
        }
    }

    // ---- Tables ----

    private static func tables(of book: Book) async throws -> [BookTable] {
        try await book.read { reader in
            try reader.tables().filter { !ownTables.contains($0.name) }.sorted { $0.name < $1.name }
        }
    }

    private static func matched(
        _ source: Book, _ target: Book
    ) async throws -> [(source: BookTable, target: BookTable)] {
        let mine = try await tables(of: source)
        let theirs = try await tables(of: target)
        guard mine.map(\.name) == theirs.map(\.name), zip(mine, theirs).allSatisfy(isAlike) else {
            throw StoreError(.migration, "the schemas of the two books differ: run `kontor migrate` first")
        }
        return Array(zip(mine, theirs))
    }

    /// A text index has columns of each store's own names.
    private static func isAlike(_ mine: BookTable, _ theirs: BookTable) -> Bool {
        guard mine.isTextIndex == theirs.isTextIndex, mine.columns.map(\.kind) == theirs.columns.map(\.kind) else {
            return false
        }
        return mine.isTextIndex || mine.columns.map(\.name) == theirs.columns.map(\.name)
    }

    // ---- Rows ----

    private static func digest(
        _ table: BookTable, _ reader: any SQLReader, _ each: ([SQLValue]) throws -> Void
    ) throws -> TableDigest {
        var digest = TableDigest(table: table.name)
        let columns = table.columns.indices
        try reader.copyOut(table) { row in
            let values = try columns.map { try row.get($0, as: SQLValue.self) }
            digest.add(values)
            try each(values)
        }
        return digest
    }

    private static func send(
        _ tables: [BookTable], of source: Book, through pipe: RowPipe, _ progress: @escaping Progress
    ) async throws -> [TableDigest] {
        do {
            return try await source.read { reader in
                var rows: Int64 = 0
                return try tables.map { table in
                    let digest = try digest(table, reader) { values in
                        try pipe.send(values)
                        rows += 1
                        if rows.isMultiple(of: 1_000) { progress(rows) }
                    }
                    try pipe.endTable()
                    return digest
                }
            }
        } catch {
            pipe.fail(error)
            throw error
        }
    }

    private static func receive(_ tables: [BookTable], in target: Book, from pipe: RowPipe) async throws {
        try await target.write("store.copy") { tx in
            try pipe.startWriting()
            for table in tables {
                // What a migration may have put there comes with the copy as well.
                try tx.execute("DELETE FROM \(raw: table.name)")
                try tx.copyIn(table) { row in
                    guard let values = try pipe.receive() else { return false }
                    for value in values { row.bind(value) }
                    return true
                }
            }
        }
    }
}
