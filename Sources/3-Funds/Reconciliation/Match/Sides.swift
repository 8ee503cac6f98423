import Matching

/// The lines of both sides as matching takes them, and back.
struct Sides {
    /// The lines of a side by their numbers.
    private struct Lines {
        private let lines: [RunLine]
        /// A line's place by its number: lines are large, and places are moved for less.
        private let places: [Int64: Int]

        init(_ lines: [RunLine]) {
            self.lines = lines
            var places = [Int64: Int](minimumCapacity: lines.count)
            for place in lines.indices.reversed() { places[lines[place].id] = place }
            self.places = places
        }

        subscript(id: Int64) -> RunLine? { places[id].map { lines[$0] } }
    }

    private let ours: Lines
    private let theirs: Lines
    let oursRows: [MatchRow]
    let theirsRows: [MatchRow]

    init(ours: [RunLine], theirs: [RunLine], keys: (RunLine) -> [String]) {
        self.ours = Lines(ours)
        self.theirs = Lines(theirs)
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
        if finding.matchClass == .matched, !finding.isOfOneCurrency {
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

    private static func lines(_ ids: [Int64], _ lines: Lines, _ note: String?) -> [RunLine] {
        ids.compactMap { id in
            guard var line = lines[id] else { return nil }
            if let note { line.note = note }
            return line
        }
    }
}

extension RunFinding {
    fileprivate var isOfOneCurrency: Bool {
        let currency = ours.first?.currency ?? theirs.first?.currency
        return ours.allSatisfy { $0.currency == currency } && theirs.allSatisfy { $0.currency == currency }
    }
}
