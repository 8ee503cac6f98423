import Store

/// The history of each account follows the transfers in large runs, sorted by account: written one by one, entries of
/// thousands of accounts would scatter over the whole table.
enum History {
    /// Transfers in one run between two batches: long enough to sort well, short enough to keep nobody waiting.
    static let pieceLimit = 16_384
    /// The same in quiet times when much is to do: a run four times as long writes half as many pages.
    static let quietPieceLimit = 65_536

    static func pieceLimit(lag: Int64) -> Int {
        lag > Int64(quietPieceLimit) ? quietPieceLimit : pieceLimit
    }

    /// Follows with up to `limit` transfers; returns how many are left.
    static func catchUp(_ state: LedgerState, limit: Int, in tx: Transaction) throws -> Int64 {
        // The cursor is read here and not remembered: any process may have moved it, and it moves in the transaction
        // that writes the rows, under the book's lock, so nothing follows twice.
        let start = try LedgerCursor.history.read(tx)
        state.work.historyTo = start
        let last = min(state.work.lastSequence, start + Int64(limit))
        guard last > start else { return 0 }
        try write(after: start, to: last, in: tx)
        try LedgerCursor.history.move(to: last, in: tx)
        state.historyMoves(to: last)
        return state.work.lastSequence - last
    }

    private static func write(after start: Int64, to last: Int64, in tx: Transaction) throws {
        var entries = ContiguousArray<Entry>()
        entries.reserveCapacity(Int(last - start) * 2)
        var references: [(reference: String, sequence: Int64)] = []
        try TransferRows.forEach(after: start, to: last, tx) { transfer in
            let sequence = transfer.id.sequence
            entries.append(
                Entry(account: transfer.debit.number, sequence: sequence, side: .debit, effect: transfer.effect))
            entries.append(
                Entry(account: transfer.credit.number, sequence: sequence, side: .credit, effect: transfer.effect))
            if !transfer.reference.isEmpty { references.append((transfer.reference, sequence)) }
        }
        entries.sort { ($0.account, $0.sequence) < ($1.account, $1.sequence) }
        let before = try EntryRows.totals(of: distinctAccounts(entries), upTo: start, tx)
        var totals = Balance()
        for index in entries.indices {
            if index == 0 || entries[index].account != entries[index - 1].account {
                totals = before[entries[index].account] ?? Balance()
            }
            totals.add(entries[index])
            entries[index].after = totals
        }
        try EntryRows.insert(entries, in: tx)
        references.sort { ($0.reference, $0.sequence) < ($1.reference, $1.sequence) }
        try EntryRows.insert(references, in: tx)
    }

    /// The accounts of entries that are sorted by account.
    private static func distinctAccounts(_ entries: ContiguousArray<Entry>) -> [Int64] {
        var accounts: [Int64] = []
        for entry in entries where entry.account != accounts.last { accounts.append(entry.account) }
        return accounts
    }
}

extension Balance {
    mutating func add(_ entry: Entry) {
        if entry.side == .debit { debit(entry.effect) } else { credit(entry.effect) }
    }
}
