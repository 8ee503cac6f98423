import Contract
import Ledger
import Runtime
import SwiftProtobuf

// From the figures to the messages of the contract.

extension V1QualityReport {
    init(_ measure: QualityMeasure, _ days: ClosedRange<Int64>) {
        self.init()
        from = BusinessDay(number: days.lowerBound).description
        until = BusinessDay(number: days.upperBound).description
        objectives = V1QualityObjectives(measure.objectives)
        indicators = measure.indicators.map { indicator in
            .with {
                $0.name = indicator.name
                $0.ppm = indicator.ppm
                $0.good = indicator.good
                $0.all = indicator.all
                $0.objectivePpm = indicator.objectivePpm
                $0.met = indicator.isMet
            }
        }
        self.days = measure.days.map(V1QualityDay.init)
        classes = measure.classes.map { V1QualityClass($0.matchClass, $0.sums) }
    }
}

extension V1QualityDay {
    init(_ day: QualityMeasure.Day) {
        self.init()
        self.day = day.day.description
        channel = day.channel
        lines = day.lines
        matched = day.matched
        differences = day.differences
        open = day.open
        carried = day.carried
        state = day.state
        settledAt = day.settledAt.map { Timestamp(microseconds: $0).rfc3339 } ?? ""
        onTime = day.isOnTime
        overdue = day.isOverdue
        runID = day.runID
    }
}

extension V1QualityClass {
    init(_ matchClass: String, _ sums: QualityClassChange) {
        self.init()
        self.class = matchClass
        found = sums.found
        open = sums.live
        endedByPolicy = sums.byPolicy
        endedByMatch = sums.byMatch
        endedByPerson = sums.byPerson
        if sums.detected > 0 { meanSecondsToDetect = sums.detectSeconds / sums.detected }
        let ended = sums.byPolicy + sums.byMatch + sums.byPerson
        if ended > 0 { meanSecondsToRepair = sums.repairSeconds / ended }
    }
}

extension V1QualityObjectives {
    init(_ objectives: QualityObjectives) {
        self.init()
        zone = objectives.zone
        finishByMinute = Int32(clamping: objectives.finishByMinute)
        wrongPpm = Int32(clamping: objectives.wrongPpm)
        onTimePpm = Int32(clamping: objectives.onTimePpm)
        automaticPpm = Int32(clamping: objectives.automaticPpm)
    }
}

extension QualityObjectives {
    init(_ message: V1QualityObjectives) {
        self.init()
        zone = message.zone
        finishByMinute = Int64(message.finishByMinute)
        wrongPpm = Int64(message.wrongPpm)
        onTimePpm = Int64(message.onTimePpm)
        automaticPpm = Int64(message.automaticPpm)
    }
}

extension V1QualityObjectivesChanged {
    init(_ objectives: QualityObjectives, at time: Timestamp) {
        self.init()
        zone = objectives.zone
        finishByMinute = Int32(clamping: objectives.finishByMinute)
        wrongPpm = Int32(clamping: objectives.wrongPpm)
        onTimePpm = Int32(clamping: objectives.onTimePpm)
        automaticPpm = Int32(clamping: objectives.automaticPpm)
        atUs = time.microseconds
    }
}

extension V1AgeingRow {
    /// One row a channel and currency; buckets in which nothing is open are zero.
    static func rows(_ found: [OpenAge]) -> [V1AgeingRow] {
        var rows: [V1AgeingRow] = []
        for item in found {
            if rows.last?.channel != item.channel || rows.last?.currency != item.currency {
                rows.append(
                    .with {
                        $0.channel = item.channel
                        $0.currency = item.currency
                        $0.counts = Array(repeating: 0, count: Ageing.fromDays.count)
                        $0.amountsMinor = $0.counts
                    })
            }
            rows[rows.count - 1].counts[item.bucket] += item.count
            rows[rows.count - 1].amountsMinor[item.bucket] += item.amountMinor
            rows[rows.count - 1].netMinor += item.netMinor
        }
        return rows
    }
}

extension V1OpenLedgerItem {
    init(_ item: OpenItem, caseID: String) {
        self.init()
        reference = item.reference
        open = V1Amount(item.open)
        openedAt = item.openedAt.rfc3339
        openedTransfer = item.opened.sequence
        self.caseID = caseID
    }
}

extension V1AwaitedStatement {
    init(_ wait: StatementWait, now: Timestamp) {
        self.init()
        channel = wait.channel
        day = wait.day.description
        state = wait.state == .refused ? "refused" : now >= wait.deadline ? "overdue" : "waiting"
        tries = Int32(clamping: wait.tries)
        problem = wait.problem
        dueAt = wait.due.rfc3339
        deadlineAt = wait.deadline.rfc3339
        nextTryAt = wait.next?.rfc3339 ?? ""
    }
}
