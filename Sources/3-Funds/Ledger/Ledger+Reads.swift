public import Money
public import Runtime
public import Store

/// Reads take a snapshot or a transaction; the latter also sees what its own batch has accepted.
extension Ledger {
    /// The largest page.
    public static let pageLimit = 1_000

    public func account(_ code: String, currency: Currency, in reader: any SQLReader) throws -> Account? {
        try LedgerView(reader).account(code, currency)
    }

    public func account(_ key: AccountKey, in reader: any SQLReader) throws -> Account? {
        try LedgerView(reader).account(key.number)
    }

    /// Accounts in the order of their keys.
    public func accounts(
        after key: AccountKey = AccountKey(0), currency: Currency? = nil, limit: Int = Ledger.pageLimit,
        in reader: any SQLReader
    ) throws -> [Account] {
        try LedgerView(reader).accounts(after: key.number, currency: currency, limit: limit)
    }

    /// The balance of an account now; throws `accountUnknown`.
    public func balance(of code: String, currency: Currency, in reader: any SQLReader) throws -> AccountBalance {
        let view = try LedgerView(reader)
        let account = try require(code, currency, view)
        return AccountBalance(account: account, totals: try view.totals(of: account.key.number))
    }

    /// The balance of an account as it was at `moment`, everything written at that microsecond included.
    public func balance(
        of code: String, currency: Currency, asOf moment: Timestamp, in reader: any SQLReader
    ) throws -> AccountBalance {
        let view = try LedgerView(reader)
        let account = try require(code, currency, view)
        let sequence = try view.sequence(at: moment, inclusive: true)
        return AccountBalance(account: account, totals: try view.totals(of: account.key.number, upTo: sequence))
    }

    public func transfer(_ id: TransferID, in reader: any SQLReader) throws -> PostedTransfer {
        guard let transfer = try LedgerView(reader).transfer(id.sequence) else {
            throw LedgerError(.transferUnknown, transfer: id)
        }
        return transfer
    }

    /// Transfers in the order of writing.
    public func transfers(
        after id: TransferID = TransferID(0), limit: Int = Ledger.pageLimit, in reader: any SQLReader
    ) throws -> [PostedTransfer] {
        try LedgerView(reader).transfers(after: id.sequence, limit: limit)
    }

    /// The transfers that carry a reference, in the order of writing.
    public func transfers(
        reference: String, after id: TransferID = TransferID(0), limit: Int = Ledger.pageLimit,
        in reader: any SQLReader
    ) throws -> [PostedTransfer] {
        try LedgerView(reader).transfers(reference: reference, after: id.sequence, limit: limit)
    }

    /// The statement of an account from `from` (inclusive) to `to` (exclusive), `limit` lines after `cursor`.
    public func statement(
        of code: String, currency: Currency, from: Timestamp? = nil, to: Timestamp? = nil,
        after cursor: TransferID? = nil, limit: Int = Ledger.pageLimit, in reader: any SQLReader
    ) throws -> AccountStatement {
        let view = try LedgerView(reader)
        let account = try require(code, currency, view)
        let first = try from.map { try view.sequence(at: $0, inclusive: false) } ?? 0
        let last = try to.map { try view.sequence(at: $0, inclusive: false) } ?? view.head()
        let start = max(first, cursor?.sequence ?? 0)
        let entries = try view.entries(of: account.key.number, after: start, to: last, limit: limit + 1)
        let page = entries.prefix(limit)
        let opening = try view.totals(of: account.key.number, upTo: start)
        let transfers = try view.transfers(page.map(\.sequence))
        let codes = try view.codes(Set(transfers.values.flatMap { [$0.debit.number, $0.credit.number] }).sorted())
        let lines = try page.map { entry in
            guard let transfer = transfers[entry.sequence] else {
                throw LedgerError(.transferUnknown, transfer: TransferID(entry.sequence))
            }
            let counter = entry.side == .debit ? transfer.credit : transfer.debit
            let counterCode = codes[counter.number] ?? ""
            return AccountStatement.Line(
                transfer: transfer.id, time: transfer.time, side: entry.side,
                amount: Amount(minor: entry.effect.amount, currency),
                held: Amount(minor: entry.effect.held, currency),
                balance: Amount(minor: entry.after.posted(account.normalSide), currency),
                counterAccount: counterCode, code: transfer.code, kind: transfer.kind,
                reference: transfer.reference)
        }
        let closing = page.last?.after ?? opening
        return AccountStatement(
            account: account, opening: Amount(minor: opening.posted(account.normalSide), currency), lines: lines,
            closing: Amount(minor: closing.posted(account.normalSide), currency),
            next: entries.count > limit ? page.last.map { TransferID($0.sequence) } : nil)
    }

    /// The trial balance of every currency, or of one.
    public func trialBalance(currency: Currency? = nil, in reader: any SQLReader) throws -> [TrialBalance] {
        try TrialBalance.read(try LedgerView(reader), currency: currency)
    }

    private func require(_ code: String, _ currency: Currency, _ view: LedgerView) throws -> Account {
        guard let account = try view.account(code, currency) else {
            throw LedgerError(.accountUnknown, account: code, currency: currency)
        }
        return account
    }
}
