internal import Contract
internal import Logging
internal import Matching
internal import Runtime
public import Store
internal import SwiftProtobuf

/// Says why differences are there.
extension Cases {
    /// Explains cases by what is common among themselves: all there is of a small run, a first answer for a large one.
    func explain(_ rows: [CaseRecord], of run: Run, in tx: Transaction) throws {
        var profile = RunProfile(lines: run.counts.theirs)
        let evidence = try rows.evidence(of: run, tx)
        for item in evidence { profile.add(item.facts) }
        try explain(evidence, profile, oddities.of(run.id, or: evidence, tx), in: tx)
    }

    /// Writes down the causes that are other than those that stand on the cases.
    private func explain(
        _ evidence: [CaseEvidence], _ profile: RunProfile, _ oddities: Oddities, in tx: Transaction
    ) throws {
        let (number, rules) = try LiveRules.causes(tx)
        for item in evidence {
            let verdict = rules.verdict(profile.completed(item.facts))
            let oddity = oddities.oddity(of: item.record)
            var row = item.record
            guard
                verdict.cause != row.cause.cause || verdict.confidence != row.cause.confidence
                    || number != row.rules || oddity != row.oddity
            else { continue }
            for failure in verdict.failures.prefix(3) {
                logger.warning("a cause rule failed", metadata: ["case": "\(row.id)", "reason": "\(failure)"])
            }
            row.cause = verdict
            row.rules = number
            row.oddity = oddity
            row.updatedAt = tx.now
            try CaseStorage.update(row, in: tx)
            let now = row
            try tx.record(
                V1CaseExplained.with {
                    $0.caseID = "\(now.id)"
                    $0.class = now.matchClass.code
                    $0.cause = now.cause.cause
                    $0.confidence = Int32(now.cause.confidence)
                    $0.rules = now.rules
                    $0.oddityBp = Int32(now.oddity?.basisPoints ?? 0)
                    $0.atUs = tx.now.microseconds
                })
        }
    }

    /// Explains and repairs the cases of large runs, whose differences came in many pieces. Run it every second or so for
    /// each open book; any process may. Returns how many pieces it did, at most `limit`.
    @discardableResult
    public func work(_ book: Book, limit: Int = 100) async throws -> Int {
        var done = 0
        var known: (run: RunID, profile: RunProfile, oddities: Oddities)?
        while done < limit, let work = try await book.read({ try CaseWork.next($0) }) {
            if work.stage == .explain, known?.run != work.run {
                known = try await book.read { reader in
                    let (profile, oddities) = try wholeRun(work.run, reader)
                    return (work.run, profile, oddities)
                }
            }
            let (profile, oddities) = (known?.profile, known?.oddities)
            try await book.write("reconciliation.cases") { tx in
                guard try CaseWork.stillAt(work, in: tx) else { return }
                let rows = try CaseStorage.of(run: work.run, after: work.after, limit: Self.pieceSize, tx)
                switch work.stage {
                case .explain:
                    if let profile, let oddities {
                        let evidence = try rows.evidence(of: try RunRows.find(work.run, tx), tx)
                        try explain(evidence, profile, oddities, in: tx)
                    }
                case .repair: try repairAutomatically(rows, in: tx)
                }
                try CaseWork.advance(work, after: rows.count < Self.pieceSize ? nil : rows.last?.id, in: tx)
            }
            done += 1
        }
        return done
    }

    private func wholeRun(_ run: RunID, _ reader: any SQLReader) throws -> (RunProfile, Oddities) {
        let found = try RunRows.find(run, reader)
        var profile = RunProfile(lines: found?.counts.theirs ?? 0)
        var sample: [CaseEvidence] = []
        var after: CaseID?
        while sample.count < RunProfile.sample {
            let rows = try CaseStorage.of(run: run, after: after, limit: Self.pieceSize, reader)
            let evidence = try rows.evidence(of: found, reader)
            for item in evidence { profile.add(item.facts) }
            sample += evidence
            guard rows.count == Self.pieceSize, let last = rows.last else { break }
            after = last.id
        }
        return (profile, try oddities.of(run, or: sample, reader))
    }
}
