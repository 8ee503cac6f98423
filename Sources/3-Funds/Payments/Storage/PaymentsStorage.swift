internal import Contract
internal import Money
internal import Runtime
internal import Store

/// SQL of payments and attempts, by name.
enum PaymentsStorage {
    private static let paymentColumns: SQL = """
        id, reference, channel, currency, amount_minor, captured_minor, refunded_minor, refund_reserved_minor,
        channel_fee_minor, platform_fee_minor, platform_fee_returned_minor, capture_mode, state, attempts, created_at,
        updated_at
        """

    static func insert(_ payment: PaymentRecord, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO payments (\(paymentColumns)) VALUES (\(payment.id), \(payment.reference), \(payment.channel),
            \(payment.amount.currency.code), \(payment.amount.minor), 0, 0, 0, 0, 0, 0, \(payment.captureMode.rawValue),
            \(payment.state.rawValue), 0, \(payment.createdAt), \(payment.updatedAt))
            """)
    }

    static func update(_ payment: PaymentRecord, in tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE payments SET captured_minor = \(payment.captured.minor), refunded_minor = \(payment.refunded.minor),
            refund_reserved_minor = \(payment.refundReserved.minor), channel_fee_minor = \(payment.channelFee.minor),
            platform_fee_minor = \(payment.platformFee.minor),
            platform_fee_returned_minor = \(payment.platformFeeReturned.minor), state = \(payment.state.rawValue),
            attempts = \(payment.attempts), updated_at = \(payment.updatedAt) WHERE id = \(payment.id)
            """)
    }

    static func payment(_ id: PaymentID, _ reader: any SQLReader) throws -> PaymentRecord? {
        try reader.first("SELECT \(paymentColumns) FROM payments WHERE id = \(id)", readPayment)
    }

    static func payments(
        reference: String, after: PaymentID?, limit: Int, _ reader: any SQLReader
    ) throws -> [PaymentRecord] {
        let start = after?.uuid.bytes ?? []
        return try reader.query(
            """
            SELECT \(paymentColumns) FROM payments WHERE reference = \(reference) AND id > \(start)
            ORDER BY id LIMIT \(limit)
            """, readPayment)
    }

    private static func readPayment(_ row: Row) throws -> PaymentRecord {
        let currency = try Currency(code: row.text(3))
        var payment = PaymentRecord(
            id: try row.get(0), reference: row.text(1), channel: row.text(2),
            amount: Amount(minor: row.int64(4), currency),
            captureMode: try StoredWord.read(row.text(11)), now: try row.get(14))
        payment.captured = Amount(minor: row.int64(5), currency)
        payment.refunded = Amount(minor: row.int64(6), currency)
        payment.refundReserved = Amount(minor: row.int64(7), currency)
        payment.channelFee = Amount(minor: row.int64(8), currency)
        payment.platformFee = Amount(minor: row.int64(9), currency)
        payment.platformFeeReturned = Amount(minor: row.int64(10), currency)
        payment.state = try StoredWord.read(row.text(12))
        payment.attempts = try row.get(13)
        payment.updatedAt = try row.get(15)
        return payment
    }
}

extension PaymentsStorage {
    private static let attemptColumns: SQL = """
        number, state, wish, operation, capture_operation, capture_minor, captured_minor, hold, fee_minor,
        channel_reference, refusal, questions, next_action_at, sent_at, updated_at, clearing_at
        """

    /// Writes the attempt whether it is new or not.
    static func save(_ attempt: AttemptRecord, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO payment_attempts (payment_id, \(attemptColumns)) VALUES (\(attempt.payment), \(attempt.number),
            \(attempt.state.rawValue), \(attempt.wish.rawValue), \(attempt.operation), \(attempt.captureOperation.sqlValue),
            \((attempt.capture?.minor).sqlValue), \(attempt.captured.minor), \(attempt.hold.sqlValue), \(attempt.fee.minor),
            \(attempt.channelReference), \(attempt.refusal), \(attempt.questions), \(attempt.nextActionAt.sqlValue),
            \(attempt.sentAt.sqlValue), \(attempt.updatedAt), \(attempt.clearingAt.sqlValue))
            ON CONFLICT (payment_id, number) DO UPDATE SET state = excluded.state, wish = excluded.wish,
            operation = excluded.operation, capture_operation = excluded.capture_operation,
            capture_minor = excluded.capture_minor, captured_minor = excluded.captured_minor, hold = excluded.hold,
            fee_minor = excluded.fee_minor, channel_reference = excluded.channel_reference, refusal = excluded.refusal,
            questions = excluded.questions, next_action_at = excluded.next_action_at, sent_at = excluded.sent_at,
            updated_at = excluded.updated_at, clearing_at = excluded.clearing_at
            """)
    }

    static func attempt(_ number: Int, of payment: PaymentRecord, _ reader: any SQLReader) throws -> AttemptRecord? {
        try reader.first(
            """
            SELECT \(attemptColumns) FROM payment_attempts
            WHERE payment_id = \(payment.id) AND number = \(number)
            """
        ) { try readAttempt($0, of: payment) }
    }

    static func attempts(of payment: PaymentRecord, _ reader: any SQLReader) throws -> [AttemptRecord] {
        try reader.query(
            "SELECT \(attemptColumns) FROM payment_attempts WHERE payment_id = \(payment.id) ORDER BY number"
        ) { try readAttempt($0, of: payment) }
    }

    /// The payments of which an attempt or a refund waits for the job, most urgent first.
    static func due(at now: Timestamp, limit: Int, _ reader: any SQLReader) throws -> [PaymentID] {
        let attempts: [PaymentID] = try reader.query(
            """
            SELECT payment_id FROM payment_attempts WHERE next_action_at IS NOT NULL AND next_action_at <= \(now)
            ORDER BY next_action_at LIMIT \(limit)
            """
        ) { try $0.get(0) }
        let refunds: [PaymentID] = try reader.query(
            """
            SELECT payment_id FROM payment_refunds WHERE next_action_at IS NOT NULL AND next_action_at <= \(now)
            ORDER BY next_action_at LIMIT \(limit)
            """
        ) { try $0.get(0) }
        var seen: Set<PaymentID> = []
        return (attempts + refunds).filter { seen.insert($0).inserted }
    }

    private static func readAttempt(_ row: Row, of payment: PaymentRecord) throws -> AttemptRecord {
        let currency = payment.amount.currency
        var attempt = AttemptRecord(payment: payment, number: try row.get(0), now: try row.get(14))
        attempt.state = try StoredWord.read(row.text(1))
        attempt.wish = try StoredWord.read(row.text(2))
        attempt.operation = try row.get(3)
        attempt.captureOperation = try row.get(4)
        attempt.capture = row.isNull(5) ? nil : Amount(minor: row.int64(5), currency)
        attempt.captured = Amount(minor: row.int64(6), currency)
        attempt.hold = try row.get(7)
        attempt.fee = Amount(minor: row.int64(8), currency)
        attempt.channelReference = row.text(9)
        attempt.refusal = row.text(10)
        attempt.questions = try row.get(11)
        attempt.nextActionAt = try row.get(12)
        attempt.sentAt = try row.get(13)
        attempt.clearingAt = try row.get(15)
        return attempt
    }
}

/// Reads a word that we wrote ourselves.
enum StoredWord {
    static func read<Word: RawRepresentable>(_ text: String) throws -> Word where Word.RawValue == String {
        guard let word = Word(rawValue: text) else {
            throw StoreError(.unexpectedValue, "\"\(text)\" is not a \(Word.self)")
        }
        return word
    }
}
