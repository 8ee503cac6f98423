/// Lines of one kind under one key where a side has more than one: which pairs they make and what is left.
///
/// O(g log g) for g lines. Only contents decide, so that the lines may come in any order.
struct KeyGroup {
    struct Settled: Sendable {
        /// Pairs and splits.
        var findings: [MatchFinding] = []
        /// Lines left over, each with the first line of its side under the key: duplicates unless another key finds
        /// them a counterpart.
        var surplusOurs: [(row: MatchRow, first: MatchRow)] = []
        var surplusTheirs: [(row: MatchRow, first: MatchRow)] = []
        /// Lines left over that repeat nothing: other keys and the tolerant stage try them, then they are missing.
        var openOurs: [MatchRow] = []
        var openTheirs: [MatchRow] = []
    }

    private let comparison: PairComparison
    private let ours: [MatchRow]
    private let theirs: [MatchRow]
    private var oursUsed: [Bool]
    private var theirsUsed: [Bool]
    private var settled = Settled()

    /// - Parameter rules: Tolerances decide which lines prefer each other before what is left is paired in order.
    static func settle(ours: [MatchRow], theirs: [MatchRow], rules: MatchRules) -> Settled {
        settle(ours: ours, theirs: theirs, PairComparison(rules))
    }

    static func settle(ours: [MatchRow], theirs: [MatchRow], _ comparison: PairComparison) -> Settled {
        var group = KeyGroup(ours, theirs, comparison)
        group.settle()
        return group.settled
    }

    private init(_ ours: [MatchRow], _ theirs: [MatchRow], _ comparison: PairComparison) {
        self.ours = ours.sorted { $0.precedes($1) }
        self.theirs = theirs.sorted { $0.precedes($1) }
        self.comparison = comparison
        oursUsed = Array(repeating: false, count: ours.count)
        theirsUsed = Array(repeating: false, count: theirs.count)
    }

    private mutating func settle() {
        if ours.isEmpty || theirs.isEmpty {
            settleOneSide()
            return
        }
        if comparison.rules.splits, settleSplit() { return }
        pairByOtherKeys()
        pairAll(Array(ours.indices), Array(theirs.indices))
        for index in ours.indices where !oursUsed[index] { settled.surplusOurs.append((ours[index], ours[0])) }
        for index in theirs.indices where !theirsUsed[index] {
            settled.surplusTheirs.append((theirs[index], theirs[0]))
        }
    }

    /// Only one side knows the key: repetitions of a line are duplicates of it, parts of an amount are not.
    private mutating func settleOneSide() {
        func divide(_ rows: [MatchRow]) -> (open: [MatchRow], surplus: [(row: MatchRow, first: MatchRow)]) {
            var open: [MatchRow] = []
            var surplus: [(row: MatchRow, first: MatchRow)] = []
            for row in rows {
                // The order begins with currency and amount, so that equal ones stand side by side.
                if let last = open.last, last.currency == row.currency, last.amountMinor == row.amountMinor {
                    surplus.append((row, last))
                } else {
                    open.append(row)
                }
            }
            return (open, surplus)
        }
        (settled.openOurs, settled.surplusOurs) = divide(ours)
        (settled.openTheirs, settled.surplusTheirs) = divide(theirs)
    }

    /// One line against several that sum to it exactly, in one currency and status.
    private mutating func settleSplit() -> Bool {
        guard min(ours.count, theirs.count) == 1, max(ours.count, theirs.count) > 1 else { return false }
        let (one, parts) = ours.count == 1 ? (ours[0], theirs) : (theirs[0], ours)
        var sum: Int128 = 0
        for part in parts {
            guard part.currency == one.currency, part.status == one.status, part.amountMinor != one.amountMinor else {
                return false
            }
            sum += Int128(part.amountMinor)
        }
        guard sum == Int128(one.amountMinor) else { return false }
        let words = "\(parts.count) lines under one key sum to \(MoneyText.of(one.amountMinor, one.currency))"
        let fees = Self.splitFees(ours: ours, theirs: theirs, comparison.rules)
        let agree = comparison.rules.feesAgree(fees.ours, fees.theirs)
        settled.findings.append(
            MatchFinding(
                agree ? .matched : .fee, ours: ours.map(\.id).sorted(), theirs: theirs.map(\.id).sorted(),
                reason: agree ? words : words + ", their fees do not agree", code: agree ? .split : .feeDiffers))
        return true
    }

    /// The fees of both sides, each nil unless all of its lines have one.
    private static func splitFees(
        ours: [MatchRow], theirs: [MatchRow], _ rules: MatchRules
    ) -> (ours: Int64?, theirs: Int64?) {
        func sum(_ fees: [Int64?]) -> Int64? {
            let known = fees.compactMap(\.self)
            return known.count == fees.count ? Int64(clamping: known.reduce(Int128(0)) { $0 + Int128($1) }) : nil
        }
        return (sum(ours.map(rules.expectedFee)), sum(theirs.map(\.feeMinor)))
    }

    /// Lines that share their other keys as well are the same transaction whatever else differs.
    private mutating func pairByOtherKeys() {
        func byKeys(_ rows: [MatchRow]) -> [[String]: [Int]] {
            Dictionary(grouping: rows.indices) { rows[$0].keys }
        }
        guard (ours + theirs).contains(where: { $0.keys.count > 1 }) else { return }
        let theirsByKeys = byKeys(theirs)
        for (keys, indexes) in byKeys(ours).sorted(by: { $0.value[0] < $1.value[0] })
        where keys.count > 1 && !keys.contains("") {
            if let partners = theirsByKeys[keys] { pairAll(indexes, partners) }
        }
    }

    /// First what agrees wholly, then amounts that are equal, then amounts that are tolerated, then what is left.
    private mutating func pairAll(_ oursIndexes: [Int], _ theirsIndexes: [Int]) {
        pair(oursIndexes, theirsIndexes) { left, right in
            if let order = Self.order(left, right) { return order }
            if left.status == right.status { return .same }
            return left.status.rawValue < right.status.rawValue ? .before : .after
        }
        pair(oursIndexes, theirsIndexes) { left, right in Self.order(left, right) ?? .same }
        let rules = comparison.rules
        pair(oursIndexes, theirsIndexes) { left, right in
            let agree =
                left.currency == right.currency
                && rules.amountsAgree(left.amountMinor, right.amountMinor, currency: left.currency)
            return agree ? .same : Self.order(left, right) ?? .same
        }
        pair(oursIndexes, theirsIndexes) { _, _ in .same }
    }

    private enum Order { case before, same, after }

    private static func order(_ left: MatchRow, _ right: MatchRow) -> Order? {
        if left.currency != right.currency { return left.currency < right.currency ? .before : .after }
        if left.amountMinor != right.amountMinor { return left.amountMinor < right.amountMinor ? .before : .after }
        return nil
    }

    /// One sweep over both sorted lists: what is `same` becomes a pair.
    private mutating func pair(
        _ oursIndexes: [Int], _ theirsIndexes: [Int], by order: (MatchRow, MatchRow) -> Order
    ) {
        let left = oursIndexes.filter { !oursUsed[$0] }
        let right = theirsIndexes.filter { !theirsUsed[$0] }
        var (i, j) = (0, 0)
        while i < left.count, j < right.count {
            switch order(ours[left[i]], theirs[right[j]]) {
            case .before: i += 1
            case .after: j += 1
            case .same:
                settled.findings.append(comparison.finding(ours[left[i]], theirs[right[j]]))
                oursUsed[left[i]] = true
                theirsUsed[right[j]] = true
                i += 1
                j += 1
            }
        }
    }
}
