extension TolerantRun {
    /// Lines that several lines of the other side sum to, then several of theirs that are several of ours.
    func matchSubsets(_ tolerant: TolerantRules) {
        guard let batches = tolerant.batches else { return }
        var searches = Searches(left: batches.maximumSearches, ours: SubsetIndex(ours), theirs: SubsetIndex(theirs))
        for direction in directions {
            for sum in order(direction.sums) where !direction.sums.used[sum] {
                search(direction, sum, &searches, tolerant, batches)
            }
        }
        guard batches.manyToMany else { return }
        for sum in order(theirs) where !theirs.used[sum] && !theirs.suggested[sum] {
            if searches.left == 0 { return }
            searchBothSides(sum, &searches, tolerant, batches)
        }
    }

    struct Searches {
        var left: Int
        /// Lines that all searches together may still look at: beyond it the work would grow with the square of what
        /// keys left.
        var visits = 20_000_000
        let ours: SubsetIndex
        let theirs: SubsetIndex
    }

    /// The open lines of a party that may ever stand together, so that no search goes through all of them.
    struct SubsetIndex {
        private struct Group: Hashable {
            var currency: String
            var status: MatchStatus
        }

        private var all: [Group: [Int]] = [:]
        private var unkeyed: [Group: [Int]] = [:]

        init(_ party: Party) {
            for line in party.rows.indices where !party.used[line] && party.rows[line].amountMinor != 0 {
                let group = Group(currency: party.rows[line].currency, status: party.rows[line].status)
                all[group, default: []].append(line)
                if !party.isKeyed(line) { unkeyed[group, default: []].append(line) }
            }
        }

        /// Lines of the row's currency and status; without those that have a key of their own, where that speaks
        /// against them.
        func lines(like row: MatchRow, unkeyedOnly: Bool) -> [Int] {
            (unkeyedOnly ? unkeyed : all)[Group(currency: row.currency, status: row.status)] ?? []
        }
    }

    /// Payouts first, then the largest amounts, because searches are counted.
    private func order(_ party: Party) -> [Int] {
        let places = party.rows.indices.map { line in
            let row = party.rows[line]
            return (rank: row.kind == .payout ? 0 : 1, magnitude: row.amountMinor.magnitude, line: line)
        }
        return places.sorted { left, right in
            if left.rank != right.rank { return left.rank < right.rank }
            if left.magnitude != right.magnitude { return left.magnitude > right.magnitude }
            return left.line < right.line
        }.map(\.line)
    }

    private func search(
        _ direction: Direction, _ sum: Int, _ searches: inout Searches, _ tolerant: TolerantRules, _ limits: BatchRules
    ) {
        guard searches.visits > 0 else {
            direction.sums.notes[sum] = "not tried: too many lines are open to search them all for sets"
            return
        }
        let row = direction.sums.rows[sum]
        let finder = SubsetSum(maximumCandidates: limits.maximumCandidates, maximumCells: limits.maximumCells)
        let isUsedUp = searches.left == 0
        // Two candidates are enough to say that there would have been something to search.
        let limit = isUsedUp ? 2 : finder.most(for: row.amountMinor)
        let candidates = parts(direction, of: sum, tolerant, &searches, limit: limit + 1)
        guard candidates.count > 1 else { return }
        guard !isUsedUp else {
            direction.sums.notes[sum] = "not tried: the \(limits.maximumSearches) searches for sets are used up"
            return
        }
        searches.left -= 1
        guard candidates.count <= limit else {
            direction.sums.notes[sum] = "not tried: more than \(limit) lines might be part of it"
            return
        }
        let tolerance = rules.tolerance(of: row.currency).reach(around: row.amountMinor)
        for measure in Measure.allCases {
            let values = candidates.map { Int64(clamping: value(direction.parts.rows[$0], measure)) }
            if measure == .net, values == candidates.map({ direction.parts.rows[$0].amountMinor }) { continue }
            switch finder.find(row.amountMinor, tolerance: tolerance, in: values) {
            case .found(let indexes, let isOnly) where indexes.count > 1:
                let total = indexes.reduce(Int128(0)) { $0 + Int128(values[$1]) }
                guard agrees(total, row.amountMinor, row.currency) else { continue }
                concludeSubset(direction, sum, indexes.map { candidates[$0] }, measure, isOnly, tolerant)
                return
            case .notTried(let count, let limit):
                direction.sums.notes[sum] = "not tried: \(count) lines might be part of it, the limit is \(limit)"
                return
            default: continue
            }
        }
    }

