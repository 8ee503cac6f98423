import Store

/// Every byte of every table, as the database itself writes it down: equal imprints are equal books.
///
/// It is made by the database in one statement a table, because it is wanted before and after every refused command.
struct Imprint: Equatable {
    private var tables: [String: String] = [:]

    /// The names of the tables that differ.
    func difference(to other: Imprint) -> [String] {
        tables.keys.filter { tables[$0] != other.tables[$0] }.sorted()
    }

    init(_ reader: any SQLReader, _ shapes: [BookTable], kind: StoreKind) throws {
        for table in shapes {
            let order = (table.key.isEmpty ? table.columns.map(\.name) : table.key).joined(separator: ", ")
            let all: SQL =
                switch kind {
                case .sqlite:
                    """
                    SELECT COALESCE(group_concat(line, ';'), '') FROM (SELECT
                    \(raw: table.columns.map { "quote(\($0.name))" }.joined(separator: " || ',' || ")) AS line
                    FROM \(raw: table.name) ORDER BY \(raw: order)) AS lines
                    """
                case .postgres:
                    """
                    SELECT COALESCE(md5(string_agg(CAST(t AS TEXT), ';' ORDER BY \(raw: order))), '')
                    FROM \(raw: table.name) AS t
                    """
                }
            tables[table.name] = try reader.first(all) { $0.text(0) } ?? ""
        }
    }

    /// What a book's tables look like; a full-text index follows from them.
    static func shapes(_ reader: any SQLReader) throws -> [BookTable] { try reader.tables().filter { !$0.isTextIndex } }
}
