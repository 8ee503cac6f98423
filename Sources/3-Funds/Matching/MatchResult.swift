/// What a run of matching came to.
public struct MatchResult: Sendable, Equatable {
    /// Every line that went in, in exactly one finding each; by the lowest id of ours, then those without one of ours
    /// by theirs.
    public var findings: [MatchFinding]
    /// What a person may accept: pairs and sets below the automatic score. Their lines stand in `findings` as well.
    public var suggestions: [MatchFinding]
    /// The lines classed late: input of the next day's run.
    public var carriedOver: CarriedOver
    private var counts: [Int]

    public init(findings: [MatchFinding], suggestions: [MatchFinding] = [], carriedOver: CarriedOver = .init()) {
        self.findings = Self.sorted(findings)
        self.suggestions = Self.sorted(suggestions)
        self.carriedOver = carriedOver
        counts = Array(repeating: 0, count: MatchClass.allCases.count)
        for finding in findings { counts[Int(finding.matchClass.rawValue)] += 1 }
    }

    /// Findings of a class: pairs and sets count once.
    public func count(_ matchClass: MatchClass) -> Int {
        counts[Int(matchClass.rawValue)]
    }

    /// Everything that is not matched.
    public var differences: some Sequence<MatchFinding> {
        findings.lazy.filter { $0.matchClass != .matched }
    }

    private struct Place {
        var ours: Int64
        var theirs: Int64
        var index: Int
    }

    private static func sorted(_ findings: [MatchFinding]) -> [MatchFinding] {
        var places = findings.indices.map { index in
            let finding = findings[index]
            return Place(ours: finding.ours.first ?? .max, theirs: finding.theirs.first ?? .max, index: index)
        }
        places.sort { ($0.ours, $0.theirs) < ($1.ours, $1.theirs) }
        return places.map { findings[$0.index] }
    }
}

/// Lines that wait for the other side's next file.
public struct CarriedOver: Sendable, Hashable {
    public struct Line: Sendable, Hashable {
        public var row: MatchRow
        /// The business day that first lacked its counterpart.
        public var since: CivilDay

        public init(_ row: MatchRow, since: CivilDay) {
            self.row = row
            self.since = since
        }
    }

    public var ours: [Line]
    public var theirs: [Line]

    public init(ours: [Line] = [], theirs: [Line] = []) {
        self.ours = ours
        self.theirs = theirs
    }

    public var isEmpty: Bool { ours.isEmpty && theirs.isEmpty }
}
