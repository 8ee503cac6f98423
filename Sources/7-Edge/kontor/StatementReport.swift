import Money
import Statements

/// What `kontor statement inspect` found in a file.
struct StatementReport: Encodable {
    /// The words of the verdict on a file.
    enum Verdict: String, Encodable {
        case ok
        /// It contradicts itself.
        case mismatch
        /// It breaks its format or ends too early.
        case malformed
        /// It cannot be opened, or does not prove what it is.
        case refused
    }

    var file: String
    var verdict: Verdict
    var error: Failure?
    var format, name, variant, entry, encoding, period: String?
    var accounts: [String] = []
    var rows = 0
    var bytes: Int64 = 0
    var lines: Lines?
    var totals: [Totals] = []
    var balances: [Balance] = []
    var checks: [Check] = []
    var rejected: [Reject] = []
    var rejectedCount = 0
    var firstRows: [Row] = []
    var seconds: String?
    var megabytesPerSecond: Int?

    private enum CodingKeys: String, CodingKey {
        case file, verdict, error, format, name, variant, entry, encoding, period, accounts, rows, bytes, lines, totals
        case balances, checks, rejected, seconds
        case rejectedCount = "rejected_count"
        case firstRows = "first_rows"
        case megabytesPerSecond = "megabytes_per_second"
    }

    struct Failure: Encodable {
        let code, message: String
        let line: Int?
        let stated, found: String?
        let candidates: [String]
    }

    struct Lines: Encodable {
        let total, rows, headers, comments, trailers, blank, rejected: Int
    }

    struct Totals: Encodable {
        let currency: String
        let rows: Int
        let credit, debit, fee, net: String
        let kinds: [String: Kind]
    }

    struct Kind: Encodable {
        let rows: Int
        let amount: String
    }

    struct Balance: Encodable {
        let account, kind, currency, amount: String
        let date: String?
    }

    struct Check: Encodable {
        let what, stated, found, outcome: String
        let line: Int?
    }

    struct Reject: Encodable {
        let line: Int
        let field, reason: String
    }

    struct Row: Encodable {
        let line: Int
        let offset: Int64
        let channel, kind, status, currency, amount, fee, net: String
        let time, valueDate: String?
        let channelReference, merchantReference, refundReference, originalReference, account, rawStatus,
            description: String

        private enum CodingKeys: String, CodingKey {
            case line, offset, channel, kind, status, currency, amount, fee, net, time, account, description
            case valueDate = "value_date"
            case channelReference = "channel_reference"
            case merchantReference = "merchant_reference"
            case refundReference = "merchant_refund_reference"
            case originalReference = "original_reference"
            case rawStatus = "raw_status"
        }
    }
}

extension StatementReport {
    /// Reads the whole file. A file that is refused is a report too; only what has nothing to do with it throws.
    static func read(
        _ file: String, format: String?, profile: String?, options: ReadOptions, shownRows: Int
    ) throws -> StatementReport {
        var report = StatementReport(file: file, verdict: .ok)
        var first: [StatementRow] = []
        let clock = ContinuousClock()
        let start = clock.now
        do {
            let reader = try profile.map { try StatementProfile.load(path: $0).reader }
            let summary = try Statements.read(.file(file), format: format, reader: reader, options: options) { row in
                if first.count < shownRows { first.append(row) }
            }
            report.fill(summary)
        } catch let failure as StatementError {
            report.fail(failure)
        }
        report.firstRows = first.map(Row.init)
        let taken = clock.now - start
        let milliseconds = taken.components.seconds * 1000 + taken.components.attoseconds / 1_000_000_000_000_000
        report.seconds = "\(milliseconds / 1000).\(String(milliseconds % 1000 + 1000).dropFirst())"
        if milliseconds > 0 { report.megabytesPerSecond = Int(report.bytes / 1000 / milliseconds) }
        return report
    }

    private mutating func fill(_ summary: StatementSummary) {
        format = summary.format
        name = (try? StatementFormats.reader(summary.format))?.format.name
        variant = summary.variant.isEmpty ? nil : summary.variant
        entry = summary.entry
        encoding = summary.encoding
        period = summary.period.map { "\($0.from) … \($0.through)" }
        accounts = summary.accounts
        rows = summary.rows
        bytes = summary.bytes
        lines = Lines(
            total: summary.lines.total, rows: summary.lines.rows, headers: summary.lines.headers,
            comments: summary.lines.comments, trailers: summary.lines.trailers, blank: summary.lines.blank,
            rejected: summary.lines.rejected)
        totals = summary.totals.map(Totals.init)
        balances = summary.balances.map {
            Balance(
                account: $0.account, kind: $0.kind.rawValue, currency: $0.currency.code,
                amount: Amount(minor: $0.minor, $0.currency).decimalText, date: $0.date?.description)
        }
        checks = summary.checks.map {
            Check(
                what: $0.what, stated: $0.stated, found: $0.found,
                outcome: $0.holds ? "holds" : $0.isUnproven ? "unproven" : "fails", line: $0.line)
        }
        rejected = summary.rejected.map { Reject(line: $0.line, field: $0.field, reason: $0.reason) }
        rejectedCount = summary.rejectedCount
        guard let first = summary.checks.first(where: { !$0.holds && !$0.isUnproven }) else { return }
        verdict = .mismatch
        error = Failure(.contradiction(first.what, stated: first.stated, found: first.found, line: first.line))
    }

    private mutating func fail(_ failure: StatementError) {
        error = Failure(failure)
        rejected = failure.rejected.map { Reject(line: $0.line, field: $0.field, reason: $0.reason) }
        rejectedCount = failure.rejected.count
        switch failure.code {
        case .contradiction: verdict = .mismatch
        case .malformed, .truncated, .tooManyRejected, .encoding: verdict = .malformed
        default: verdict = .refused
        }
    }
}

extension StatementReport.Failure {
    init(_ error: StatementError) {
        self.init(
            code: error.code.description, message: error.description, line: error.line, stated: error.stated,
            found: error.found, candidates: error.candidates)
    }
}

extension StatementReport.Totals {
    init(_ totals: CurrencyTotals) {
        func text(_ minor: Int64) -> String { Amount(minor: minor, totals.currency).decimalText }
        self.init(
            currency: totals.currency.code, rows: totals.rows, credit: text(totals.creditMinor),
            debit: text(totals.debitMinor), fee: text(totals.feeMinor), net: text(totals.netMinor),
            kinds: Dictionary(
                uniqueKeysWithValues: totals.kinds.map { kind, total in
                    (kind.rawValue, StatementReport.Kind(rows: total.rows, amount: text(total.amountMinor)))
                }))
    }
}

extension StatementReport.Row {
    init(_ row: StatementRow) {
        func text(_ minor: Int64) -> String { Amount(minor: minor, row.currency).decimalText }
        self.init(
            line: row.line, offset: row.offset, channel: row.channel, kind: row.kind.rawValue,
            status: row.status.rawValue, currency: row.currency.code, amount: text(row.amountMinor),
            fee: row.fineFee?.description ?? text(row.feeMinor), net: text(row.netMinor),
            time: row.time?.description, valueDate: row.valueDate?.description,
            channelReference: row.channelReference, merchantReference: row.merchantReference,
            refundReference: row.merchantRefundReference, originalReference: row.originalReference,
            account: row.account, rawStatus: row.rawStatus, description: row.description)
    }
}
