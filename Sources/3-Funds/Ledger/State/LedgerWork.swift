import Money
import Runtime
import Store

/// The book's working state: balances, holds and what the running batch has accepted so far. A value, so that a call
/// on it is checked for exclusive access once and not at every field.
struct LedgerWork {
    struct Name: Hashable {
        let code: String
        let currency: Currency
    }

    /// A place to which the batch can be taken back.
    struct Point {
        var staged = 0
        var holds = 0
        var opened = 0
        var nextExpiry: Int64?
    }

    /// Account codes kept in memory after a commit.
    static let nameLimit = 1 << 17

    var accounts: AccountCache
    var holds: HoldCache
    /// The last transfer that is durable.
    private(set) var lastSequence: Int64
    /// The moment of the running batch; never before that of the batch before it.
    private(set) var time: Int64
    private(set) var staged = ContiguousArray<StagedTransfer>()
    private(set) var opened: [Account] = []
    /// How far the balance rows and the history have followed.
    var foldedTo: Int64
    var historyTo: Int64
    private var names: [Name: Int64] = [:]
    private var committedTime: Int64
    private var committedExpiry: Int64?

    /// Reads what is durable: cursors, and the effects of the transfers that are not folded yet.
    init(_ reader: any SQLReader) throws {
        accounts = AccountCache(lastKey: try AccountRows.lastKey(reader))
        committedExpiry = try HoldRows.nextExpiry(after: .min, reader)
        holds = HoldCache(nextExpiry: committedExpiry)
        let last = try TransferRows.last(reader)
        lastSequence = last.sequence
        time = last.time
        committedTime = last.time
        foldedTo = try LedgerCursor.balances.read(reader)
        historyTo = try LedgerCursor.history.read(reader)
        try TransferRows.forEachEffect(after: foldedTo, reader) { debit, credit, effect in
            accounts.note(effect, debit: debit, credit: credit)
        }
    }

    /// The sequence of the last transfer, staged ones included.
    var head: Int64 { lastSequence + Int64(staged.count) }

    /// True when what is durable is no longer what this state was read from: another process wrote or folded.
    func isStale(_ reader: any SQLReader) throws -> Bool {
        try TransferRows.last(reader).sequence != lastSequence
            || AccountRows.lastKey(reader) != accounts.lastKey
            || LedgerCursor.balances.read(reader) != foldedTo
    }

    mutating func begin(at now: Timestamp) { time = max(committedTime, now.microseconds) }

    // MARK: accounts

    mutating func key(of code: String, _ currency: Currency, _ reader: any SQLReader) throws -> Int64? {
        let name = Name(code: code, currency: currency)
        if let key = names[name] { return key }
        guard let key = try AccountRows.key(code: code, currency: currency, reader) else { return nil }
        names[name] = key
        return key
    }

    mutating func open(_ spec: AccountSpec, _ reader: any SQLReader) throws -> Account {
        let key = try accounts.open(currency: spec.currency, limit: spec.limit, reader)
        let account = Account(
            key: AccountKey(key), code: spec.code, currency: spec.currency, normalSide: spec.normalSide,
            limit: spec.limit, openedAt: Timestamp(microseconds: time))
        opened.append(account)
        names[Name(code: spec.code, currency: spec.currency)] = key
        return account
    }

    func staged(_ key: Int64) -> Account? { opened.first { $0.key.number == key } }

    // MARK: staging

    mutating func stage(_ transfer: StagedTransfer, debitSlot: Int, creditSlot: Int) -> TransferID {
        accounts.apply(
            transfer.effect, debit: transfer.debit, debitSlot: debitSlot, credit: transfer.credit,
            creditSlot: creditSlot)
        staged.append(transfer)
        return TransferID(head)
    }

    func posted(_ index: Int) -> PostedTransfer {
        let transfer = staged[index]
        return PostedTransfer(
            id: TransferID(lastSequence + 1 + Int64(index)), debit: AccountKey(transfer.debit),
            credit: AccountKey(transfer.credit), amountMinor: transfer.effect.amount,
            heldMinor: transfer.effect.held, code: transfer.code, kind: transfer.kind,
            pending: transfer.pending == 0 ? nil : TransferID(transfer.pending),
            expiresAt: transfer.expiresAt.map { Timestamp(microseconds: $0) }, reference: transfer.reference,
            time: Timestamp(microseconds: time))
    }

    // MARK: undoing

    var point: Point {
        Point(staged: staged.count, holds: holds.changeCount, opened: opened.count, nextExpiry: holds.nextExpiry)
    }

    /// Takes back transfers and holds, newest first; opened accounts stay.
    mutating func undoTransfers(to point: Point) {
        while staged.count > point.staged { accounts.revert(staged.removeLast()) }
        holds.undo(to: point.holds)
    }

    mutating func undo(to point: Point) {
        undoTransfers(to: point)
        holds.restore(nextExpiry: point.nextExpiry)
        while opened.count > point.opened {
            let account = opened.removeLast()
            names[Name(code: account.code, currency: account.currency)] = nil
            accounts.closeLast()
        }
    }

    mutating func undoAll() { undo(to: Point(nextExpiry: committedExpiry)) }

    mutating func committed() {
        lastSequence = head
        committedTime = time
        committedExpiry = holds.nextExpiry
        staged.removeAll(keepingCapacity: staged.count <= 65_536)
        opened.removeAll()
        holds.committed()
        if names.count > LedgerWork.nameLimit { names = [:] }
    }
}
