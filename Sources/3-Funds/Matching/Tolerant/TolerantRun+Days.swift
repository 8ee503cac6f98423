extension TolerantRun {
    private struct Due: Hashable {
        var currency: String
        var status: MatchStatus
        var day: Int32
    }

    private struct DaySum {
        var lines: [Int] = []
        var gross: Int128 = 0
        var net: Int128 = 0

        func total(_ measure: Measure) -> Int128 { measure == .gross ? gross : net }
    }

    /// Calendar days around a payout in which lines due may lie: thirty settlement days with all weekends free.
    private static let widestWindow: Int32 = 60

    /// Payouts without a word about what they bring: all that was due on a day, if it sums to them.
    func matchWholeDays(_ tolerant: TolerantRules) {
        for direction in directions {
            var due = partsByDay(direction, tolerant)
            for sum in direction.sums.rows.indices where isOpenPayout(direction.sums, sum) {
                matchWholeDay(direction, sum, &due, tolerant)
            }
        }
    }

    private func isOpenPayout(_ party: Party, _ line: Int) -> Bool {
        !party.used[line] && party.rows[line].kind == .payout
    }

    private func partsByDay(_ direction: Direction, _ tolerant: TolerantRules) -> [Due: DaySum] {
        var due: [Due: DaySum] = [:]
        let parts = direction.parts
        for line in parts.rows.indices where !parts.used[line] {
            let row = parts.rows[line]
            guard Self.mayBePart(row.kind, of: .payout), let day = parts.days[line] else { continue }
            let dueDay = window(day, tolerant).due
            let key = Due(currency: row.currency, status: row.status, day: dueDay)
            due[key, default: DaySum()].lines.append(line)
            due[key]?.gross += value(row, .gross)
            due[key]?.net += value(row, .net)
        }
        return due
    }

    /// The day must be the only one that fits: two days of one sum are for a person.
    private func matchWholeDay(
        _ direction: Direction, _ sum: Int, _ due: inout [Due: DaySum], _ tolerant: TolerantRules
    ) {
        let row = direction.sums.rows[sum]
        guard let day = direction.sums.days[sum] else { return }
        var fitting: [(key: Due, measure: Measure)] = []
        for candidate in day - Self.widestWindow...day + Self.widestWindow {
            let key = Due(currency: row.currency, status: row.status, day: candidate)
            guard let daySum = due[key], daySum.lines.count > 1 else { continue }
            let latest = rules.calendar.settlementDay(tolerant.daysAfter, from: CivilDay(candidate)).number
            let earliest = rules.calendar.settlementDay(-tolerant.daysBefore, from: CivilDay(candidate)).number
            guard (earliest...latest).contains(day) else { continue }
            let measure = Measure.allCases.first { agrees(daySum.total($0), row.amountMinor, row.currency) }
            if let measure { fitting.append((key, measure)) }
        }
        guard let fit = fitting.first, fitting.count == 1, let lines = due[fit.key]?.lines else {
            if fitting.count > 1 { direction.sums.notes[sum] = "the lines of several days sum to it" }
            return
        }
        let ground: ScoreWeights.Ground = fit.key.day == day ? .sameDay : .dayInWindow
        let score = score([.wholeDay, fit.measure.ground, ground, .onlyCandidate], tolerant.weights)
        let isUsed = concludeSet(
            direction, sums: [sum], parts: lines, score, .wholeDay,
            "all \(lines.count) lines due on \(CivilDay(fit.key.day)) sum to it", tolerant)
        if isUsed { due[fit.key] = nil }
    }
}
