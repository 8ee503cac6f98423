import Money
import Runtime
import Store

/// The rows of `ledger_accounts`.
enum AccountRows {
    private static let columns = "SELECT key, code, currency, side, limits, opened_at FROM ledger_accounts "
    private static let insertRow = Prepared("INSERT INTO ledger_accounts VALUES (?, ?, ?, ?, ?, ?)")
    private static let selectLast = Prepared("SELECT MAX(key) FROM ledger_accounts")
    private static let selectKey = Prepared("SELECT key FROM ledger_accounts WHERE code = ? AND currency = ?")
    private static let selectOne = Prepared(columns + "WHERE key = ?")
    private static let selectPage = Prepared(columns + "WHERE key > ? ORDER BY key LIMIT ?")
    private static let selectPageOfCurrency = Prepared(columns + "WHERE key > ? AND currency = ? ORDER BY key LIMIT ?")

    private static let selectRules = Prepared(
        "SELECT key, currency, limits, code FROM ledger_accounts WHERE key >= ? AND key < ?")
    // One query for a page: where the database is another process, each is a round trip.
    private static let selectSlots = Prepared(
        """
        SELECT a.key, a.currency, a.limits, COALESCE(b.debits_posted, 0), COALESCE(b.debits_pending, 0),
        COALESCE(b.credits_posted, 0), COALESCE(b.credits_pending, 0),
        COALESCE((SELECT sequence FROM ledger_cursors WHERE name = 'balances'), 0), a.code
        FROM ledger_accounts AS a LEFT JOIN ledger_balances AS b ON b.account = a.key WHERE a.key >= ? AND a.key < ?
        """)

    static func insert(_ accounts: [Account], in tx: Transaction) throws {
        try tx.execute(each: insertRow, count: accounts.count) { index, row in
            let account = accounts[index]
            row.integer(account.key.number)
            row.text(account.code)
            row.text(account.currency.code)
            row.integer(account.normalSide.rawValue)
            row.integer(account.limit.rawValue)
            row.integer(account.openedAt.microseconds)
        }
    }

    /// The highest key; 0 when there is no account.
    static func lastKey(_ reader: any SQLReader) throws -> Int64 {
        try reader.first(selectLast, []) { $0.int64(0) } ?? 0
    }

    static func key(code: String, currency: Currency, _ reader: any SQLReader) throws -> Int64? {
        try reader.first(selectKey, [.text(code), .text(currency.code)]) { $0.int64(0) }
    }

    static func find(_ key: Int64, _ reader: any SQLReader) throws -> Account? {
        try reader.first(selectOne, [.integer(key)], account)
    }

    /// The codes of many accounts, in one round trip where there is one.
    static func codes(_ keys: [Int64], _ reader: any SQLReader) throws -> [Int64: String] {
        var codes: [Int64: String] = [:]
        try reader.forEach(each: selectOne, count: keys.count, values: { [.integer(keys[$0])] }) { index, row in
            codes[keys[index]] = row.text(1)
        }
        return codes
    }

    static func page(
        after key: Int64, currency: Currency?, limit: Int, _ reader: any SQLReader
    ) throws -> [Account] {
        guard let currency else {
            return try reader.query(selectPage, [.integer(key), .integer(Int64(limit))], account)
        }
        return try reader.query(
            selectPageOfCurrency, [.integer(key), .text(currency.code), .integer(Int64(limit))], account)
    }

    /// What a posting must know of each account in a range of keys.
    static func forEachRule(
        from first: Int64, to end: Int64, _ reader: any SQLReader,
        _ body: (Int64, AccountCache.Slot) throws -> Void
    ) throws {
        try reader.forEach(selectRules, [.integer(first), .integer(end)]) { row in
            guard let limit = AccountLimit(rawValue: row.int64(2)) else {
                throw StoreError(.unexpectedValue, "ledger account \(row.int64(0)) has an unknown limit")
            }
            try body(
                row.int64(0),
                AccountCache.Slot(
                    currency: try Currency(code: row.text(1)), limit: limit,
                    isClearing: ChartAccount.isClearing(row.text(3))))
        }
    }

    /// The accounts in a range of keys with the balances of their rows, and how far those rows have followed.
    static func forEachSlot(
        from first: Int64, to end: Int64, _ reader: any SQLReader,
        _ body: (Int64, AccountCache.Slot, _ foldedTo: Int64) throws -> Void
    ) throws {
        try reader.forEach(selectSlots, [.integer(first), .integer(end)]) { row in
            guard let limit = AccountLimit(rawValue: row.int64(2)) else {
                throw StoreError(.unexpectedValue, "ledger account \(row.int64(0)) has an unknown limit")
            }
            let slot = AccountCache.Slot(
                balance: BalanceRows.balance(row, from: 3), currency: try Currency(code: row.text(1)), limit: limit,
                isClearing: ChartAccount.isClearing(row.text(8)))
            try body(row.int64(0), slot, row.int64(7))
        }
    }

    private static func account(_ row: Row) throws -> Account {
        guard let side = NormalSide(rawValue: row.int64(3)), let limit = AccountLimit(rawValue: row.int64(4)) else {
            throw StoreError(.unexpectedValue, "ledger account \(row.int64(0)) has an unknown side or limit")
        }
        return Account(
            key: AccountKey(row.int64(0)), code: row.text(1), currency: try Currency(code: row.text(2)),
            normalSide: side, limit: limit, openedAt: Timestamp(microseconds: row.int64(5)))
    }
}
