import Store

/// Every byte of every table, as the database itself writes it down: equal imprints are equal books.
///
/// It is made by the database in one statement, because it is wanted before and after every refused command.
struct Imprint: Equatable {
    private var tables: [String: String] = [:]

    /// The names of the tables that differ.
    func difference(to other: Imprint) -> [String] {
        tables.keys.filter { tables[$0] != other.tables[$0] }.sorted()
    }

    init(_ reader: any SQLReader, _ statement: SQL) throws {
        try reader.forEach(statement) { tables[$0.text(0)] = $0.text(1) }
    }

    /// The statement for a book of these tables.
    static func statement(_ shapes: [BookTable], kind: StoreKind) -> SQL {
        let selects = shapes.map { table in
            let order = (table.key.isEmpty ? table.columns.map(\.name) : table.key).joined(separator: ", ")
            switch kind {
            case .sqlite:
                let line = table.columns.map { "quote(\($0.name))" }.joined(separator: " || ',' || ")
                return """
                    SELECT '\(table.name)', COALESCE((SELECT group_concat(line, ';') FROM (SELECT \(line) AS line
                    FROM \(table.name) ORDER BY \(order)) AS lines), '')
                    """
            case .postgres:
                return """
                    SELECT '\(table.name)', COALESCE((SELECT md5(string_agg(CAST(t AS TEXT), ';' ORDER BY \(order)))
                    FROM \(table.name) AS t), '')
                    """
            }
        }
        return SQL(text: selects.joined(separator: " UNION ALL "), values: [])
    }

    /// What a book's tables look like; a full-text index follows from them.
    static func shapes(_ reader: any SQLReader) throws -> [BookTable] { try reader.tables().filter { !$0.isTextIndex } }
}
