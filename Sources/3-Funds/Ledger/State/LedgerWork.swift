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
    /// Transfers of other processes that are followed one by one; after more of them everything is read anew.
    static let followLimit: Int64 = 1 << 17

    var accounts: AccountCache
    var holds: HoldCache
    /// The last transfer that is durable.
    private(set) var lastSequence: Int64
    /// The moment of the running batch; never before that of the batch before it.
    private(set) var time: Int64
    private(set) var staged = ContiguousArray<StagedTransfer>()
    private(set) var opened: [Account] = []
    /// The staged transfers that move an amount on a clearing account, and on which side.
    private(set) var clearingMoves: [(index: Int, debit: Bool, credit: Bool)] = []
    /// How far the history has followed.
    var historyTo: Int64
    private var names: [Name: Int64] = [:]
    private var committedTime: Int64
    private var committedExpiry: Int64?

    /// Reads what is durable: cursors, and the effects of the transfers that are not folded yet.
    init(_ reader: any SQLReader) throws {
        accounts = AccountCache(
            lastKey: try AccountRows.lastKey(reader), foldedTo: try LedgerCursor.balances.read(reader))
        committedExpiry = try HoldRows.nextExpiry(after: .min, reader)
        holds = HoldCache(nextExpiry: committedExpiry)
        let last = try TransferRows.last(reader)
        lastSequence = last.sequence
        time = last.time
        committedTime = last.time
        historyTo = try LedgerCursor.history.read(reader)
        try TransferRows.forEachEffect(after: accounts.foldedTo, reader) { debit, credit, effect in
            accounts.note(effect, debit: debit, credit: credit)
        }
    }

    /// The sequence of the last transfer, staged ones included.
    var head: Int64 { lastSequence + Int64(staged.count) }

    /// How far the balance rows have followed.
    var foldedTo: Int64 { accounts.foldedTo }

    /// Follows what other processes have written, before anything is staged: reads only what was appended. Returns
    /// how many transfers that were, or nil when there are too many and everything must be read anew.
    ///
    /// After a failure the state is half done and must be read anew.
    mutating func follow(_ reader: any SQLReader) throws -> Int64? {
        var isTooFar = false
        var folded = foldedTo
        var lastKey = accounts.lastKey
        let known = lastSequence
        try AppendedRows.forEach(after: known, limit: LedgerWork.followLimit, reader) { head in
            isTooFar = head.lastSequence - known > LedgerWork.followLimit
            (folded, lastKey, historyTo) = (head.foldedTo, head.lastKey, head.historyTo)
            if !isTooFar, folded != accounts.foldedTo, folded >= known { accounts.othersFolded(to: folded) }
        } transfer: { row in
            guard !isTooFar else { return }
            accounts.follow(row.effect, debit: row.debit, credit: row.credit, isFolded: row.sequence <= folded)
            if let hold = row.hold { holds.follow(row.sequence, hold) }
            if let end = row.end { holds.follow(end.pending, endedAs: end.state, by: row.sequence) }
            lastSequence = row.sequence
            committedTime = max(committedTime, row.time)
        }
        guard !isTooFar else { return nil }
        if folded != accounts.foldedTo { try accounts.renote(foldedTo: folded, reader) }
        try accounts.extend(to: lastKey, reader)
        committedExpiry = holds.nextExpiry
        return lastSequence - known
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
        let key = try accounts.open(
            currency: spec.currency, limit: spec.limit, isClearing: ChartAccount.isClearing(spec.code), reader)
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
        let (debit, credit) = (accounts.slots[debitSlot].isClearing, accounts.slots[creditSlot].isClearing)
        if debit || credit, transfer.effect.amount != 0 { clearingMoves.append((staged.count, debit, credit)) }
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
        while let last = clearingMoves.last, last.index >= staged.count { clearingMoves.removeLast() }
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
        clearingMoves.removeAll(keepingCapacity: true)
        holds.committed()
        if names.count > LedgerWork.nameLimit { names = [:] }
    }
}
