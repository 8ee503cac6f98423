/// What WeChat Pay's bills have in common: a header, rows of values that a backtick precedes, and a trailer of one
/// header and one row.
struct WeChatTable {
    let header: HeaderMap
    let headerLine: Int
    let decoder: TextDecoder
    let records: CSVReader

    /// Reads on to the header: the first record with this column.
    init(_ input: StatementInput, _ session: ReadSession, column: String) throws {
        records = try input.records(.wechat)
        decoder = try input.decoder()
        var looked = 0
        while let record = try records.next() {
            if record.isBlank {
                session.blank()
                continue
            }
            let header = try HeaderMap(record, decoder)
            if header[column] != nil {
                if let name = header.doubled {
                    throw StatementError.malformed("the column \(name) stands twice", line: record.line)
                }
                session.header()
                self.header = header
                headerLine = record.line
                return
            }
            looked += 1
            guard looked <= 50 else { break }
            session.comment()
        }
        throw StatementError.malformed("there is no header with the column \(column) in the first lines")
    }

    /// Hands on every row, then reads the trailer and what it states. `mark` is the first column of the trailer.
    func read(
        _ session: ReadSession, trailer mark: String, row: (RowFields) throws -> StatementRow
    ) throws -> Trailer {
        let start = Array(mark.utf8)
        while let record = try records.next() {
            if record.isBlank {
                session.blank()
                continue
            }
            let first = record.bytes(0)
            // A bill that was saved again in another encoding has other bytes for the same word. Rows begin with digits.
            let isMark =
                first.elementsEqual(start)
                || first.first.map { $0 >= 0x80 } ?? false && (try? decoder.string(first)) == mark
            if isMark { return try trailer(record, session) }
            let fields = RowFields(record: complete(record), decoder: decoder)
            try session.row(at: record.line) {
                try fields.requireCount(header.count)
                return try row(fields)
            }
        }
        throw StatementError.truncated("the file ends before its trailer (\(mark), …): it is not complete")
    }

    /// Where backticks are missing from some values, the plain commas decide, provided that they fit the header.
    private func complete(_ record: CSVRecord) -> CSVRecord {
        guard record.count != header.count else { return record }
        let plain = record.plain()
        return plain.count == header.count ? plain : record
    }

    private func trailer(_ record: CSVRecord, _ session: ReadSession) throws -> Trailer {
        session.trailer()
        let names = try HeaderMap(record, decoder)
        var values: CSVRecord?
        while let record = try records.next() {
            if record.isBlank {
                session.blank()
            } else if values == nil {
                values = record
                session.trailer()
            } else {
                throw StatementError.malformed("there is more after the trailer", line: record.line)
            }
        }
        guard let values, values.count >= names.names.filter({ !$0.isEmpty }).count else {
            throw StatementError.truncated("the trailer ends before its values", line: values?.line ?? record.line)
        }
        return Trailer(names: names, fields: RowFields(record: values, decoder: decoder))
    }

    /// What a bill states of itself.
    struct Trailer {
        let names: HeaderMap
        let fields: RowFields
        var line: Int { fields.record.line }

        func count(_ name: String, _ session: ReadSession, found: Int) throws {
            guard let column = names.column(name) else { return }
            do {
                session.check(name, stated: Int(try FieldText.integer(fields.bytes(column))), found: found, line: line)
            } catch {
                throw StatementError.malformed("the trailer's \(name) \(error.reason)", line: line)
            }
        }

        func sum(_ name: String, _ session: ReadSession, found: FineSum) throws {
            guard let column = names.column(name) else { return }
            do {
                let stated = try FineSum(try fields.decimal(column))
                session.check(name, stated: stated.text, found: found.text, holds: stated == found, line: line)
            } catch {
                throw StatementError.malformed("the trailer's \(name) \(error.reason)", line: line)
            }
        }
    }
}
