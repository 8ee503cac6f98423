import Store

/// Everything that was appended to the ledger after a known transfer, in one query: where the database is another
/// process, each query is a round trip, and this one stands before every batch that follows another process's.
enum AppendedRows {
    /// How far the ledger has come.
    struct Head {
        let lastSequence: Int64
        let lastKey: Int64
        let foldedTo: Int64
        let historyTo: Int64
    }

    /// What a process that did not write a transfer must know of it.
    struct Transfer {
        let sequence: Int64
        let debit: Int64
        let credit: Int64
        let effect: Effect
        let time: Int64
        /// With a pending transfer: what it holds.
        let hold: Hold?
        /// With a transfer that ends a pending one: which, and how.
        let end: (pending: Int64, state: Hold.State)?
    }

    // Sequences begin at 1, so the row of the head comes first.
    private static let select = Prepared(
        """
        SELECT sequence, debit, credit, amount, held, kind, pending, expires_at, time FROM (
        SELECT 0 AS sequence, COALESCE((SELECT MAX(sequence) FROM ledger_transfers), 0) AS debit,
        COALESCE((SELECT MAX(key) FROM ledger_accounts), 0) AS credit,
        COALESCE((SELECT sequence FROM ledger_cursors WHERE name = 'balances'), 0) AS amount,
        COALESCE((SELECT sequence FROM ledger_cursors WHERE name = 'history'), 0) AS held,
        0 AS kind, 0 AS pending, 0 AS expires_at, 0 AS time
        UNION ALL SELECT sequence, debit, credit, amount, held, kind, pending, expires_at, time FROM (
        SELECT sequence, debit, credit, amount, held, kind, pending, expires_at, time FROM ledger_transfers
        WHERE sequence > ? ORDER BY sequence LIMIT ?) AS appended) AS found ORDER BY sequence
        """)

    /// Calls `head` once, first, then `transfer` for each transfer after `sequence` in its order, up to `limit`.
    static func forEach(
        after sequence: Int64, limit: Int64, _ reader: any SQLReader, head: (Head) -> Void,
        transfer: (Transfer) throws -> Void
    ) throws {
        try reader.forEach(select, [.integer(sequence), .integer(limit)]) { row in
            if row.int64(0) == 0 {
                head(
                    Head(
                        lastSequence: row.int64(1), lastKey: row.int64(2), foldedTo: row.int64(3),
                        historyTo: row.int64(4)))
            } else {
                try transfer(try appended(row))
            }
        }
    }

    private static func appended(_ row: Row) throws -> Transfer {
        guard let kind = PostedTransfer.Kind(rawValue: row.int64(5)) else {
            throw StoreError(.unexpectedValue, "ledger transfer \(row.int64(0)) has an unknown kind")
        }
        let effect = Effect(amount: row.int64(3), held: row.int64(4))
        var hold: Hold?
        if kind == .pending {
            hold = Hold(
                debit: row.int64(1), credit: row.int64(2), amount: effect.held,
                expiresAt: row.isNull(7) ? nil : row.int64(7))
        }
        return Transfer(
            sequence: row.int64(0), debit: row.int64(1), credit: row.int64(2), effect: effect, time: row.int64(8),
            hold: hold, end: kind.ending.map { (row.int64(6), $0) })
    }
}

extension PostedTransfer.Kind {
    /// What a transfer of this kind makes of the pending one that it names; nil when it names none.
    var ending: Hold.State? {
        switch self {
        case .posted, .pending: nil
        case .postPending: .posted
        case .voidPending: .voided
        case .expirePending: .expired
        }
    }
}
