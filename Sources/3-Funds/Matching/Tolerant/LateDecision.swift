/// Whether a line without a counterpart is missing or only late.
struct LateDecision {
    enum Side { case ours, theirs }

    let rules: MatchRules
    let businessDay: CivilDay?
    private let carriedOurs: [Int64: CivilDay]
    private let carriedTheirs: [Int64: CivilDay]

    init(rules: MatchRules, businessDay: CivilDay?, carriedOver: CarriedOver) {
        self.rules = rules
        self.businessDay = businessDay
        // Two carried lines of one id would be refused by the matcher; the stage alone takes the earlier day.
        carriedOurs = Dictionary(carriedOver.ours.map { ($0.row.id, $0.since) }, uniquingKeysWith: min)
        carriedTheirs = Dictionary(carriedOver.theirs.map { ($0.row.id, $0.since) }, uniquingKeysWith: min)
    }

    struct Decision {
        var finding: MatchFinding
        /// Set where the line is carried over.
        var since: CivilDay?
    }

    /// - Parameter note: What was not tried for the line, if anything.
    func decide(_ row: MatchRow, _ side: Side, note: String?) -> Decision {
        if let since = carried(row, side) { return decideCarried(row, side, since, note) }
        if let businessDay, let due = due(row, side), due > businessDay {
            let crossed = counted(row, side).map { $0 > businessDay } ?? false
            let reason =
                crossed
                ? "after the \(side == .ours ? "channel's" : "books'") cut-off of \(businessDay): due \(due)"
                : "its money is due \(due), after \(businessDay)"
            return Decision(
                finding: finding(.late, row, side, reason, crossed ? .afterCutOff : .notYetSettled),
                since: businessDay)
        }
        return Decision(finding: missing(row, side, note))
    }

    private func decideCarried(_ row: MatchRow, _ side: Side, _ since: CivilDay, _ note: String?) -> Decision {
        guard let businessDay else { return Decision(finding: missing(row, side, note)) }
        let calendar = calendar(side)
        let age = calendar.settlementDays(from: since, to: businessDay, limit: rules.late.carryDays + 1)
        let isDue = due(row, side).map { $0 <= businessDay } ?? true
        if isDue, age >= rules.late.carryDays {
            var finding = missing(row, side, note)
            finding.code = .carriedTooLong
            finding.reason = "carried over since \(since) and still without a counterpart"
            if let note { finding.reason += "; " + note }
            return Decision(finding: finding)
        }
        return Decision(
            finding: finding(.late, row, side, "carried over since \(since)", .notYetSettled), since: since)
    }

    private func missing(_ row: MatchRow, _ side: Side, _ note: String?) -> MatchFinding {
        let reason = side == .ours ? "they have no line for it" : "our books have no line for it"
        return finding(
            side == .ours ? .missingTheirs : .missingOurs, row, side, note.map { "\(reason); \($0)" } ?? reason,
            note == nil ? .noCounterpart : .notTried)
    }

    private func finding(
        _ matchClass: MatchClass, _ row: MatchRow, _ side: Side, _ reason: String, _ code: MatchReason
    ) -> MatchFinding {
        MatchFinding(
            matchClass, ours: side == .ours ? [row.id] : [], theirs: side == .ours ? [] : [row.id], reason: reason,
            code: code)
    }

    private func carried(_ row: MatchRow, _ side: Side) -> CivilDay? {
        side == .ours ? carriedOurs[row.id] : carriedTheirs[row.id]
    }

    /// The calendar of the side that lacks the line.
    private func calendar(_ side: Side) -> SettlementCalendar {
        side == .ours ? rules.calendar : rules.books
    }

    /// The business day that the line counts to on the side that lacks it, clocks read generously.
    private func counted(_ row: MatchRow, _ side: Side) -> CivilDay? {
        guard let time = row.time else { return row.day.map(CivilDay.init) }
        let (late, overflow) = time.addingReportingOverflow(rules.late.slackSeconds)
        return calendar(side).businessDay(at: overflow ? time : late)
    }

    /// When the side that lacks the line is expected to have it.
    private func due(_ row: MatchRow, _ side: Side) -> CivilDay? {
        counted(row, side).map { calendar(side).settlementDay(of: $0) }
    }
}
