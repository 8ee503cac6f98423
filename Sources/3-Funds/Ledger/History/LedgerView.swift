import Money
import Runtime
import Store

/// The book as a reader sees it: the rows, what they do not follow yet, and, inside a transaction, what its batch has
/// staged. Nobody who reads through it sees where one ends and the other begins.
struct LedgerView {
    let reader: any SQLReader
    private let state: LedgerState?

    init(_ reader: any SQLReader) throws {
        self.reader = reader
        state = try (reader as? Transaction).map { try LedgerState.of($0) }
    }

    /// The last transfer's sequence.
    func head() throws -> Int64 {
        if let state { return state.work.head }
        return try TransferRows.last(reader).sequence
    }

    // MARK: accounts

    func account(_ code: String, _ currency: Currency) throws -> Account? {
        if let state {
            return try state.work.key(of: code, currency, reader).flatMap { try account($0) }
        }
        return try AccountRows.key(code: code, currency: currency, reader).flatMap { try account($0) }
    }

    func account(_ key: Int64) throws -> Account? {
        if let staged = state?.work.staged(key) { return staged }
        return try AccountRows.find(key, reader)
    }

    func accounts(after key: Int64, currency: Currency?, limit: Int) throws -> [Account] {
        var page = try AccountRows.page(after: key, currency: currency, limit: limit, reader)
        if let state, page.count < limit {
            let staged = state.work.opened.filter { account in
                account.key.number > key && (currency.map { $0 == account.currency } ?? true)
            }
            page += staged.prefix(limit - page.count)
        }
        return page
    }

    // MARK: transfers

    func transfer(_ sequence: Int64) throws -> PostedTransfer? {
        if let state, sequence > state.work.lastSequence {
            let index = Int(sequence - state.work.lastSequence) - 1
            return index < state.work.staged.count ? state.work.posted(index) : nil
        }
        return try TransferRows.find(sequence, reader)
    }

    /// Many transfers by their numbers.
    func transfers(_ sequences: [Int64]) throws -> [Int64: PostedTransfer] {
        let durable = state?.work.lastSequence ?? .max
        var found = try TransferRows.find(sequences.filter { $0 <= durable }, reader)
        for sequence in sequences where sequence > durable { found[sequence] = try transfer(sequence) }
        return found
    }

    /// The codes of accounts by their keys.
    func codes(_ keys: [Int64]) throws -> [Int64: String] {
        var codes = try AccountRows.codes(keys, reader)
        for account in state?.work.opened ?? [] { codes[account.key.number] = account.code }
        return codes
    }

    func transfers(after sequence: Int64, limit: Int) throws -> [PostedTransfer] {
        var page: [PostedTransfer] = []
        try TransferRows.forEach(after: sequence, limit: Int64(limit), reader) { page.append($0) }
        page += staged(after: sequence).prefix(limit - page.count)
        return page
    }

    func transfers(reference: String, after sequence: Int64, limit: Int) throws -> [PostedTransfer] {
        let followed = try EntryRows.sequences(of: reference, after: sequence, limit: limit, reader)
        let rows = try TransferRows.find(followed, reader)
        var page = followed.compactMap { rows[$0] }
        if page.count < limit {
            let tail = max(sequence, try LedgerCursor.history.read(reader))
            page += try TransferRows.ofReference(reference, after: tail, limit: limit - page.count, reader)
        }
        page += staged(after: sequence).filter { $0.reference == reference }.prefix(limit - page.count)
        return page
    }

    /// What the batch has staged on a clearing account; nil outside a transaction.
    func stagedSides(of account: Int64) -> [OpenItemEffects.Side]? {
        state?.work.openItemSides().filter { $0.key.account == account }
    }

    private func staged(after sequence: Int64) -> [PostedTransfer] {
        guard let state else { return [] }
        let first = Int(max(0, sequence - state.work.lastSequence))
        return (min(first, state.work.staged.count)..<state.work.staged.count).map(state.work.posted)
    }

    // MARK: totals

    /// The totals of an account now.
    func totals(of account: Int64) throws -> Balance {
        if let state {
            return try state.work.accounts.slot(of: account, reader).map { state.work.accounts.slots[$0].balance }
                ?? Balance()
        }
        var totals = try BalanceRows.find(account, reader)
        let folded = try LedgerCursor.balances.read(reader)
        totals.add(try TransferRows.totals(of: account, after: folded, to: .max, reader))
        return totals
    }

    /// The totals of an account after the transfer `sequence`.
    func totals(of account: Int64, upTo sequence: Int64) throws -> Balance {
        let followed = min(try LedgerCursor.history.read(reader), sequence)
        var totals = try EntryRows.totals(of: account, upTo: followed, reader)
        totals.add(try TransferRows.totals(of: account, after: followed, to: sequence, reader))
        for transfer in staged(after: 0) where transfer.id.sequence <= sequence {
            if transfer.debit.number == account { totals.debit(transfer.effect) }
            if transfer.credit.number == account { totals.credit(transfer.effect) }
        }
        return totals
    }

    /// The last transfer that was written before `moment`, or at it when `inclusive`. Sequences are in the order of
    /// time, so halving finds it in about twenty reads of one row.
    func sequence(at moment: Timestamp, inclusive: Bool) throws -> Int64 {
        var low: Int64 = 0
        var high = try head()
        while low < high {
            let middle = low + (high - low + 1) / 2
            let time = try time(of: middle)
            if inclusive ? time <= moment.microseconds : time < moment.microseconds {
                low = middle
            } else {
                high = middle - 1
            }
        }
        return low
    }

    private func time(of sequence: Int64) throws -> Int64 {
        if let state, sequence > state.work.lastSequence { return state.work.time }
        guard let time = try TransferRows.time(of: sequence, reader) else {
            throw StoreError(.unexpectedValue, "ledger transfer \(sequence) is missing")
        }
        return time
    }

    // MARK: entries

    /// The entries of an account after `sequence` and up to `last`, with the totals after each.
    func entries(of account: Int64, after sequence: Int64, to last: Int64, limit: Int) throws -> [Entry] {
        let followed = try LedgerCursor.history.read(reader)
        var entries = try EntryRows.entries(of: account, after: sequence, to: last, limit: limit, reader)
        guard entries.count < limit, last > followed else { return entries }
        let start = max(sequence, followed)
        var totals = try totals(of: account, upTo: start)
        var tail = try TransferRows.ofAccount(account, after: start, to: last, limit: limit - entries.count, reader)
        tail += staged(after: start).filter { transfer in
            transfer.id.sequence <= last
                && (transfer.debit.number == account || transfer.credit.number == account)
        }
        for transfer in tail.prefix(limit - entries.count) {
            let side: NormalSide = transfer.debit.number == account ? .debit : .credit
            var entry = Entry(
                account: account, sequence: transfer.id.sequence, side: side, effect: transfer.effect)
            totals.add(entry)
            entry.after = totals
            entries.append(entry)
        }
        return entries
    }
}
