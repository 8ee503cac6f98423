import Money
import Store

/// The balances of the accounts in use, by their dense keys. Loaded a page of neighbours at a time, because one range
/// read costs little more than one row.
struct AccountCache {
    struct Slot {
        var balance = Balance()
        /// Nil when there is no such account.
        var currency: Currency?
        var limit = AccountLimit.none
        var isDirty = false
        /// Its items are kept open until they are settled.
        var isClearing = false
    }

    /// Accounts in a page: a power of two.
    static let pageSize: Int64 = 256
    /// Slots that may stay in memory after a commit, about 40 bytes each; above that the cache is emptied.
    static let slotLimit = 1 << 20

    /// The highest key in use, staged accounts included.
    var lastKey: Int64
    private(set) var slots = ContiguousArray<Slot>()
    /// Accounts whose balances differ from their rows.
    private(set) var dirty = ContiguousArray<Int64>()
    /// The first slot of each page; -1 when it is not loaded.
    private var bases = ContiguousArray<Int32>()
    /// What transfers that are not folded yet did to accounts whose page is not loaded yet.
    private var unfolded: [Int64: Balance] = [:]
    /// The balance rows hold the totals of the transfers up to here, as far as this process knows.
    private(set) var foldedTo: Int64

    init(lastKey: Int64, foldedTo: Int64) {
        self.lastKey = lastKey
        self.foldedTo = foldedTo
    }

    /// The slot of an account, or nil when there is no such account.
    mutating func slot(of key: Int64, _ reader: any SQLReader) throws -> Int? {
        guard key > 0, key <= lastKey else { return nil }
        let index = try place(of: key, reader)
        return slots[index].currency == nil ? nil : index
    }

    /// Adds what a transfer does; the accounts must be loaded.
    mutating func apply(_ effect: Effect, debit: Int64, debitSlot: Int, credit: Int64, creditSlot: Int) {
        slots[debitSlot].balance.debit(effect)
        slots[creditSlot].balance.credit(effect)
        touch(debit, debitSlot)
        touch(credit, creditSlot)
    }

    /// Takes back what a transfer did in this batch.
    mutating func revert(_ transfer: StagedTransfer) {
        let effect = transfer.effect.reversed
        slots[loadedPlace(of: transfer.debit)].balance.debit(effect)
        slots[loadedPlace(of: transfer.credit)].balance.credit(effect)
    }

    /// Makes a place for a new account, the next key after `lastKey`.
    mutating func open(
        currency: Currency, limit: AccountLimit, isClearing: Bool, _ reader: any SQLReader
    ) throws -> Int64 {
        let key = lastKey + 1
        let index = try place(of: key, reader)
        slots[index] = Slot(currency: currency, limit: limit, isClearing: isClearing)
        lastKey = key
        return key
    }

    /// Takes back the last account that was opened.
    mutating func closeLast() {
        slots[loadedPlace(of: lastKey)] = Slot()
        lastKey -= 1
    }

    /// Adds what a transfer did that is durable and not folded, to accounts whose page is not loaded.
    mutating func note(_ effect: Effect, debit: Int64, credit: Int64) {
        if loadedSlot(of: debit) == nil { unfolded[debit, default: Balance()].debit(effect) }
        if loadedSlot(of: credit) == nil { unfolded[credit, default: Balance()].credit(effect) }
    }

    // MARK: other processes

    /// Adds what another process's transfer did; `isFolded` when the balance rows hold it already.
    mutating func follow(_ effect: Effect, debit: Int64, credit: Int64, isFolded: Bool) {
        if let slot = loadedSlot(of: debit) {
            slots[slot].balance.debit(effect)
            if !isFolded { touch(debit, slot) }
        }
        if let slot = loadedSlot(of: credit) {
            slots[slot].balance.credit(effect)
            if !isFolded { touch(credit, slot) }
        }
        if !isFolded { note(effect, debit: debit, credit: credit) }
    }

    /// Another process has folded all that this one knew of: nothing here differs from the rows.
    mutating func othersFolded(to sequence: Int64) {
        for key in dirty { slots[loadedPlace(of: key)].isDirty = false }
        dirty.removeAll(keepingCapacity: true)
        unfolded.removeAll(keepingCapacity: true)
        foldedTo = sequence
    }

