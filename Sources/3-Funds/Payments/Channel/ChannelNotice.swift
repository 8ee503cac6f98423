public import Money
public import Runtime

/// A request that claims to come from a channel, as it arrived.
public struct ChannelCallback: Sendable {
    /// Looks up a header by its name in lower case.
    public let header: @Sendable (String) -> String?
    public let body: [UInt8]
    public let receivedAt: Timestamp

    public init(header: @escaping @Sendable (String) -> String?, body: [UInt8], receivedAt: Timestamp) {
        self.header = header
        self.body = body
        self.receivedAt = receivedAt
    }
}

/// Why a callback is not believed.
public enum CallbackRefusal: String, Error, Hashable, Sendable {
    /// The signature is missing or is not made with the account's secret.
    case forged
    /// It was signed too long ago, or in the future: perhaps somebody recorded it and plays it again.
    case stale
    /// The signature holds, but the body is not a notice.
    case malformed
}

/// What a channel says has happened. Notices may come twice, late, in any order, or never.
public struct ChannelNotice: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case authorised
        case captured(Amount)
        case voided
        case expired
        case declined(code: String)
        case refundSucceeded(reference: String, Amount)
        case refundFailed(reference: String, code: String)
    }

    /// The channel's number of this notice: the same when it is sent again.
    public let id: String
    public let kind: Kind
    public let merchantReference: String
    public let channelReference: String
    public let feeTotal: Amount?

    public init(
        id: String, kind: Kind, merchantReference: String, channelReference: String, feeTotal: Amount? = nil
    ) {
        self.id = id
        self.kind = kind
        self.merchantReference = merchantReference
        self.channelReference = channelReference
        self.feeTotal = feeTotal
    }
}