    private func concludeSubset(
        _ direction: Direction, _ sum: Int, _ parts: [Int], _ measure: Measure, _ isOnly: Bool,
        _ tolerant: TolerantRules
    ) {
        var grounds: [ScoreWeights.Ground] = [measure.ground]
        let references = parts.map { Reference.ground(direction.sums.references[sum], direction.parts.references[$0]) }
        if references.allSatisfy({ $0 == .sameReference || $0 == .containedReference }) {
            grounds.append(.containedReference)
        }
        let day = direction.sums.days[sum]
        if day != nil, parts.allSatisfy({ direction.parts.days[$0] == day }) {
            grounds.append(.sameDay)
        } else {
            grounds.append(.dayInWindow)
        }
        if isOnly { grounds.append(.onlyCandidate) }
        let only = isOnly ? "" : "; other sets do as well"
        _ = concludeSet(
            direction, sums: [sum], parts: parts, score(grounds, tolerant.weights), .subsetSum,
            "\(parts.count) lines sum to it\(only)", tolerant)
        if !isOnly { direction.sums.notes[sum] = "several sets of lines sum to it" }
    }

    /// Open lines that may be part of a sum: kind, currency, status, day, and no reference of their own against it.
    private func parts(
        _ direction: Direction, of sum: Int, _ tolerant: TolerantRules, _ searches: inout Searches, limit: Int = .max
    ) -> [Int] {
        let row = direction.sums.rows[sum]
        let isKeyed = row.kind != .payout && direction.sums.isKeyed(sum)
        let parts = direction.parts
        let index = direction.sumsAreTheirs ? searches.ours : searches.theirs
        var found: [Int] = []
        for line in index.lines(like: row, unkeyedOnly: isKeyed) {
            if found.count >= limit || searches.visits < 0 { break }
            searches.visits -= 1
            if parts.used[line] { continue }
            let part = parts.rows[line]
            if !Self.mayBePart(part.kind, of: row.kind) { continue }
            if row.kind != .payout, part.amountMinor.signum() != row.amountMinor.signum() { continue }
            if isInWindow(direction, sum, line, tolerant) { found.append(line) }
        }
        return found
    }

    private func isInWindow(_ direction: Direction, _ sum: Int, _ part: Int, _ tolerant: TolerantRules) -> Bool {
        let (sumDay, partDay) = (direction.sums.days[sum], direction.parts.days[part])
        let ground =
            direction.sumsAreTheirs
            ? dayGround(partDay, sumDay, tolerant) : dayGround(sumDay, partDay, tolerant)
        return ground != nil
    }

    /// Several of theirs, `sum` among them, that are several of ours: ours sum to it when the others of theirs are
    /// taken off.
    private func searchBothSides(
        _ sum: Int, _ searches: inout Searches, _ tolerant: TolerantRules, _ limits: BatchRules
    ) {
        let direction = directions[0]
        let row = theirs.rows[sum]
        let left = parts(direction, of: sum, tolerant, &searches, limit: limits.maximumCandidates + 1)
        guard left.count > 1, left.count <= limits.maximumCandidates else { return }
        let others = searches.theirs.lines(like: row, unkeyedOnly: theirs.isKeyed(sum))
        guard others.count <= searches.visits else { return }
        searches.visits -= others.count
        let right = others.filter { line in
            line != sum && !theirs.used[line] && theirs.rows[line].kind == row.kind
        }
        guard !right.isEmpty, left.count + right.count <= limits.maximumCandidates else { return }
        searches.left -= 1
        let values =
            left.map { ours.rows[$0].amountMinor }
            + right.map { Int64(clamping: -Int128(theirs.rows[$0].amountMinor)) }
        let finder = SubsetSum(maximumCandidates: limits.maximumCandidates, maximumCells: 0)
        guard case .found(let indexes, let isOnly) = finder.find(row.amountMinor, in: values) else { return }
        let oursLines = indexes.filter { $0 < left.count }.map { left[$0] }
        let theirsLines = [sum] + indexes.filter { $0 >= left.count }.map { right[$0 - left.count] }
        guard oursLines.count > 1, theirsLines.count > 1 else { return }
        let grounds: [ScoreWeights.Ground] = [.sameAmount, .dayInWindow] + (isOnly ? [.onlyCandidate] : [])
        conclude(
            .matched, ours: oursLines, theirs: theirsLines, score(grounds, tolerant.weights), .subsetSum,
            "\(oursLines.count) lines of ours and \(theirsLines.count) of theirs have one sum", tolerant)
    }
}
