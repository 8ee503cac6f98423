import Runtime

/// The figures of some days, made of what is remembered: pure, so that made histories can be measured.
struct QualityMeasure: Sendable {
    /// One channel's business day: its last run that was not aborted.
    struct Day: Sendable, Hashable {
        let day: BusinessDay
        let channel: String
        let runID: String
        let state: String
        let lines: Int64
        let matched: Int64
        /// Cases that are still live, without and with those that the next day's file is expected to end.
        let open: Int64
        let carried: Int64
        /// When it was settled first: a correction days later does not make the night late.
        let settledAt: Int64?
        let deadline: Timestamp
        let isOnTime: Bool
        let isOverdue: Bool

        var differences: Int64 { lines - matched }
    }

    struct Indicator: Sendable, Hashable {
        let name: String
        let good: Int64
        let all: Int64
        let objectivePpm: Int64
        /// For "wrong", less is better.
        let isUpperBound: Bool

        /// With nothing to measure: all is well.
        var ppm: Int64 {
            guard all > 0 else { return isUpperBound ? 0 : 1_000_000 }
            let (high, low) = good.multipliedFullWidth(by: 1_000_000)
            // A share of something that wrong is rounded up, so that 1 of 120 million is never shown as none.
            let (quotient, remainder) = all.dividingFullWidth((high, low))
            return isUpperBound && remainder > 0 ? quotient + 1 : quotient
        }

        var isMet: Bool {
            guard all > 0 else { return true }
            // Compared without the division, which would round.
            let left = good.multipliedFullWidth(by: 1_000_000)
            let right = all.multipliedFullWidth(by: objectivePpm)
            let isLess = (left.high, left.low) < (right.high, right.low)
            let isSame = left.high == right.high && left.low == right.low
            return isSame || (isUpperBound ? isLess : !isLess)
        }
    }

    let objectives: QualityObjectives
    /// Oldest first, then by channel.
    let days: [Day]
    let classes: [(matchClass: String, sums: QualityClassChange)]

    init(
        objectives: QualityObjectives, runs: [QualityRun],
        live: [(day: Int64, channel: String, isLate: Bool, count: Int64)],
        classes: [(matchClass: String, sums: QualityClassChange)], now: Timestamp
    ) {
        self.objectives = objectives
        self.classes = classes
        struct Key: Hashable {
            let day: Int64
            let channel: String
        }
        var open: [Key: (wrong: Int64, late: Int64)] = [:]
        for item in live {
            let key = Key(day: item.day, channel: item.channel)
            var count = open[key] ?? (0, 0)
            if item.isLate { count.late += item.count } else { count.wrong += item.count }
            open[key] = count
        }
        var order: [Key] = []
        var byDay: [Key: [QualityRun]] = [:]
        for run in runs {
            let key = Key(day: run.day.number, channel: run.channel)
            if byDay[key] == nil { order.append(key) }
            byDay[key, default: []].append(run)
        }
        days = order.compactMap { key in
            guard let all = byDay[key], let run = all.last(where: { $0.state != "aborted" }) ?? all.last else {
                return nil
            }
            let settled = all.compactMap(\.settledAt).min()
            let deadline = objectives.deadline(of: run.day)
            let count = open[key] ?? (0, 0)
            return Day(
                day: run.day, channel: run.channel, runID: run.id, state: run.state, lines: run.lines,
                matched: run.matched, open: count.wrong, carried: count.late, settledAt: settled, deadline: deadline,
                isOnTime: settled.map { $0 <= deadline.microseconds } ?? false,
                isOverdue: settled == nil && run.state != "aborted" && now > deadline)
        }
    }

    var indicators: [Indicator] {
        let counted = days.filter { $0.state != "aborted" }
        let lines = counted.reduce(0) { $0 + $1.lines }
        let wrong = counted.reduce(0) { $0 + $1.open }
        let carried = counted.reduce(0) { $0 + $1.carried }
        // Only nights that are over are measured: one that still has time is neither.
        let due = counted.filter { $0.settledAt != nil || $0.isOverdue }
        let ended = classes.reduce(0) { $0 + $1.sums.byPolicy + $1.sums.byMatch + $1.sums.byPerson }
        let alone = classes.reduce(0) { $0 + $1.sums.byPolicy + $1.sums.byMatch }
        return [
            Indicator(
                name: "reconciled", good: max(0, lines - wrong - carried), all: lines,
                objectivePpm: 1_000_000 - objectives.wrongPpm, isUpperBound: false),
            Indicator(name: "wrong", good: wrong, all: lines, objectivePpm: objectives.wrongPpm, isUpperBound: true),
            Indicator(
                name: "on_time", good: Int64(due.count { $0.isOnTime }), all: Int64(due.count),
                objectivePpm: objectives.onTimePpm, isUpperBound: false),
            Indicator(
                name: "automatic", good: alone, all: ended, objectivePpm: objectives.automaticPpm,
                isUpperBound: false)
        ]
    }
}
