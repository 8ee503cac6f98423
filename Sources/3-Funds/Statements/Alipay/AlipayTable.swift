/// What Alipay's bills have in common: comment lines that begin with `#`, a header, rows whose values end with tabs,
/// and behind an end mark the totals, as comments too. Brackets and colons are of either width.
struct AlipayTable {
    let records: CSVReader
    let decoder: TextDecoder
    let header: HeaderMap
    let headerLine: Int
    /// `账号：[20880…0156]`
    let account: String

    /// Reads the comments before the header, and the header: the first record with this column.
    init(_ input: StatementInput, _ session: ReadSession, column: String) throws {
        records = try input.records(.oneLine)
        decoder = try input.decoder()
        var account = ""
        while let record = try records.next() {
            if record.isEmpty {
                session.blank()
                continue
            }
            let text = try Self.text(record, decoder)
            if text.hasPrefix("#") {
                session.comment()
                if let found = Bracketed.value(after: "账号", in: text) { account = found }
                if let period = Bracketed.period(in: text) { session.period(period) }
                continue
            }
            let header = try HeaderMap(record, decoder)
            guard header[column] != nil else {
                throw StatementError.malformed("there is no header with the column \(column)", line: record.line)
            }
            if let name = header.doubled {
                throw StatementError.malformed("the column \(name) stands twice", line: record.line)
            }
            session.header()
            self.header = header
            headerLine = record.line
            self.account = account
            if !account.isEmpty { session.account(account) }
            return
        }
        throw StatementError.truncated("the file ends before its header (\(column), …)")
    }

    /// Hands on every row until the end mark, then every comment behind it.
    func read(
        _ session: ReadSession, row: (RowFields) throws -> StatementRow, total: (String, Int) throws -> Void
    ) throws {
        var hasEnded = false
        while let record = try records.next() {
            if record.isEmpty {
                session.blank()
                continue
            }
            if record.raw.first == UInt8(ascii: "#") {
                let text = try Self.text(record, decoder)
                session.trailer()
                if text.contains("列表结束") {
                    hasEnded = true
                } else if hasEnded {
                    try total(text, record.line)
                }
                continue
            }
            guard !hasEnded else {
                throw StatementError.malformed("there is a row behind the end of the list", line: record.line)
            }
            let fields = RowFields(record: complete(record), decoder: decoder)
            try session.row(at: record.line) {
                try fields.requireCount(header.names.lastIndex { !$0.isEmpty }.map { $0 + 1 } ?? 0)
                return try row(fields)
            }
        }
        guard hasEnded else { throw StatementError.truncated("the file ends before the end of its list") }
    }

    /// A quote within a text is ordinary there: the plain commas decide where they fit the header.
    private func complete(_ record: CSVRecord) -> CSVRecord {
        guard record.count != header.count else { return record }
        let plain = record.plain()
        return plain.count == header.count ? plain : record
    }

    /// A comment without the commas and quotes that a spreadsheet adds.
    static func text(_ record: CSVRecord, _ decoder: TextDecoder) throws -> String {
        var text = try decoded(record, decoder)[...]
        while let last = text.last, last == "," || last == "\"" || last == " " { text.removeLast() }
        while text.first == "\"" || text.first == "\u{FEFF}" { text.removeFirst() }
        return String(text)
    }

    private static func decoded(_ record: CSVRecord, _ decoder: TextDecoder) throws(StatementError) -> String {
        do {
            return try decoder.string(FieldText.trimmed(record.raw))
        } catch {
            throw StatementError(.encoding, error.reason, line: record.line)
        }
    }
}

/// `账号：[2088…]`, `起始日期:[2026年03月01日 00:00:00]`: what comments and preambles state, in brackets of either width.
enum Bracketed {
    /// The value in the first brackets after a word.
    static func value(after word: String, in text: String) -> String? {
        guard let place = text.firstRange(of: word) else { return nil }
        let rest = text[place.upperBound...]
        guard let open = rest.firstIndex(where: { "[【［".contains($0) }) else { return nil }
        // The brackets belong to this word: only a colon and blanks stand between.
        guard rest[..<open].allSatisfy({ ":： \t".contains($0) }) else { return nil }
        let inner = rest[rest.index(after: open)...]
        return inner.firstIndex { "]】］".contains($0) }.map { String(inner[..<$0]) }
    }

    /// From `起始日期` or `起始时间` to `终止日期` or `终止时间`; the end at midnight is the first moment that is not meant.
    static func period(in text: String) -> StatementPeriod? {
        guard let from = value(after: "起始日期", in: text) ?? value(after: "起始时间", in: text),
            let through = value(after: "终止日期", in: text) ?? value(after: "终止时间", in: text),
            let start = time(from), let end = time(through)
        else { return nil }
        return StatementPeriod(from: start, through: end)
    }

    /// The first number and the first amount behind words: `收入合计：18笔，共14989.00元`.
    static func count(after word: String, in text: String) -> Int? {
        number(after: word, in: text, unit: "笔").flatMap { Int($0) }
    }

    /// The number that stands directly before its unit, behind a word.
    static func number(after word: String, in text: String, unit: Character) -> String? {
        guard let place = text.firstRange(of: word) else { return nil }
        let rest = text[place.upperBound...]
        guard let end = rest.firstIndex(of: unit) else { return nil }
        let digits = rest[..<end].reversed().prefix { $0.isNumber || "+-.,".contains($0) }.reversed()
        // A comma before the number separates it from another.
        let text = String(digits.drop { $0 == "," })
        return text.isEmpty ? nil : text
    }

    private static func time(_ text: String) -> StatementTime? {
        try? FieldText.dateTime(FieldText.bytes(text), offsetSeconds: StatementTime.china)
    }
}
