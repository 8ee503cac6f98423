internal import CScan

/// The lines of one key that did not match at once.
struct LineGroup {
    var ours: [ResultFiles.Line] = []
    var theirs: [ResultFiles.Line] = []
}

/// Reads groups of lines in their order from the sorted residue.
struct GroupReader {
    private var loaders: [RowLoader]
    private var merge: Residue.Merge
    private var ahead: cscan_found?

    init(sides: [FileSide], lines: [LineIndex], merge: Residue.Merge) {
        loaders = sides.indices.map { RowLoader(sides[$0], lines[$0]) }
        self.merge = merge
    }

    private mutating func pull() throws(FileReconciliationError) -> cscan_found? {
        if let line = ahead {
            ahead = nil
            return line
        }
        return try merge.next()
    }

    /// The next group, at most `limit` lines of each side; `over` gets the others, with the first of their side.
    mutating func next(
        limit: Int,
        over: (ResultFiles.Line, _ first: ResultFiles.Line, _ isOurs: Bool) throws(FileReconciliationError) -> Void
    ) throws(FileReconciliationError) -> LineGroup? {
        var group = LineGroup()
        guard let first = try pull() else { return nil }
        ahead = first
        while let found = try pull() {
            guard found.group == first.group else {
                ahead = found
                break
            }
            let line = try load(found)
            let isOurs = found.line & CSCAN_THEIRS_BIT == 0
            let known = isOurs ? group.ours : group.theirs
            if let first = known.first, known.count == limit {
                try over(line, first, isOurs)
            } else if isOurs {
                group.ours.append(line)
            } else {
                group.theirs.append(line)
            }
        }
        return group
    }

    private mutating func load(_ found: cscan_found) throws(FileReconciliationError) -> ResultFiles.Line {
        let side = found.line & CSCAN_THEIRS_BIT == 0 ? 0 : 1
        let offset = Int(found.line & ~CSCAN_THEIRS_BIT)
        let row = try loaders[side].row(at: offset)
        return ResultFiles.Line(row: row, shown: loaders[side].shownLine(at: offset) ?? row.id)
    }
}

/// Findings of some groups in order; single lines among them are judged together, late or missing.
struct Portion {
    private enum Entry {
        case finding(MatchFinding, [ResultFiles.Line], [ResultFiles.Line])
        case single(ResultFiles.Line, isOurs: Bool)
    }

    private var entries: [Entry] = []
    private let comparison: PairComparison
    private let rules: MatchRules
    private let stage: TolerantStage

    var isFull: Bool { entries.count >= 8192 }

    init(settings: FileReconciliation.Settings) {
        rules = settings.rules
        comparison = PairComparison(settings.rules)
        var alone = settings.rules
        alone.tolerant = nil
        stage = TolerantStage(rules: alone, businessDay: settings.businessDay)
    }

    mutating func add(_ group: LineGroup) {
        if group.ours.count == 1, group.theirs.count == 1 {
            let finding = comparison.finding(group.ours[0].row, group.theirs[0].row)
            entries.append(.finding(finding, group.ours, group.theirs))
        } else if group.ours.count + group.theirs.count == 1 {
            for line in group.ours { entries.append(.single(line, isOurs: true)) }
            for line in group.theirs { entries.append(.single(line, isOurs: false)) }
        } else {
            settle(group)
        }
    }

    private mutating func settle(_ group: LineGroup) {
        let settled = KeyGroup.settle(
            ours: group.ours.map(\.row), theirs: group.theirs.map(\.row), rules: rules)
        let ours = Dictionary(uniqueKeysWithValues: group.ours.map { ($0.row.id, $0) })
        let theirs = Dictionary(uniqueKeysWithValues: group.theirs.map { ($0.row.id, $0) })
        for finding in settled.findings {
            entries.append(
                .finding(finding, finding.ours.compactMap { ours[$0] }, finding.theirs.compactMap { theirs[$0] }))
        }
        for line in settled.surplusOurs { addSurplus(ours[line.row.id], line.first.id, isOurs: true) }
        for line in settled.surplusTheirs { addSurplus(theirs[line.row.id], line.first.id, isOurs: false) }
        for line in settled.openOurs.compactMap({ ours[$0.id] }) { entries.append(.single(line, isOurs: true)) }
        for line in settled.openTheirs.compactMap({ theirs[$0.id] }) { entries.append(.single(line, isOurs: false)) }
    }

    private mutating func addSurplus(_ line: ResultFiles.Line?, _ first: Int64, isOurs: Bool) {
        guard let line else { return }
        let reason = "the key of line \(first) once more"
        entries.append(
            .finding(
                MatchFinding(
                    isOurs ? .duplicateOurs : .duplicateTheirs, ours: isOurs ? [line.row.id] : [],
                    theirs: isOurs ? [] : [line.row.id], reason: reason),
                isOurs ? [line] : [], isOurs ? [] : [line]))
    }

    /// A line of a key that stands on more lines than are looked at.
    mutating func addOver(_ line: ResultFiles.Line, first: ResultFiles.Line, isOurs: Bool) {
        addSurplus(line, first.row.id, isOurs: isOurs)
    }

    /// Everything gathered, with single lines judged.
    mutating func take() -> [(MatchFinding, [ResultFiles.Line], [ResultFiles.Line])] {
        defer { entries.removeAll(keepingCapacity: true) }
        var ours: [MatchRow] = []
        var theirs: [MatchRow] = []
        for case .single(let line, let isOurs) in entries {
            if isOurs { ours.append(line.row) } else { theirs.append(line.row) }
        }
        // Each side alone: without tolerance nothing of one could match the other.
        let judgedOurs = byID(stage.match(ours: ours, theirs: []).findings, \.ours)
        let judgedTheirs = byID(stage.match(ours: [], theirs: theirs).findings, \.theirs)
        return entries.map { entry in
            switch entry {
            case .finding(let finding, let ours, let theirs): return (finding, ours, theirs)
            case .single(let line, true):
                let missing = MatchFinding(.missingTheirs, ours: [line.row.id], reason: "no counterpart")
                return (judgedOurs[line.row.id] ?? missing, [line], [])
            case .single(let line, false):
                let missing = MatchFinding(.missingOurs, theirs: [line.row.id], reason: "no counterpart")
                return (judgedTheirs[line.row.id] ?? missing, [], [line])
            }
        }
    }

    private func byID(_ findings: [MatchFinding], _ ids: KeyPath<MatchFinding, [Int64]>) -> [Int64: MatchFinding] {
        Dictionary(findings.compactMap { finding in finding[keyPath: ids].first.map { ($0, finding) } }) { first, _ in
            first
        }
    }
}
