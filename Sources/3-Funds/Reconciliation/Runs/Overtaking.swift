import Matching
import Runtime
import Store

/// Days that were compared before an earlier day had settled: what that day left is looked for in them again.
extension Reconciliation {
    /// The standing of a run among those of its channel.
    func standing(_ run: Run, _ reader: any SQLReader) throws -> RunOrder.Standing {
        var standing = RunOrder.Standing(
            day: run.day, number: run.number, state: run.state, isReady: run.isReady,
            hasStatement: run.statement != nil)
        standing.isCorrection = try RunRows.ofDay(run.channel, run.day, reader).contains { $0.state == .settled }
        if run.state == .preparing, !run.isReady {
            let statement = try run.statement.flatMap { try StatementRows.find($0, reader) }
            standing.isStuck = try statement?.state == .refused || TaskRows.hasFailed(run.id, reader)
        }
        return standing
    }

    /// Lines of earlier days that other runs under way have found, and will take when they settle: nobody else may.
    func claimed(besides run: Run, _ reader: any SQLReader) throws -> (ours: Set<Posting.Key>, theirs: Set<Posting.Key>)
    {
        var claimed: (ours: Set<Posting.Key>, theirs: Set<Posting.Key>) = ([], [])
        for other in try RunRows.underWay(reader)
        where other.channel == run.channel && other.id != run.id && other.state != .pending {
            try BlockRows.forEach(.taken, run: other.id, reader) { packed in
                let line = try TakenLine(from: &packed)
                if line.side == .ours { claimed.ours.insert(line.key) } else { claimed.theirs.insert(line.key) }
            }
        }
        return claimed
    }

    /// A run has settled. Later days that were compared without the lines that it left, and it itself when an earlier
    /// day settled meanwhile, are compared again. A further run books only what is different then.
    func lookAgain(after run: Run, in tx: Transaction) throws {
        if run.previous == nil {
            for day in try CarriedRows.lookedForOn(leftBy: run, tx) { try compareAnew(run.channel, day, run, in: tx) }
        }
        let began = try TaskRows.began(run.id, tx) ?? run.openedAt
        for id in try CarriedRows.origins(before: run, tx) {
            guard let earlier = try RunRows.find(id, tx), earlier.previous == nil, let settledAt = earlier.settledAt,
                settledAt > began
            else { continue }
            return try compareAnew(run.channel, run.day, earlier, in: tx)
        }
    }

    private func compareAnew(
        _ channel: String, _ day: BusinessDay, _ earlier: Run, in tx: Transaction
    ) throws {
        let runs = try RunRows.ofDay(channel, day, tx)
        guard var last = runs.last(where: { $0.state != .aborted }),
            let statement = try last.statement.flatMap({ try StatementRows.find($0, tx) }), statement.state == .active
        else { return }
        switch last.state {
        // It will see the lines, or looks for what it has missed when it settles.
        case .pending, .confirmed, .aborted: return
        case .preparing:
            try abort(&last, reason: "\(earlier.day) has settled meanwhile: compared again with what it left", in: tx)
        case .settled: break
        }
        // With the profile that it was compared with: another may not be able to read its file.
        try open(ChannelProfile(serialized: last.profile), day, after: runs.last, statement, in: tx)
    }
}
