internal import Money

/// PayPal's settlement report (STL) of every version: rows of a report, a file, sections of one account each, and in
/// them column names, transactions, footers a currency, and counts.
///
/// Amounts are unsigned whole numbers of the smallest unit; `CR` and `DR` beside them say which way money went. Every
/// footer and count that a file holds is checked. Totals of the whole report (`RF`, `RC`) prove something only where
/// the report is one file.
///
/// Source: https://developer.paypal.com/docs/reports/sftp-reports/settlement-report
struct PayPalSettlementReader: StatementReader {
    let format = StatementFormat(id: "paypal-stl", name: "PayPal settlement report (STL)", channel: "paypal")

    func recognise(_ probe: Probe) -> Recognition {
        let lines = probe.lines.filter { !$0.allSatisfy(\.isWhitespace) }.prefix(3)
        let tags = lines.map { $0.filter { $0 != "\"" && $0 != "\u{FEFF}" }.prefix(3) }
        guard tags.count >= 2, tags[0].hasPrefix("RH"), tags[1].hasPrefix("FH") else { return .no }
        return tags[0].dropFirst(2).first.map { $0 == "," || $0 == "\t" || $0 == ";" } ?? false ? .yes : .no
    }

    func read(_ input: StatementInput, _ session: ReadSession) throws {
        let records = try input.records(input.tableDialect)
        let report = PayPalReport(session: session, decoder: try input.decoder())
        while let record = try records.next() {
            if record.isEmpty {
                session.blank(lines: record.lines)
            } else {
                try report.take(record)
            }
        }
        try report.finish()
    }
}

/// One pass over a report.
final class PayPalReport {
    let session: ReadSession
    private let decoder: TextDecoder
    private var section: PayPalSection?
    private var fileNumber: Int?
    private var openFiles = 0
    private var records = 0
    private var lines = 0
    private var total = PayPalSums()
    private var lastLine = 0
    private var hasReportHeader = false

    init(session: ReadSession, decoder: TextDecoder) {
        self.session = session
        self.decoder = decoder
    }

    func take(_ record: CSVRecord) throws {
        lastLine = record.line
        lines += 1
        switch String(decoding: record.bytes(0), as: UTF8.self) {
        case "RH": try reportHeader(record)
        case "FH": try fileHeader(record)
        case "SH": try sectionHeader(record)
        case "CH": try columns(record)
        case "SB": try body(record)
        case "SF": try sectionFooter(record)
        case "SC": try sectionCount(record)
        case "RF": try reportFooter(record)
        case "RC": try reportCount(record)
        case "FF": try fileFooter(record)
        case let tag:
            try session.reject(
                line: record.line, "begins with \"\(tag.prefix(8))\", which is no row of a report", lines: record.lines)
        }
    }

    func finish() throws {
        guard hasReportHeader else { throw StatementError.malformed("the report has no RH row") }
        guard section == nil else {
            throw StatementError.truncated("the last section has no record count (SC)", line: lastLine)
        }
        guard openFiles == 0 else { throw StatementError.truncated("the file has no footer (FF)", line: lastLine) }
    }

    // MARK: Headers

    private func reportHeader(_ record: CSVRecord) throws {
        hasReportHeader = true
        session.header(lines: record.lines)
        let version = try text(record, 4)
        if !version.isEmpty { session.variant("version \(Int(version).map(String.init) ?? version)") }
    }

    private func fileHeader(_ record: CSVRecord) throws {
        session.header(lines: record.lines)
        openFiles += 1
        fileNumber = Int(try text(record, 1))
    }

    private func sectionHeader(_ record: CSVRecord) throws {
        guard section == nil else {
            throw StatementError.truncated(
                "a section begins before the last one's record count (SC)", line: record.line)
        }
        session.header(lines: record.lines)
        let account = try text(record, 3)
        if !account.isEmpty { session.account(account) }
        section = PayPalSection(account: account)
        if let from = try? time(record, 1), let through = try? time(record, 2) {
            session.period(StatementPeriod(from: from, through: through))
        }
    }

    private func columns(_ record: CSVRecord) throws {
        guard let section else {
            throw StatementError.malformed("column names stand outside a section", line: record.line)
        }
        session.header(lines: record.lines)
        do {
            let columns = try PayPalColumns(record, decoder)
            // A section may be split over files of one report, each with the names again.
            self.section?.columns = columns
        } catch {
            throw StatementError.malformed("\(section.account): \(error.reason)", line: record.line)
        }
    }

    // MARK: Transactions

    private func body(_ record: CSVRecord) throws {
        guard let columns = section?.columns, let account = section?.account else {
            throw StatementError.malformed("a transaction stands before its section's column names", line: record.line)
        }
        records += 1
        section?.records += 1
        do {
            let read = try columns.read(record, decoder, account: account)
            section?.sums.add(read)
            total.add(read)
            for (index, row) in read.rows.enumerated() {
                try session.row(row, lines: index == 0 ? record.lines : 0)
            }
        } catch let problem as FieldProblem {
            section?.rejected += 1
            try session.reject(line: record.line, problem, lines: record.lines)
        }
    }

