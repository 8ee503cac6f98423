/// One line of one side in the form that matching works on: no strings but the keys, no money but minor units.
public struct MatchRow: Sendable, Hashable {
    /// Names the line within its side; unique there. Files use the line number, the books a row id.
    public var id: Int64
    /// The keys in order of strength (merchant order number, channel reference, composite …). Position i of one side
    /// is compared with position i of the other; an empty string is no key and matches nothing.
    public var keys: [String]
    /// ISO 4217 code, compared as written. There is no currency that equals every other one.
    public var currency: String
    /// Signed minor units: plus is money to us.
    public var amountMinor: Int64
    /// What the channel kept, plus; nil where the side does not know it and so cannot disagree about it.
    public var feeMinor: Int64?
    public var status: MatchStatus
    public var kind: MatchKind
    /// Civil day the line counts to, in days since 1970-01-01.
    public var day: Int32?
    /// Seconds since 1970-01-01T00:00Z where the side knows the time.
    public var time: Int64?
    /// The payout or batch that the side says the line's money came in; empty where it says none.
    public var batch: String

    /// Amount less fee; a fee nobody named is none. Saturates rather than traps on hostile amounts.
    public var netMinor: Int64 {
        let (net, overflow) = amountMinor.subtractingReportingOverflow(feeMinor ?? 0)
        return overflow ? (amountMinor < 0 ? .min : .max) : net
    }

    public init(
        id: Int64, keys: [String], currency: String, amountMinor: Int64, feeMinor: Int64? = nil,
        status: MatchStatus = .succeeded, kind: MatchKind = .payment, day: Int32? = nil, time: Int64? = nil,
        batch: String = ""
    ) {
        self.id = id
        self.keys = keys
        self.currency = currency
        self.amountMinor = amountMinor
        self.feeMinor = feeMinor
        self.status = status
        self.kind = kind
        self.day = day
        self.time = time
        self.batch = batch
    }
}
