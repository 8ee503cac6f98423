internal import Money

/// One pass over one file: accounts, their lines, what they have in the end, and what the bank says went wrong.
final class OfxReading {
    private static let deepest = 64
    /// A line of the specification has about thirty elements.
    private static let mostValues = 200

    private let source: any OfxSource
    private let session: ReadSession
    private let lines: () -> Int
    private var stack: [String] = []
    private var statement = OfxStatement()
    private var transaction: OfxTransaction?
    /// The elements of the aggregate that is gathered: a status, an account, a balance.
    private var gathered: [String: String] = [:]
    private var accounts = 0
    private var hasEnded = false
    private var hasBegun = false
    private var period: (from: StatementTime?, through: StatementTime?)
    /// The last line that belongs to a row, and how many lines rows have.
    private var lastRowLine = 0
    private var rowLines = 0

    /// - Parameter lines: how many lines the file has, asked at its end.
    init(_ source: any OfxSource, _ session: ReadSession, lines: @escaping () -> Int) {
        self.source = source
        self.session = session
        self.lines = lines
    }

    func read() throws {
        while let event = try source.next() {
            switch event {
            case .open(let name): try open(name)
            case .value(let name, let text): try take(name, text)
            case .close(let name): try close(name)
            }
        }
        guard hasBegun else { throw StatementError.malformed("the file has no <OFX>") }
        guard hasEnded else { throw StatementError.truncated("the file ends before </OFX>", line: source.line) }
        guard accounts > 0 else { throw StatementError(.unsupported, "the file holds no statement of an account") }
        if let from = period.from, let through = period.through {
            session.period(StatementPeriod(from: from, through: through))
        }
        session.header(lines: max(0, lines() - rowLines))
    }

    // MARK: Aggregates

    private func open(_ name: String) throws {
        guard stack.count < Self.deepest else {
            throw StatementError.malformed("aggregates nest deeper than \(Self.deepest)", line: source.line)
        }
        stack.append(name)
        switch name {
        case "OFX": hasBegun = true
        case "STMTRS", "CCSTMTRS", "INVSTMTRS":
            statement = OfxStatement()
            statement.isInvestment = name == "INVSTMTRS"
        case "STMTTRN", "STMTTRNP":
            guard transaction == nil else {
                throw StatementError.malformed("a <\(name)> begins within another", line: source.line)
            }
            transaction = OfxTransaction(isPending: name == "STMTTRNP", line: source.line, offset: source.offset)
        case "INVTRAN": statement.trades += 1
        case "STATUS", "BANKACCTFROM", "CCACCTFROM", "INVACCTFROM", "LEDGERBAL", "AVAILBAL": gathered = [:]
        default: break
        }
    }

    private func take(_ name: String, _ text: String) throws {
        let parent = stack.last ?? ""
        if transaction != nil {
            let isOwn = parent == "STMTTRN" || parent == "STMTTRNP"
            try transaction?.take(isOwn ? name : "\(parent).\(name)", text, limit: Self.mostValues)
            return
        }
        switch parent {
        case "STATUS", "BANKACCTFROM", "CCACCTFROM", "INVACCTFROM", "LEDGERBAL", "AVAILBAL":
            if gathered.count < Self.mostValues { gathered[name] = text }
        case "BANKTRANLIST", "INVTRANLIST", "BANKTRANLISTP": span(name, text)
        case "INVBAL" where name == "AVAILCASH": balance(text, nil, .availableClosing)
        default: if name == "CURDEF" { statement.currency = text.uppercased() }
        }
    }

    private func close(_ name: String) throws {
        // Ends that were left out are made up for; an end of nothing that is open is ignored.
        guard let depth = stack.lastIndex(of: name) else { return }
        while stack.count > depth { try end(stack.removeLast(), isMissing: stack.count > depth) }
    }

    private func end(_ name: String, isMissing: Bool) throws {
        switch name {
        case "OFX": hasEnded = true
        case "STATUS": try checkStatus()
        case "BANKACCTFROM", "CCACCTFROM", "INVACCTFROM":
            guard transaction == nil, let account = gathered["ACCTID"], !account.isEmpty else { return }
            accounts += 1
            statement.account = account
            session.account(account)
        case "LEDGERBAL": balance(gathered["BALAMT"], gathered["DTASOF"], .closing)
        case "AVAILBAL": balance(gathered["BALAMT"], gathered["DTASOF"], .availableClosing)
        case "STMTTRN", "STMTTRNP":
            guard !isMissing else {
                throw StatementError.malformed("<\(name)> does not end", line: transaction?.line ?? source.line)
            }
            try finishTransaction()
        case "INVSTMTRS": noteTrades()
        default: break
        }
    }

    // MARK: Values

    /// A bank that answers with an error sends no statement; half an answer is none.
    private func checkStatus() throws {
        let code = gathered["CODE"] ?? ""
        guard gathered["SEVERITY"]?.uppercased() == "ERROR" else { return }
        let message = gathered["MESSAGE"].map { ": \($0)" } ?? ""
        throw StatementError(
            .unsupported, "the bank answered with error \(code) and no statement\(message)", line: source.line)
    }

    private func span(_ name: String, _ text: String) {
        guard let time = try? OfxText.time(text, session.options) else { return }
        if name == "DTSTART", period.from.map({ time.date < $0.date }) ?? true { period.from = time }
        if name == "DTEND", period.through.map({ time.date > $0.date }) ?? true { period.through = time }
    }

    /// A balance that cannot be read is shown as a check that fails: no row is wrong, and the file's word is lost.
    private func balance(_ text: String?, _ asOf: String?, _ kind: StatedBalance.Kind) {
        // An element without a text states nothing.
        guard let text, !text.isEmpty else { return }
        do throws(FieldProblem) {
            let currency = try statement.money(session.options)
            let date = asOf.flatMap { try? OfxText.time($0, session.options).date }
            let minor = try OfxText.decimal(text).roundedMinor(currency)
            session.balance(
                StatedBalance(account: statement.account, kind: kind, currency: currency, minor: minor, date: date))
        } catch {
            session.check(
                "\(kind.rawValue) balance of \(statement.account)", stated: text, found: error.reason, holds: false,
                line: source.line)
        }
    }

    private func finishTransaction() throws {
        guard let finished = transaction else { return }
        transaction = nil
        if statement.isInvestment { statement.cashLines += 1 }
        // Several rows may stand on one line: it is counted once.
        let count = max(0, source.line - max(finished.line, lastRowLine + 1) + 1)
        lastRowLine = max(lastRowLine, source.line)
        rowLines += count
        try session.row(at: finished.line, lines: count) { try finished.row(statement, session.options) }
    }

    /// Trades move securities; their prices are no lines of a cash account and are not read as such.
    private func noteTrades() {
        guard statement.trades > 0 else { return }
        session.check(
            "lines of \(statement.account) that trade securities and are no cash lines", stated: statement.trades,
            found: statement.trades)
    }
}
