import Contract
import Journal
import Runtime
import Store
import SwiftProtobuf

/// Keeps the figures of quality from the events of runs and cases. It can be dropped and derived again.
struct QualityFigures: Projection {
    var name: String { "reconciliation.quality" }

    var types: Set<String> {
        [
            V1RunOpened.protoMessageName, V1RunPrepared.protoMessageName, V1RunConfirmed.protoMessageName,
            V1RunSettled.protoMessageName, V1RunAborted.protoMessageName, V1CaseOpened.protoMessageName,
            V1CaseMoved.protoMessageName
        ]
    }

    func apply(_ event: JournalEvent, in tx: Transaction) throws {
        switch event.type {
        case V1RunOpened.protoMessageName:
            let told = try V1RunOpened(serializedBytes: event.payload)
            guard let day = BusinessDay(told.day) else { return }
            try QualityRunRows.opened(told.runID, told.channel, day, number: Int64(told.number), in: tx)
        case V1RunPrepared.protoMessageName:
            let told = try V1RunPrepared(serializedBytes: event.payload)
            let lines = told.counts.reduce(0) { $0 &+ $1 }
            let matched = zip(told.classes, told.counts).reduce(0) { $0 &+ ($1.0 == "matched" ? $1.1 : 0) }
            try QualityRunRows.prepared(told.runID, lines: lines, matched: matched, in: tx)
        case V1RunConfirmed.protoMessageName:
            try QualityRunRows.moved(try V1RunConfirmed(serializedBytes: event.payload).runID, to: "confirmed", in: tx)
        case V1RunSettled.protoMessageName:
            let told = try V1RunSettled(serializedBytes: event.payload)
            try QualityRunRows.settled(told.runID, at: told.atUs, in: tx)
        case V1RunAborted.protoMessageName:
            try QualityRunRows.moved(try V1RunAborted(serializedBytes: event.payload).runID, to: "aborted", in: tx)
        case V1CaseOpened.protoMessageName:
            try opened(try V1CaseOpened(serializedBytes: event.payload), in: tx)
        case V1CaseMoved.protoMessageName: try moved(try V1CaseMoved(serializedBytes: event.payload), in: tx)
        default: return
        }
    }

    func reset(in tx: Transaction) throws {
        for table in [
            "recon_quality_runs", "recon_quality_cases", "recon_quality_classes", "recon_quality_slots"
        ] { try tx.execute("DELETE FROM \(raw: table)") }
    }

    private func opened(_ told: V1CaseOpened, in tx: Transaction) throws {
        guard let day = BusinessDay(told.day) else { return }
        try QualityCaseRows.insert(
            QualityCase(
                id: told.caseID, day: day, channel: told.channel, matchClass: told.class,
                currency: told.amount.currency, amountMinor: told.amount.minor, openedAt: told.atUs),
            in: tx)
        var change = QualityClassChange(found: 1, live: 1)
        if told.lineAtUs != 0 {
            change.detected = 1
            // A clock of theirs that runs ahead finds nothing before it happened.
            change.detectSeconds = max(0, (told.atUs - told.lineAtUs) / 1_000_000)
            try QualitySlotRows.add(HalfHour.of(told.lineAtUs), told.channel, in: tx)
        }
        try QualityClassRows.add(change, day, told.channel, told.class, in: tx)
    }

    private func moved(_ told: V1CaseMoved, in tx: Transaction) throws {
        guard var known = try QualityCaseRows.find(told.caseID, in: tx) else { return }
        let isEnded = CaseState(rawValue: told.to)?.isEnded ?? false
        guard (known.endedAt != nil) != isEnded else { return }
        var change = QualityClassChange(live: isEnded ? -1 : 1)
        if isEnded {
            known.endedAt = told.atUs
            known.ending = told.move == "matched" ? .match : told.automatic ? .policy : .person
            change.add(known.ending, seconds: known.repairSeconds, sign: 1)
        } else {
            // Opened again: how it ended was not how it ends, so what was counted is taken back.
            change.add(known.ending, seconds: known.repairSeconds, sign: -1)
            known.endedAt = nil
            known.ending = nil
        }
        try QualityCaseRows.update(known, in: tx)
        try QualityClassRows.add(change, known.day, known.channel, known.matchClass, in: tx)
    }
}

/// Half hours since 1970-01-01T00:00Z.
enum HalfHour {
    static func of(_ microseconds: Int64) -> Int64 {
        let seconds = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        let whole = seconds.remainder < 0 ? seconds.quotient - 1 : seconds.quotient
        let slot = whole.quotientAndRemainder(dividingBy: 1_800)
        return slot.remainder < 0 ? slot.quotient - 1 : slot.quotient
    }

    /// The hour of the day at which a slot begins in a zone so many seconds east of Greenwich.
    static func hour(_ slot: Int64, offsetSeconds: Int) -> Int {
        let seconds = slot * 1_800 + Int64(offsetSeconds)
        let inDay = (seconds % 86_400 + 86_400) % 86_400
        return Int(inDay / 3_600)
    }
}
