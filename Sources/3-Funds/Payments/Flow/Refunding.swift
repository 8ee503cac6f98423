internal import Contract
internal import Ledger
internal import Money
internal import Runtime
internal import Store

/// Something that happened to a refund.
struct RefundNews: Sendable {
    var event: RefundEvent
    var refusal: String

    init(_ event: RefundEvent, refusal: String = "") {
        self.event = event
        self.refusal = String(refusal.prefix(64))
    }

    init(_ reply: Reply) {
        switch reply {
        case .done: self.init(.succeeded)
        case .failed(.declined(let code)): self.init(.failed, refusal: code)
        case .failed(.unknownOutcome): self.init(.lost)
        case .failed(.refusedBeforeSend): self.init(.notSent)
        }
    }
}

extension Payments {
    /// Reserves the amount, so that no other refund can have it, and records that it is being sent.
    func beginRefund(
        _ id: PaymentID, amount: Amount?, reason: String, in tx: Transaction
    ) throws -> (RefundRecord, Intent) {
        var payment = try existing(id, tx)
        if let amount {
            guard amount.currency == payment.amount.currency else {
                throw PaymentsError(.currencyMismatch, "payment \(id) is in \(payment.amount.currency.code)")
            }
            guard amount.isPositive else {
                throw PaymentsError(.amountNotPositive, "a refund must be more than zero")
            }
        }
        let left = try payment.refundable
        let amount = amount ?? left
        guard amount.isPositive, amount.minor <= left.minor else {
            throw PaymentsError(
                .refundExceedsCaptured,
                "\(amount) cannot be refunded: of \(payment.captured) captured, \(payment.refunded) are refunded and "
                    + "\(payment.refundReserved) are on their way, so \(left) are left",
                state: payment.state.rawValue)
        }
        payment.refundReserved = try payment.refundReserved.adding(amount)
        payment.updatedAt = tx.now
        try PaymentsStorage.update(payment, in: tx)
        var refund = RefundRecord(
            id: tx.newID(), payment: id, attempt: payment.attempts, amount: amount, state: .requested, reason: reason,
            refusal: "", questions: 0, nextActionAt: nil, createdAt: tx.now, updatedAt: tx.now)
        try tell(.refundRequested(refund), payment, in: tx)
        let intent = try sendRefund(&refund, channel: payment.channel, in: tx)
        return (refund, intent)
    }

    /// Sends a refund for the first time or, when the channel never heard of it, once more under the same identifier.
    func sendRefund(_ refund: inout RefundRecord, channel: String, in tx: Transaction) throws -> Intent {
        try move(RefundNews(.send), &refund, now: tx.now)
        try RefundsStorage.save(refund, in: tx)
        return .refund(refund.payment, refund.id, channel: channel, refund.request)
    }

    @discardableResult
    func apply(
        _ news: RefundNews, to id: PaymentRefundID, of paymentID: PaymentID, notice: String = "", in tx: Transaction
    ) throws -> Applied {
        var payment = try existing(paymentID, tx)
        guard var refund = try RefundsStorage.refund(id, of: paymentID, tx) else {
            throw PaymentsError(.refundUnknown, "there is no refund \(id) of payment \(paymentID)")
        }
        guard refund.state.move(on: news.event) != .illegal else {
            try tell(.contradiction(noticeID: notice), payment, in: tx)
            return .contradiction
        }
        guard try move(news, &refund, now: tx.now) else { return .known }
        switch refund.state {
        case .succeeded: try bookRefunded(refund, &payment, in: tx)
        case .failed:
            payment.refundReserved = try payment.refundReserved.subtracting(refund.amount)
            try tell(.refundFailed(refund), payment, in: tx)
        case .unknown: try tell(.refundUnknown(refund), payment, in: tx)
        case .requested, .sent: break
        }
        payment.updatedAt = tx.now
        try RefundsStorage.save(refund, in: tx)
        try PaymentsStorage.update(payment, in: tx)
        return .changed
    }

    @discardableResult
    private func move(_ news: RefundNews, _ refund: inout RefundRecord, now: Timestamp) throws -> Bool {
        guard case .to(let state) = refund.state.move(on: news.event) else { return false }
        refund.state = state
        if state == .succeeded || refund.clearingAt == nil { refund.clearingAt = now }
        refund.refusal = news.refusal
        refund.updatedAt = now
        switch state {
        case .sent: refund.nextActionAt = now.adding(Payments.patience)
        case .requested, .unknown:
            refund.nextActionAt = now.adding(Backoff.delay(afterQuestions: refund.questions))
            refund.questions += 1
        case .succeeded, .failed: refund.nextActionAt = nil
        }
        return true
    }

    private func bookRefunded(_ refund: RefundRecord, _ payment: inout PaymentRecord, in tx: Transaction) throws {
        payment.refundReserved = try payment.refundReserved.subtracting(refund.amount)
        payment.refunded = try payment.refunded.adding(refund.amount)
        let share = try PlatformFee.toReturn(
            fee: payment.platformFee, captured: payment.captured, refunded: payment.refunded,
            returned: payment.platformFeeReturned)
        payment.platformFeeReturned = try payment.platformFeeReturned.adding(share)
        payment.state = .of(
            attempt: .captured, capturedMinor: payment.captured.minor, refundedMinor: payment.refunded.minor)
        var transfers = [
            Transfer(
                debit: "customer_deposits", credit: clearing(payment), amount: refund.amount, code: .refund,
                reference: payment.reference)
        ]
        if share.isPositive {
            transfers.append(
                Transfer(
                    debit: "platform_payable", credit: "platform_fee", amount: share, code: .platformFee,
                    reference: payment.reference))
        }
        try ledger.post(transfers, in: tx)
        try tell(.refunded(refund, platformFeeReturned: share), payment, in: tx)
    }
}
