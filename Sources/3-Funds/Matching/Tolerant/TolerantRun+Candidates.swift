extension TolerantRun {
    private struct Bucket: Hashable {
        var kind: MatchKind
        var currency: String
    }

    private struct Name: Hashable {
        var kind: MatchKind
        var reference: Reference
    }

    /// Pairs of open lines of one kind that agree in amount or in reference, in the order of contents.
    func candidates(_ tolerant: TolerantRules) -> [(ours: Int, theirs: Int)] {
        let amounts = amountIndexes(theirs)
        let names = nameIndex(theirs)
        var pairs: [(ours: Int, theirs: Int)] = []
        for line in ours.rows.indices where !ours.used[line] {
            var found: Set<Int32> = []
            var isComplete = addAmounts(of: line, to: &found, amounts, tolerant)
            for reference in Set(ours.references[line]) where !reference.isEmpty {
                let lines = names[Name(kind: ours.rows[line].kind, reference: reference)] ?? []
                if lines.count > tolerant.maximumCandidates { isComplete = false } else { found.formUnion(lines) }
            }
            if !isComplete { ours.notes[line] = Self.tooMany("theirs", tolerant) }
            pairs += found.sorted().map { (line, Int($0)) }
        }
        return pairs
    }

    /// Their lines that fit only lines of ours which had too many candidates: they were not tried either.
    func noteUntriedTheirs(_ tolerant: TolerantRules) {
        guard !ours.notes.isEmpty else { return }
        var untried: [Bucket: Set<Int64>] = [:]
        for line in ours.notes.keys {
            let row = ours.rows[line]
            untried[Bucket(kind: row.kind, currency: row.currency), default: []].insert(row.amountMinor)
        }
        for line in theirs.rows.indices where !theirs.used[line] {
            let row = theirs.rows[line]
            guard untried[Bucket(kind: row.kind, currency: row.currency)]?.contains(row.amountMinor) ?? false else {
                continue
            }
            theirs.notes[line] = Self.tooMany("ours", tolerant)
        }
    }

    private static func tooMany(_ side: String, _ tolerant: TolerantRules) -> String {
        "not tried: more than \(tolerant.maximumCandidates) lines of \(side) fit it"
    }

    private func amountIndexes(_ party: Party) -> [Bucket: AmountIndex] {
        var entries: [Bucket: [AmountIndex.Entry]] = [:]
        for line in party.rows.indices where !party.used[line] {
            let row = party.rows[line]
            entries[Bucket(kind: row.kind, currency: row.currency), default: []].append(
                .init(amountMinor: row.amountMinor, day: party.days[line] ?? AmountIndex.noDay, line: Int32(line)))
        }
        return entries.mapValues { AmountIndex($0) }
    }

    private func nameIndex(_ party: Party) -> [Name: [Int32]] {
        var names: [Name: [Int32]] = [:]
        for line in party.rows.indices where !party.used[line] {
            for reference in Set(party.references[line]) where !reference.isEmpty {
                names[Name(kind: party.rows[line].kind, reference: reference), default: []].append(Int32(line))
            }
        }
        return names
    }

    /// Their lines with our amount, our amount less the fee, or our amount in another currency.
    ///
    /// - Returns: false where there were too many to be looked at.
    private func addAmounts(
        of line: Int, to found: inout Set<Int32>, _ indexes: [Bucket: AmountIndex], _ tolerant: TolerantRules
    ) -> Bool {
        let row = ours.rows[line]
        let days = ours.days[line].map { window($0, tolerant).days }
        var isComplete = true
        func look(_ currency: String, _ amount: Int64, _ tolerance: AmountTolerance) {
            guard let index = indexes[Bucket(kind: row.kind, currency: currency)] else { return }
            let reach = Int64(clamping: tolerance.reach(around: amount))
            let low = amount.subtractingReportingOverflow(reach)
            let high = amount.addingReportingOverflow(reach)
            let range = (low.overflow ? .min : low.partialValue)...(high.overflow ? .max : high.partialValue)
            guard let lines = index.lines(amounts: range, days: days, limit: tolerant.maximumCandidates) else {
                isComplete = false
                return
            }
            found.formUnion(lines)
        }
        let tolerance = rules.tolerance(of: row.currency)
        look(row.currency, row.amountMinor, tolerance)
        if let net = comparison.expectedNet(of: row) { look(row.currency, net, tolerance) }
        for rate in rules.exchangeRates where rate.from == row.currency {
            look(rate.to, rate.converted(row.amountMinor), rules.exchange)
        }
        return isComplete
    }
}
