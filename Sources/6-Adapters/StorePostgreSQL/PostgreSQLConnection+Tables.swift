import Clibpq
import Store

/// The book's tables as PostgreSQL describes them, and COPY in and out of them.
extension PostgreSQLConnection {
    /// Sent with its neighbours: a migration of a hundred statements is one exchange.
    func define(_ statement: String) throws { try queueOnce(StatementText.definition(statement)) }

    func hasTable(_ name: String) throws -> Bool {
        try first("SELECT 1 FROM pg_tables WHERE schemaname = \(place.schema.schema) AND tablename = \(name)") { _ in
            true
        } ?? false
    }

    func tables() throws -> [BookTable] {
        var columns: [(table: String, column: String, type: String)] = []
        try forEach(
            """
            SELECT CAST(c.relname AS text), CAST(a.attname AS text), CAST(t.typname AS text) FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
            JOIN pg_type t ON t.oid = a.atttypid
            WHERE n.nspname = \(place.schema.schema) AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
            AND c.relname <> \(WriterMark.table) ORDER BY c.relname, a.attnum
            """
        ) { columns.append(($0.text(0), $0.text(1), $0.text(2))) }
        var keys: [String: [String]] = [:]
        try forEach(
            """
            SELECT CAST(c.relname AS text), CAST(a.attname AS text) FROM pg_index i
            JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            CROSS JOIN LATERAL unnest(CAST(i.indkey AS smallint[])) WITH ORDINALITY AS k(number, position)
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
            WHERE n.nspname = \(place.schema.schema) AND i.indisprimary ORDER BY c.relname, k.position
            """
        ) { keys[$0.text(0), default: []].append($0.text(1)) }
        var found: [String: [(column: String, type: String)]] = [:]
        for column in columns { found[column.table, default: []].append((column.column, column.type)) }
        return found.sorted { $0.key < $1.key }.map { name, columns in
            let isIndex = columns.contains { $0.type == "tsvector" }
            return BookTable(
                name: name,
                columns: columns.filter { $0.type != "tsvector" }.map { .init(name: $0.column, kind: kind($0.type)) },
                key: keys[name] ?? [], isTextIndex: isIndex)
        }
    }

    private func kind(_ type: String) -> BookTable.Kind {
        switch type {
        case "text", "varchar": .text
        case "bytea": .bytes
        default: .integer
        }
    }

    func copyOut(_ table: BookTable, _ body: (Row) throws -> Void) throws {
        try takeTime()
        try sendAll()
        let columns = table.columns.map { "\"\($0.name)\"" }.joined(separator: ", ")
        let order = table.key.isEmpty ? "" : " ORDER BY " + table.key.map { "\"\($0)\"" }.joined(separator: ", ")
        let text = "COPY (SELECT \(columns) FROM \"\(table.name)\"\(order)) TO STDOUT (FORMAT binary)"
        try translated {
            try link.plainly { connection in
                try CopyStream.begin(connection, text, expecting: PGRES_COPY_OUT)
                let reader = CopyReader(kinds: table.columns.map(\.kind))
                try reader.run(connection, body)
            }
        }
    }

    func copyIn(_ table: BookTable, _ next: (any RowBinder) throws -> Bool) throws {
        if table.isTextIndex { return try copyInTexts(table, next) }
        try willWrite()
        try sendAll()
        let columns = table.columns.map { "\"\($0.name)\"" }.joined(separator: ", ")
        let text = "COPY \"\(table.name)\" (\(columns)) FROM STDIN (FORMAT binary)"
        try translated {
            try link.plainly { connection in
                try CopyStream.begin(connection, text, expecting: PGRES_COPY_IN)
                try CopyWriter(columns: table.columns.count).run(connection, next)
            }
        }
    }

    /// A text index is derived, so its texts are put one by one.
    private func copyInTexts(_ table: BookTable, _ next: (any RowBinder) throws -> Bool) throws {
        let row = GatheredRow()
        while true {
            row.values.removeAll(keepingCapacity: true)
            guard try next(row) else { return }
            guard row.values.count == 2, case .integer(let key) = row.values[0], case .text(let text) = row.values[1]
            else { throw StoreError(.unexpectedValue, "a row of the text index \(table.name) is a key and its tokens") }
            try putText(table.name, key: key, text: text)
        }
    }
}
