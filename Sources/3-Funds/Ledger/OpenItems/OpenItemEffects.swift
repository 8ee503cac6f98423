/// What transfers do to open items, one by one, so that the result does not depend on where a batch began.
struct OpenItemEffects {
    struct Key: Hashable {
        let account: Int64
        let reference: String
    }

    struct Item: Hashable {
        var open: Int64
        var opened: Int64
        var openedAt: Int64
        var moved: Int64
    }

    /// One side of a transfer that moved an amount on a clearing account.
    struct Side {
        let key: Key
        /// Debits are plus, because what a channel holds for us is an asset.
        let delta: Int64
        let sequence: Int64
        let time: Int64
    }

    /// The items that were touched, closed ones with nothing open.
    private(set) var items: [Key: Item] = [:]
    /// The keys in the order in which they were first touched.
    private(set) var keys: [Key] = []

    /// Starts from what the rows say of the keys that `sides` touch; keys without an item are left out of `before`.
    init(_ sides: [Side], before: (_ keys: [Key]) throws -> [Key: Item]) rethrows {
        var seen: Set<Key> = []
        for side in sides where seen.insert(side.key).inserted { keys.append(side.key) }
        guard !keys.isEmpty else { return }
        items = try before(keys)
        for side in sides { apply(side) }
    }

    private mutating func apply(_ side: Side) {
        var item = items[side.key] ?? Item(open: 0, opened: 0, openedAt: 0, moved: 0)
        if item.open == 0 {
            item.opened = side.sequence
            item.openedAt = side.time
        }
        // It cannot leave 64 bits: the account's totals hold it and were checked.
        item.open &+= side.delta
        item.moved = side.sequence
        items[side.key] = item
    }
}

extension LedgerWork {
    /// The sides of the staged transfers that concern clearing accounts, in their order.
    func openItemSides() -> [OpenItemEffects.Side] {
        clearingMoves.flatMap { move in
            let transfer = staged[move.index]
            let sequence = lastSequence + 1 + Int64(move.index)
            func side(_ account: Int64, _ delta: Int64) -> OpenItemEffects.Side {
                OpenItemEffects.Side(
                    key: OpenItemEffects.Key(account: account, reference: transfer.reference), delta: delta,
                    sequence: sequence, time: time)
            }
            var sides: [OpenItemEffects.Side] = []
            if move.debit { sides.append(side(transfer.debit, transfer.effect.amount)) }
            if move.credit { sides.append(side(transfer.credit, 0 - transfer.effect.amount)) }
            return sides
        }
    }
}
