internal import Synchronization

/// The first stage: a hash join on the keys in order of strength.
///
/// O(n) in the lines and O(g log g) in the largest group of one key; 8 bytes a line beside the rows and the table. A
/// key's lines always fall into one part, so that parts run side by side and their number changes nothing.
struct ExactStage {
    let rules: MatchRules
    let threads: Int
    private let comparison: PairComparison

    /// What keys found, and the lines they left.
    struct Outcome {
        var findings: [MatchFinding] = []
        var openOurs: [MatchRow] = []
        var openTheirs: [MatchRow] = []
        /// Batches of which a key matched some line, so that what is open is not all of them.
        var begunBatches: Set<String> = []
    }

    init(rules: MatchRules, threads: Int, scorer: PairScorer? = nil) {
        self.rules = rules
        self.threads = threads
        comparison = PairComparison(rules, scorer: scorer)
    }

    func match(ours: [MatchRow], theirs: [MatchRow]) -> Outcome {
        let ours = Side(ours)
        let theirs = Side(theirs)
        let positions = min(max(ours.keyCount, theirs.keyCount), MatchRules.maximumKeys)
        let seed = Hasher()
        let keys = (0..<positions).map { position in
            Keys(ours: hashes(ours, position, seed), theirs: hashes(theirs, position, seed))
        }
        var findings: [MatchFinding] = []
        for position in 0..<positions { findings += join(position, keys[position], ours, theirs) }
        for position in 0..<positions {
            noteRepetitions(position, keys[position].ours, ours)
            noteRepetitions(position, keys[position].theirs, theirs)
        }
        findings += surplus(ours, .duplicateOurs) + surplus(theirs, .duplicateTheirs)
        return Outcome(
            findings: findings, openOurs: ours.open(), openTheirs: theirs.open(),
            begunBatches: ours.usedBatches().union(theirs.usedBatches()))
    }

    // MARK: One position

    private struct Keys {
        var ours: Hashes
        var theirs: Hashes
    }

    private func join(_ position: Int, _ keys: Keys, _ ours: Side, _ theirs: Side) -> [MatchFinding] {
        let parts = Mutex([(part: Int, findings: [MatchFinding])]())
        let (oursHashes, theirsHashes) = (keys.ours, keys.theirs)
        Parallel.run(threads) { part in
            let found = joinPart(part, position, ours, oursHashes, theirs, theirsHashes)
            parts.withLock { $0.append((part, found)) }
        }
        return parts.withLock { parts in parts.sorted { $0.part < $1.part }.flatMap(\.findings) }
    }

    /// Hash 0 means that the line has no key here that may be used.
    private func hashes(_ side: Side, _ position: Int, _ seed: Hasher) -> Hashes {
        let hashes = Hashes(count: side.rows.count)
        let needsDay = position < rules.keys.count && rules.keys[position].reusedAfterDays != nil
        Parallel.ranges(side.rows.count, threads) { range in
            for line in range {
                let row = side.rows[line]
                guard position < row.keys.count, isSafe(row.keys[position]), !needsDay || row.day != nil else {
                    continue
                }
                hashes.values[line] = KeyIndex.hash(row.keys[position], row.kind, seed: seed)
            }
        }
        return hashes
    }

    private func isSafe(_ key: String) -> Bool {
        // Placeholders are short words, and looking a long key up in a set costs as much as the join.
        !key.isEmpty && (key.utf8.count > 16 || !rules.placeholders.contains(key))
    }

    private func joinPart(
        _ part: Int, _ position: Int, _ ours: Side, _ oursHashes: Hashes, _ theirs: Side, _ theirsHashes: Hashes
    ) -> [MatchFinding] {
        let index = KeyIndex(
            position: position, ours: ours.rows, oursLines: oursHashes.lines(ofPart: part, of: threads, unusedIn: ours),
            oursHashes: oursHashes.all, theirs: theirs.rows,
            theirsLines: theirsHashes.lines(ofPart: part, of: threads, unusedIn: theirs), theirsHashes: theirsHashes.all
        )
        var findings: [MatchFinding] = []
        findings.reserveCapacity(index.groups.count)
        let reuse = position < rules.keys.count ? rules.keys[position].reusedAfterDays : nil
        for (number, group) in index.groups.enumerated() {
            if group.oursCount + group.theirsCount < 2 { continue }
            if group.oursCount == 1, group.theirsCount == 1 {
                let (left, right) = (Int(group.firstOurs), Int(group.firstTheirs))
                if let reuse, !Self.isNear(ours.rows[left], theirs.rows[right], reuse) { continue }
                findings.append(comparison.finding(ours.rows[left], theirs.rows[right]))
                ours.used[left] = true
                theirs.used[right] = true
            } else {
                let lines = index.lines(of: number)
                for cluster in Self.clusters(lines.ours, ours, lines.theirs, theirs, reuse) {
                    findings += settle(cluster.ours, ours, cluster.theirs, theirs)
                }
            }
        }
        return findings
    }

