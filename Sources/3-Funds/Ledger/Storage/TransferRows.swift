import Runtime
import Store

/// The rows of `ledger_transfers`: append-only, in the order of their sequence.
enum TransferRows {
    private static let columns =
        "SELECT sequence, debit, credit, amount, held, code, kind, pending, expires_at, reference, time "
        + "FROM ledger_transfers "
    private static let insertRow = Prepared("INSERT INTO ledger_transfers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    private static let selectLast = Prepared(
        "SELECT sequence, time FROM ledger_transfers ORDER BY sequence DESC LIMIT 1")
    private static let selectOne = Prepared(columns + "WHERE sequence = ?")
    private static let selectRange = Prepared(
        columns + "WHERE sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ?")
    private static let selectOfAccount = Prepared(
        columns + "WHERE sequence > ? AND sequence <= ? AND (debit = ? OR credit = ?) ORDER BY sequence LIMIT ?")
    private static let selectOfReference = Prepared(
        columns + "WHERE sequence > ? AND reference = ? ORDER BY sequence LIMIT ?")
    private static let selectTime = Prepared("SELECT time FROM ledger_transfers WHERE sequence = ?")
    private static let selectEffects = Prepared(
        "SELECT debit, credit, amount, held FROM ledger_transfers WHERE sequence > ? ORDER BY sequence")
    private static let selectEffectsOfAccount = Prepared(
        """
        SELECT debit, amount, held FROM ledger_transfers
        WHERE sequence > ? AND sequence <= ? AND (debit = ? OR credit = ?)
        """)
    private static let selectChecksum = Prepared(
        """
        SELECT COUNT(*), COALESCE(CAST(SUM(amount & 1073741823) AS BIGINT), 0),
        COALESCE(CAST(SUM(held & 1073741823) AS BIGINT), 0),
        COALESCE(CAST(SUM(debit) AS BIGINT), 0), COALESCE(CAST(SUM(credit) AS BIGINT), 0)
        FROM ledger_transfers WHERE sequence > ?
        """)

    /// What the batch wrote, as counted before the write and as read back after it.
    struct Checksum: Hashable {
        var count: Int64 = 0
        var amount: Int64 = 0
        var held: Int64 = 0
        var debit: Int64 = 0
        var credit: Int64 = 0
    }

    static func insert(
        _ staged: ContiguousArray<StagedTransfer>, after last: Int64, time: Int64, in tx: Transaction
    ) throws -> Checksum {
        var sum = Checksum()
        try tx.execute(each: insertRow, count: staged.count) { index, row in
            let transfer = staged[index]
            row.integer(last + 1 + Int64(index))
            row.integer(transfer.debit)
            row.integer(transfer.credit)
            row.integer(transfer.effect.amount)
            row.integer(transfer.effect.held)
            row.integer(Int64(transfer.code.number))
            row.integer(transfer.kind.rawValue)
            if transfer.pending == 0 { row.null() } else { row.integer(transfer.pending) }
            if let expiresAt = transfer.expiresAt { row.integer(expiresAt) } else { row.null() }
            if transfer.reference.isEmpty { row.null() } else { row.text(transfer.reference) }
            row.integer(time)
            sum.count += 1
            sum.amount += transfer.effect.amount & 1_073_741_823
            sum.held += transfer.effect.held & 1_073_741_823
            sum.debit += transfer.debit
            sum.credit += transfer.credit
        }
        return sum
    }

    static func checksum(after sequence: Int64, _ reader: any SQLReader) throws -> Checksum {
        try reader.first(selectChecksum, [.integer(sequence)]) { row in
            Checksum(
                count: row.int64(0), amount: row.int64(1), held: row.int64(2), debit: row.int64(3),
                credit: row.int64(4))
        } ?? Checksum()
    }

    /// The last transfer's sequence and time; zeros when there is none.
    static func last(_ reader: any SQLReader) throws -> (sequence: Int64, time: Int64) {
        try reader.first(selectLast, []) { ($0.int64(0), $0.int64(1)) } ?? (0, 0)
    }

