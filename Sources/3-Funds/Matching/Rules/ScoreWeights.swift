/// The points of each ground; their sum, held to 0...100, is the confidence.
///
/// The usual weights make a reference, an equal amount and an equal day enough (85), and amount, day and being the only
/// candidate without any reference not enough (60).
public struct ScoreWeights: Sendable, Hashable, Codable {
    /// A key of one is a key of the other, but for case, punctuation and leading zeros.
    public var sameReference: Int
    /// A key of one contains a key of the other, as in a bank's purpose text.
    public var containedReference: Int
    /// Both have a key of one position, and they are different ones.
    public var contradictingReference: Int
    public var sameAmount: Int
    public var tolerableAmount: Int
    public var netAmount: Int
    public var convertedAmount: Int
    public var sameDay: Int
    public var dayInWindow: Int
    /// Neither line has another candidate; of a set: no other set sums to it.
    public var onlyCandidate: Int
    /// Both name one payout or batch.
    public var sameBatch: Int
    /// The set is all that was to be settled on that day.
    public var wholeDay: Int

    public init(
        sameReference: Int = 40, containedReference: Int = 35, contradictingReference: Int = -40, sameAmount: Int = 30,
        tolerableAmount: Int = 20, netAmount: Int = 25, convertedAmount: Int = 20, sameDay: Int = 15,
        dayInWindow: Int = 10, onlyCandidate: Int = 15, sameBatch: Int = 45, wholeDay: Int = 30
    ) {
        self.sameReference = sameReference
        self.containedReference = containedReference
        self.contradictingReference = contradictingReference
        self.sameAmount = sameAmount
        self.tolerableAmount = tolerableAmount
        self.netAmount = netAmount
        self.convertedAmount = convertedAmount
        self.sameDay = sameDay
        self.dayInWindow = dayInWindow
        self.onlyCandidate = onlyCandidate
        self.sameBatch = sameBatch
        self.wholeDay = wholeDay
    }

    var all: [(String, Int)] { Ground.allCases.map { ($0.rawValue, points(of: $0)) } }

    func points(of ground: Ground) -> Int {
        switch ground {
        case .sameReference: sameReference
        case .containedReference: containedReference
        case .contradictingReference: contradictingReference
        case .sameAmount: sameAmount
        case .tolerableAmount: tolerableAmount
        case .netAmount: netAmount
        case .convertedAmount: convertedAmount
        case .sameDay: sameDay
        case .dayInWindow: dayInWindow
        case .onlyCandidate: onlyCandidate
        case .sameBatch: sameBatch
        case .wholeDay: wholeDay
        case .ownRule: 0
        }
    }

    public init(from decoder: any Decoder) throws {
        try decoder.refuseOthers(than: Ground.self)
        let values = try decoder.container(keyedBy: Ground.self)
        let usual = ScoreWeights()
        func get(_ ground: Ground) throws -> Int { try values.get(ground, or: usual.points(of: ground)) }
        self.init(
            sameReference: try get(.sameReference), containedReference: try get(.containedReference),
            contradictingReference: try get(.contradictingReference), sameAmount: try get(.sameAmount),
            tolerableAmount: try get(.tolerableAmount), netAmount: try get(.netAmount),
            convertedAmount: try get(.convertedAmount), sameDay: try get(.sameDay),
            dayInWindow: try get(.dayInWindow), onlyCandidate: try get(.onlyCandidate),
            sameBatch: try get(.sameBatch), wholeDay: try get(.wholeDay))
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Ground.self)
        for ground in Ground.allCases where ground != .ownRule { try values.encode(points(of: ground), forKey: ground) }
    }

    /// What speaks for or against a pair.
    public enum Ground: String, Sendable, Hashable, Codable, CaseIterable, CodingKey {
        case sameReference, containedReference, contradictingReference
        case sameAmount, tolerableAmount, netAmount, convertedAmount
        case sameDay, dayInWindow, onlyCandidate, sameBatch, wholeDay
        /// A rule of the house that was asked instead; its points are the whole score.
        case ownRule
    }
}

/// One ground and its points.
public struct ScoreGround: Sendable, Hashable {
    public var ground: ScoreWeights.Ground
    public var points: Int

    public init(_ ground: ScoreWeights.Ground, _ points: Int) {
        self.ground = ground
        self.points = points
    }
}

/// A pair that rules of the house are asked about.
public struct MatchPair: Sendable {
    public var ours: MatchRow
    public var theirs: MatchRow
    /// What the built-in weights make of it; 0 for a pair of one key that differs.
    public var score: Score
    /// A key made them a pair, and their amounts or fees differ by more than the tolerances allow.
    public var sharesKey: Bool
}

/// A confidence of 0–100 and what it is made of.
public struct Score: Sendable, Hashable {
    public var points: Int
    public var grounds: [ScoreGround]

    /// - Parameter points: Held to 0...100.
    public init(points: Int, grounds: [ScoreGround]) {
        self.points = min(max(points, 0), 100)
        self.grounds = grounds
    }

    /// The score that a rule of the house gives.
    public init(ownRule points: Int) {
        self.init(points: points, grounds: [ScoreGround(.ownRule, min(max(points, 0), 100))])
    }
}

/// A rule of the house. Must answer the same for the same pair, from any thread.
///
/// Asked about pairs without a key, where nil leaves the built-in score, and about pairs of one key that differ in
/// amount or fee (`sharesKey`): from `automaticScore` on that difference is tolerated, below it or for nil it stands.
public typealias PairScorer = @Sendable (MatchPair) -> Score?
