/// The second stage, for what keys left: likeness of amount, day and reference, and sets of lines that sum to one.
///
/// O(n · c · log n) for n lines and c = `maximumCandidates`, plus at most `maximumSearches` subset sums; what a limit
/// kept from being tried is said in the reason of the lines that stay. Deterministic in any order of the lines.
public struct TolerantStage: Sendable {
    private let rules: MatchRules
    private let businessDay: CivilDay?
    private let scorer: PairScorer?

    /// - Parameters:
    ///   - businessDay: The day that both lists are of. Without it no line is late.
    ///   - scorer: Rules of the house about a pair; asked for each pair considered.
    public init(rules: MatchRules, businessDay: CivilDay? = nil, scorer: PairScorer? = nil) {
        self.rules = rules
        self.businessDay = businessDay
        self.scorer = scorer
    }

    /// - Parameter carriedOver: Which of the lines were carried over, and since when.
    /// - Returns: Every line in exactly one finding; suggestions beside them.
    public func match(
        ours: [MatchRow], theirs: [MatchRow], carriedOver: CarriedOver = .init()
    ) -> MatchResult {
        match(ExactStage.Outcome(openOurs: ours, openTheirs: theirs), carriedOver: carriedOver)
    }

    func match(_ exact: ExactStage.Outcome, carriedOver: CarriedOver) -> MatchResult {
        let run = TolerantRun(rules: rules, ours: exact.openOurs, theirs: exact.openTheirs, scorer: scorer)
        if let tolerant = rules.tolerant, !exact.openOurs.isEmpty, !exact.openTheirs.isEmpty {
            run.matchNamedBatches(tolerant, begun: exact.begunBatches)
            let likenesses = run.matchPairs(tolerant)
            run.matchWholeDays(tolerant)
            run.matchSubsets(tolerant)
            run.suggest(likenesses, tolerant)
        }
        return conclude(run, carriedOver)
    }

    private func conclude(_ run: TolerantRun, _ carriedOver: CarriedOver) -> MatchResult {
        let decision = LateDecision(rules: rules, businessDay: businessDay, carriedOver: carriedOver)
        var carried = CarriedOver()
        for (row, note) in run.ours.open {
            let decided = decision.decide(row, .ours, note: note)
            run.findings.append(decided.finding)
            if let since = decided.since { carried.ours.append(.init(row, since: since)) }
        }
        for (row, note) in run.theirs.open {
            let decided = decision.decide(row, .theirs, note: note)
            run.findings.append(decided.finding)
            if let since = decided.since { carried.theirs.append(.init(row, since: since)) }
        }
        return MatchResult(findings: run.findings, suggestions: run.suggestions, carriedOver: carried)
    }
}
