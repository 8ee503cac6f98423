import Store

/// Full-text indexes as FTS5 tables. They keep the tokens, because Debian 12's SQLite (3.40) cannot delete without.
extension SQLiteConnection {
    func defineTextIndex(_ name: String) throws {
        // The tokens come ready from the store, so the tokenizer has only to split at spaces.
        try define(
            """
            CREATE VIRTUAL TABLE \(name) USING fts5(tokens, tokenize="unicode61 remove_diacritics 2")
            """)
    }

    func putText(_ index: String, key: Int64, text: String) throws {
        try removeText(index, key: key)
        try execute("INSERT INTO \(index) (rowid, tokens) VALUES (?, ?)", [.integer(key), .text(text)])
    }

    func removeText(_ index: String, key: Int64) throws {
        try execute("DELETE FROM \(index) WHERE rowid = ?", [.integer(key)])
    }

    func search(_ index: String, _ query: TextQuery, limit: Int, offset: Int) throws -> [Int64] {
        let terms = query.terms.map { "\"" + $0.joined(separator: " ") + "\"" }
        let match = terms.joined(separator: " AND ") + "*"
        var keys: [Int64] = []
        let sql: Store.SQL = """
            SELECT rowid FROM \(raw: index) WHERE \(raw: index) MATCH \(match) ORDER BY rank, rowid
            LIMIT \(limit) OFFSET \(offset)
            """
        try forEach(sql) { keys.append($0.int64(0)) }
        return keys
    }
}
