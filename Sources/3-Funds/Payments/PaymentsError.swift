public import Contract

/// Why Payments refused. Nothing was changed and nothing was sent.
public struct PaymentsError: Error, Hashable, Sendable, CustomStringConvertible {
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        enum Name: String {
            case paymentUnknown = "payment-unknown"
            case refundUnknown = "refund-unknown"
            case channelUnknown = "channel-unknown"
            case amountNotPositive = "amount-not-positive"
            case currencyMismatch = "currency-mismatch"
            case illegalMove = "payment-state"
            case paymentInProgress = "payment-in-progress"
            case outcomeUnknown = "payment-outcome-unknown"
            case captureExceedsAuthorised = "capture-exceeds-authorised"
            case captureAmountFixed = "capture-amount-fixed"
            case refundExceedsCaptured = "refund-exceeds-captured"
            case tooManyAttempts = "too-many-attempts"
            case instrumentInvalid = "instrument-invalid"
            case callbackRefused = "callback-refused"
        }

        let name: Name

        public static let paymentUnknown = Code(name: .paymentUnknown)
        public static let refundUnknown = Code(name: .refundUnknown)
        public static let channelUnknown = Code(name: .channelUnknown)
        public static let amountNotPositive = Code(name: .amountNotPositive)
        public static let currencyMismatch = Code(name: .currencyMismatch)
        /// The state does not allow it; the message names the state and what is allowed.
        public static let illegalMove = Code(name: .illegalMove)
        /// A request to the channel is under way.
        public static let paymentInProgress = Code(name: .paymentInProgress)
        /// The last request may have been done. It is resolved by asking the channel, not by trying again.
        public static let outcomeUnknown = Code(name: .outcomeUnknown)
        public static let captureExceedsAuthorised = Code(name: .captureExceedsAuthorised)
        /// A capture of another amount may still be under way.
        public static let captureAmountFixed = Code(name: .captureAmountFixed)
        public static let refundExceedsCaptured = Code(name: .refundExceedsCaptured)
        public static let tooManyAttempts = Code(name: .tooManyAttempts)
        public static let instrumentInvalid = Code(name: .instrumentInvalid)
        public static let callbackRefused = Code(name: .callbackRefused)

        public var description: String { name.rawValue }
    }

    public let code: Code
    public let detail: String
    public let state: String?
    public let allowed: [String]

    init(_ code: Code, _ detail: String, state: String? = nil, allowed: [String] = []) {
        self.code = code
        self.detail = detail
        self.state = state
        self.allowed = allowed
    }

    public var description: String { "\(code): \(detail)" }
}

extension PaymentsError: ProblemConvertible {
    public var problem: Problem {
        var extensions: [String: String] = [:]
        if let state { extensions["state"] = state }
        if !allowed.isEmpty { extensions["allowed"] = allowed.joined(separator: ", ") }
        return Problem(
            type: code.description, title: title, status: status, detail: detail, extensions: extensions,
            retryAfterSeconds: code == .paymentInProgress || code == .outcomeUnknown ? 2 : nil)
    }

    private var title: String {
        switch code.name {
        case .paymentUnknown, .refundUnknown, .channelUnknown: "Not found"
        case .callbackRefused: "The callback is not believed"
        case .paymentInProgress, .outcomeUnknown: "The channel has not answered yet"
        default: "The payment does not allow it"
        }
    }

    private var status: Int {
        switch code.name {
        case .paymentUnknown, .refundUnknown, .channelUnknown: 404
        case .callbackRefused: 401
        case .amountNotPositive, .currencyMismatch, .instrumentInvalid: 422
        default: 409
        }
    }
}
