import Store

/// The book's tables as SQLite describes them, read and written whole.
extension SQLiteConnection {
    func hasTable(_ name: String) throws -> Bool {
        try first("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = \(name)") { _ in true } ?? false
    }

    /// FTS5 keeps each index in five tables of its own, which belong to the index and are no tables of the book.
    func tables() throws -> [BookTable] {
        let all = try query(
            """
            SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'
            ORDER BY name
            """
        ) { (name: $0.text(0), isIndex: $0.text(1).uppercased().hasPrefix("CREATE VIRTUAL TABLE")) }
        let indexes = all.filter(\.isIndex).map(\.name)
        return try all.filter { table in !indexes.contains { table.name.hasPrefix($0 + "_") } }.map { table in
            if table.isIndex {
                return BookTable(
                    name: table.name,
                    columns: [.init(name: "rowid", kind: .integer), .init(name: "tokens", kind: .text)],
                    key: ["rowid"], isTextIndex: true)
            }
            let columns = try query("SELECT name, type, pk FROM pragma_table_info(\(table.name)) ORDER BY cid") {
                (name: $0.text(0), kind: kind($0.text(1)), position: $0.int64(2))
            }
            return BookTable(
                name: table.name, columns: columns.map { .init(name: $0.name, kind: $0.kind) },
                key: columns.filter { $0.position > 0 }.sorted { $0.position < $1.position }.map(\.name))
        }
    }

    private func kind(_ type: String) -> BookTable.Kind {
        switch type.uppercased() {
        case "TEXT": .text
        case "BYTEA", "BLOB": .bytes
        default: .integer
        }
    }

    func copyOut(_ table: BookTable, _ body: (Store.Row) throws -> Void) throws {
        let columns = table.columns.map(\.name).joined(separator: ", ")
        let order = table.key.isEmpty ? "" : " ORDER BY " + table.key.joined(separator: ", ")
        try forEach(Store.SQL(text: "SELECT \(columns) FROM \(table.name)\(order)", values: []), body)
    }

    func copyIn(_ table: BookTable, _ next: (any RowBinder) throws -> Bool) throws {
        let columns = table.columns.map(\.name).joined(separator: ", ")
        let marks = table.columns.map { _ in "?" }.joined(separator: ", ")
        try insertRows("INSERT INTO \(table.name) (\(columns)) VALUES (\(marks))", next)
    }
}
