internal import Contract
internal import Matching
internal import Money
internal import Runtime
public import Store
internal import SwiftProtobuf

/// Each difference is exactly one case: found again it keeps its case, gone it closes its case.
extension Cases: RunFollower {
    public func opened(_ differences: [Difference], of run: Run, in tx: Transaction) throws {
        let known = try CaseStorage.find(differences: differences.map(\.id), tx)
        let policy = try LiveRules.policy(tx).cases
        var rows: [CaseRecord] = []
        for difference in differences {
            if var row = known[difference.id] {
                try foundAgain(&row, difference, in: tx)
                rows.append(row)
            } else {
                rows.append(try open(difference, policy, in: tx))
            }
        }
        try explain(rows, of: run, in: tx)
    }

    public func ended(
        _ differences: [Difference], because end: DifferenceEnd, by run: Run, in tx: Transaction
    ) throws {
        for (_, row) in try CaseStorage.find(differences: differences.map(\.id), tx).sorted(by: { $0.key < $1.key })
        where row.state != .closedByMatch {
            var row = row
            if row.state.isEnded, try !takeBack(&row, Self.words(end, run), in: tx) { continue }
            try withdrawPending(of: row, because: "the difference is gone", in: tx)
            try move(&row, .matched, by: .run, outcome: Self.words(end, run), in: tx)
        }
    }

    /// A repair of a difference that is gone would itself be a difference. What repaired itself is taken back by itself;
    /// what people decided they take back themselves: the case is open again for that. False when the case stays as it is.
    private func takeBack(_ row: inout CaseRecord, _ words: String, in tx: Transaction) throws -> Bool {
        let standing = try RepairStorage.of(row.id, tx).filter {
            $0.state == .executed && $0.plan.kind != .reversal && !$0.plan.entries.isEmpty
        }
        guard !standing.isEmpty else { return false }
        guard standing.allSatisfy(\.isAutomatic) else {
            try move(
                &row, .reopen, by: .run,
                outcome:
                    "\(words), and repair \(standing.map { "\($0.id)" }.joined(separator: ", ")) has booked it: reverse it",
                in: tx)
            return false
        }
        for repair in standing {
            var reversal = try propose(
                repair.plan.reversal, for: &row, reason: words, reverses: repair.id, by: .policy, in: tx)
            try decide(&reversal, .approve, reason: words, by: .policy, in: tx)
            try execute(&reversal, by: .policy, in: tx)
            row = try CaseStorage.existing(row.id, tx)
        }
        return true
    }

    public func moved(_ run: Run, from before: RunState?, in tx: Transaction) throws {
        guard run.state == .settled else { return }
        // Only now what is open in the ledger is what the run left open.
        if run.counts.differences <= Int64(Self.pieceSize) {
            try repairAutomatically(try CaseStorage.of(run: run.id, after: nil, limit: Self.pieceSize, tx), in: tx)
        } else {
            try CaseWork.add(run.id, in: tx)
        }
    }

    private func open(_ difference: Difference, _ policy: CasePolicy, in tx: Transaction) throws -> CaseRecord {
        let rule = policy.rule(difference.matchClass)
        let amount = Self.weight(difference)
        let row = CaseRecord(
            id: tx.newID(), difference: difference.id, run: difference.run, channel: difference.channel,
            day: difference.day, matchClass: difference.matchClass,
            severity: policy.severity(
                difference.matchClass, currency: amount.currency.code, amountMinor: amount.minor),
            reason: difference.reason, ours: difference.ours, theirs: difference.theirs, open: difference.open,
            reference: difference.reference, owner: rule.owner,
            deadline: tx.now.adding(.seconds(Int64(rule.deadlineHours) * 3_600)), openedAt: tx.now,
            updatedAt: tx.now)
        try CaseStorage.insert(row, in: tx)
        try tx.record(
            V1CaseOpened.with {
                $0.caseID = "\(row.id)"
                $0.differenceID = "\(row.difference)"
                $0.runID = "\(row.run)"
                $0.channel = row.channel
                $0.day = "\(row.day)"
                $0.class = row.matchClass.code
                $0.amount = V1Amount(amount)
                $0.severity = row.severity.word
                $0.deadlineAtUs = row.deadline.microseconds
                $0.lineAtUs = row.lineTimeUs ?? 0
                $0.atUs = tx.now.microseconds
            })
        return row
    }

