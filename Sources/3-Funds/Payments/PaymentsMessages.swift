internal import Contract
internal import Money
internal import Runtime
internal import Store

/// Rows as the contract's messages.
extension Payments {
    func message(_ id: PaymentID, _ reader: any SQLReader) throws -> V1Payment {
        try message(try existing(id, reader), reader)
    }

    func message(_ payment: PaymentRecord, _ reader: any SQLReader) throws -> V1Payment {
        var message = V1Payment()
        message.id = payment.id.description
        message.reference = payment.reference
        message.channel = payment.channel
        message.state = payment.state.rawValue
        message.captureMode = payment.captureMode.rawValue
        message.amount = V1Amount(payment.amount)
        message.captured = V1Amount(payment.captured)
        message.refunded = V1Amount(payment.refunded)
        message.refundReserved = V1Amount(payment.refundReserved)
        message.channelFee = V1Amount(payment.channelFee)
        message.platformFee = V1Amount(try payment.platformFee.subtracting(payment.platformFeeReturned))
        message.attempts = try PaymentsStorage.attempts(of: payment, reader).map(V1PaymentAttempt.init)
        message.createdAt = payment.createdAt.rfc3339
        message.updatedAt = payment.updatedAt.rfc3339
        return message
    }
}

extension V1PaymentAttempt {
    init(_ attempt: AttemptRecord) {
        self.init()
        number = Int32(attempt.number)
        state = attempt.state.rawValue
        merchantReference = attempt.reference.text
        channelReference = attempt.channelReference
        captured = V1Amount(attempt.captured)
        refusal = attempt.refusal
        sentAt = attempt.sentAt?.rfc3339 ?? ""
        updatedAt = attempt.updatedAt.rfc3339
    }
}

extension V1PaymentRefund {
    init(_ refund: RefundRecord) {
        self.init()
        id = refund.id.description
        paymentID = refund.payment.description
        state = refund.state.rawValue
        amount = V1Amount(refund.amount)
        reason = refund.reason
        refusal = refund.refusal
        createdAt = refund.createdAt.rfc3339
        updatedAt = refund.updatedAt.rfc3339
    }
}
