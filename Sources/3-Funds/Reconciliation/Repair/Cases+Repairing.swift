import Contract
import Ledger
import Matching
import Money
import Runtime
import Store
import SwiftProtobuf

// Repairs inside a transaction: proposed, decided, executed. Every step is told to the journal.
extension Cases {
    /// What the ledger has open for a case now.
    func subject(_ row: CaseRecord, _ reader: any SQLReader) throws -> RepairSubject {
        let currency = row.open.currency
        let clearing = ChartAccount.clearing(row.channel).code
        // A channel without an account has nothing open.
        let open =
            try ledger.account(clearing, currency: currency, in: reader) == nil
            ? nil : try ledger.openItem(account: clearing, currency: currency, reference: row.reference, in: reader)
        return RepairSubject(
            matchClass: row.matchClass, channel: row.channel, currency: currency, itemReference: row.reference,
            openMinor: open?.open.minor ?? 0, lineKind: (row.theirs ?? row.ours)?.kind ?? "")
    }

    /// Writes down a proposal. Nothing is booked.
    func propose(
        _ plan: RepairPlan, for row: inout CaseRecord, reason: String, reverses: RepairID? = nil, by maker: Actor,
        in tx: Transaction
    ) throws -> RepairRecord {
        if row.state.isEnded, reverses == nil {
            throw CasesError.illegalMove(
                CaseMove.propose.rawValue, of: "case", state: row.state.rawValue,
                allowed: row.state.allowed.map(\.rawValue))
        }
        let earlier = try RepairStorage.of(row.id, tx)
        if let pending = earlier.first(where: \.state.isPending) {
            throw CasesError(
                .repairPending, "repair \(pending.id) of this case is \(pending.state.rawValue): decide on that first")
        }
        guard earlier.count < Self.repairsPerCase else {
            throw CasesError(.overLimit, "a case has at most \(Self.repairsPerCase) repairs")
        }
        var repair = RepairRecord(
            id: tx.newID(), caseID: row.id, plan: plan, currency: row.open.currency, reason: reason, maker: maker,
            reverses: reverses, proposedAt: tx.now)
        if maker != .policy { repair.waits = try waits(plan, row, tx) }
        try RepairStorage.save(repair, in: tx)
        if !row.state.isEnded { try move(&row, .propose, by: maker, in: tx) }
        try tx.record(
            V1RepairProposed.with {
                $0.repairID = "\(repair.id)"
                $0.caseID = "\(row.id)"
                $0.kind = plan.kind.rawValue
                $0.entries = plan.entries.map(V1RepairEntry.init)
                $0.carryTo = plan.carryTo ?? ""
                $0.reason = reason
                $0.by = maker.subject
                $0.reverses = reverses.map { "\($0)" } ?? ""
                $0.atUs = tx.now.microseconds
            })
        return repair
    }

    /// Why a person has to look at a plan, in the words of the live policy.
    func waits(_ plan: RepairPlan, _ row: CaseRecord, _ reader: any SQLReader, now: Timestamp? = nil) throws -> String {
        switch try decision(plan, row, at: now ?? (reader as? Transaction)?.now ?? row.updatedAt, reader) {
        case .automatic: "what a person proposes, a second person approves"
        case .person(let reason): reason
        }
    }

    func decision(
        _ plan: RepairPlan, _ row: CaseRecord, at now: Timestamp, _ reader: any SQLReader
    ) throws -> RepairPolicy.Decision {
        try LiveRules.policy(reader).repairs.decide(
            plan.kind, row.matchClass, currency: row.open.currency.code, amountMinor: plan.amountMinor,
            confidence: row.cause.repair == plan.kind.rawValue ? row.cause.confidence : 0,
            spentToday: try RepairStorage.spent(plan.kind, row.open.currency, at: now, reader))
    }

    /// Approves, rejects or withdraws.
    func decide(
        _ repair: inout RepairRecord, _ step: RepairMove, reason: String, by actor: Actor, in tx: Transaction
    ) throws {
        if step == .approve || step == .reject, actor != .policy {
            // The maker may withdraw; letting through and refusing is somebody else's.
            try FourEyes.check(maker: repair.maker, checker: actor, "repair \(repair.id)")
        }
        try repair.move(step)
        if step != .withdraw { repair.checker = actor.subject }
        repair.decision = reason
        repair.decidedAt = tx.now
        repair.isAutomatic = actor == .policy
        try RepairStorage.save(repair, in: tx)
        try tell(decided: repair, by: actor.subject, isAutomatic: repair.isAutomatic, in: tx)
        guard repair.state == .rejected || repair.state == .withdrawn else { return }
        var row = try CaseStorage.existing(repair.caseID, tx)
        if row.state == .repairProposed { try move(&row, .withdraw, by: actor, outcome: reason, in: tx) }
    }

    /// Withdraws what is not executed of a case that needs no repair any more.
    func withdrawPending(of row: CaseRecord, because reason: String, in tx: Transaction) throws {
        for repair in try RepairStorage.of(row.id, tx) where repair.state.isPending {
            var repair = repair
            try repair.move(.withdraw)
            repair.decision = reason
            repair.decidedAt = tx.now
            try RepairStorage.save(repair, in: tx)
            try tell(decided: repair, by: Actor.run.subject, isAutomatic: true, in: tx)
        }
    }

    private func tell(decided repair: RepairRecord, by subject: String, isAutomatic: Bool, in tx: Transaction) throws {
        try tx.record(
            V1RepairDecided.with {
                $0.repairID = "\(repair.id)"
                $0.caseID = "\(repair.caseID)"
                $0.state = repair.state.rawValue
                $0.reason = repair.decision
                $0.by = subject
                $0.automatic = isAutomatic
                $0.atUs = tx.now.microseconds
            })
    }

