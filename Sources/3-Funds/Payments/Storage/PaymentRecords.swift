internal import Contract
internal import Money
internal import Runtime

/// A row of `payments`.
struct PaymentRecord: Sendable {
    var id: PaymentID
    var reference: String
    var channel: String
    var amount: Amount
    var captured: Amount
    var refunded: Amount
    /// Refunds that are asked for and not yet settled.
    var refundReserved: Amount
    var channelFee: Amount
    var platformFee: Amount
    var platformFeeReturned: Amount
    var captureMode: CaptureMode
    var state: PaymentState
    var attempts: Int
    var createdAt: Timestamp
    var updatedAt: Timestamp

    init(id: PaymentID, reference: String, channel: String, amount: Amount, captureMode: CaptureMode, now: Timestamp) {
        self.id = id
        self.reference = reference
        self.channel = channel
        self.amount = amount
        self.captureMode = captureMode
        let zero = Amount.zero(amount.currency)
        captured = zero
        refunded = zero
        refundReserved = zero
        channelFee = zero
        platformFee = zero
        platformFeeReturned = zero
        state = .open
        attempts = 0
        createdAt = now
        updatedAt = now
    }

    /// What can still be refunded.
    var refundable: Amount { get throws { try captured.subtracting(refunded).subtracting(refundReserved) } }
}

/// What is to become of an attempt once it is authorised. A lost request must not make us forget it.
enum AttemptWish: String, Sendable {
    case nothing, capture, void
}

/// A row of `payment_attempts`.
struct AttemptRecord: Sendable {
    var payment: PaymentID
    var number: Int
    var state: AttemptState
    var wish: AttemptWish
    /// The number of the last operation sent. Each intent has one number, however often it is sent.
    var operation: Int
    /// The operation and the amount of a capture that was sent and not refused.
    var captureOperation: Int?
    var capture: Amount?
    var captured: Amount
    /// The ledger's pending transfer that holds the authorised amount.
    var hold: Int64?
    var fee: Amount
    var channelReference: String
    var refusal: String
    /// How often the channel was asked about the present state.
    var questions: Int
    /// When the job looks at it; nil when there is nothing to do.
    var nextActionAt: Timestamp?
    var sentAt: Timestamp?
    /// The business time by which it is compared with the channel's statements: its first move, then its capture.
    var clearingAt: Timestamp?
    var updatedAt: Timestamp

    init(payment: PaymentRecord, number: Int, now: Timestamp) {
        self.payment = payment.id
        self.number = number
        state = .created
        wish = payment.captureMode == .automatic ? .capture : .nothing
        operation = 0
        captured = .zero(payment.amount.currency)
        fee = .zero(payment.amount.currency)
        channelReference = ""
        refusal = ""
        questions = 0
        updatedAt = now
    }

    var reference: AttemptReference { AttemptReference(payment: payment, number: number) }
}

/// A row of `payment_refunds`.
struct RefundRecord: Sendable {
    var id: PaymentRefundID
    var payment: PaymentID
    var attempt: Int
    var amount: Amount
    var state: RefundState
    var reason: String
    var refusal: String
    var questions: Int
    var nextActionAt: Timestamp?
    var createdAt: Timestamp
    var updatedAt: Timestamp
    /// The business time by which it is compared with the channel's statements: its beginning, then its success.
    var clearingAt: Timestamp?

    var request: RefundRequest {
        RefundRequest(
            requestID: id.description, merchantReference: AttemptReference(payment: payment, number: attempt).text,
            refundReference: id.description, amount: amount)
    }
}
