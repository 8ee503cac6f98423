import Foundation
import Store

/// Full-text indexes as tables with a tsvector beside the tokens. The tokens come ready from the store, so the vector
/// is written as PostgreSQL prints it and no dictionary or locale takes part.
extension PostgreSQLConnection {
    func defineTextIndex(_ name: String) throws {
        try define("CREATE TABLE \(name) (key BIGINT PRIMARY KEY, tokens TEXT NOT NULL, vector TSVECTOR NOT NULL)")
        try define("CREATE INDEX \(name)_vector ON \(name) USING gin (vector)")
    }

    func putText(_ index: String, key: Int64, text: String) throws {
        try execute(
            """
            INSERT INTO \(index) (key, tokens, vector) VALUES (?, ?, CAST(? AS tsvector))
            ON CONFLICT (key) DO UPDATE SET tokens = excluded.tokens, vector = excluded.vector
            """, [.integer(key), .text(text), .text(Self.vector(text))])
    }

    func removeText(_ index: String, key: Int64) throws {
        try execute("DELETE FROM \(index) WHERE key = ?", [.integer(key)])
    }

    func search(_ index: String, _ query: TextQuery, limit: Int, offset: Int) throws -> [Int64] {
        let wanted = Self.query(query)
        var keys: [Int64] = []
        let sql: SQL = """
            SELECT key FROM \(raw: index) WHERE vector @@ CAST(\(wanted) AS tsquery)
            ORDER BY ts_rank_cd(vector, CAST(\(wanted) AS tsquery)) DESC, key LIMIT \(limit) OFFSET \(offset)
            """
        try forEach(sql) { keys.append($0.int64(0)) }
        return keys
    }

    /// A tsvector keeps positions up to here; later words are found, but not as neighbours.
    private static let lastPosition = 16_383
    /// A lexeme's longest form, in bytes.
    private static let longestLexeme = 2_000

    static func vector(_ text: String) -> String {
        text.split(separator: " ").enumerated()
            .map { "\(lexeme(String($0.element))):\(min($0.offset + 1, lastPosition))" }.joined(separator: " ")
    }

    /// Every term must occur; the words of one stand side by side; the last word may be the beginning of one.
    static func query(_ query: TextQuery) -> String {
        var terms = query.terms.map { $0.map(lexeme) }
        if let last = terms.indices.last, let word = terms[last].indices.last { terms[last][word] += ":*" }
        return terms.map { "(" + $0.joined(separator: " <-> ") + ")" }.joined(separator: " & ")
    }

    /// A word in quotes, without accents, as SQLite's index has it.
    private static func lexeme(_ word: String) -> String {
        let plain = word.decomposedStringWithCanonicalMapping.unicodeScalars
            .filter { $0.properties.generalCategory != .nonspacingMark }
        var text = String(String.UnicodeScalarView(plain))
        while text.utf8.count > longestLexeme { text.removeLast() }
        return "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "''") + "'"
    }
}