    /// Books an approved repair and ends, carries or opens its case: all of it or nothing.
    func execute(_ repair: inout RepairRecord, by actor: Actor, in tx: Transaction) throws {
        try repair.move(.execute)
        var row = try CaseStorage.existing(repair.caseID, tx)
        let plan = repair.plan
        if plan.kind != .reversal, plan.kind != .markTiming {
            let open = try subject(row, tx).openMinor
            guard open == plan.expectedOpenMinor, plan.itemReference == row.reference else {
                throw CasesError(
                    .booksMoved,
                    "the repair was made for \(plan.expectedOpenMinor) open under \"\(plan.itemReference)\" and now "
                        + "\(open) are open under \"\(row.reference)\": withdraw it and propose another")
            }
        }
        let transfers = try book(plan, channel: row.channel, in: tx)
        repair.executor = actor.subject
        repair.executedAt = tx.now
        try RepairStorage.save(repair, in: tx)
        if let original = repair.reverses { try reversed(original, by: repair.id, in: tx) }
        let done = repair
        try tx.record(
            V1RepairExecuted.with {
                $0.repairID = "\(done.id)"
                $0.caseID = "\(row.id)"
                $0.kind = plan.kind.rawValue
                $0.channel = row.channel
                $0.class = row.matchClass.code
                $0.amount = V1Amount(done.amount)
                $0.transfers = transfers.map(\.sequence)
                $0.automatic = done.isAutomatic
                $0.by = actor.subject
                $0.reverses = done.reverses.map { "\($0)" } ?? ""
                $0.atUs = tx.now.microseconds
            })
        try follow(repair, &row, by: actor, in: tx)
    }

    private func book(_ plan: RepairPlan, channel: String, in tx: Transaction) throws -> [TransferID] {
        guard let currency = plan.entries.first?.amount.currency else { return [] }
        // A book of an earlier version may lack the accounts that repairs need.
        try ledger.installChart(currency: currency, in: tx)
        try ledger.openClearing(channel: channel, currency: currency, in: tx)
        return try ledger.post(plan.entries.map(\.transfer), in: tx)
    }

    private func reversed(_ id: RepairID, by reversal: RepairID, in tx: Transaction) throws {
        var original = try RepairStorage.existing(id, tx)
        try original.move(.reverse)
        original.reversedBy = reversal
        try RepairStorage.save(original, in: tx)
    }

    /// What an executed repair means for its case, and for the case that it moved money to.
    private func follow(
        _ repair: RepairRecord, _ row: inout CaseRecord, by actor: Actor, in tx: Transaction
    ) throws {
        let words = "repair \(repair.id)"
        switch repair.plan.kind {
        case .reversal:
            if row.state.isEnded {
                try move(&row, .reversed, by: actor, outcome: words, repaired: true, in: tx)
            } else if row.state == .repairProposed {
                try move(&row, .withdraw, by: actor, outcome: words, in: tx)
            }
        case .markTiming:
            row.carriedTo = repair.plan.carryTo ?? ""
            let rule = try LiveRules.policy(tx).cases.rule(row.matchClass)
            row.deadline = max(row.deadline, tx.now.adding(.seconds(Int64(rule.deadlineHours) * 3_600)))
            try move(&row, .carried, by: actor, outcome: words, repaired: true, in: tx)
        default:
            if try subject(row, tx).openMinor != 0 {
                try move(&row, .partlyRepaired, by: actor, outcome: words, repaired: true, in: tx)
            } else {
                let step: CaseMove = repair.plan.kind.isWriteOff ? .wroteOff : .repaired
                try move(&row, step, by: actor, outcome: words, repaired: true, in: tx)
            }
        }
        try settleOthers(repair, row, by: actor, in: tx)
    }

    /// A reclassification that brings another case's item to zero has put that right as well.
    private func settleOthers(
        _ repair: RepairRecord, _ row: CaseRecord, by actor: Actor, in tx: Transaction
    ) throws {
        guard repair.plan.kind == .reclassify, let target = repair.plan.entries.last?.reference else { return }
        for var other in try CaseStorage.live(channel: row.channel, reference: target, tx)
        where other.id != row.id && other.open.currency == repair.currency {
            guard try subject(other, tx).openMinor == 0 else { continue }
            try withdrawPending(of: other, because: "repair \(repair.id) settled it", in: tx)
            try move(&other, .repaired, by: actor, outcome: "repair \(repair.id)", repaired: true, in: tx)
        }
    }

    /// Lets what the policy lets through repair itself, once the run has settled.
    func repairAutomatically(_ rows: [CaseRecord], in tx: Transaction) throws {
        for row in rows where row.state == .open && row.carriedTo.isEmpty {
            guard let kind = RepairKind(rawValue: row.cause.repair), kind != .reclassify,
                let plan = try? RepairPlan.make(
                    kind, try subject(row, tx), RepairWish(carryTo: "\(row.day.adding(days: 1))")),
                case .automatic = try decision(plan, row, at: tx.now, tx),
                try RepairStorage.of(row.id, tx).isEmpty
            else { continue }
            var row = row
            var repair = try propose(plan, for: &row, reason: row.cause.cause, by: .policy, in: tx)
            try decide(&repair, .approve, reason: "within the policy", by: .policy, in: tx)
            try execute(&repair, by: .policy, in: tx)
            try RepairStorage.spend(repair, in: tx)
        }
    }
}
