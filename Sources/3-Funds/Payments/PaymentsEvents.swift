internal import Contract
internal import Money
internal import Runtime
internal import Store
internal import SwiftProtobuf

/// What Payments tells the journal. One case an event of the contract; no personal data in any.
enum PaymentsEvent {
    case opened
    case attempted(operation: String, Amount)
    case authorised
    case captured(Amount, channelFee: Amount, platformFee: Amount)
    case channelFee(Amount)
    case declined(operation: String)
    case failed, voided, expired
    case unknown(operation: String)
    case refundRequested(RefundRecord)
    case refunded(RefundRecord, platformFeeReturned: Amount)
    case refundFailed(RefundRecord)
    case refundUnknown(RefundRecord)
    case contradiction(noticeID: String)
}

extension Payments {
    func tell(
        _ event: PaymentsEvent, _ payment: PaymentRecord, _ attempt: AttemptRecord? = nil, in tx: Transaction
    ) throws {
        let subject = Subject(payment, attempt)
        switch event {
        case .opened:
            var fact: V1PaymentOpened = subject.fact()
            fact.amount = V1Amount(payment.amount)
            fact.captureMode = payment.captureMode.rawValue
            try tx.record(fact)
        case .attempted(let operation, let amount):
            var fact: V1PaymentAttempted = subject.step()
            fact.operation = operation
            fact.amount = V1Amount(amount)
            try tx.record(fact)
        case .authorised:
            var fact: V1PaymentAuthorised = subject.step()
            fact.amount = V1Amount(payment.amount)
            try tx.record(fact)
        case .captured(let amount, let channelFee, let platformFee):
            var fact: V1PaymentCaptured = subject.step()
            fact.amount = V1Amount(amount)
            fact.channelFee = V1Amount(channelFee)
            fact.platformFee = V1Amount(platformFee)
            try tx.record(fact)
        case .channelFee(let fee):
            var fact: V1ChannelFeeCharged = subject.step()
            fact.fee = V1Amount(fee)
            try tx.record(fact)
        case .declined(let operation):
            var fact: V1PaymentDeclined = subject.step()
            fact.operation = operation
            fact.code = attempt?.refusal ?? ""
            try tx.record(fact)
        case .failed: try tx.record(subject.step() as V1PaymentFailed)
        case .voided: try tx.record(subject.step() as V1PaymentVoided)
        case .expired: try tx.record(subject.step() as V1PaymentExpired)
        case .unknown(let operation):
            var fact: V1PaymentOutcomeUnknown = subject.step()
            fact.operation = operation
            try tx.record(fact)
        case .refundRequested(let refund):
            var fact: V1RefundRequested = subject.fact()
            fact.refundID = refund.id.description
            fact.amount = V1Amount(refund.amount)
            fact.reason = refund.reason
            try tx.record(fact)
        case .refunded(let refund, let share):
            var fact: V1PaymentRefunded = subject.fact()
            fact.refundID = refund.id.description
            fact.amount = V1Amount(refund.amount)
            fact.platformFeeReturned = V1Amount(share)
            fact.refundedTotal = V1Amount(payment.refunded)
            fact.reason = refund.reason
            try tx.record(fact)
        case .refundFailed(let refund):
            var fact: V1RefundFailed = subject.fact()
            fact.refundID = refund.id.description
            fact.amount = V1Amount(refund.amount)
            fact.code = refund.refusal
            try tx.record(fact)
        case .refundUnknown(let refund):
            var fact: V1RefundOutcomeUnknown = subject.fact()
            fact.refundID = refund.id.description
            fact.amount = V1Amount(refund.amount)
            try tx.record(fact)
        case .contradiction(let notice):
            try tellRefused(
                channel: payment.channel, reason: "contradiction", notice: notice, payment: payment.id, in: tx)
        }
    }

    func tellRefused(
        channel: String, reason: String, notice: String = "", payment: PaymentID? = nil, in tx: Transaction
    ) throws {
        var fact = V1CallbackRefused()
        fact.channel = channel
        fact.reason = reason
        fact.noticeID = String(notice.prefix(128))
        fact.paymentID = payment?.description ?? ""
        try tx.record(fact)
    }
}

/// What every event of a payment carries.
private struct Subject {
    let payment: PaymentRecord
    let attempt: AttemptRecord?

    init(_ payment: PaymentRecord, _ attempt: AttemptRecord?) {
        self.payment = payment
        self.attempt = attempt
    }

    func fact<Fact: PaymentFact>() -> Fact {
        var fact = Fact()
        fact.paymentID = payment.id.description
        fact.reference = payment.reference
        fact.channel = payment.channel
        return fact
    }

    func step<Fact: AttemptFact>() -> Fact {
        var fact: Fact = fact()
        fact.attempt = Int32(attempt?.number ?? 0)
        return fact
    }
}

private protocol PaymentFact: Message {
    var paymentID: String { get set }
    var reference: String { get set }
    var channel: String { get set }
}

private protocol AttemptFact: PaymentFact {
    var attempt: Int32 { get set }
}

extension V1PaymentOpened: PaymentFact {}
extension V1PaymentAttempted: AttemptFact {}
extension V1PaymentAuthorised: AttemptFact {}
extension V1PaymentCaptured: AttemptFact {}
extension V1ChannelFeeCharged: AttemptFact {}
extension V1PaymentDeclined: AttemptFact {}
extension V1PaymentFailed: AttemptFact {}
extension V1PaymentVoided: AttemptFact {}
extension V1PaymentExpired: AttemptFact {}
extension V1PaymentOutcomeUnknown: AttemptFact {}
extension V1RefundRequested: PaymentFact {}
extension V1PaymentRefunded: PaymentFact {}
extension V1RefundFailed: PaymentFact {}
extension V1RefundOutcomeUnknown: PaymentFact {}
