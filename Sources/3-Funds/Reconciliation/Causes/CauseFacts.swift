/// One line of a difference as cause rules see it. A side that has no line is a line with `isPresent` false.
public struct CauseLine: Sendable, Hashable {
    public var isPresent = true
    /// The merchant's own number: the order or the payment's attempt.
    public var reference = ""
    public var channelReference = ""
    /// Of a refund: what it refunds.
    public var originalReference = ""
    /// payment, refund, fee, payout, chargeback, adjustment, fx
    public var kind = "payment"
    /// succeeded, pending, failed, reversed, unknown
    public var status = "succeeded"
    public var currency = ""
    /// Minor units; plus is money to us.
    public var amountMinor: Int64 = 0
    /// What the channel keeps; nil where the side does not know it.
    public var feeMinor: Int64?
    /// Seconds since 1970-01-01T00:00Z; nil where the side names a day only.
    public var time: Int64?
    /// Seconds by which the place of the line is ahead of UTC.
    public var zoneOffset: Int64 = 0
    public var description = ""

    public init() {}

    public static let absent: CauseLine = {
        var line = CauseLine()
        line.isPresent = false
        line.kind = ""
        line.status = ""
        return line
    }()

    /// The fee as a share of the amount, in basis points; 0 where either is not known.
    var feeBasisPoints: Int64 { Ratio.basisPoints(feeMinor ?? 0, of: amountMinor) }

    /// The hour of the line's own place; −1 where only the day is known.
    var hour: Int64 {
        guard let time else { return -1 }
        return Ratio.floorModulo(Ratio.floorDivide(time &+ zoneOffset, 3_600), 24)
    }
}

/// What a cause rule may know of a difference: both lines, what the pair comes to, and how common it is in its run.
public struct CauseFacts: Sendable {
    /// The word of `MatchClass`.
    public var matchClass: String
    public var channel: String
    public var currency: String
    /// Minor units in one unit of the currency: 100 for EUR, 1 for JPY.
    public var unit: Int64
    public var ours: CauseLine
    public var theirs: CauseLine
    /// For a line that the other side lacks: the other side's unmatched line that could be it.
    public var twin: CauseLine
    /// From our line's moment to the end of the business day, in minutes; −1 where it is not known.
    public var minutesToCutoff: Int64
    public var run: CauseRun

    public init(
        matchClass: String, channel: String, currency: String, unit: Int64, ours: CauseLine, theirs: CauseLine,
        twin: CauseLine = .absent, minutesToCutoff: Int64 = -1, run: CauseRun = CauseRun()
    ) {
        self.matchClass = matchClass
        self.channel = channel
        self.currency = currency
        self.unit = unit
        self.ours = ours
        self.theirs = theirs
        self.twin = twin
        self.minutesToCutoff = minutesToCutoff
        self.run = run
    }

    /// Their line less ours; a line that is not there counts as nothing.
    public var delta: Int64 { Ratio.difference(theirs.amountMinor, ours.amountMinor) }

    /// What they kept less what we booked as kept; 0 where a side does not know it.
    public var feeDelta: Int64 {
        guard let our = ours.feeMinor, let their = theirs.feeMinor else { return 0 }
        return Ratio.difference(their, our)
    }

    /// Our side of the pair that is compared: the twin stands in for a line that is not there.
    var left: CauseLine { ours.isPresent ? ours : twin }
    var right: CauseLine { theirs.isPresent ? theirs : twin }

    /// Their moment less ours, in minutes; 0 where a side has none.
    public var shiftMinutes: Int64 {
        guard let our = left.time, let their = right.time else { return 0 }
        return Ratio.roundedMinutes(Ratio.difference(their, our))
    }

    public var idRelation: String { IdentifierRelation.of(left.reference, right.reference).rawValue }
}

/// How common a difference is among those of its run: what happens once is a slip, what happens to every line is a rule.
public struct CauseRun: Sendable, Hashable {
    /// Lines of theirs in the run.
    public var lines: Int64 = 0
    public var differences: Int64 = 0
    /// Differences of this one's class.
    public var sameClass: Int64 = 0
    /// Among the amount differences: how many have this delta.
    public var sameDelta: Int64 = 0
    /// Among the fee differences: how many have this ratio of fee to amount on their side.
    public var sameFeeRatio: Int64 = 0
    /// Among the pairs with two moments: how many are as many whole half hours apart.
    public var sameShift: Int64 = 0

    public init() {}
}

/// Whole-number arithmetic of facts; it saturates, because a hostile file must not stop a run.
enum Ratio {
    static func difference(_ left: Int64, _ right: Int64) -> Int64 {
        let (value, overflow) = left.subtractingReportingOverflow(right)
        return overflow ? (left < right ? .min : .max) : value
    }

    static func magnitude(_ value: Int64) -> Int64 { value == .min ? .max : abs(value) }

    /// 10,000 × part ÷ whole, rounded half up in magnitude; 0 for a whole of nothing.
    static func basisPoints(_ part: Int64, of whole: Int64) -> Int64 {
        guard whole != 0 else { return 0 }
        let scaled = Int128(part) * 10_000
        let whole = Int128(whole)
        let half = whole.magnitude / 2
        let rounded = (scaled.magnitude + half) / whole.magnitude
        let signed = (scaled < 0) == (whole < 0) ? Int128(rounded) : -Int128(rounded)
        return Int64(clamping: signed)
    }

    static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor != 0 && (value < 0) != (divisor < 0) ? quotient - 1 : quotient
    }

    static func floorModulo(_ value: Int64, _ divisor: Int64) -> Int64 {
        value &- floorDivide(value, divisor) &* divisor
    }

    static func roundedMinutes(_ seconds: Int64) -> Int64 {
        let (padded, overflow) = seconds.addingReportingOverflow(seconds < 0 ? -30 : 30)
        return (overflow ? seconds : padded) / 60
    }
}
