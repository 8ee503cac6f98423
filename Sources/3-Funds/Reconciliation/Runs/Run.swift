public import Money
public import Runtime

/// What a run counted.
public struct RunCounts: Hashable, Sendable {
    public var ours: Int64 = 0
    public var theirs: Int64 = 0
    public var rejected: Int64 = 0
    /// Their lines that need no match: payouts, and fees where the profile books them.
    public var others: Int64 = 0
    /// Findings by class, `MatchClass.code`.
    public var classes: [String: Int64] = [:]
    /// Sum of the magnitudes of what the differences leave open, in the run's currency.
    public var differenceMinor: Int64 = 0
    public var settledLines: Int64 = 0
    public var settledNetMinor: Int64 = 0
    public var settledFeesMinor: Int64 = 0
    /// What the matcher suggested, also beyond those that are kept.
    public var suggestions: Int64 = 0

    public init() {}

    public var matched: Int64 { classes["matched"] ?? 0 }
    public var differences: Int64 { classes.reduce(0) { $0 + ($1.key == "matched" ? 0 : $1.value) } }
}

/// The comparison of one channel's business day.
public struct Run: Hashable, Sendable {
    public let id: RunID
    public let channel: String
    public let day: BusinessDay
    /// Which run of the day it is, from 1.
    public let number: Int
    public internal(set) var state: RunState
    /// Everything is compared; only the confirmation is missing.
    public internal(set) var isReady: Bool
    /// Rises with each change; whoever changes it through the API names the one that he saw.
    public internal(set) var version: Int64
    public internal(set) var statement: StatementID?
    /// The settled run of the same day that this one corrects.
    public internal(set) var previous: RunID?
    /// The business day's bounds: from (included) until (excluded).
    public let from: Timestamp
    public let until: Timestamp
    public let currency: Currency
    /// Into how many parts its lines are cut; the same for all runs of a day.
    public internal(set) var shards: Int
    /// The profile as it was when the run was opened, serialised.
    let profile: [UInt8]
    /// Why it stands still or was aborted.
    public internal(set) var reason: String
    public internal(set) var confirmedBy: String
    public internal(set) var counts: RunCounts
    public let openedAt: Timestamp
    public internal(set) var preparedAt: Timestamp?
    public internal(set) var confirmedAt: Timestamp?
    public internal(set) var settledAt: Timestamp?
}
