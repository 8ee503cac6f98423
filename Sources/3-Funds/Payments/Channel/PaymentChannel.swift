public import Money

/// A payment service provider, seen as the few things that every one of them can do.
///
/// Every request carries an identifier of ours that is the same whenever the same intent is sent, so that a channel does
/// it once however often it hears of it. A channel must treat the `void` of a reference that it has never seen as
/// closing that reference for good: this is how an authorisation that got lost is kept from happening late.
public protocol PaymentChannel: Sendable {
    /// The channel's name in payments, in routes and in `clearing:<name>`.
    var name: String { get }

    func authorise(_ request: AuthoriseRequest) async throws(ChannelFailure) -> ChannelAnswer
    func capture(_ request: CaptureRequest) async throws(ChannelFailure) -> ChannelAnswer
    func void(_ request: VoidRequest) async throws(ChannelFailure) -> ChannelAnswer
    func refund(_ request: RefundRequest) async throws(ChannelFailure) -> ChannelAnswer

    /// What the channel knows of an attempt and of its refunds, by our reference.
    func query(_ merchantReference: String) async throws(ChannelFailure) -> ChannelStatus

    /// Checks the signature and the age of a callback and reads it. No network.
    func verifyCallback(_ callback: ChannelCallback) throws(CallbackRefusal) -> ChannelNotice
}

/// Why a channel gave no good answer. The difference between the last two decides whether money may have moved.
public enum ChannelFailure: Error, Hashable, Sendable {
    /// The channel refused for good, in its own code.
    case declined(code: String)
    /// The request may have been done: a time-out, a 5xx, a connection that broke after something was sent.
    case unknownOutcome
    /// Nothing left the house: no connection could be made.
    case refusedBeforeSend
}

public struct AuthoriseRequest: Hashable, Sendable {
    /// The same for the same intent.
    public let requestID: String
    /// Under which name the attempt is queried and told of in notices.
    public let merchantReference: String
    /// What stands for the shopper's card or wallet, as the channel's own form gave it. It is never stored.
    public let instrument: String
    public let amount: Amount

    public init(requestID: String, merchantReference: String, instrument: String, amount: Amount) {
        self.requestID = requestID
        self.merchantReference = merchantReference
        self.instrument = instrument
        self.amount = amount
    }
}

public struct CaptureRequest: Hashable, Sendable {
    public let requestID: String
    public let merchantReference: String
    /// The whole authorised amount or less; the rest is released.
    public let amount: Amount

    public init(requestID: String, merchantReference: String, amount: Amount) {
        self.requestID = requestID
        self.merchantReference = merchantReference
        self.amount = amount
    }
}

public struct VoidRequest: Hashable, Sendable {
    public let requestID: String
    public let merchantReference: String

    public init(requestID: String, merchantReference: String) {
        self.requestID = requestID
        self.merchantReference = merchantReference
    }
}

public struct RefundRequest: Hashable, Sendable {
    public let requestID: String
    public let merchantReference: String
    public let refundReference: String
    public let amount: Amount

    public init(requestID: String, merchantReference: String, refundReference: String, amount: Amount) {
        self.requestID = requestID
        self.merchantReference = merchantReference
        self.refundReference = refundReference
        self.amount = amount
    }
}

/// The request was done.
public struct ChannelAnswer: Hashable, Sendable {
    /// The channel's own number, to find the payment in its statement.
    public let channelReference: String
    /// Everything the channel has kept of this attempt so far, when it says so at once.
    public let feeTotal: Amount?

    public init(channelReference: String, feeTotal: Amount? = nil) {
        self.channelReference = channelReference
        self.feeTotal = feeTotal
    }
}

/// What a channel knows of one attempt.
public struct ChannelStatus: Hashable, Sendable {
    public enum State: Hashable, Sendable {
        /// The channel never heard of it.
        case absent
        case authorised
        case captured(Amount)
        case voided
        /// It was voided before it ever came, and will not be done when it comes.
        case closed
        case expired
        case declined(code: String)
    }

    public enum RefundState: Hashable, Sendable {
        case succeeded
        case failed(code: String)
    }

    public let state: State
    public let channelReference: String
    public let feeTotal: Amount?
    /// By our refund reference. A refund that is missing never reached the channel.
    public let refunds: [String: RefundState]

    public init(
        state: State, channelReference: String = "", feeTotal: Amount? = nil, refunds: [String: RefundState] = [:]
    ) {
        self.state = state
        self.channelReference = channelReference
        self.feeTotal = feeTotal
        self.refunds = refunds
    }
}
