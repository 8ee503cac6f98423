/// A full-text index of the store behind one call: FTS5 in SQLite, text search in PostgreSQL.
public struct TextIndex {
    let name: String
    let transaction: Transaction

    public func put(key: Int64, text: String) throws {
        try transaction.putText(name, key: key, text: TextTokens.split(text).joined(separator: " "))
    }

    public func remove(key: Int64) throws { try transaction.removeText(name, key: key) }
}
