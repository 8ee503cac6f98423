/// One run of the tolerant stage: which lines are used, what was found, what could not be tried.
///
/// Lines stand in the order of their contents, so that whatever goes through them by number goes by content.
final class TolerantRun {
    /// The lines of one side.
    final class Party {
        let rows: [MatchRow]
        /// The day a line counts to; by its time and the channel's calendar where it names none.
        let days: [Int32?]
        let references: [[Reference]]
        var used: [Bool]
        /// Lines that a suggestion names already.
        var suggested: [Bool]
        /// What was not tried for a line, in words.
        var notes: [Int: String] = [:]

        init(_ lines: [MatchRow], _ calendar: SettlementCalendar) {
            rows = Self.sorted(lines)
            days = rows.map { row in
                row.day.map { CivilDay($0).number } ?? row.time.map { calendar.businessDay(at: $0).number }
            }
            references = rows.map { $0.keys.prefix(MatchRules.maximumKeys).map { Reference($0) } }
            used = Array(repeating: false, count: rows.count)
            suggested = Array(repeating: false, count: rows.count)
        }

        /// By amount, then by all the rest. Amounts are set beside the lines' numbers, because comparing rows where they
        /// stand copies them.
        private static func sorted(_ lines: [MatchRow]) -> [MatchRow] {
            let places = lines.indices.map { (amountMinor: lines[$0].amountMinor, line: $0) }
            return places.sorted { left, right in
                if left.amountMinor != right.amountMinor { return left.amountMinor < right.amountMinor }
                return lines[left.line].precedes(lines[right.line])
            }.map { lines[$0.line] }
        }

        /// Unused lines and what was not tried for them.
        var open: [(row: MatchRow, note: String?)] {
            rows.indices.filter { !used[$0] }.map { (rows[$0], notes[$0]) }
        }

        func isKeyed(_ line: Int) -> Bool { !(references[line].first?.isEmpty ?? true) }

        func ids(_ lines: [Int]) -> [Int64] { lines.map { rows[$0].id }.sorted() }
    }

    let rules: MatchRules
    let comparison: PairComparison
    let scorer: PairScorer?
    let ours: Party
    let theirs: Party
    var findings: [MatchFinding] = []
    var suggestions: [MatchFinding] = []
    private var windows: [Int32: Window] = [:]

    /// When money of one of our days may show on their side.
    struct Window {
        var due: Int32
        var days: ClosedRange<Int32>
    }

    init(rules: MatchRules, ours: [MatchRow], theirs: [MatchRow], scorer: PairScorer?) {
        self.rules = rules
        self.scorer = scorer
        comparison = PairComparison(rules)
        self.ours = Party(ours, rules.calendar)
        self.theirs = Party(theirs, rules.calendar)
    }

    func window(_ day: Int32, _ tolerant: TolerantRules) -> Window {
        if let known = windows[day] { return known }
        let calendar = rules.calendar
        let due = calendar.settlementDay(of: CivilDay(day))
        let earliest = calendar.settlementDay(-tolerant.daysBefore, from: due)
        let latest = calendar.settlementDay(tolerant.daysAfter, from: due)
        let window = Window(due: due.number, days: min(day, earliest.number)...max(day, latest.number))
        windows[day] = window
        return window
    }

    /// What two days say: nil when their day lies outside the window of ours; no ground where one is unknown.
    func dayGround(_ oursDay: Int32?, _ theirsDay: Int32?, _ tolerant: TolerantRules) -> ScoreWeights.Ground?? {
        guard let oursDay, let theirsDay else { return .some(nil) }
        let window = window(oursDay, tolerant)
        if theirsDay == oursDay || theirsDay == window.due { return .some(.sameDay) }
        return window.days.contains(theirsDay) ? .some(.dayInWindow) : nil
    }

    func score(_ grounds: [ScoreWeights.Ground], _ weights: ScoreWeights) -> Score {
        let points = grounds.map { ScoreGround($0, weights.points(of: $0)) }
        return Score(points: points.reduce(0) { $0 + $1.points }, grounds: points)
    }

    /// Books a set of lines: matched where the score is high enough, a suggestion where a person should look.
    ///
    /// - Returns: Whether the lines are used now.
    @discardableResult
    func conclude(
        _ matchClass: MatchClass, ours oursLines: [Int], theirs theirsLines: [Int], _ score: Score, _ code: MatchReason,
        _ reason: String, _ tolerant: TolerantRules
    ) -> Bool {
        let finding = MatchFinding(
            matchClass, ours: ours.ids(oursLines), theirs: theirs.ids(theirsLines), reason: reason,
            confidence: UInt8(score.points), code: code, grounds: score.grounds)
        if score.points >= tolerant.automaticScore {
            findings.append(finding)
            for line in oursLines { ours.used[line] = true }
            for line in theirsLines { theirs.used[line] = true }
            return true
        }
        guard score.points >= tolerant.suggestionScore, !oursLines.contains(where: { ours.suggested[$0] }),
            !theirsLines.contains(where: { theirs.suggested[$0] })
        else { return false }
        suggestions.append(finding)
        for line in oursLines { ours.suggested[line] = true }
        for line in theirsLines { theirs.suggested[line] = true }
        return false
    }
}
