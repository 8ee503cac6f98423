extension TolerantRun {
    /// A pair worth considering.
    struct Likeness {
        var ours: Int
        var theirs: Int
        var score: Score
        var amountDistance: UInt64
        var dayDistance: Int
    }

    /// Matches the pairs whose score is high enough, best first.
    ///
    /// - Returns: The others, best first, for a person.
    func matchPairs(_ tolerant: TolerantRules) -> [Likeness] {
        let likenesses = scored(candidates(tolerant), tolerant).sorted(by: Self.isBetter)
        let ties = Ties(likenesses.prefix { $0.score.points >= tolerant.automaticScore })
        var rest: [Likeness] = []
        for likeness in likenesses {
            let isFree = !ours.used[likeness.ours] && !theirs.used[likeness.theirs]
            // Between two that are equally good nobody but a person decides.
            guard isFree, likeness.score.points >= tolerant.automaticScore, !ties.contains(likeness) else {
                rest.append(likeness)
                continue
            }
            conclude(likeness, tolerant)
        }
        noteUntriedTheirs(tolerant)
        return rest
    }

    /// What is left for a person: each line in at most one suggestion.
    func suggest(_ likenesses: [Likeness], _ tolerant: TolerantRules) {
        var cautious = tolerant
        // A tie reaches the automatic score and still waits for a person.
        cautious.automaticScore = 101
        for likeness in likenesses where !ours.used[likeness.ours] && !theirs.used[likeness.theirs] {
            conclude(likeness, cautious)
        }
    }

    private func conclude(_ likeness: Likeness, _ tolerant: TolerantRules) {
        let verdict = comparison.verdict(ours.rows[likeness.ours], theirs.rows[likeness.theirs])
        let isMatched = verdict.matchClass == .matched
        let words = likeness.score.grounds.map { Self.words(for: $0.ground) }.joined(separator: ", ")
        conclude(
            verdict.matchClass, ours: [likeness.ours], theirs: [likeness.theirs], likeness.score,
            isMatched ? .likeness : verdict.code,
            isMatched ? "no common key; \(words)" : "\(verdict.reason); no common key; \(words)", tolerant)
    }

    private static func isBetter(_ left: Likeness, _ right: Likeness) -> Bool {
        if left.score.points != right.score.points { return left.score.points > right.score.points }
        return (left.amountDistance, left.dayDistance, left.ours, left.theirs)
            < (right.amountDistance, right.dayDistance, right.ours, right.theirs)
    }

    /// Lines that have two pairs of one score.
    private struct Ties {
        private struct Place: Hashable {
            var line: Int
            var points: Int
        }
        private var ours: [Place: Int] = [:]
        private var theirs: [Place: Int] = [:]

        init(_ likenesses: some Sequence<Likeness>) {
            for likeness in likenesses {
                ours[Place(line: likeness.ours, points: likeness.score.points), default: 0] += 1
                theirs[Place(line: likeness.theirs, points: likeness.score.points), default: 0] += 1
            }
        }

        func contains(_ likeness: Likeness) -> Bool {
            (ours[Place(line: likeness.ours, points: likeness.score.points)] ?? 0) > 1
                || (theirs[Place(line: likeness.theirs, points: likeness.score.points)] ?? 0) > 1
        }
    }

    // MARK: Scores

    private func scored(_ candidates: [(ours: Int, theirs: Int)], _ tolerant: TolerantRules) -> [Likeness] {
        let least = tolerant.suggestionScore - max(0, tolerant.weights.onlyCandidate)
        var likely: [(ours: Int, theirs: Int, grounds: [ScoreWeights.Ground])] = []
        var oursCount = Array(repeating: 0, count: ours.rows.count)
        var theirsCount = Array(repeating: 0, count: theirs.rows.count)
        for (left, right) in candidates {
            guard let grounds = grounds(left, right, tolerant) else { continue }
            guard scorer != nil || score(grounds, tolerant.weights).points >= least else { continue }
            likely.append((left, right, grounds))
            oursCount[left] += 1
            theirsCount[right] += 1
        }
        return likely.compactMap { left, right, grounds in
            let isOnly = oursCount[left] == 1 && theirsCount[right] == 1
            var score = score(isOnly ? grounds + [.onlyCandidate] : grounds, tolerant.weights)
            if let scorer {
                let pair = MatchPair(ours: ours.rows[left], theirs: theirs.rows[right], score: score, sharesKey: false)
                score = scorer(pair) ?? score
            }
            guard score.points >= tolerant.suggestionScore else { return nil }
            return likeness(left, right, score)
        }
    }

    private func likeness(_ left: Int, _ right: Int, _ score: Score) -> Likeness {
        let days = (ours.days[left], theirs.days[right])
        return Likeness(
            ours: left, theirs: right, score: score,
            amountDistance: PairComparison.difference(ours.rows[left], theirs.rows[right]),
            dayDistance: days.0.flatMap { first in days.1.map { abs(Int(first) - Int($0)) } } ?? .max)
    }

    /// What speaks for a pair; nil when it is none.
    private func grounds(_ left: Int, _ right: Int, _ tolerant: TolerantRules) -> [ScoreWeights.Ground]? {
        var grounds: [ScoreWeights.Ground] = []
        let reference = Reference.ground(ours.references[left], theirs.references[right])
        if let reference { grounds.append(reference) }
        switch comparison.agreement(ours.rows[left], theirs.rows[right]) {
        case .equal: grounds.append(.sameAmount)
        case .tolerated: grounds.append(.tolerableAmount)
        case .net: grounds.append(.netAmount)
        case .converted: grounds.append(.convertedAmount)
        case .different, .otherCurrency:
            guard reference == .sameReference else { return nil }
        }
        guard let day = dayGround(ours.days[left], theirs.days[right], tolerant) else { return nil }
        if let day { grounds.append(day) }
        let batch = ours.rows[left].batch
        if !batch.isEmpty, batch == theirs.rows[right].batch { grounds.append(.sameBatch) }
        return grounds
    }

    static func words(for ground: ScoreWeights.Ground) -> String {
        switch ground {
        case .sameReference: "same reference but for its writing"
        case .containedReference: "one reference contains the other"
        case .contradictingReference: "their references contradict each other"
        case .sameAmount: "same amount"
        case .tolerableAmount: "amount within tolerance"
        case .netAmount: "amount less fee"
        case .convertedAmount: "amount at the rate of exchange"
        case .sameDay: "same day"
        case .dayInWindow: "day within the window"
        case .onlyCandidate: "the only candidate"
        case .sameBatch: "same batch"
        case .wholeDay: "all lines due that day"
        case .ownRule: "a rule of the house"
        }
    }
}
