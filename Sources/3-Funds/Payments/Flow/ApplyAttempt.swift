internal import Ledger
internal import Money
internal import Runtime
internal import Store

/// Something that happened to an attempt, from an answer, a notice or a query.
struct AttemptNews: Sendable {
    var event: AttemptEvent
    var captured: Amount?
    var channelReference: String
    var feeTotal: Amount?
    var refusal: String

    init(
        _ event: AttemptEvent, captured: Amount? = nil, channelReference: String = "", feeTotal: Amount? = nil,
        refusal: String = ""
    ) {
        self.event = event
        self.captured = captured
        self.channelReference = channelReference
        self.feeTotal = feeTotal
        // The code is the channel's, so its length is not ours to trust.
        self.refusal = String(refusal.prefix(64))
    }
}

enum Applied: Sendable {
    case changed, known
    case contradiction
}

extension Payments {
    /// Applies news from outside. News that contradicts what we know is told in the journal and changes nothing.
    @discardableResult
    func apply(
        _ news: AttemptNews, to reference: AttemptReference, notice: String = "", in tx: Transaction
    ) throws -> Applied {
        var payment = try existing(reference.payment, tx)
        guard var attempt = try PaymentsStorage.attempt(reference.number, of: payment, tx) else {
            throw PaymentsError(.paymentUnknown, "there is no attempt \(reference.text)")
        }
        guard attempt.state.move(on: news.event) != .illegal, isPlausible(news, attempt, payment) else {
            try tell(.contradiction(noticeID: notice), payment, attempt, in: tx)
            return .contradiction
        }
        return try apply(news, to: &attempt, of: &payment, in: tx) ? .changed : .known
    }

    /// The one place where an attempt changes: its move, the money of that move, the event, the rows. Returns whether
    /// anything was new.
    @discardableResult
    func apply(
        _ news: AttemptNews, to attempt: inout AttemptRecord, of payment: inout PaymentRecord, in tx: Transaction
    ) throws -> Bool {
        let before = attempt.state
        var isNew = false
        switch before.move(on: news.event) {
        case .illegal:
            throw PaymentsError(
                .illegalMove, "payment \(payment.id) is \(before.rawValue): \(news.event.rawValue) is not possible",
                state: before.rawValue, allowed: before.allowedEvents.map(\.rawValue))
        case .stay: break
        case .to(let state):
            isNew = true
            attempt.state = state
            if state == .captured || attempt.clearingAt == nil { attempt.clearingAt = tx.now }
            attempt.questions = 0
            attempt.refusal = news.refusal
            plan(after: news.event, &attempt, now: tx.now)
        }
        if !news.channelReference.isEmpty, attempt.channelReference.isEmpty {
            attempt.channelReference = news.channelReference
            isNew = true
        }
        let fee = try raiseFee(news, &attempt, &payment)
        guard isNew || fee.isPositive else { return false }
        attempt.updatedAt = tx.now
        payment.updatedAt = tx.now
        try book(from: before, news, fee: fee, &attempt, &payment, in: tx)
        payment.state = .of(
            attempt: attempt.number == payment.attempts ? attempt.state : nil, capturedMinor: payment.captured.minor,
            refundedMinor: payment.refunded.minor)
        try PaymentsStorage.save(attempt, in: tx)
        try PaymentsStorage.update(payment, in: tx)
        return true
    }

    /// When the job has to look again, and what is left to be wished for.
    private func plan(after event: AttemptEvent, _ attempt: inout AttemptRecord, now: Timestamp) {
        if event == .captureDeclined {
            // The refused capture is settled: the next one is a new intent and may be of another amount.
            attempt.captureOperation = nil
            attempt.capture = nil
            attempt.wish = .nothing
        }
        if event == .voidDeclined { attempt.wish = .nothing }
        switch attempt.state {
        case .sent, .capturing, .voiding:
            attempt.sentAt = now
            attempt.nextActionAt = now.adding(Payments.patience)
        case .authoriseUnknown, .captureUnknown, .voidUnknown:
            attempt.nextActionAt = now.adding(Backoff.first)
        case .authorised:
            attempt.nextActionAt = attempt.wish == .nothing ? nil : now.adding(Backoff.first)
        default:
            attempt.nextActionAt = nil
        }
    }

    /// Fees only grow, because a notice may be older than what we know. Returns by how much.
    private func raiseFee(
        _ news: AttemptNews, _ attempt: inout AttemptRecord, _ payment: inout PaymentRecord
    ) throws -> Amount {
        let nothing = Amount.zero(payment.amount.currency)
        guard attempt.state == .captured, let total = news.feeTotal, total.currency == nothing.currency,
            total.minor > attempt.fee.minor
        else { return nothing }
        let rise = try total.subtracting(attempt.fee)
        attempt.fee = total
        payment.channelFee = try payment.channelFee.adding(rise)
        return rise
    }

    private func isPlausible(_ news: AttemptNews, _ attempt: AttemptRecord, _ payment: PaymentRecord) -> Bool {
        guard news.event == .captured else { return true }
        guard let amount = news.captured, amount.currency == payment.amount.currency, amount.isPositive,
            amount.minor <= payment.amount.minor
        else { return false }
        // Once captured, the amount is a fact: a notice that names another one is wrong.
        return attempt.state != .captured || attempt.captured == amount
    }
}
