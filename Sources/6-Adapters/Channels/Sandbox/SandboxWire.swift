// What goes over the wire between a merchant and the sandbox, as JSON. Amounts are integers of minor units.

struct SandboxMerchant: Codable, Hashable, Sendable {
    var token: String
    /// Hexadecimal.
    var secret: String
    /// Empty: no callbacks are sent.
    var callback_url: String
}

/// One operation as a merchant asks for it. Fields that an operation does not need are absent.
struct SandboxRequest: Codable, Hashable, Sendable {
    var request_id: String
    var instrument: String?
    var refund_reference: String?
    var reference: String?
    var amount_minor: Int64?
    var currency: String?
}

/// The answer to an operation. A `code` says why it was refused.
struct SandboxAnswer: Codable, Hashable, Sendable {
    var channel_reference: String
    var fee_minor: Int64
    var currency: String
    var code: String?
}

struct SandboxRefund: Codable, Hashable, Sendable {
    var reference: String
    var amount_minor: Int64
    /// succeeded or failed
    var state: String
    var code: String?
}

/// A payment as the sandbox keeps it and as a query answers it.
struct SandboxPayment: Codable, Hashable, Sendable {
    var reference: String
    var channel_reference: String
    /// authorised, captured, voided, declined; closed: it was voided before it ever came.
    var state: String
    var code: String?
    var instrument: String
    var currency: String
    var amount_minor: Int64
    var captured_minor: Int64
    var fee_minor: Int64
    var refunds: [SandboxRefund]

    var refundedMinor: Int64 {
        refunds.reduce(0) { $1.state == "succeeded" ? $0 + $1.amount_minor : $0 }
    }
}

/// What the sandbox tells the merchant's callback URL.
struct SandboxNotice: Codable, Hashable, Sendable {
    var id: String
    /// authorised, captured, voided, declined, refund_succeeded, refund_failed
    var type: String
    var reference: String
    var channel_reference: String
    var refund_reference: String?
    var currency: String
    var amount_minor: Int64
    var fee_minor: Int64
    var code: String?
    var occurred_at: String
}
