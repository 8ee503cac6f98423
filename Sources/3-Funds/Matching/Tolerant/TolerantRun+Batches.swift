extension TolerantRun {
    /// The two parties of a search: one holds the sums, the other the parts.
    struct Direction {
        var sums: Party
        var parts: Party
        var sumsAreTheirs: Bool
    }

    var directions: [Direction] {
        [
            Direction(sums: theirs, parts: ours, sumsAreTheirs: true),
            Direction(sums: ours, parts: theirs, sumsAreTheirs: false)
        ]
    }

    /// What a line adds to a payout: its amount, or its amount less what the channel kept.
    enum Measure: CaseIterable {
        case gross, net

        var ground: ScoreWeights.Ground { self == .gross ? .sameAmount : .netAmount }
    }

    func value(_ row: MatchRow, _ measure: Measure) -> Int128 {
        let fee = measure == .net ? rules.expectedFee(of: row) ?? 0 : 0
        return Int128(row.amountMinor) - Int128(fee)
    }

    /// A payout is made of everything but payouts; every other line only of lines of its kind.
    static func mayBePart(_ part: MatchKind, of sum: MatchKind) -> Bool {
        sum == .payout ? part != .payout && part != .fx : part == sum
    }

    /// Whether a sum in wide integers is an amount within tolerance.
    func agrees(_ sum: Int128, _ amountMinor: Int64, _ currency: String) -> Bool {
        guard let sum = Int64(exactly: sum) else { return false }
        return rules.amountsAgree(sum, amountMinor, currency: currency)
    }

    func concludeSet(
        _ direction: Direction, _ matchClass: MatchClass = .matched, sums: [Int], parts: [Int], _ score: Score,
        _ code: MatchReason, _ reason: String, _ tolerant: TolerantRules
    ) -> Bool {
        conclude(
            matchClass, ours: direction.sumsAreTheirs ? parts : sums, theirs: direction.sumsAreTheirs ? sums : parts,
            score, code, reason, tolerant)
    }

    // MARK: Batches that both sides name

    private struct Batch: Hashable {
        var name: String
        var currency: String
        /// Nil holds the parts of a payout, of whatever kind.
        var kind: MatchKind?
    }

    /// A payout against the lines that name it, and lines of one kind against lines of that kind in one batch.
    ///
    /// - Parameter begun: Batches of which keys matched some line: their sums are only compared with what is open.
    func matchNamedBatches(_ tolerant: TolerantRules, begun: Set<String>) {
        for direction in directions {
            let parts = Dictionary(uniqueKeysWithValues: batches(direction.parts, payouts: false))
            for (batch, sums) in batches(direction.sums, payouts: true) {
                guard let lines = parts[batch] else { continue }
                matchPayout(direction, batch.name, sums, lines, tolerant, isWhole: !begun.contains(batch.name))
            }
        }
        matchBatchesOfOneKind(tolerant)
    }

    /// A payout that differs from its batch is one difference of amount, not a thousand missing lines.
    private func matchPayout(
        _ direction: Direction, _ name: String, _ sums: [Int], _ parts: [Int], _ tolerant: TolerantRules,
        isWhole: Bool
    ) {
        let currency = direction.sums.rows[sums[0]].currency
        let paid = sums.reduce(Int128(0)) { $0 + Int128(direction.sums.rows[$1].amountMinor) }
        guard let paidMinor = Int64(exactly: paid) else { return }
        let totals = Measure.allCases.map { measure in
            (measure, parts.reduce(Int128(0)) { $0 + value(direction.parts.rows[$1], measure) })
        }
        if let (measure, _) = totals.first(where: { agrees($0.1, paidMinor, currency) }) {
            let score = score([.sameBatch, measure.ground, .onlyCandidate], tolerant.weights)
            _ = concludeSet(
                direction, sums: sums, parts: parts, score, .sameBatch,
                "the \(parts.count) lines of \(name) sum to it", tolerant)
            return
        }
        // The measure nearer to what was paid is the one that was meant.
        guard isWhole,
            let total = totals.map(\.1).min(by: { ($0 - paid).magnitude < ($1 - paid).magnitude })
        else { return }
        // The batch's name is a key, and what a key decides needs no grounds.
        let score = Score(points: 100, grounds: [])
        _ = concludeSet(
            direction, .amount, sums: sums, parts: parts, score, .amountDiffers,
            "the \(parts.count) lines of \(name) sum to \(MoneyText.of(total, currency)), "
                + "\(MoneyText.of(paid, currency)) was paid", tolerant)
    }

    private func matchBatchesOfOneKind(_ tolerant: TolerantRules) {
        let right = Dictionary(uniqueKeysWithValues: batches(theirs, payouts: nil))
        for (batch, oursLines) in batches(ours, payouts: nil) {
            guard let theirsLines = right[batch], oursLines.count + theirsLines.count > 2 else { continue }
            let sums = [ours.rows, theirs.rows].enumerated().map { side, rows in
                (side == 0 ? oursLines : theirsLines).reduce(Int128(0)) { $0 + Int128(rows[$1].amountMinor) }
            }
            guard sums[0] == sums[1] else { continue }
            let score = score([.sameBatch, .sameAmount, .onlyCandidate], tolerant.weights)
            conclude(
                .matched, ours: oursLines, theirs: theirsLines, score, .sameBatch,
                "\(oursLines.count) lines of ours and \(theirsLines.count) of theirs in \(batch.name) sum to "
                    + MoneyText.of(sums[0], ours.rows[oursLines[0]].currency), tolerant)
        }
    }

    /// Open lines by the batch they name, in the order of contents.
    ///
    /// - Parameter payouts: Whether payouts are wanted (they may name the batch by a key), their parts, or, for nil,
    ///   lines that are matched with their own kind.
    private func batches(_ party: Party, payouts: Bool?) -> [(Batch, [Int])] {
        var lines: [Batch: [Int]] = [:]
        var order: [Batch] = []
        for line in party.rows.indices where !party.used[line] {
            let row = party.rows[line]
            if let payouts, (row.kind == .payout) != payouts { continue }
            if payouts == false, !Self.mayBePart(row.kind, of: .payout) { continue }
            var name = row.batch
            if name.isEmpty, payouts == true { name = row.keys.first { !$0.isEmpty } ?? "" }
            if name.isEmpty { continue }
            let batch = Batch(name: name, currency: row.currency, kind: payouts == nil ? row.kind : nil)
            if lines[batch, default: []].isEmpty { order.append(batch) }
            lines[batch, default: []].append(line)
        }
        return order.map { ($0, lines[$0] ?? []) }
    }
}
