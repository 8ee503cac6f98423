public import Money
public import Store

/// The double-entry ledger of a book: every change of money is a transfer between two accounts.
///
/// Everything here runs inside the caller's transaction and stands or falls with it. What a call accepts is seen by
/// the calls after it in the same batch; it is written once a batch, in bulk.
public struct Ledger: Sendable {
    /// Transfers in one batch.
    public static let batchLimit = 8_000
    public static var migrations: [Migration] { LedgerMigrations.all }

    public init() {}

    // MARK: accounts

    /// Opens an account. Opening the same account again returns it; throws `accountExists` when it differs.
    @discardableResult
    public func openAccount(_ spec: AccountSpec, in tx: Transaction) throws -> Account {
        try spec.validate()
        if let account = try account(spec.code, currency: spec.currency, in: tx) {
            guard account.normalSide == spec.normalSide, account.limit == spec.limit else {
                throw LedgerError(.accountExists, account: spec.code, currency: spec.currency)
            }
            return account
        }
        return try LedgerState.of(tx).work.open(spec, tx)
    }

    /// Opens the standard chart of accounts in a currency; accounts that are open stay as they are.
    public func installChart(currency: Currency, in tx: Transaction) throws {
        for account in ChartAccount.standard { try open(account, currency: currency, in: tx) }
    }

    /// Opens the clearing account of a payment channel and returns its code.
    @discardableResult
    public func openClearing(channel: String, currency: Currency, in tx: Transaction) throws -> String {
        let account = ChartAccount.clearing(channel)
        try open(account, currency: currency, in: tx)
        return account.code
    }

    private func open(_ account: ChartAccount, currency: Currency, in tx: Transaction) throws {
        let state = try LedgerState.of(tx)
        guard try state.work.key(of: account.code, currency, tx) == nil else { return }
        try openAccount(
            AccountSpec(
                code: account.code, currency: currency, normalSide: account.normalSide, limit: account.limit), in: tx)
    }

    // MARK: transfers

    /// Submits up to 8,000 transfers; each has its own outcome, in the order given. A linked transfer stands or falls
    /// with the next one. Throws `batchTooLarge`, or what the store throws; a refusal is an outcome.
    public func submit(_ transfers: [Transfer], in tx: Transaction) throws -> [TransferOutcome] {
        try requireBatch(transfers)
        return try LedgerState.of(tx).work.submit(transfers, in: tx)
    }

    /// Submits transfers that stand or fall together; throws the `LedgerError` of the first that is refused.
    @discardableResult
    public func post(_ transfers: [Transfer], in tx: Transaction) throws -> [TransferID] {
        try requireBatch(transfers)
        return try LedgerState.of(tx).work.post(transfers, in: tx)
    }

    @discardableResult
    public func post(_ transfer: Transfer, in tx: Transaction) throws -> TransferID {
        try LedgerState.of(tx).work.post([transfer], in: tx)[0]
    }

    /// Releases pending transfers whose time is over, up to 1,000; returns how many. Every submission does this first,
    /// so this is for quiet times only.
    @discardableResult
    public func expirePending(in tx: Transaction) throws -> Int {
        try LedgerState.of(tx).work.expireDue(in: tx)
    }

    private func requireBatch(_ transfers: [Transfer]) throws {
        guard transfers.count <= Ledger.batchLimit else {
            throw LedgerError(.batchTooLarge, amountMinor: Int64(transfers.count))
        }
    }

    // MARK: upkeep

    /// Lets history and balance rows follow all that is durable, in pieces between the callers' batches. For quiet
    /// times: reads are right without it, only slower.
    public func settle(_ book: Book) async throws {
        while try await book.housekeeping({ tx in
            let state = try LedgerState.of(tx)
            try state.work.expireDue(in: tx)
            let left = try History.catchUp(state, limit: History.pieceLimit(lag: state.historyLag), in: tx)
            if left == 0 { state.foldSoon() }
            return left > 0
        }) {}
    }

    /// Drops every derived table and derives it again from the transfers; returns when that is done.
    public func rebuild(in tx: Transaction) throws {
        try Rebuild.run(try LedgerState.of(tx), in: tx)
    }
}