    private func settle(_ oursLines: [Int], _ ours: Side, _ theirsLines: [Int], _ theirs: Side) -> [MatchFinding] {
        let settled = KeyGroup.settle(
            ours: oursLines.map { ours.rows[$0] }, theirs: theirsLines.map { theirs.rows[$0] }, comparison)
        ours.note(oursLines, surplus: settled.surplusOurs, open: settled.openOurs)
        theirs.note(theirsLines, surplus: settled.surplusTheirs, open: settled.openTheirs)
        return settled.findings
    }

    // MARK: Ids that begin anew

    private static func isNear(_ left: MatchRow, _ right: MatchRow, _ days: Int) -> Bool {
        guard let left = left.day, let right = right.day else { return false }
        return (Int(left) - Int(right)).magnitude <= UInt(days)
    }

    /// The lines of one key, cut wherever more than `reuse` days lie between one line and the next.
    private static func clusters(
        _ oursLines: [Int], _ ours: Side, _ theirsLines: [Int], _ theirs: Side, _ reuse: Int?
    ) -> [(ours: [Int], theirs: [Int])] {
        guard let reuse else { return [(oursLines, theirsLines)] }
        let lines =
            oursLines.map { (day: Int(ours.rows[$0].day ?? 0), line: $0, isOurs: true) }
            + theirsLines.map { (day: Int(theirs.rows[$0].day ?? 0), line: $0, isOurs: false) }
        var clusters: [(ours: [Int], theirs: [Int])] = []
        var last: Int?
        for entry in lines.sorted(by: { $0.day < $1.day }) {
            if last.map({ entry.day - $0 > reuse }) ?? true { clusters.append(([], [])) }
            last = entry.day
            if entry.isOurs {
                clusters[clusters.count - 1].ours.append(entry.line)
            } else {
                clusters[clusters.count - 1].theirs.append(entry.line)
            }
        }
        return clusters
    }

    // MARK: What no key found a counterpart for

    /// Open lines under a key that a used line has: the key found the other one, so that this one is over. Where ids
    /// begin anew, the same id may be another line, and nothing is noted.
    private func noteRepetitions(_ position: Int, _ hashes: Hashes, _ side: Side) {
        if position < rules.keys.count, rules.keys[position].reusedAfterDays != nil { return }
        let open = side.rows.indices.filter { !side.used[$0] && hashes.values[$0] != 0 }
        guard !open.isEmpty else { return }
        let wanted = Set(open.map { hashes.values[$0] })
        var firsts: [UInt64: MatchRow] = [:]
        for line in side.rows.indices where side.used[line] && wanted.contains(hashes.values[line]) {
            if let known = firsts[hashes.values[line]], !side.rows[line].precedes(known) { continue }
            firsts[hashes.values[line]] = side.rows[line]
        }
        for line in open {
            guard let first = firsts[hashes.values[line]], KeyIndex.isSame(side.rows[line], first, position) else {
                continue
            }
            side.note(line, repeats: first)
        }
    }

    /// Lines that stayed unused under a key whose other lines were used.
    private func surplus(_ side: Side, _ matchClass: MatchClass) -> [MatchFinding] {
        let isOurs = matchClass == .duplicateOurs
        return side.takeSurplus().map { row, first in
            let isSame = row.currency == first.currency && row.amountMinor == first.amountMinor
            return MatchFinding(
                matchClass, ours: isOurs ? [row.id] : [], theirs: isOurs ? [] : [row.id],
                reason: isSame
                    ? "the key again: line \(first.id) has it with the same amount"
                    : "the key again: line \(first.id) has it with \(MoneyText.of(first.amountMinor, first.currency))",
                code: isSame ? .repeated : .surplusUnderKey, original: first.id)
        }
    }
}
