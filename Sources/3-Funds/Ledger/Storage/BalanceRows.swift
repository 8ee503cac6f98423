import Store

/// The rows of `ledger_balances`: the totals of each account as of the balances cursor. An account whose totals are all
/// zero has no row.
enum BalanceRows {
    private static let columns = "debits_posted, debits_pending, credits_posted, credits_pending"
    private static let upsert = Prepared(
        """
        INSERT INTO ledger_balances VALUES (?, ?, ?, ?, ?) ON CONFLICT (account) DO UPDATE SET
        debits_posted = excluded.debits_posted, debits_pending = excluded.debits_pending,
        credits_posted = excluded.credits_posted, credits_pending = excluded.credits_pending
        """)
    private static let delete = Prepared("DELETE FROM ledger_balances WHERE account = ?")
    private static let selectOne = Prepared("SELECT \(columns) FROM ledger_balances WHERE account = ?")
    private static let selectRange = Prepared(
        "SELECT account, \(columns) FROM ledger_balances WHERE account >= ? AND account < ?")
    // The low 32 bits of a sum are those of the sum of low 32 bits, which cannot overflow.
    private static let selectImbalance = Prepared(
        """
        SELECT COALESCE(CAST(SUM((debits_posted - credits_posted) & 4294967295) AS BIGINT), 0),
        COALESCE(CAST(SUM((debits_pending - credits_pending) & 4294967295) AS BIGINT), 0) FROM ledger_balances
        """)

    /// Writes totals in the order given, which is that of the table.
    static func write(_ rows: ContiguousArray<(account: Int64, balance: Balance)>, in tx: Transaction) throws {
        let kept = rows.filter { !$0.balance.isZero }
        try tx.execute(each: upsert, count: kept.count) { index, row in
            row.integer(kept[index].account)
            row.integer(kept[index].balance.debitsPosted)
            row.integer(kept[index].balance.debitsPending)
            row.integer(kept[index].balance.creditsPosted)
            row.integer(kept[index].balance.creditsPending)
        }
        let emptied = rows.filter { $0.balance.isZero }
        try tx.execute(each: delete, count: emptied.count) { index, row in row.integer(emptied[index].account) }
    }

    static func find(_ account: Int64, _ reader: any SQLReader) throws -> Balance {
        try reader.first(selectOne, [.integer(account)]) { balance($0, from: 0) } ?? Balance()
    }

    static func forEach(
        from first: Int64, to end: Int64, _ reader: any SQLReader, _ body: (Int64, Balance) throws -> Void
    ) throws {
        try reader.forEach(selectRange, [.integer(first), .integer(end)]) { row in
            try body(row.int64(0), balance(row, from: 1))
        }
    }

    /// Whether debits equal credits over all accounts, as the database sees it.
    static func areBalanced(_ reader: any SQLReader) throws -> Bool {
        try reader.first(selectImbalance, []) { row in
            (row.int64(0) | row.int64(1)) & 0xFFFF_FFFF == 0
        } ?? true
    }

    static func balance(_ row: Row, from column: Int) -> Balance {
        Balance(
            debitsPosted: row.int64(column), debitsPending: row.int64(column + 1),
            creditsPosted: row.int64(column + 2), creditsPending: row.int64(column + 3))
    }
}
