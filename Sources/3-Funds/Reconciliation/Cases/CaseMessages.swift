public import Contract
import Matching
import Money
import Runtime
import Store
import SwiftProtobuf

extension V1ReconciliationCase: Versioned {}
extension V1Repair: Versioned {}

extension V1ReconciliationCase {
    /// A case as it stands at `now`; the titles of its cause are those of the rules that live now.
    init(_ row: CaseRecord, _ titles: CauseTitles, now: Timestamp) {
        self.init()
        id = "\(row.id)"
        differenceID = "\(row.difference)"
        runID = "\(row.run)"
        channel = row.channel
        day = "\(row.day)"
        self.class = row.matchClass.code
        state = row.state.rawValue
        severity = row.severity.word
        reason = row.reason
        if let side = row.ours { ours = V1CaseLine(side) }
        if let side = row.theirs { theirs = V1CaseLine(side) }
        open = V1Amount(row.open)
        reference = row.reference
        cause = .with {
            $0.code = row.cause.cause
            $0.title = titles.titles[row.cause.cause]?.title ?? row.cause.cause
            $0.titleZh = titles.titles[row.cause.cause]?.titleZh ?? ""
            $0.confidence = Int32(row.cause.confidence)
            $0.rules = row.rules
            $0.suggestedRepair = row.cause.repair
            $0.others = row.cause.others
        }
        if let odd = row.oddity {
            oddity = .with {
                $0.scoreBp = Int32(odd.basisPoints)
                $0.feature = odd.feature
            }
        }
        owner = row.owner
        deadlineAt = row.deadline.rfc3339
        overdue = row.isOverdue(at: now)
        carriedTo = row.carriedTo
        outcome = row.outcome
        version = row.version
        openedAt = row.openedAt.rfc3339
        updatedAt = row.updatedAt.rfc3339
        endedAt = row.endedAt?.rfc3339 ?? ""
    }
}

/// What causes are called, by their codes.
struct CauseTitles {
    let titles: [String: CauseRule]

    init(_ reader: any SQLReader) throws {
        let rules = try LiveRules.causes(reader).rules.rules
        titles = Dictionary(rules.map { ($0.code, $0) }) { first, _ in first }
    }
}

extension V1Repair {
    init(_ row: RepairRecord) {
        self.init()
        id = "\(row.id)"
        caseID = "\(row.caseID)"
        kind = row.plan.kind.rawValue
        state = row.state.rawValue
        entries = row.plan.entries.map(V1RepairEntry.init)
        reversal = row.plan.reversal.entries.map(V1RepairEntry.init)
        amount = V1Amount(row.amount)
        carryTo = row.plan.carryTo ?? ""
        reason = row.reason
        proposedBy = row.maker.subject
        decidedBy = row.checker
        executedBy = row.executor
        decisionReason = row.decision
        automatic = row.isAutomatic
        waitsBecause = row.state == .proposed ? row.waits : ""
        reverses = row.reverses.map { "\($0)" } ?? ""
        reversedBy = row.reversedBy.map { "\($0)" } ?? ""
        version = row.version
        proposedAt = row.proposedAt.rfc3339
        decidedAt = row.decidedAt?.rfc3339 ?? ""
        executedAt = row.executedAt?.rfc3339 ?? ""
    }
}

/// The version that the caller has seen, from the field or from `If-Match: "3"`.
enum SeenVersion {
    static func check(_ now: Int64, _ sent: Int64, _ context: CallContext, _ kind: String) throws {
        var seen = sent
        if let header = context.header("if-match") {
            let digits = header.drop { $0 == "\"" }.prefix { $0 != "\"" }
            guard let version = Int64(digits), sent == 0 || sent == version else {
                throw CasesError.invalid("If-Match", header, "must be the version in quotes, such as \"3\"")
            }
            seen = version
        }
        guard seen != 0 else {
            throw CasesError.invalid("version", "0", "must be the version that was read (or send If-Match)")
        }
        guard seen == now else { throw CasesError.version(kind, now: now, sent: seen) }
    }
}
