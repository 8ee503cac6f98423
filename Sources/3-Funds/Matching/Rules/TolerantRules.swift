/// How the tolerant stage looks for what keys did not find, and when it may decide alone.
public struct TolerantRules: Sendable, Hashable, Codable {
    /// From this score on a pair is matched without a person.
    public var automaticScore: Int
    /// From this score on it is shown to one.
    public var suggestionScore: Int
    /// Their day may lie this many settlement days before the day our line is due.
    public var daysBefore: Int
    /// And this many after it.
    public var daysAfter: Int
    /// A line with more candidates than this is not tried: nobody could choose among them either.
    public var maximumCandidates: Int
    public var weights: ScoreWeights
    /// Nil does without one-to-many and many-to-many.
    public var batches: BatchRules?

    public init(
        automaticScore: Int = 85, suggestionScore: Int = 50, daysBefore: Int = 1, daysAfter: Int = 3,
        maximumCandidates: Int = 16, weights: ScoreWeights = ScoreWeights(), batches: BatchRules? = BatchRules()
    ) {
        self.automaticScore = automaticScore
        self.suggestionScore = suggestionScore
        self.daysBefore = daysBefore
        self.daysAfter = daysAfter
        self.maximumCandidates = maximumCandidates
        self.weights = weights
        self.batches = batches
    }

    func faults() -> [MatchRulesFault] {
        var faults: [MatchRulesFault] = []
        func hold(_ value: Int, _ range: ClosedRange<Int>, _ field: String) {
            if !range.contains(value) {
                faults.append(.init("tolerant.\(field)", "\(range.lowerBound) to \(range.upperBound)"))
            }
        }
        hold(automaticScore, 1...101, "automaticScore")
        hold(suggestionScore, 0...automaticScore, "suggestionScore")
        hold(daysBefore, 0...30, "daysBefore")
        hold(daysAfter, 0...30, "daysAfter")
        hold(maximumCandidates, 1...64, "maximumCandidates")
        for (field, points) in weights.all { hold(points, -100...100, "weights.\(field)") }
        guard let batches else { return faults }
        hold(batches.maximumCandidates, 2...SubsetSum.mostHalved, "batches.maximumCandidates")
        hold(batches.maximumSearches, 0...10_000, "batches.maximumSearches")
        hold(batches.maximumCells, 0...SubsetSum.mostCells, "batches.maximumCells")
        return faults
    }

    private enum Key: String, CodingKey, CaseIterable {
        case automaticScore, suggestionScore, daysBefore, daysAfter, maximumCandidates, weights, batches
    }

    public init(from decoder: any Decoder) throws {
        try decoder.refuseOthers(than: Key.self)
        let values = try decoder.container(keyedBy: Key.self)
        self.init()
        automaticScore = try values.get(.automaticScore, or: automaticScore)
        suggestionScore = try values.get(.suggestionScore, or: suggestionScore)
        daysBefore = try values.get(.daysBefore, or: daysBefore)
        daysAfter = try values.get(.daysAfter, or: daysAfter)
        maximumCandidates = try values.get(.maximumCandidates, or: maximumCandidates)
        weights = try values.get(.weights, or: weights)
        if values.contains(.batches) { batches = try values.decodeIfPresent(BatchRules.self, forKey: .batches) }
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(automaticScore, forKey: .automaticScore)
        try values.encode(suggestionScore, forKey: .suggestionScore)
        try values.encode(daysBefore, forKey: .daysBefore)
        try values.encode(daysAfter, forKey: .daysAfter)
        try values.encode(maximumCandidates, forKey: .maximumCandidates)
        try values.encode(weights, forKey: .weights)
        try values.encode(batches, forKey: .batches)
    }
}

/// How far the search for sets of lines that sum to one goes. What lies beyond is told as not tried.
public struct BatchRules: Sendable, Hashable, Codable {
    /// Open lines among which every subset is considered; the work grows with 2^(n/2).
    public var maximumCandidates: Int
    /// More candidates are tried by a table where candidates × target is no more than this.
    public var maximumCells: Int
    /// Searches of one run, largest amounts first.
    public var maximumSearches: Int
    /// Whether several of theirs may be several of ours.
    public var manyToMany: Bool

    public init(
        maximumCandidates: Int = 28, maximumCells: Int = 64_000_000, maximumSearches: Int = 200,
        manyToMany: Bool = true
    ) {
        self.maximumCandidates = maximumCandidates
        self.maximumCells = maximumCells
        self.maximumSearches = maximumSearches
        self.manyToMany = manyToMany
    }

    private enum Key: String, CodingKey, CaseIterable {
        case maximumCandidates, maximumCells, maximumSearches, manyToMany
    }

    public init(from decoder: any Decoder) throws {
        try decoder.refuseOthers(than: Key.self)
        let values = try decoder.container(keyedBy: Key.self)
        self.init()
        maximumCandidates = try values.get(.maximumCandidates, or: maximumCandidates)
        maximumCells = try values.get(.maximumCells, or: maximumCells)
        maximumSearches = try values.get(.maximumSearches, or: maximumSearches)
        manyToMany = try values.get(.manyToMany, or: manyToMany)
    }
}
