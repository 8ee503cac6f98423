internal import Contract
internal import Money
internal import Runtime
internal import Store

/// SQL of refunds and notices, by name.
enum RefundsStorage {
    private static let columns: SQL = """
        payment_id, id, attempt, amount_minor, currency, state, reason, refusal, questions, next_action_at, created_at,
        updated_at, clearing_at
        """

    static func save(_ refund: RefundRecord, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO payment_refunds (\(columns)) VALUES (\(refund.payment), \(refund.id), \(refund.attempt),
            \(refund.amount.minor), \(refund.amount.currency.code), \(refund.state.rawValue), \(refund.reason),
            \(refund.refusal), \(refund.questions), \(refund.nextActionAt.sqlValue), \(refund.createdAt), \(refund.updatedAt),
            \(refund.clearingAt.sqlValue))
            ON CONFLICT (payment_id, id) DO UPDATE SET state = excluded.state, refusal = excluded.refusal,
            questions = excluded.questions, next_action_at = excluded.next_action_at, updated_at = excluded.updated_at,
            clearing_at = excluded.clearing_at
            """)
    }

    static func refund(
        _ id: PaymentRefundID, of payment: PaymentID, _ reader: any SQLReader
    ) throws -> RefundRecord? {
        try reader.first(
            "SELECT \(columns) FROM payment_refunds WHERE payment_id = \(payment) AND id = \(id)", read)
    }

    static func refunds(
        of payment: PaymentID, after: PaymentRefundID?, limit: Int, _ reader: any SQLReader
    ) throws -> [RefundRecord] {
        let start = after?.uuid.bytes ?? []
        return try reader.query(
            """
            SELECT \(columns) FROM payment_refunds WHERE payment_id = \(payment) AND id > \(start)
            ORDER BY id LIMIT \(limit)
            """, read)
    }

    static func due(of payment: PaymentID, at now: Timestamp, _ reader: any SQLReader) throws -> [RefundRecord] {
        try reader.query(
            """
            SELECT \(columns) FROM payment_refunds
            WHERE payment_id = \(payment) AND next_action_at IS NOT NULL AND next_action_at <= \(now) ORDER BY id
            """, read)
    }

    /// False when this notice was taken before. The row stands or falls with the notice's effect.
    static func claimNotice(_ id: String, channel: String, in tx: Transaction) throws -> Bool {
        try tx.executeCounted(
            """
            INSERT INTO payment_notices (channel, notice_id, received_at) VALUES (\(channel), \(id), \(tx.now))
            ON CONFLICT (channel, notice_id) DO NOTHING
            """) == 1
    }

    private static func read(_ row: Row) throws -> RefundRecord {
        RefundRecord(
            id: try row.get(1), payment: try row.get(0), attempt: try row.get(2),
            amount: Amount(minor: row.int64(3), try Currency(code: row.text(4))),
            state: try StoredWord.read(row.text(5)), reason: row.text(6), refusal: row.text(7),
            questions: try row.get(8), nextActionAt: try row.get(9), createdAt: try row.get(10),
            updatedAt: try row.get(11), clearingAt: try row.get(12))
    }
}
