import Store

/// How far a derived table has followed the transfers.
enum LedgerCursor: String {
    /// `ledger_balances` holds the totals of the transfers up to here.
    case balances
    /// `ledger_entries` and `ledger_references` hold the transfers up to here.
    case history

    private static let select = Prepared("SELECT sequence FROM ledger_cursors WHERE name = ?")
    private static let upsert = Prepared(
        "INSERT INTO ledger_cursors VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET sequence = excluded.sequence")

    func read(_ reader: any SQLReader) throws -> Int64 {
        try reader.first(LedgerCursor.select, [.text(rawValue)]) { $0.int64(0) } ?? 0
    }

    func move(to sequence: Int64, in tx: Transaction) throws {
        try tx.execute(LedgerCursor.upsert, [.text(rawValue), .integer(sequence)])
    }
}
