import Store

/// Derives every derived table again from the transfers alone.
enum Rebuild {
    private static let statements: [SQL] = [
        "DELETE FROM ledger_balances",
        "DELETE FROM ledger_holds",
        "DELETE FROM ledger_entries",
        "DELETE FROM ledger_references",
        "DELETE FROM ledger_open_items",
        """
        INSERT INTO ledger_balances
        SELECT account, SUM(debits_posted), SUM(debits_pending), SUM(credits_posted), SUM(credits_pending) FROM (
        SELECT debit AS account, amount AS debits_posted, held AS debits_pending, 0 AS credits_posted,
        0 AS credits_pending FROM ledger_transfers
        UNION ALL SELECT credit, 0, 0, amount, held FROM ledger_transfers) AS sides
        GROUP BY account
        HAVING MAX(debits_posted) > 0 OR MAX(credits_posted) > 0 OR SUM(debits_pending) > 0
        OR SUM(credits_pending) > 0
        ORDER BY account
        """,
        // The state of a hold is one less than the kind of the transfer that ended it: see both enums.
        """
        INSERT INTO ledger_holds
        SELECT held.sequence, held.debit, held.credit, held.held, held.expires_at, COALESCE(ended.kind - 1, 0),
        ended.sequence FROM ledger_transfers AS held
        LEFT JOIN (SELECT sequence, kind, pending FROM ledger_transfers WHERE pending IS NOT NULL) AS ended
        ON ended.pending = held.sequence WHERE held.kind = 1 ORDER BY held.sequence
        """
    ]

    static func run(_ state: LedgerState, in tx: Transaction) throws {
        for statement in statements { try tx.execute(statement) }
        try tx.execute(SQL(text: OpenItemRows.derive, values: []))
        try LedgerCursor.balances.move(to: state.work.lastSequence, in: tx)
        try LedgerCursor.history.move(to: 0, in: tx)
        while try History.catchUp(state, limit: 1 << 18, in: tx) > 0 {}
        state.reloadSoon()
    }
}
