import Contract
import Journal
import Runtime
import Store

/// The ledger's part in a book's batches: it stages in memory, and writes once a batch in bulk.
final class LedgerState: BookState {
    /// The most transfers that may wait to be folded into the balance rows; a restart reads them again.
    static let tailLimit = 1 << 18
    /// Below this many transfers a fold is not worth its rows.
    static let tailMinimum: Int64 = 4_096
    /// Transfers that the history may lag behind before it catches up between batches.
    static let historyLimit: Int64 = 1 << 19
    /// Transfers in one event of the journal.
    static let eventLimit = 8_192

    var work: LedgerWork
    private var marked = LedgerWork.Point()
    private var isCurrent = true
    private var isCatchingUp = false
    private var wantsFold = false
    private var wantsReload = false
    /// Which of the journal's moves by other processes are known here.
    private var seenGeneration: Int
    /// How often the whole state was read, and how many transfers of other processes were followed one by one.
    private(set) var readings = 1
    private(set) var followed: Int64 = 0
    /// What the cursors become when the batch is durable.
    private var foldingTo: Int64?
    private var historyMovesTo: Int64?

    private init(_ tx: Transaction) throws {
        seenGeneration = try tx.journalGeneration()
        work = try LedgerWork(tx)
        work.begin(at: tx.now)
        marked = work.point
    }

    /// The state of the transaction's book, up to date even when another process has written since the last batch.
    static func of(_ tx: Transaction) throws -> LedgerState {
        let state = try tx.state(LedgerState.self) { try LedgerState(tx) }
        try state.refresh(tx)
        return state
    }

    /// Brings the state up to date on its first use in a batch.
    ///
    /// Every transfer and every account is told to the journal in the batch that writes it, so a journal that nobody
    /// else has moved says that nothing is to be read here. What moves without an event, the cursors of balances and
    /// history, is compared where it is used.
    private func refresh(_ tx: Transaction) throws {
        guard !isCurrent else { return }
        let generation = try tx.journalGeneration()
        if wantsReload {
            try reload(tx)
        } else if generation != seenGeneration {
            // Should this fail half way, the next batch reads everything.
            wantsReload = true
            if let count = try work.follow(tx) { followed += count } else { try reload(tx) }
        }
        seenGeneration = generation
        work.begin(at: tx.now)
        marked = work.point
        wantsReload = false
        isCurrent = true
    }

    private func reload(_ tx: Transaction) throws {
        work = try LedgerWork(tx)
        readings += 1
    }

    func mark() {
        marked = work.point
    }

    func undoToMark() {
        work.undo(to: marked)
        wantsFold = false
        historyMovesTo = nil
    }

    func undoAll() {
        work.undoAll()
        marked = work.point
        isCurrent = false
        wantsFold = false
        foldingTo = nil
        historyMovesTo = nil
    }

    func flush(_ tx: Transaction) throws {
        try AccountRows.insert(work.opened, in: tx)
        if !work.staged.isEmpty {
            let written = try TransferRows.insert(work.staged, after: work.lastSequence, time: work.time, in: tx)
            // Asserted twice: each effect went to a debit and a credit account alike, and the rows say so too.
            guard try TransferRows.checksum(after: work.lastSequence, tx) == written else {
                throw StoreError(.database, "the transfers read back are not those that were written")
            }
            try work.holds.write(in: tx)
            try OpenItemRows.write(work, in: tx)
        }
        try LedgerEvents.tell(work, in: tx)
        if isCurrent, wantsFold || isFoldDue { try fold(tx) }
    }

    func committed() {
        work.committed()
        if let foldingTo { work.accounts.folded(to: foldingTo) }
        if let historyMovesTo { work.historyTo = historyMovesTo }
        marked = work.point
        foldingTo = nil
        historyMovesTo = nil
        wantsFold = false
        isCurrent = false
    }

    // MARK: following

    /// A fold writes each changed account once, so it waits until the transfers outnumber them; not for ever, because
    /// a restart reads what is not folded.
    private var isFoldDue: Bool {
        let tail = work.head - work.foldedTo
        let worthwhile = max(LedgerState.tailMinimum, Int64(work.accounts.changedCount) * 4)
        return tail >= min(Int64(LedgerState.tailLimit), worthwhile)
            || work.accounts.slots.count > AccountCache.slotLimit && tail > 0
    }

    private func fold(_ tx: Transaction) throws {
        try BalanceRows.write(try work.accounts.changed(tx), in: tx)
        try LedgerCursor.balances.move(to: work.head, in: tx)
        guard try BalanceRows.areBalanced(tx) else {
            throw StoreError(.database, "the balances read back do not add up to zero")
        }
        foldingTo = work.head
    }

    /// Folds at the end of this batch, whatever the lag.
    func foldSoon() { wantsFold = true }

    /// Forgets what is in memory at the end of this batch, because the rows were written anew.
    func reloadSoon() { wantsReload = true }

    /// The history rows have followed up to here; true once the batch is durable.
    func historyMoves(to sequence: Int64) { historyMovesTo = sequence }

    var historyLag: Int64 { work.lastSequence - work.historyTo }

    var isLagging: Bool {
        if historyLag >= LedgerState.historyLimit { isCatchingUp = true }
        if historyLag <= 0 { isCatchingUp = false }
        return isCatchingUp
    }

    func idle(_ tx: Transaction) throws -> Bool {
        try refresh(tx)
        return try History.catchUp(self, limit: History.pieceLimit, in: tx) > 0
    }
}
