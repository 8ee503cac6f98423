/// One conclusion: which lines of which side belong together, what that makes them, and why.
public struct MatchFinding: Sendable, Hashable {
    public var matchClass: MatchClass
    /// Ids of our lines, ascending; empty for `missingOurs` and `duplicateTheirs`.
    public var ours: [Int64]
    /// Ids of their lines, ascending.
    public var theirs: [Int64]
    /// Which rule concluded it, and with what figures, in words a person reads: "amount differs by 1".
    public var reason: String
    /// 0–100; an exact key is 100.
    public var confidence: UInt8
    /// The same reason for programs.
    public var code: MatchReason
    /// What the confidence is made of; empty where a key decided.
    public var grounds: [ScoreGround]
    /// Of a duplicate the line of its own side that has the key already; nil for all others.
    public var original: Int64?

    public init(
        _ matchClass: MatchClass, ours: [Int64] = [], theirs: [Int64] = [], reason: String, confidence: UInt8 = 100,
        code: MatchReason? = nil, grounds: [ScoreGround] = [], original: Int64? = nil
    ) {
        self.matchClass = matchClass
        self.ours = ours
        self.theirs = theirs
        self.reason = reason
        self.confidence = confidence
        self.code = code ?? MatchReason(usualFor: matchClass)
        self.grounds = grounds
        self.original = original
    }
}
