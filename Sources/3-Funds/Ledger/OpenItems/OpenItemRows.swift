import Store

/// The rows of `ledger_open_items`: derived from the transfers, and written in the batch that writes those.
enum OpenItemRows {
    private static let columns = "open_minor, opened, opened_at, moved"
    private static let selectOne = Prepared(
        "SELECT \(columns) FROM ledger_open_items WHERE account = ? AND reference = ?")
    private static let selectPage = Prepared(
        """
        SELECT reference, \(columns) FROM ledger_open_items WHERE account = ? AND opened > ? ORDER BY opened LIMIT ?
        """)
    private static let selectSum = Prepared(
        "SELECT COALESCE(CAST(SUM(open_minor) AS BIGINT), 0), COUNT(*) FROM ledger_open_items WHERE account = ?")
    private static let selectClearing = Prepared(
        "SELECT key FROM ledger_accounts WHERE code LIKE 'clearing:%' ORDER BY key")
    private static let upsert = Prepared(
        """
        INSERT INTO ledger_open_items (account, reference, \(columns)) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (account, reference) DO UPDATE SET open_minor = excluded.open_minor, opened = excluded.opened,
        opened_at = excluded.opened_at, moved = excluded.moved
        """)
    private static let delete = Prepared("DELETE FROM ledger_open_items WHERE account = ? AND reference = ?")

    /// Derives all of them from the transfers. An item's life begins after the last transfer that left nothing open.
    static let derive = """
        INSERT INTO ledger_open_items (account, reference, \(columns))
        WITH sides AS (
        SELECT debit AS account, COALESCE(reference, '') AS reference, sequence, time, amount AS delta
        FROM ledger_transfers WHERE amount <> 0
        AND debit IN (SELECT key FROM ledger_accounts WHERE code LIKE 'clearing:%')
        UNION ALL SELECT credit, COALESCE(reference, ''), sequence, time, 0 - amount
        FROM ledger_transfers WHERE amount <> 0
        AND credit IN (SELECT key FROM ledger_accounts WHERE code LIKE 'clearing:%')),
        running AS (
        SELECT account, reference, sequence, time, delta,
        SUM(delta) OVER (PARTITION BY account, reference ORDER BY sequence) AS open FROM sides),
        closed AS (
        SELECT account, reference, MAX(sequence) AS sequence FROM running WHERE open = 0 GROUP BY account, reference)
        SELECT running.account, running.reference, CAST(SUM(running.delta) AS BIGINT), MIN(running.sequence),
        MIN(running.time), MAX(running.sequence) FROM running LEFT JOIN closed
        ON closed.account = running.account AND closed.reference = running.reference
        WHERE running.sequence > COALESCE(closed.sequence, 0) GROUP BY running.account, running.reference
        """

    /// Writes what the staged transfers do; nothing, at no cost, when none concerns a clearing account.
    static func write(_ work: LedgerWork, in tx: Transaction) throws {
        guard !work.clearingMoves.isEmpty else { return }
        let effects = try OpenItemEffects(work.openItemSides()) { try find($0, tx) }
        // In key order, because rows land in the table's order then.
        let keys = effects.keys.sorted { ($0.account, $0.reference) < ($1.account, $1.reference) }
        let open = keys.filter { effects.items[$0]?.open != 0 }
        let closed = keys.filter { effects.items[$0]?.open == 0 }
        try tx.execute(each: upsert, count: open.count) { index, row in
            guard let item = effects.items[open[index]] else { return }
            row.integer(open[index].account)
            row.text(open[index].reference)
            row.integer(item.open)
            row.integer(item.opened)
            row.integer(item.openedAt)
            row.integer(item.moved)
        }
        try tx.execute(each: delete, count: closed.count) { index, row in
            row.integer(closed[index].account)
            row.text(closed[index].reference)
        }
    }

    /// The items of many keys, in one round trip where there is one; closed ones are left out.
    static func find(
        _ keys: [OpenItemEffects.Key], _ reader: any SQLReader
    ) throws -> [OpenItemEffects.Key: OpenItemEffects.Item] {
        var found: [OpenItemEffects.Key: OpenItemEffects.Item] = [:]
        try reader.forEach(
            each: selectOne, count: keys.count,
            values: { [.integer(keys[$0].account), .text(keys[$0].reference)] }
        ) { index, row in
            found[keys[index]] = item(row, from: 0)
        }
        return found
    }

    /// Items of an account that were opened after the transfer `opened`, oldest first.
    static func page(
        _ account: Int64, after opened: Int64, limit: Int, _ reader: any SQLReader
    ) throws -> [(reference: String, item: OpenItemEffects.Item)] {
        try reader.query(selectPage, [.integer(account), .integer(opened), .integer(Int64(limit))]) { row in
            (row.text(0), item(row, from: 1))
        }
    }

    static func total(_ account: Int64, _ reader: any SQLReader) throws -> (open: Int64, count: Int64) {
        try reader.first(selectSum, [.integer(account)]) { ($0.int64(0), $0.int64(1)) } ?? (0, 0)
    }

    static func clearingKeys(_ reader: any SQLReader) throws -> [Int64] {
        try reader.query(selectClearing, []) { $0.int64(0) }
    }

    private static func item(_ row: Row, from column: Int) -> OpenItemEffects.Item {
        OpenItemEffects.Item(
            open: row.int64(column), opened: row.int64(column + 1), openedAt: row.int64(column + 2),
            moved: row.int64(column + 3))
    }
}
