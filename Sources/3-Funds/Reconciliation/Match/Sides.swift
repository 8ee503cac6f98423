import Matching

/// The lines of both sides as matching takes them, and back.
struct Sides {
    private let ours: [Int64: RunLine]
    private let theirs: [Int64: RunLine]
    let oursRows: [MatchRow]
    let theirsRows: [MatchRow]

    init(ours: [RunLine], theirs: [RunLine], keys: (RunLine) -> [String]) {
        self.ours = Dictionary(ours.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.theirs = Dictionary(theirs.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        oursRows = ours.map { Self.row($0, keys($0)) }
        theirsRows = theirs.map { Self.row($0, keys($0)) }
    }

    private static func row(_ line: RunLine, _ keys: [String]) -> MatchRow {
        let seconds = line.timeUs.map { $0 >= 0 ? $0 / 1_000_000 : ($0 - 999_999) / 1_000_000 }
        return MatchRow(
            id: line.id, keys: keys, currency: line.currency, amountMinor: line.amountMinor, feeMinor: line.feeMinor,
            status: line.status, kind: line.kind, day: line.day, time: seconds)
    }

    func finding(_ found: MatchFinding) -> RunFinding {
        var finding = RunFinding(
            matchClass: found.matchClass, reason: found.reason, code: found.code, confidence: found.confidence,
            ours: lines(ours: found.ours), theirs: lines(theirs: found.theirs))
        if finding.matchClass == .matched, Set((finding.ours + finding.theirs).map(\.currency)).count > 1 {
            // The books have no entry between two currencies, so both stay open until somebody exchanges them.
            finding.matchClass = .currency
        }
        return finding
    }

    func lines(ours ids: [Int64], note: String? = nil) -> [RunLine] { Self.lines(ids, ours, note) }

    func lines(theirs ids: [Int64], note: String? = nil) -> [RunLine] { Self.lines(ids, theirs, note) }

    func oursRows(where isWanted: (RunLine) -> Bool) -> [MatchRow] {
        oursRows.filter { ours[$0.id].map(isWanted) ?? false }
    }

    func theirsRows(where isWanted: (RunLine) -> Bool) -> [MatchRow] {
        theirsRows.filter { theirs[$0.id].map(isWanted) ?? false }
    }

    func carried(_ side: RunSide, where isWanted: (RunLine) -> Bool) -> [CarriedOver.Line] {
        let (rows, lines) = side == .ours ? (oursRows, ours) : (theirsRows, theirs)
        return rows.compactMap { row in
            guard let line = lines[row.id], isWanted(line), let carried = line.carried else { return nil }
            return CarriedOver.Line(row, since: CivilDay(Int32(clamping: carried.day.number)))
        }
    }

    private static func lines(_ ids: [Int64], _ lines: [Int64: RunLine], _ note: String?) -> [RunLine] {
        ids.compactMap { id in
            guard var line = lines[id] else { return nil }
            if let note { line.note = note }
            return line
        }
    }
}
