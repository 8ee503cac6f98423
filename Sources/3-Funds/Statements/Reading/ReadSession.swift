public import Money

/// What a reader reports to while it reads: it hands rows on, counts lines, sums amounts and keeps the proofs.
///
/// Its memory does not grow with the file. It is used by one thread and lives for one file.
public final class ReadSession {
    public let options: ReadOptions
    public private(set) var summary = StatementSummary()
    private let onRow: (StatementRow) throws -> Void
    /// By currency; most files have one, and the last one is looked at first.
    private var sums: [(currency: Currency, totals: WideTotals)] = []
    /// What `summary.accounts` lists.
    private var accounts: Set<String> = []
    private var current = 0
    /// The first check that failed.
    private var contradiction: StatementCheck?

    init(options: ReadOptions, onRow: @escaping (StatementRow) throws -> Void) {
        self.options = options
        self.onRow = onRow
    }

    // MARK: What a reader tells

    /// Hands a row on. `lines` says how many lines of the file it took.
    public func row(_ row: StatementRow, lines: Int = 1) throws {
        try onRow(row)
        summary.rows += 1
        summary.lines.rows += lines
        if !sums.indices.contains(current) || sums[current].currency != row.currency {
            current = sums.firstIndex { $0.currency == row.currency } ?? sums.count
            if current == sums.count { sums.append((row.currency, WideTotals())) }
        }
        sums[current].totals.add(row)
    }

    /// Runs the code of one row. A `FieldProblem` that it throws makes the line a rejected one.
    public func row(at line: Int, lines: Int = 1, _ build: () throws -> StatementRow) throws {
        let built: StatementRow
        do {
            built = try build()
        } catch let problem as FieldProblem {
            return try reject(line: line, problem, lines: lines)
        }
        try row(built, lines: lines)
    }

    /// Puts a line on the reject list. Throws `tooManyRejected` when there are more than the limit allows.
    public func reject(line: Int, field: String = "", _ reason: String, lines: Int = 1) throws {
        summary.rejectedCount += 1
        summary.lines.rejected += lines
        if summary.rejected.count < max(1, options.limits.maxListedRejects) {
            summary.rejected.append(RejectedLine(line: line, field: field, reason: reason))
        }
        guard summary.rejectedCount > options.limits.maxRejected else { return }
        let place = field.isEmpty ? "" : " \(field)"
        throw StatementError(
            .tooManyRejected,
            "\(summary.rejectedCount) bad line(s), \(options.limits.maxRejected) allowed; line \(line)\(place): \(reason)",
            line: line, rejected: summary.rejected)
    }

    /// The same for a problem of one field.
    public func reject(line: Int, _ problem: FieldProblem, lines: Int = 1) throws {
        try reject(line: line, field: problem.field, problem.reason, lines: lines)
    }

    /// Compares what the file says of itself with what was found; a contradiction is thrown at the end of the file.
    public func check(_ what: String, stated: String, found: String, line: Int? = nil) {
        check(what, stated: stated, found: found, holds: stated == found, line: line)
    }

    /// The same where equality is not that of the texts.
    public func check(_ what: String, stated: String, found: String, holds: Bool, line: Int? = nil) {
        let check = StatementCheck(what: what, stated: stated, found: found, holds: holds, line: line)
        if !holds, contradiction == nil { contradiction = check }
        if summary.checks.count < Self.mostBalances || (!holds && contradiction == check) {
            summary.checks.append(check)
        }
    }

    /// The same for counts.
    public func check(_ what: String, stated: Int, found: Int, line: Int? = nil) {
        check(what, stated: String(stated), found: String(found), line: line)
    }

    /// The same for money.
    public func check(_ what: String, stated: Int64, found: Int64, _ currency: Currency, line: Int? = nil) {
        check(
            what, stated: "\(Digits.decimal(stated, currency)) \(currency)",
            found: "\(Digits.decimal(found, currency)) \(currency)", line: line)
    }

    public func balance(_ balance: StatedBalance) {
        // A file of a million small statements keeps the balances of the first ones; each was checked all the same.
        if summary.balances.count < Self.mostBalances { summary.balances.append(balance) }
    }

    public func account(_ account: String) {
        guard summary.accounts.count < Self.mostBalances, accounts.insert(account).inserted else { return }
        summary.accounts.append(account)
    }

    public func period(_ period: StatementPeriod) { summary.period = period }
    public func variant(_ variant: String) { summary.variant = variant }
    public func header(lines: Int = 1) { summary.lines.headers += lines }
    public func comment(lines: Int = 1) { summary.lines.comments += lines }
    public func trailer(lines: Int = 1) { summary.lines.trailers += lines }
    public func blank(lines: Int = 1) { summary.lines.blank += lines }

    /// More balances, accounts and checks than this are verified but not listed.
    public static let mostBalances = 10_000

    /// Rows and rejected lines: what a count of the file counts.
    public var rowsAndRejects: Int { summary.rows + summary.rejectedCount }

    // MARK: What the façade asks

    func begin(format: StatementFormat, entry: String?, encoding: TextEncoding) {
        summary.format = format.id
        summary.entry = entry
        summary.encoding = encoding.name
    }

    /// The sums of the file; throws `limit` when one does not fit into 64 bits, and the first contradiction. With
    /// rejected lines, which the setting allowed, sums cannot tie: such checks are marked and refuse nothing.
    func finish(bytes: Int64) throws -> StatementSummary {
        summary.bytes = bytes
        summary.totals = try sums.sorted { $0.currency < $1.currency }.map { currency, wide in
            guard let totals = wide.narrow(currency) else {
                throw StatementError(.limit, "the sums in \(currency) do not fit into 64 bits of minor units")
            }
            return totals
        }
        if summary.rejectedCount > 0 {
            for index in summary.checks.indices where !summary.checks[index].holds {
                summary.checks[index].isUnproven = true
            }
        } else if options.refusesContradictions, let first = contradiction {
            throw StatementError.contradiction(
                first.what, stated: first.stated, found: first.found, line: first.line)
        }
        return summary
    }
}

/// Sums wide enough for any number of rows.
private struct WideTotals {
    var rows = 0
    var credit: Int128 = 0
    var debit: Int128 = 0
    var fee: Int128 = 0
    /// One place a kind, in the order of `RowKind.allCases`.
    var kinds = [(rows: Int, amount: Int128)](repeating: (0, 0), count: RowKind.allCases.count)

    mutating func add(_ row: StatementRow) {
        rows += 1
        if row.amountMinor >= 0 { credit += Int128(row.amountMinor) } else { debit += Int128(row.amountMinor) }
        fee += Int128(row.feeMinor)
        kinds[row.kind.place].rows += 1
        kinds[row.kind.place].amount += Int128(row.amountMinor)
    }

    func narrow(_ currency: Currency) -> CurrencyTotals? {
        var totals = CurrencyTotals(currency)
        guard let credit64 = Int64(exactly: credit), let debit64 = Int64(exactly: debit),
            let fee64 = Int64(exactly: fee), let net64 = Int64(exactly: credit + debit - fee)
        else { return nil }
        totals.rows = rows
        totals.creditMinor = credit64
        totals.debitMinor = debit64
        totals.feeMinor = fee64
        totals.netMinor = net64
        for (kind, sum) in zip(RowKind.allCases, kinds) where sum.rows > 0 {
            guard let amount = Int64(exactly: sum.amount) else { return nil }
            var total = KindTotal()
            total.rows = sum.rows
            total.amountMinor = amount
            totals.kinds[kind] = total
        }
        return totals
    }
}
