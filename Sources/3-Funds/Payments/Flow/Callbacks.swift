internal import Money
internal import Runtime
internal import Store

/// What came of a callback.
enum CallbackOutcome: Sendable {
    case applied, known, duplicate, contradiction
    case refused(String)

    init(_ applied: Applied) {
        switch applied {
        case .changed: self = .applied
        case .known: self = .known
        case .contradiction: self = .contradiction
        }
    }
}

extension Payments {
    /// Takes a notice whose signature was checked. The notice's number and its effect are written together: a notice that
    /// could not be applied because something broke is not taken for known when it comes again.
    func take(_ notice: ChannelNotice, channel: String, in tx: Transaction) throws -> CallbackOutcome {
        guard let reference = AttemptReference(notice.merchantReference),
            let payment = try PaymentsStorage.payment(reference.payment, tx), payment.channel == channel,
            reference.number <= payment.attempts
        else {
            try tellRefused(channel: channel, reason: "unknown_reference", notice: notice.id, in: tx)
            return .refused("unknown_reference")
        }
        guard try RefundsStorage.claimNotice(notice.id, channel: channel, in: tx) else { return .duplicate }
        switch notice.kind {
        case .refundSucceeded(let text, let amount):
            guard let refund = try refund(text, of: payment, tx) else {
                try tellRefused(channel: channel, reason: "unknown_reference", notice: notice.id, in: tx)
                return .refused("unknown_reference")
            }
            guard refund.amount == amount else {
                try tell(.contradiction(noticeID: notice.id), payment, in: tx)
                return .contradiction
            }
            return CallbackOutcome(
                try apply(RefundNews(.succeeded), to: refund.id, of: payment.id, notice: notice.id, in: tx))
        case .refundFailed(let text, let code):
            guard let refund = try refund(text, of: payment, tx) else {
                try tellRefused(channel: channel, reason: "unknown_reference", notice: notice.id, in: tx)
                return .refused("unknown_reference")
            }
            return CallbackOutcome(
                try apply(
                    RefundNews(.failed, refusal: code), to: refund.id, of: payment.id, notice: notice.id, in: tx))
        default:
            return CallbackOutcome(try apply(news(notice), to: reference, notice: notice.id, in: tx))
        }
    }

    private func refund(
        _ text: String, of payment: PaymentRecord, _ tx: Transaction
    ) throws -> RefundRecord? {
        guard let id = PaymentRefundID(text) else { return nil }
        return try RefundsStorage.refund(id, of: payment.id, tx)
    }

    private func news(_ notice: ChannelNotice) -> AttemptNews {
        let reference = notice.channelReference
        return switch notice.kind {
        case .authorised: AttemptNews(.authorised, channelReference: reference)
        case .captured(let amount):
            AttemptNews(.captured, captured: amount, channelReference: reference, feeTotal: notice.feeTotal)
        case .voided: AttemptNews(.voided, channelReference: reference)
        case .expired: AttemptNews(.expired, channelReference: reference)
        case .declined(let code): AttemptNews(.declined, channelReference: reference, refusal: code)
        // Refunds go their own way before.
        case .refundSucceeded, .refundFailed: AttemptNews(.authorised, channelReference: reference)
        }
    }
}