    /// Another process has folded a part of what this one knew of. The balances in memory stay right, because they
    /// hold every transfer; what waits for pages that are not loaded is read again.
    mutating func renote(foldedTo sequence: Int64, _ reader: any SQLReader) throws {
        unfolded.removeAll(keepingCapacity: true)
        try TransferRows.forEachEffect(after: sequence, reader) { debit, credit, effect in
            note(effect, debit: debit, credit: credit)
        }
        foldedTo = sequence
    }

    /// Another process has opened accounts, up to `key`.
    mutating func extend(to key: Int64, _ reader: any SQLReader) throws {
        guard key > lastKey else { return }
        let (first, end) = (lastKey + 1, key + 1)
        if (first / AccountCache.pageSize...key / AccountCache.pageSize).contains(where: { isLoaded(Int($0)) }) {
            try AccountRows.forEachRule(from: first, to: end, reader) { key, rule in
                guard let slot = loadedSlot(of: key) else { return }
                slots[slot].currency = rule.currency
                slots[slot].limit = rule.limit
                slots[slot].isClearing = rule.isClearing
            }
        }
        lastKey = key
    }

    /// The balances that must be written for the rows to be up to date, in the order of their keys.
    mutating func changed(_ reader: any SQLReader) throws -> ContiguousArray<(account: Int64, balance: Balance)> {
        for key in unfolded.keys.sorted() { _ = try place(of: key, reader) }
        dirty.sort()
        var rows = ContiguousArray<(account: Int64, balance: Balance)>()
        rows.reserveCapacity(dirty.count)
        for key in dirty { rows.append((key, slots[loadedPlace(of: key)].balance)) }
        return rows
    }

    /// How many accounts the next fold will write, about.
    var changedCount: Int { dirty.count + unfolded.count }

    /// The rows hold every transfer up to `sequence`, which is all there are.
    mutating func folded(to sequence: Int64) {
        foldedTo = sequence
        for key in dirty { slots[loadedPlace(of: key)].isDirty = false }
        dirty.removeAll(keepingCapacity: true)
        if slots.count > AccountCache.slotLimit {
            slots = []
            bases = []
        }
    }

    private mutating func touch(_ key: Int64, _ index: Int) {
        guard !slots[index].isDirty else { return }
        slots[index].isDirty = true
        dirty.append(key)
    }

    private func isLoaded(_ page: Int) -> Bool { page < bases.count && bases[page] >= 0 }

    private func loadedPlace(of key: Int64) -> Int {
        Int(bases[Int(key / AccountCache.pageSize)]) + Int(key % AccountCache.pageSize)
    }

    private func loadedSlot(of key: Int64) -> Int? {
        isLoaded(Int(key / AccountCache.pageSize)) ? loadedPlace(of: key) : nil
    }

    private mutating func place(of key: Int64, _ reader: any SQLReader) throws -> Int {
        let page = Int(key / AccountCache.pageSize)
        if page >= bases.count {
            bases.append(contentsOf: repeatElement(-1, count: page + 1 - bases.count))
        }
        if bases[page] < 0 { try load(page, reader) }
        return Int(bases[page]) + Int(key % AccountCache.pageSize)
    }

    private mutating func load(_ page: Int, _ reader: any SQLReader) throws {
        let first = Int64(page) * AccountCache.pageSize
        let base = slots.count
        slots.append(contentsOf: repeatElement(Slot(), count: Int(AccountCache.pageSize)))
        do {
            var rowsFoldedTo = foldedTo
            try AccountRows.forEachSlot(from: first, to: first + AccountCache.pageSize, reader) { key, slot, folded in
                slots[base + Int(key - first)] = slot
                rowsFoldedTo = folded
            }
            // Another process may have folded without writing a transfer: then the rows hold more than was known.
            if rowsFoldedTo != foldedTo { try renote(foldedTo: rowsFoldedTo, reader) }
        } catch {
            slots.removeLast(slots.count - base)
            throw error
        }
        bases[page] = Int32(base)
        guard !unfolded.isEmpty else { return }
        for key in first..<(first + AccountCache.pageSize) {
            guard let more = unfolded.removeValue(forKey: key) else { continue }
            slots[base + Int(key - first)].balance.add(more)
            touch(key, base + Int(key - first))
        }
    }
}