    // MARK: Footers

    private func sectionFooter(_ record: CSVRecord) throws {
        guard let section else {
            throw StatementError.malformed("a footer stands outside a section", line: record.line)
        }
        session.trailer(lines: record.lines)
        let footer = try footer(record)
        self.section?.footers.insert(footer.currency)
        guard section.rejected == 0 else { return }
        compare(footer, section.sums, "of \(section.account)", record.line)
        for balance in footer.stated(section.account) { session.balance(balance) }
        guard let opening = footer.opening, let closing = footer.closing else { return }
        let net = section.sums.net(footer.currency)
        // Money that is held moves between what is available and what is payable; the two together always tie.
        let payable = Int128(footer.payableClosing ?? 0) - Int128(footer.payableOpening ?? 0)
        let found = Int128(opening) + net
        let holds = found == Int128(closing) || found == Int128(closing) + payable
        session.check(
            "ending available balance of \(section.account)",
            stated: "\(Digits.decimal(closing, footer.currency)) \(footer.currency)",
            found: "\(Digits.decimal(found, footer.currency)) \(footer.currency)", holds: holds, line: record.line)
    }

    private func sectionCount(_ record: CSVRecord) throws {
        guard let section else { throw StatementError.malformed("a count stands outside a section", line: record.line) }
        session.trailer(lines: record.lines)
        session.check(
            "records of the section of \(section.account) (SC)", stated: try count(record), found: section.records,
            line: record.line)
        for currency in section.sums.currencies where !section.footers.contains(currency) && section.rejected == 0 {
            session.check(
                "footer (SF) of \(section.account) in \(currency)", stated: "none",
                found: "transactions in \(currency)", holds: false, line: record.line)
        }
        self.section = nil
    }

    private func reportFooter(_ record: CSVRecord) throws {
        session.trailer(lines: record.lines)
        guard isWhole, session.summary.rejectedCount == 0 else { return }
        compare(try footer(record), total, "of the report", record.line)
    }

    private func reportCount(_ record: CSVRecord) throws {
        session.trailer(lines: record.lines)
        guard isWhole else { return }
        session.check("records of the report (RC)", stated: try count(record), found: records, line: record.line)
    }

    /// The footer of a file counts its transactions, or its rows: sources disagree, and either is proof.
    private func fileFooter(_ record: CSVRecord) throws {
        session.trailer(lines: record.lines)
        openFiles -= 1
        guard record.count > 1, !record.bytes(1).isEmpty else { return }
        let stated = try count(record)
        let holds = [records, lines, lines - 1].contains(stated)
        session.check(
            "records of the file (FF)", stated: String(stated), found: String(records), holds: holds, line: record.line)
    }

    /// Whether all of the report is in this file: its first file, with the totals that only the last one has.
    private var isWhole: Bool { fileNumber == nil || fileNumber == 0 || fileNumber == 1 }

    private func compare(_ footer: PayPalFooter, _ sums: PayPalSums, _ whose: String, _ line: Int) {
        let found = sums[footer.currency]
        let pairs: [(String, Int64, Int128)] = [
            ("gross credits", footer.grossCredits, found.grossCredits),
            ("gross debits", footer.grossDebits, found.grossDebits),
            ("fee credits", footer.feeCredits, found.feeCredits), ("fee debits", footer.feeDebits, found.feeDebits)
        ]
        for (what, stated, sum) in pairs {
            session.check(
                "\(what) \(whose)", stated: "\(Digits.decimal(stated, footer.currency)) \(footer.currency)",
                found: "\(Digits.decimal(sum, footer.currency)) \(footer.currency)", line: line)
        }
    }

    // MARK: Fields

    private func footer(_ record: CSVRecord) throws -> PayPalFooter {
        do {
            return try PayPalFooter(record, decoder)
        } catch {
            throw StatementError.malformed("footer: \(error.field) \(error.reason)", line: record.line)
        }
    }

    private func count(_ record: CSVRecord) throws -> Int {
        guard record.count > 1 else { throw StatementError.malformed("the record count is missing", line: record.line) }
        do {
            return Int(try FieldText.integer(record.bytes(1)))
        } catch {
            throw StatementError.malformed("the record count \(error.reason)", line: record.line)
        }
    }

    private func text(_ record: CSVRecord, _ place: Int) throws -> String {
        guard place < record.count else { return "" }
        do {
            return try decoder.string(record.bytes(place))
        } catch {
            throw StatementError.malformed(error.reason, line: record.line)
        }
    }

    private func time(_ record: CSVRecord, _ place: Int) throws(FieldProblem) -> StatementTime {
        guard place < record.count else { throw FieldProblem("is missing") }
        return try PayPalText.time(record.bytes(place))
    }
}
