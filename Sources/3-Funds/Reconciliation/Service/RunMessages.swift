import Contract
import Journal
import Matching
import Money
import Runtime
import Store

extension V1ReconciliationStatement {
    init(_ statement: Statement) {
        self.init()
        id = "\(statement.id)"
        channel = statement.channel
        day = "\(statement.day)"
        name = statement.name
        state = statement.state.rawValue
        sha256 = Hex.text(statement.sha256)
        sizeBytes = statement.size
        pieces = Int32(clamping: statement.pieces)
        revision = Int32(clamping: statement.revision)
        receivedAt = statement.receivedAt.rfc3339
        refusal = statement.refusal
    }

    init(_ received: Reconciliation.Received) {
        self.init(received.statement)
        repeated = received.isRepeated
        runID = received.run.map { "\($0)" } ?? ""
    }
}

extension V1StatementUpload {
    init(_ upload: Upload) {
        self.init()
        id = "\(upload.id)"
        channel = upload.channel
        day = "\(upload.day)"
        name = upload.name
        sha256 = Hex.text(upload.sha256)
        sizeBytes = upload.size
        receivedBytes = upload.received
        pieces = Int32(clamping: upload.pieces)
    }
}

extension V1ReconciliationRun {
    init(_ run: Run, tasks: [RunTask] = []) {
        self.init()
        id = "\(run.id)"
        channel = run.channel
        day = "\(run.day)"
        state = run.state.rawValue
        ready = run.isReady
        version = run.version
        number = Int32(clamping: run.number)
        statementID = run.statement.map { "\($0)" } ?? ""
        fromAt = run.from.rfc3339
        untilAt = run.until.rfc3339
        currency = run.currency.code
        counts = V1ReconciliationCounts(run.counts, run.currency)
        self.tasks = tasks.map(V1ReconciliationTask.init)
        reason = run.reason
        openedAt = run.openedAt.rfc3339
        preparedAt = run.preparedAt?.rfc3339 ?? ""
        confirmedAt = run.confirmedAt?.rfc3339 ?? ""
        settledAt = run.settledAt?.rfc3339 ?? ""
        confirmedBy = run.confirmedBy
    }
}

extension V1ReconciliationCounts {
    init(_ counts: RunCounts, _ currency: Currency) {
        self.init()
        ours = counts.ours
        theirs = counts.theirs
        rejected = counts.rejected
        others = counts.others
        matched = counts.matched
        differences = counts.differences
        classes = counts.classes.sorted { $0.key < $1.key }.map { name, count in
            var found = V1ClassCount()
            found.class = name
            found.count = count
            return found
        }
        settledLines = counts.settledLines
        settledNet = V1Amount(Amount(minor: counts.settledNetMinor, currency))
        settledFees = V1Amount(Amount(minor: counts.settledFeesMinor, currency))
        differenceAmount = V1Amount(Amount(minor: counts.differenceMinor, currency))
        suggestions = counts.suggestions
    }
}

extension V1MatchSuggestion {
    init(_ suggestion: Suggestion) {
        self.init()
        runID = "\(suggestion.run)"
        number = suggestion.number
        `class` = suggestion.matchClass.code
        confidence = Int32(suggestion.confidence)
        reason = suggestion.reason
        ours = V1DifferenceSide(suggestion.ours)
        theirs = V1DifferenceSide(suggestion.theirs)
        differenceIds = suggestion.differences.map { "\($0)" }
    }

    /// Suggestions with the cases that their lines stand in now.
    static func list(_ suggestions: some Sequence<Suggestion>, _ reader: any SQLReader) throws -> [V1MatchSuggestion] {
        let differences = Set(suggestions.flatMap(\.differences))
        let cases = differences.isEmpty ? [:] : try CaseStorage.find(differences: Array(differences), reader)
        return suggestions.map { suggestion in
            var message = V1MatchSuggestion(suggestion)
            message.caseIds = suggestion.differences.compactMap { cases[$0].map { "\($0.id)" } }
            return message
        }
    }
}

extension V1ReconciliationTask {
    init(_ task: RunTask) {
        self.init()
        number = Int32(clamping: task.number)
        kind = task.kind.rawValue
        shard = Int32(clamping: task.shard)
        state = task.state.rawValue
        attempts = Int32(clamping: task.attempts)
        problem = task.problem
        process = task.process
    }
}

extension V1ReconciliationDifference {
    init(_ difference: Difference) {
        self.init()
        id = "\(difference.id)"
        runID = "\(difference.run)"
        channel = difference.channel
        day = "\(difference.day)"
        `class` = difference.matchClass.code
        reason = difference.reason
        confidence = Int32(difference.confidence)
        if let side = difference.ours { ours = V1DifferenceSide(side) }
        if let side = difference.theirs { theirs = V1DifferenceSide(side) }
        open = V1Amount(difference.open)
        reference = difference.reference
        state = difference.state.rawValue
        foundAt = difference.foundAt.rfc3339
    }
}

extension V1DifferenceSide {
    init(_ side: DifferenceSide) {
        self.init()
        kind = side.kind
        merchantReference = side.merchantReference
        channelReference = side.channelReference
        reference = side.reference
        amount.minor = side.amountMinor
        amount.currency = side.currency
        if let feeMinor = side.feeMinor {
            fee.minor = feeMinor
            fee.currency = side.currency
        }
        status = side.status
        at = side.timeUs.map { Timestamp(microseconds: $0).rfc3339 } ?? ""
        line = side.line
        lines = Int32(clamping: side.lines)
    }
}