    /// A later run has it as well. What was matched meanwhile is open again; what a person or a repair ended stays so.
    private func foundAgain(_ row: inout CaseRecord, _ difference: Difference, in tx: Transaction) throws {
        row.run = difference.run
        row.reason = difference.reason
        row.ours = difference.ours
        row.theirs = difference.theirs
        row.open = difference.open
        row.reference = difference.reference
        if row.state == .closedByMatch {
            try move(&row, .reopen, by: .run, outcome: "found again", in: tx)
        } else {
            row.updatedAt = tx.now
            try CaseStorage.update(row, in: tx)
        }
    }

    /// What a case weighs: what it leaves open, or the amount of its line where the money is not in question.
    private static func weight(_ difference: Difference) -> Amount {
        if difference.open.minor != 0 { return difference.open }
        let line = difference.theirs ?? difference.ours
        guard let line, line.currency == difference.open.currency.code else { return difference.open }
        return Amount(minor: line.amountMinor, difference.open.currency)
    }

    private static func words(_ end: DifferenceEnd, _ run: Run) -> String {
        switch end {
        case .matchedLater: "the file of \(run.day) brought the other line"
        case .corrected: "the corrected file of \(run.day) does not have it"
        case .aborted: "its run was given up"
        case .becameMissing: "no file up to \(run.day) brought the other line; it is missing from now on"
        }
    }
}

extension Actor {
    /// What a run finds is nobody's doing.
    static let run = Actor(subject: "run", person: "run")
}

/// Runs whose cases wait to be looked at as a whole, a piece at a time.
enum CaseWork {
    enum Stage: Int64 { case explain = 0, repair = 1 }

    struct Row: Sendable {
        let run: RunID
        var stage: Stage
        var after: CaseID?
    }

    static func add(_ run: RunID, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO recon_case_work (run_id, stage, after_case) VALUES (\(run), 0, \([UInt8]()))
            ON CONFLICT (run_id) DO UPDATE SET stage = 0, after_case = excluded.after_case
            """)
    }

    static func next(_ reader: any SQLReader) throws -> Row? {
        try reader.first("SELECT run_id, stage, after_case FROM recon_case_work ORDER BY run_id LIMIT 1") { row in
            guard let stage = Stage(rawValue: row.int64(1)) else {
                throw StoreError(.unexpectedValue, "there is no stage \(row.int64(1))")
            }
            return Row(run: try row.get(0), stage: stage, after: row.bytes(2).isEmpty ? nil : try row.get(2))
        }
    }

    /// The same row as it is now; nil when another process has moved it on, so that nothing is done twice.
    static func stillAt(_ work: Row, in tx: Transaction) throws -> Bool {
        guard let now = try next(tx) else { return false }
        return now.run == work.run && now.stage == work.stage && now.after == work.after
    }

    /// Remembers how far it is; `after` nil begins the next stage, or ends the work.
    static func advance(_ work: Row, after: CaseID?, in tx: Transaction) throws {
        if let after {
            try tx.execute("UPDATE recon_case_work SET after_case = \(after) WHERE run_id = \(work.run)")
        } else if work.stage == .explain {
            try tx.execute(
                """
                UPDATE recon_case_work SET stage = \(Stage.repair.rawValue), after_case = \([UInt8]())
                WHERE run_id = \(work.run)
                """)
        } else {
            try tx.execute("DELETE FROM recon_case_work WHERE run_id = \(work.run)")
        }
    }
}