    static func find(_ sequence: Int64, _ reader: any SQLReader) throws -> PostedTransfer? {
        try reader.first(selectOne, [.integer(sequence)], transfer)
    }

    /// Many transfers by their numbers, in one round trip where there is one; those that are missing are left out.
    static func find(_ sequences: [Int64], _ reader: any SQLReader) throws -> [Int64: PostedTransfer] {
        var found: [Int64: PostedTransfer] = [:]
        found.reserveCapacity(sequences.count)
        try reader.forEach(each: selectOne, count: sequences.count, values: { [.integer(sequences[$0])] }) {
            index, row in
            found[sequences[index]] = try transfer(row)
        }
        return found
    }

    static func time(of sequence: Int64, _ reader: any SQLReader) throws -> Int64? {
        try reader.first(selectTime, [.integer(sequence)]) { $0.int64(0) }
    }

    static func forEach(
        after sequence: Int64, to last: Int64 = .max, limit: Int64 = .max, _ reader: any SQLReader,
        _ body: (PostedTransfer) throws -> Void
    ) throws {
        try reader.forEach(selectRange, [.integer(sequence), .integer(last), .integer(limit)]) { row in
            try body(try transfer(row))
        }
    }

    static func ofAccount(
        _ account: Int64, after sequence: Int64, to last: Int64, limit: Int, _ reader: any SQLReader
    ) throws -> [PostedTransfer] {
        try reader.query(
            selectOfAccount,
            [.integer(sequence), .integer(last), .integer(account), .integer(account), .integer(Int64(limit))],
            transfer)
    }

    static func ofReference(
        _ reference: String, after sequence: Int64, limit: Int, _ reader: any SQLReader
    ) throws -> [PostedTransfer] {
        try reader.query(
            selectOfReference, [.integer(sequence), .text(reference), .integer(Int64(limit))], transfer)
    }

    /// What each transfer after `sequence` did: debit account, credit account, effect.
    static func forEachEffect(
        after sequence: Int64, _ reader: any SQLReader, _ body: (Int64, Int64, Effect) throws -> Void
    ) throws {
        try reader.forEach(selectEffects, [.integer(sequence)]) { row in
            try body(row.int64(0), row.int64(1), Effect(amount: row.int64(2), held: row.int64(3)))
        }
    }

    /// What the transfers after `sequence` and up to `last` did to one account.
    static func totals(
        of account: Int64, after sequence: Int64, to last: Int64, _ reader: any SQLReader
    ) throws -> Balance {
        var balance = Balance()
        let values: [SQLValue] = [.integer(sequence), .integer(last), .integer(account), .integer(account)]
        try reader.forEach(selectEffectsOfAccount, values) { row in
            let effect = Effect(amount: row.int64(1), held: row.int64(2))
            if row.int64(0) == account { balance.debit(effect) } else { balance.credit(effect) }
        }
        return balance
    }

    private static func transfer(_ row: Row) throws -> PostedTransfer {
        guard let kind = PostedTransfer.Kind(rawValue: row.int64(6)),
            let code = UInt16(exactly: row.int64(5))
        else { throw StoreError(.unexpectedValue, "ledger transfer \(row.int64(0)) has an unknown kind or code") }
        return PostedTransfer(
            id: TransferID(row.int64(0)), debit: AccountKey(row.int64(1)), credit: AccountKey(row.int64(2)),
            amountMinor: row.int64(3), heldMinor: row.int64(4), code: TransferCode(code), kind: kind,
            pending: row.isNull(7) ? nil : TransferID(row.int64(7)),
            expiresAt: row.isNull(8) ? nil : Timestamp(microseconds: row.int64(8)),
            reference: row.isNull(9) ? "" : row.text(9), time: Timestamp(microseconds: row.int64(10)))
    }
}
