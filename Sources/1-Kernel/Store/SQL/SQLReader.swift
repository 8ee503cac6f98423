/// Anything that answers queries synchronously: a snapshot, or a transaction that sees its own writes.
public protocol SQLReader: AnyObject {
    func forEach(_ sql: SQL, _ body: (Row) throws -> Void) throws
    func forEach(_ prepared: Prepared, _ values: [SQLValue], _ body: (Row) throws -> Void) throws

    /// Runs one query for each of `count` lists of values, in one round trip where there is one; `body` receives the
    /// list's number with each row. `body` runs no query of its own.
    func forEach(
        each prepared: Prepared, count: Int, values: (Int) -> [SQLValue], _ body: (Int, Row) throws -> Void) throws

    /// The keys of the texts that match, best first.
    func search(_ index: String, _ query: TextQuery, limit: Int, offset: Int) throws -> [Int64]

    func hasTable(_ name: String) throws -> Bool
    /// All tables of the book, text indexes too, by name.
    func tables() throws -> [BookTable]
    /// Every row of a table, in the order of its key, without holding the table in memory.
    func copyOut(_ table: BookTable, _ body: (Row) throws -> Void) throws
}

extension SQLReader {
    public func query<T>(_ sql: SQL, _ map: (Row) throws -> T) throws -> [T] {
        var rows: [T] = []
        try forEach(sql) { rows.append(try map($0)) }
        return rows
    }

    /// The first row, or nil. Write `LIMIT 1` where more than one could match.
    public func first<T>(_ sql: SQL, _ map: (Row) throws -> T) throws -> T? {
        var found: T?
        try forEach(sql) { row in
            if found == nil { found = try map(row) }
        }
        return found
    }

    public func query<T>(_ prepared: Prepared, _ values: [SQLValue], _ map: (Row) throws -> T) throws -> [T] {
        var rows: [T] = []
        try forEach(prepared, values) { rows.append(try map($0)) }
        return rows
    }

    public func first<T>(_ prepared: Prepared, _ values: [SQLValue], _ map: (Row) throws -> T) throws -> T? {
        var found: T?
        try forEach(prepared, values) { row in
            if found == nil { found = try map(row) }
        }
        return found
    }
}
