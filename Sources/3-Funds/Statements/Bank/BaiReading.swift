internal import Money

/// One pass over one file: records go to the file, the group and the account that they stand in, and each level's
/// trailer is held against what stood in it.
final class BaiReading {
    private let records: BaiRecords
    private let text: BankText
    private let session: ReadSession

    /// What a trailer states of its level: the algebraic sum of all amounts, parts and records.
    private struct Level {
        var sum: Int128 = 0
        var parts = 0
        var records = 0
    }

    private var file: Level?
    private var group: (level: Level, header: BaiGroup)?
    private var account: (level: Level, header: BaiAccount)?
    private var files = 0
    private var period: StatementPeriod?
    /// Records that could not be read: sums over the rest prove nothing.
    private var rejected = 0

    init(records: BaiRecords, text: BankText, session: ReadSession) {
        self.records = records
        self.text = text
        self.session = session
    }

    func read() throws {
        while let record = try records.next() {
            let before = session.summary.rejectedCount
            try take(record)
            rejected += session.summary.rejectedCount - before
        }
        guard files > 0 else { throw StatementError.malformed("the file has no file header (01)") }
        guard file == nil else { throw StatementError.truncated("the file ends before its trailer (99)") }
        if let period { session.period(period) }
    }

    private func take(_ record: BaiRecord) throws {
        count(record)
        do {
            switch record.code {
            case "01": try beginFile(record)
            case "02": try beginGroup(record)
            case "03": try beginAccount(record)
            case "16": return try takeTransaction(record)
            case "49": try endAccount(record)
            case "98": try endGroup(record)
            default: try endFile(record)
            }
        } catch let problem as FieldProblem {
            return try session.reject(
                line: record.line, field: "\(record.code) \(problem.field)", problem.reason, lines: record.lines)
        }
        if ["49", "98", "99"].contains(record.code) {
            session.trailer(lines: record.lines)
        } else {
            session.header(lines: record.lines)
        }
    }

    /// Each level counts the records within it, its own header and trailer among them.
    private func count(_ record: BaiRecord) {
        account?.level.records += record.records
        group?.level.records += record.records
        file?.records += record.records
    }

    // MARK: Headers

    private func beginFile(_ record: BaiRecord) throws {
        guard file == nil else { throw StatementError.truncated("a file has no trailer (99)", line: record.line) }
        var fields = record.fields
        var last: ArraySlice<UInt8> = []
        while let field = fields.next() { last = field }
        // Version 3 (BTRS, ANSI X9.121) has the records and trailers of version 2 and more type codes.
        let version = String(decoding: last, as: UTF8.self)
        guard ["", "2", "3"].contains(version) else {
            throw StatementError(
                .unsupported, "version \(FieldText.shown(last)) of BAI is not read, versions 2 and 3 are",
                line: record.line)
        }
        if version == "3" { session.variant("BTRS 3") }
        files += 1
        file = Level(records: record.records)
    }

    private func beginGroup(_ record: BaiRecord) throws {
        guard file != nil else {
            throw StatementError.malformed("a group (02) stands outside a file", line: record.line)
        }
        guard group == nil else { throw StatementError.truncated("a group has no trailer (98)", line: record.line) }
        group = (Level(records: record.records), BaiGroup(currency: nil, date: nil))
        let header = try BaiGroup(record, text)
        group?.header = header
        guard let date = header.date else { return }
        let day = StatementTime(date: date)
        let from = period.map { $0.from.date < date ? $0.from : day } ?? day
        let through = period.map { $0.through.date > date ? $0.through : day } ?? day
        period = StatementPeriod(from: from, through: through)
    }

    private func beginAccount(_ record: BaiRecord) throws {
        guard let group else {
            throw StatementError.malformed("an account (03) stands outside a group", line: record.line)
        }
        guard account == nil else {
            throw StatementError.truncated("an account has no trailer (49)", line: record.line)
        }
        // Even where the header cannot be read, its transactions belong to it and to no other account.
        account = (Level(records: record.records), BaiAccount(line: record.line))
        let header = try BaiAccount(record, group: group.header, text, session.options)
        account = (Level(sum: header.sum, records: record.records), header)
        header.report(to: session, date: group.header.date)
    }

    // MARK: Transactions

    private func takeTransaction(_ record: BaiRecord) throws {
        guard let (_, header) = account else {
            throw StatementError.malformed("a transaction (16) stands outside an account", line: record.line)
        }
        // A message without money.
        guard let transaction = try BaiTransaction(record, text, header.currency) else {
            return session.comment(lines: record.lines)
        }
        account?.level.sum += Int128(transaction.stated)
        account?.header.add(transaction)
        let date = group?.header.date
        try session.row(
            StatementRow(
                channel: "bank", kind: transaction.kind, currency: header.currency, amountMinor: transaction.amount,
                channelReference: transaction.bankReference, merchantReference: transaction.customerReference,
                account: header.number, rawStatus: transaction.type,
                time: (date ?? transaction.valueDate).map { StatementTime(date: $0) },
                valueDate: transaction.valueDate, description: transaction.text, line: record.line,
                offset: record.offset),
            lines: record.lines)
    }

    // MARK: Trailers

    private func endAccount(_ record: BaiRecord) throws {
        guard let (level, header) = account else {
            throw StatementError.malformed("an account's trailer (49) has no account", line: record.line)
        }
        account = nil
        group?.level.sum += level.sum
        group?.level.parts += 1
        try check("account \(header.number)", level, record, parts: nil)
        if rejected == 0 { header.check(session) }
    }

    private func endGroup(_ record: BaiRecord) throws {
        guard let (level, _) = group else {
            throw StatementError.malformed("a group's trailer (98) has no group", line: record.line)
        }
        guard account == nil else {
            throw StatementError.truncated("an account has no trailer (49)", line: record.line)
        }
        group = nil
        file?.sum += level.sum
        file?.parts += 1
        try check("the group that ends at line \(record.line)", level, record, parts: "accounts")
    }

    private func endFile(_ record: BaiRecord) throws {
        guard let level = file else {
            throw StatementError.malformed("a file's trailer (99) has no file", line: record.line)
        }
        guard group == nil else { throw StatementError.truncated("a group has no trailer (98)", line: record.line) }
        file = nil
        try check("the file", level, record, parts: "groups")
    }

    /// `49,sum,records`, `98,sum,accounts,records`, `99,sum,groups,records`. A sum that is left out states nothing.
    private func check(_ what: String, _ level: Level, _ record: BaiRecord, parts: String?) throws {
        var fields = record.fields
        let sum = fields.next() ?? []
        let partCount = parts == nil ? nil : try number(fields.next(), "parts")
        let recordCount = try number(fields.next(), "records")
        let statedSum = sum.isEmpty ? nil : try BaiFields.amount(sum, "control total")
        guard rejected == 0 else { return }
        if let statedSum {
            session.check(
                "control total of \(what)", stated: String(statedSum), found: String(level.sum), line: record.line)
        }
        if let parts, let partCount {
            session.check("\(parts) of \(what)", stated: partCount, found: level.parts, line: record.line)
        }
        if let recordCount {
            session.check("records of \(what)", stated: recordCount, found: level.records, line: record.line)
        }
    }

    private func number(_ field: ArraySlice<UInt8>?, _ name: String) throws -> Int? {
        guard let field, !field.isEmpty else { return nil }
        do {
            return Int(try FieldText.integer(field))
        } catch {
            throw FieldProblem(error.reason, field: name)
        }
    }
}
