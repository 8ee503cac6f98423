internal import CScan
internal import Synchronization

/// What becomes of the lines that did not match at once: they are read again from the files.
struct RestOfJob: Sendable {
    let sides: [FileSide]
    let lines: [LineIndex]
    let settings: FileReconciliation.Settings
    let files: ResultFiles
    let meter: ProgressMeter

    /// Lines of one key of which only so many are looked at; the others are over.
    static let maximumGroup = 10_000

    // MARK: In memory

    /// All of them through `Matcher`, as if they were the whole files: a group is here with all its lines or not at all.
    func matchInMemory(
        _ residues: [Residue], keyless: [[UInt64]], into report: inout FileReconciliationReport
    ) throws(FileReconciliationError) {
        var offsets = keyless
        var merge = Residue.merged(residues)
        while let found = try merge.next() {
            let isTheirs = found.line & CSCAN_THEIRS_BIT != 0
            offsets[isTheirs ? 1 : 0].append(found.line & ~CSCAN_THEIRS_BIT)
        }
        meter.begin(.comparing, total: offsets[0].count + offsets[1].count)
        let ours = try load(0, offsets[0])
        let theirs = try load(1, offsets[1])
        let matcher = Matcher(
            rules: settings.rules, businessDay: settings.businessDay, threads: settings.threads)
        let result: MatchResult
        do throws(MatchError) {
            result = try matcher.match(ours: ours.rows, theirs: theirs.rows)
        } catch {
            throw .settings(error.description)
        }
        meter.begin(.writing, total: result.findings.count)
        for finding in result.findings {
            report.counts[Int(finding.matchClass.rawValue)] += 1
            if finding.matchClass == .matched {
                if isByKey(finding.code) { continue }
                report.explained += 1
                try files.write(finding, ours.pick(finding.ours), theirs.pick(finding.theirs), to: .explained)
            } else {
                try files.write(finding, ours.pick(finding.ours), theirs.pick(finding.theirs), to: .difference)
            }
        }
        for finding in result.suggestions {
            report.suggestions += 1
            try files.write(finding, ours.pick(finding.ours), theirs.pick(finding.theirs), to: .suggestion)
        }
    }

    /// A pair that a key found needs no explanation, even where its amounts differ within tolerance.
    private func isByKey(_ code: MatchReason) -> Bool { code == .exactKey || code == .withinTolerance }

    /// Rows of one side by id.
    private struct Rows: Sendable {
        var rows: [MatchRow] = []
        var shown: [Int64] = []
        /// Ids ascend with the offsets.
        func pick(_ ids: [Int64]) -> [ResultFiles.Line] {
            ids.compactMap { id in
                var low = 0
                var high = rows.count
                while low < high {
                    let middle = (low + high) / 2
                    if rows[middle].id < id { low = middle + 1 } else { high = middle }
                }
                guard low < rows.count, rows[low].id == id else { return nil }
                return ResultFiles.Line(row: rows[low], shown: shown.isEmpty ? id : shown[low])
            }
        }
    }

    /// Reads lines again in the order of the file, by all threads.
    private func load(_ side: Int, _ offsets: [UInt64]) throws(FileReconciliationError) -> Rows {
        let offsets = offsets.sorted()
        sides[side].file.expectSorted(reads: offsets.count)
        let parts = Mutex<(rows: [Int: Rows], failure: FileReconciliationError?)>(([:], nil))
        Parallel.ranges(offsets.count, settings.threads) { range in
            do throws(FileReconciliationError) {
                let rows = try load(side, offsets[range])
                parts.withLock { $0.rows[range.lowerBound] = rows }
            } catch {
                parts.withLock { $0.failure = $0.failure ?? error }
            }
        }
        let (found, failure) = parts.withLock { ($0.rows, $0.failure) }
        if let failure { throw failure }
        var rows = Rows()
        for (_, part) in found.sorted(by: { $0.key < $1.key }) {
            rows.rows += part.rows
            rows.shown += part.shown
        }
        sides[side].file.releaseAll()
        return rows
    }

    private func load(_ side: Int, _ offsets: ArraySlice<UInt64>) throws(FileReconciliationError) -> Rows {
        var loader = RowLoader(sides[side], lines[side])
        var rows = Rows()
        rows.rows.reserveCapacity(offsets.count)
        for offset in offsets {
            rows.rows.append(try loader.row(at: Int(offset)))
            if sides[side].lineColumn != nil { rows.shown.append(loader.shownLine(at: Int(offset)) ?? 0) }
            meter.add(1)
        }
        return rows
    }

    // MARK: By keys alone

    /// Group by group in the order of our lines; memory holds one group and a portion of single lines.
    func matchByKeys(
        _ residues: [Residue], into report: inout FileReconciliationReport
    ) throws(FileReconciliationError) {
        var groups = GroupReader(sides: sides, lines: lines, merge: Residue.merged(residues))
        var portion = Portion(settings: settings)
        meter.begin(.writing, total: residues.reduce(0) { $0 + $1.count })
        while true {
            // What is over in a group is told before the group, so that no more of it than a portion is in memory.
            let group = try groups.next(limit: Self.maximumGroup) {
                (line, first, isOurs) throws(FileReconciliationError) in
                portion.addOver(line, first: first, isOurs: isOurs)
                meter.add(1)
                if portion.isFull { try flush(&portion, &report) }
            }
            guard let group else { break }
            meter.add(group.ours.count + group.theirs.count)
            portion.add(group)
            if portion.isFull { try flush(&portion, &report) }
        }
        try flush(&portion, &report)
    }

    private func flush(
        _ portion: inout Portion, _ report: inout FileReconciliationReport
    ) throws(FileReconciliationError) {
        for (finding, ours, theirs) in portion.take() {
            report.counts[Int(finding.matchClass.rawValue)] += 1
            if finding.matchClass != .matched { try files.write(finding, ours, theirs, to: .difference) }
        }
    }
}

/// The top bit of a found line: it is theirs. A C macro with a shift is not imported.
let CSCAN_THEIRS_BIT: UInt64 = 1 << 63
