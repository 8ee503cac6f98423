public import Matching
public import Money
public import Runtime

/// One side of a difference: the line of the file, or what our books know.
public struct DifferenceSide: Hashable, Sendable, Codable {
    /// payment, refund, fee, payout, chargeback, adjustment, fx
    public var kind: String
    public var merchantReference: String
    public var channelReference: String
    /// Ours: the payment's reference (the order), under which the ledger has it. Theirs: empty.
    public var reference: String
    public var paymentID: String
    public var currency: String
    /// Signed: plus is money to us.
    public var amountMinor: Int64
    /// What the channel keeps; nil where the side does not know it.
    public var feeMinor: Int64?
    public var status: String
    /// The channel's own word for the status.
    public var rawStatus: String
    /// Microseconds since 1970; nil where a file has no time.
    public var timeUs: Int64?
    /// Line of the file, from 1; 0 on our side.
    public var line: Int64
    /// How many lines stand together here; amounts are their sums.
    public var lines: Int
}

/// What a difference is waiting for.
public enum DifferenceState: String, Hashable, Sendable {
    /// Somebody has to look at it.
    case open
    /// Late: the next day's file is expected to bring the other side.
    case carried
    /// The next day's run matched it.
    case resolved
    /// A later run of the same day does not have it any more, or its run was aborted.
    case withdrawn
}

/// Something on which a statement and the books do not agree.
///
/// Its identifier comes from what it is about (channel, day, class, lines), so a corrected file that brings the same
/// difference again brings the same identifier.
public struct Difference: Hashable, Sendable {
    public let id: DifferenceID
    public let run: RunID
    /// Its place in the run, from 1.
    public let number: Int64
    public let channel: String
    public let day: BusinessDay
    public let matchClass: MatchClass
    public var state: DifferenceState
    /// What the matcher says, in words a person reads.
    public let reason: String
    /// 0–100.
    public let confidence: UInt8
    public let ours: DifferenceSide?
    public let theirs: DifferenceSide?
    /// What stays open in the ledger because of it: plus when money is lacking, minus when there is too much.
    public let open: Amount
    /// The reference under which it stands open on the channel's clearing account.
    public let reference: String
    public let foundAt: Timestamp
}
