internal import Money

/// The fields of one record by the places of its header's columns; problems name the column.
struct TableFields {
    let record: CSVRecord
    let header: HeaderMap
    let decoder: TextDecoder

    /// Refuses a record that does not fit its header: a value in the wrong column is worse than none.
    func checkWidth() throws(FieldProblem) {
        if record.count < header.count {
            throw FieldProblem("has \(record.count) fields, the header has \(header.count)")
        }
        for surplus in header.count..<max(header.count, record.count) where !record.bytes(surplus).isEmpty {
            throw FieldProblem("has \(record.count) fields, the header has \(header.count)")
        }
    }

    /// The text of a column; empty where there is no such column.
    func text(_ place: Int?) throws(FieldProblem) -> String {
        guard let place, place < record.count else { return "" }
        return try naming(place) { () throws(FieldProblem) in try decoder.string(record.bytes(place)) }
    }

    func bytes(_ place: Int) throws(FieldProblem) -> ArraySlice<UInt8> {
        guard place < record.count else { throw FieldProblem("is missing", field: header.names[place]) }
        return record.bytes(place)
    }

    /// Minor units; nil where the field is blank or there is no such column.
    func money(_ place: Int?, _ currency: Currency, _ style: DecimalStyle = .point) throws(FieldProblem) -> Int64? {
        guard let place, place < record.count, !record.bytes(place).isEmpty else { return nil }
        return try naming(place) { () throws(FieldProblem) in
            try FieldText.decimal(record.bytes(place), style).minor(currency)
        }
    }

    func currency(_ place: Int) throws(FieldProblem) -> Currency {
        let text = try text(place).uppercased()
        return try naming(place) { () throws(FieldProblem) in try FieldText.currency(text) }
    }

    /// A time of ISO 8601; nil where the field is blank or there is no such column.
    func time(_ place: Int?, offset: Int32?) throws(FieldProblem) -> StatementTime? {
        guard let place, place < record.count, !record.bytes(place).isEmpty else { return nil }
        return try naming(place) { () throws(FieldProblem) in
            try FieldText.iso8601(record.bytes(place), defaultOffset: offset)
        }
    }

    func naming<Value>(_ place: Int, _ read: () throws(FieldProblem) -> Value) throws(FieldProblem) -> Value {
        do {
            return try read()
        } catch {
            throw FieldProblem(error.reason, field: error.field.isEmpty ? header.names[place] : error.field)
        }
    }
}

extension StatementInput {
    /// Reads a table with a header line: the records up to the header go to the header's count, blank ones are
    /// counted, and every other one is handed on.
    ///
    /// - Parameter body: gets one record at a time and hands on its row or rejects it.
    func table(
        _ dialect: CSVDialect, _ session: ReadSession, header columns: (HeaderMap) throws -> Void,
        body: (TableFields) throws -> Void
    ) throws {
        let records = try records(dialect)
        let decoder = try decoder()
        var header: HeaderMap?
        while let record = try records.next() {
            if record.isEmpty {
                session.blank(lines: record.lines)
            } else if let header {
                try body(TableFields(record: record, header: header, decoder: decoder))
            } else {
                let map: HeaderMap
                do {
                    map = try HeaderMap(record, decoder)
                } catch {
                    throw StatementError.malformed("the header cannot be read: \(error.reason)", line: record.line)
                }
                if let doubled = map.doubled {
                    throw StatementError.malformed("the header has the column \(doubled) twice", line: record.line)
                }
                try columns(map)
                header = map
                session.header(lines: record.lines)
            }
        }
        guard header != nil else { throw StatementError.truncated("the file has no header line") }
    }

    /// Tabs in the first line that is not blank mean a table separated by tabs.
    var tableDialect: CSVDialect { Self.tableDialect(probe) }

    static func tableDialect(_ probe: Probe) -> CSVDialect {
        let first = probe.lines.first { !$0.allSatisfy(\.isWhitespace) } ?? ""
        if first.contains("\t") { return .tsv }
        let semicolons = first.count(where: { $0 == ";" })
        return semicolons > first.count(where: { $0 == "," }) ? CSVDialect(separator: UInt8(ascii: ";")) : .csv
    }
}

extension Probe {
    /// The names of the first line that is not blank, for readers that are recognised by their columns.
    var columnNames: Set<String> {
        guard let first = lines.first(where: { !$0.allSatisfy(\.isWhitespace) }) else { return [] }
        let separator = StatementInput.tableDialect(self).separator
        let names = first.split(separator: Character(Unicode.Scalar(separator)), omittingEmptySubsequences: false)
        return Set(
            names.map { name in
                var text = HeaderMap.normalised(name)
                if text.first == "\"", text.last == "\"", text.count > 1 { text = String(text.dropFirst().dropLast()) }
                return text.filter { $0 != "\u{FEFF}" }
            })
    }
}
