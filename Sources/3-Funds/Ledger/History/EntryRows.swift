import Store

/// One side of a transfer in the history of its account, with the account's totals after it.
struct Entry {
    let account: Int64
    let sequence: Int64
    let side: NormalSide
    let effect: Effect
    var after = Balance()
}

/// The rows of `ledger_entries` and `ledger_references`: the history up to the history cursor.
enum EntryRows {
    private static let totals = "debits_posted, debits_pending, credits_posted, credits_pending"
    private static let insertEntry = Prepared("INSERT INTO ledger_entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
    private static let insertReference = Prepared("INSERT INTO ledger_references VALUES (?, ?)")
    private static let selectTotals = Prepared(
        """
        SELECT \(totals) FROM ledger_entries WHERE account = ? AND sequence <= ? ORDER BY sequence DESC LIMIT 1
        """)
    private static let selectEntries = Prepared(
        """
        SELECT account, sequence, side, amount, held, \(totals) FROM ledger_entries
        WHERE account = ? AND sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ?
        """)
    private static let selectReferences = Prepared(
        "SELECT sequence FROM ledger_references WHERE reference = ? AND sequence > ? ORDER BY sequence LIMIT ?")

    static func insert(_ entries: ContiguousArray<Entry>, in tx: Transaction) throws {
        try tx.execute(each: insertEntry, count: entries.count) { index, row in
            let entry = entries[index]
            row.integer(entry.account)
            row.integer(entry.sequence)
            row.integer(entry.side.rawValue)
            row.integer(entry.effect.amount)
            row.integer(entry.effect.held)
            row.integer(entry.after.debitsPosted)
            row.integer(entry.after.debitsPending)
            row.integer(entry.after.creditsPosted)
            row.integer(entry.after.creditsPending)
        }
    }

    static func insert(_ references: [(reference: String, sequence: Int64)], in tx: Transaction) throws {
        try tx.execute(each: insertReference, count: references.count) { index, row in
            row.text(references[index].reference)
            row.integer(references[index].sequence)
        }
    }

    /// The totals of an account after its last entry up to `sequence`.
    static func totals(of account: Int64, upTo sequence: Int64, _ reader: any SQLReader) throws -> Balance {
        try reader.first(selectTotals, [.integer(account), .integer(sequence)]) {
            BalanceRows.balance($0, from: 0)
        } ?? Balance()
    }

    /// The same of many accounts, in one round trip where there is one; accounts without entries are left out.
    static func totals(of accounts: [Int64], upTo sequence: Int64, _ reader: any SQLReader) throws -> [Int64: Balance] {
        var found: [Int64: Balance] = [:]
        try reader.forEach(
            each: selectTotals, count: accounts.count, values: { [.integer(accounts[$0]), .integer(sequence)] }
        ) { index, row in
            found[accounts[index]] = BalanceRows.balance(row, from: 0)
        }
        return found
    }

    static func entries(
        of account: Int64, after sequence: Int64, to last: Int64, limit: Int, _ reader: any SQLReader
    ) throws -> [Entry] {
        let values: [SQLValue] = [.integer(account), .integer(sequence), .integer(last), .integer(Int64(limit))]
        return try reader.query(selectEntries, values) { row in
            guard let side = NormalSide(rawValue: row.int64(2)) else {
                throw StoreError(.unexpectedValue, "ledger entry \(row.int64(1)) has an unknown side")
            }
            return Entry(
                account: row.int64(0), sequence: row.int64(1), side: side,
                effect: Effect(amount: row.int64(3), held: row.int64(4)), after: BalanceRows.balance(row, from: 5))
        }
    }

    static func sequences(
        of reference: String, after sequence: Int64, limit: Int, _ reader: any SQLReader
    ) throws -> [Int64] {
        try reader.query(selectReferences, [.text(reference), .integer(sequence), .integer(Int64(limit))]) {
            $0.int64(0)
        }
    }
}
