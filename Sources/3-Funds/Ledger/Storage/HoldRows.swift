import Store

/// The rows of `ledger_holds`: every pending transfer and what became of it.
enum HoldRows {
    private static let columns =
        "SELECT sequence, debit, credit, amount, expires_at, state, resolved_by FROM ledger_holds "
    private static let upsert = Prepared(
        """
        INSERT INTO ledger_holds VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sequence) DO UPDATE SET
        state = excluded.state, resolved_by = excluded.resolved_by
        """)
    private static let selectOne = Prepared(columns + "WHERE sequence = ?")
    private static let selectDue = Prepared(
        columns + "WHERE state = 0 AND expires_at <= ? ORDER BY expires_at, sequence LIMIT ?")
    private static let selectNextExpiry = Prepared(
        "SELECT MIN(expires_at) FROM ledger_holds WHERE state = 0 AND expires_at > ?")

    static func write(_ holds: [(sequence: Int64, hold: Hold)], in tx: Transaction) throws {
        try tx.execute(each: upsert, count: holds.count) { index, row in
            let hold = holds[index].hold
            row.integer(holds[index].sequence)
            row.integer(hold.debit)
            row.integer(hold.credit)
            row.integer(hold.amount)
            if let expiresAt = hold.expiresAt { row.integer(expiresAt) } else { row.null() }
            row.integer(hold.state.rawValue)
            if let resolvedBy = hold.resolvedBy { row.integer(resolvedBy) } else { row.null() }
        }
    }

    static func find(_ sequence: Int64, _ reader: any SQLReader) throws -> Hold? {
        try reader.first(selectOne, [.integer(sequence)]) { try hold($0) }
    }

    /// Open holds whose time is over, the oldest first.
    static func due(at now: Int64, limit: Int, _ reader: any SQLReader) throws -> [(sequence: Int64, hold: Hold)] {
        try reader.query(selectDue, [.integer(now), .integer(Int64(limit))]) { ($0.int64(0), try hold($0)) }
    }

    /// When the next open hold expires after `now`; nil when none will.
    static func nextExpiry(after now: Int64, _ reader: any SQLReader) throws -> Int64? {
        try reader.first(selectNextExpiry, [.integer(now)]) { $0.isNull(0) ? nil : $0.int64(0) } ?? nil
    }

    private static func hold(_ row: Row) throws -> Hold {
        guard let state = Hold.State(rawValue: row.int64(5)) else {
            throw StoreError(.unexpectedValue, "ledger hold \(row.int64(0)) has an unknown state")
        }
        return Hold(
            debit: row.int64(1), credit: row.int64(2), amount: row.int64(3),
            expiresAt: row.isNull(4) ? nil : row.int64(4), state: state,
            resolvedBy: row.isNull(6) ? nil : row.int64(6))
    }
}
