/// The store's portable statement as PostgreSQL wants it.
enum StatementText {
    /// `?` becomes `$1`, `$2`, …; a mark inside a quoted text stays.
    static func numbered(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count + 16)
        var number = 0
        var isQuoted = false
        for character in text {
            if character == "'" { isQuoted.toggle() }
            if character == "?", !isQuoted {
                number += 1
                result += "$\(number)"
            } else {
                result.append(character)
            }
        }
        return result
    }

    /// A `CREATE` statement, whose types are written in capitals: texts compare by their bytes, as SQLite's do, whatever the database's locale is.
    static func definition(_ statement: String) -> String {
        let marker = "/* clustered */"
        var text = statement
        if text.hasSuffix(marker) { text.removeLast(marker.count) }
        let isTable = ["CREATE TABLE", "ALTER TABLE"].contains { text.uppercased().hasPrefix($0) }
        guard isTable else { return text }
        var result = ""
        var word = ""
        for character in text + " " {
            if character.isLetter || character.isNumber || character == "_" {
                word.append(character)
                continue
            }
            result += word == "TEXT" ? "TEXT COLLATE \"C\"" : word
            word = ""
            result.append(character)
        }
        return result
    }
}

/// An `INSERT … VALUES (?, ?, …)` taken apart, so that many of them can be sent as one.
struct InsertText: Sendable {
    /// `INSERT INTO table (columns)`, without the values.
    let head: String
    let table: String
    let count: Int
    /// `ON CONFLICT …`, or empty.
    let tail: String

    /// Rows that meet an existing one change it. Two rows of one statement may not do that to the same.
    var isUpsert: Bool { tail.uppercased().contains("DO UPDATE") }

    /// Nil for any other statement, also one that returns something or computes a value.
    init?(_ text: String) {
        let flat = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard flat.uppercased().hasPrefix("INSERT INTO "), let values = flat.range(of: " VALUES (", ignoringCase: true)
        else { return nil }
        let rest = flat[values.upperBound...]
        guard let end = rest.firstIndex(of: ")") else { return nil }
        let marks = rest[..<end].split(separator: ",").map { $0.filter { $0 != " " } }
        let tail = rest[rest.index(after: end)...].drop { $0 == " " }
        guard marks.allSatisfy({ $0 == "?" }), !tail.contains("?"), !tail.uppercased().contains("RETURNING"),
            tail.isEmpty || tail.uppercased().hasPrefix("ON CONFLICT")
        else { return nil }
        head = String(flat[..<values.lowerBound])
        table = String(head.dropFirst("INSERT INTO ".count).prefix { $0 != " " && $0 != "(" })
        count = marks.count
        self.tail = String(tail)
    }

    /// One statement for any number of rows, each column an array.
    func bulk(_ types: [UInt32]) -> String {
        let arrays = types.enumerated().map { "$\($0.offset + 1)::\(PostgreSQLType.sqlName(of: $0.element))[]" }
        return "\(head) SELECT * FROM unnest(\(arrays.joined(separator: ", "))) \(tail)"
    }
}

extension String {
    fileprivate func range(of part: String, ignoringCase: Bool) -> Range<String.Index>? {
        let needle = Array(part.uppercased())
        var start = startIndex
        while start < endIndex {
            var index = start
            var matched = 0
            while matched < needle.count, index < endIndex, self[index].uppercased() == String(needle[matched]) {
                matched += 1
                index = self.index(after: index)
            }
            if matched == needle.count { return start..<index }
            start = self.index(after: start)
        }
        return nil
    }
}
