package import Contract
internal import Ledger
package import Money
package import Runtime
package import Store

/// A payment that a channel captured at once and whole before anybody asked us, at its first attempt.
package struct CapturedPayment: Sendable {
    package var id: PaymentID
    package var reference: String
    package var channelReference: String
    package var amount: Amount
    package var at: Timestamp

    package init(id: PaymentID, reference: String, channelReference: String, amount: Amount, at: Timestamp) {
        self.id = id
        self.reference = reference
        self.channelReference = channelReference
        self.amount = amount
        self.at = at
    }

    /// The name under which the channel's statement has it.
    package var merchantReference: String { AttemptReference(payment: id, number: 1).text }
}

extension Payments {
    /// Payments that are taken over in one command.
    package static let takenOverAtOnce = 2_000

    /// Books captures of a channel that happened elsewhere, many in one command: the rows, transfers and events that a
    /// capture of each leaves. For large books that no channel was asked for; the fee is not known yet.
    package func takeOver(_ captured: [CapturedPayment], channel: String, in tx: Transaction) throws {
        precondition(captured.count <= Self.takenOverAtOnce, "more payments than one command takes over")
        let policy = try feePolicy(tx)
        for currency in Set(captured.map(\.amount.currency)) {
            try openAccounts(channel: channel, currency: currency, in: tx)
        }
        var transfers: [Transfer] = []
        var payments: [PaymentRecord] = []
        var attempts: [AttemptRecord] = []
        for one in captured {
            let (payment, attempt) = try Self.records(of: one, channel, policy, tx.now)
            transfers += captureTransfers(payment)
            payments.append(payment)
            attempts.append(attempt)
        }
        try PaymentsStorage.insert(payments, in: tx)
        try PaymentsStorage.insert(attempts, in: tx)
        try ledger.post(transfers, in: tx)
        for (payment, attempt) in zip(payments, attempts) {
            let fact = PaymentsEvent.captured(
                payment.captured, channelFee: payment.channelFee, platformFee: payment.platformFee)
            try tell(fact, payment, attempt, in: tx)
        }
    }

    private static func records(
        of one: CapturedPayment, _ channel: String, _ policy: Rate, _ now: Timestamp
    ) throws -> (PaymentRecord, AttemptRecord) {
        var payment = PaymentRecord(
            id: one.id, reference: one.reference, channel: channel, amount: one.amount, captureMode: .automatic,
            now: now)
        payment.captured = one.amount
        payment.platformFee = try PlatformFee.share(of: one.amount, at: policy)
        payment.state = .captured
        payment.attempts = 1
        var attempt = AttemptRecord(payment: payment, number: 1, now: now)
        attempt.state = .captured
        attempt.operation = 1
        attempt.captured = one.amount
        attempt.channelReference = one.channelReference
        attempt.clearingAt = one.at
        return (payment, attempt)
    }

    private func captureTransfers(_ payment: PaymentRecord) -> [Transfer] {
        var transfers = [
            Transfer(
                debit: clearing(payment), credit: "customer_deposits", amount: payment.captured, code: .capture,
                reference: payment.reference)
        ]
        if payment.platformFee.isPositive {
            transfers.append(
                Transfer(
                    debit: "platform_fee", credit: "platform_payable", amount: payment.platformFee,
                    code: .platformFee, reference: payment.reference))
        }
        return transfers
    }
}

extension PaymentsStorage {
    private static let insertCaptured = Prepared(
        """
        INSERT INTO payments (id, reference, channel, currency, amount_minor, captured_minor, refunded_minor,
        refund_reserved_minor, channel_fee_minor, platform_fee_minor, platform_fee_returned_minor, capture_mode, state,
        attempts, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, 0, 0, 0, ?, 0, ?, ?, ?, ?, ?)
        """)

    fileprivate static func insert(_ payments: [PaymentRecord], in tx: Transaction) throws {
        try tx.execute(each: insertCaptured, count: payments.count) { index, row in
            let payment = payments[index]
            row.bytes(payment.id.uuid.bytes)
            row.text(payment.reference)
            row.text(payment.channel)
            row.text(payment.amount.currency.code)
            row.integer(payment.amount.minor)
            row.integer(payment.captured.minor)
            row.integer(payment.platformFee.minor)
            row.text(payment.captureMode.rawValue)
            row.text(payment.state.rawValue)
            row.integer(Int64(payment.attempts))
            row.integer(payment.createdAt.microseconds)
            row.integer(payment.updatedAt.microseconds)
        }
    }

    private static let insertAttempt = Prepared(
        """
        INSERT INTO payment_attempts (payment_id, number, state, wish, operation, captured_minor, fee_minor,
        channel_reference, refusal, questions, updated_at, clearing_at) VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, 0, ?, ?)
        """)

    fileprivate static func insert(_ attempts: [AttemptRecord], in tx: Transaction) throws {
        try tx.execute(each: insertAttempt, count: attempts.count) { index, row in
            let attempt = attempts[index]
            row.bytes(attempt.payment.uuid.bytes)
            row.integer(Int64(attempt.number))
            row.text(attempt.state.rawValue)
            row.text(attempt.wish.rawValue)
            row.integer(Int64(attempt.operation))
            row.integer(attempt.captured.minor)
            row.text(attempt.channelReference)
            row.text(attempt.refusal)
            row.integer(attempt.updatedAt.microseconds)
            if let clearingAt = attempt.clearingAt { row.integer(clearingAt.microseconds) } else { row.null() }
        }
    }
}
