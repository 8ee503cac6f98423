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

    public init(
        _ matchClass: MatchClass, ours: [Int64] = [], theirs: [Int64] = [], reason: String, confidence: UInt8 = 100
    ) {
        self.matchClass = matchClass
        self.ours = ours
        self.theirs = theirs
        self.reason = reason
        self.confidence = confidence
    }
}
