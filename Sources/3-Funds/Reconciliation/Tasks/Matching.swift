import Contract
import Matching
import Money
import Runtime
public import Store
import SwiftProtobuf

/// The tasks that compare, and the one that tells what was found.
extension Reconciliation {
    /// Lines of both sides of a shard, as they are compared.
    struct ShardInputs: Sendable {
        var ours: [RunLine]
        var theirs: [RunLine]
        /// Payouts, and fees where the profile books them: they need no match.
        var payouts: [RunLine] = []
        var fees: [RunLine] = []
    }

    /// Both sides of a run as they were compared, for a second look with other rules. All shards at once: for days
    /// that fit the memory.
    public func inputs(of run: Run, in reader: any SQLReader) throws -> RunInputs {
        let inputs = try shardInputs(of: run, shard: nil, reader)
        return RunInputs(day: run.day, ours: inputs.ours, theirs: inputs.theirs)
    }

    func shardInputs(of run: Run, shard: Int?, _ reader: any SQLReader) throws -> ShardInputs {
        let profile = try ChannelProfile(serialized: run.profile)
        let concluding = Concluding(channel: run.channel, day: run.day)
        let claimed = try claimed(besides: run, reader)
        let carried = try CarriedRows.inputs(of: run, reader) { side, key in
            !(side == .ours ? claimed.ours : claimed.theirs).contains(key)
        }
        // What another day has found meanwhile is settled there.
        let elsewhere = try CarriedRows.takenElsewhere(run.channel, run.day, reader)
        let isHere: (RunLine) -> Bool = { shard == nil || Self.shard($0, of: run.shards) == shard }
        var inputs = ShardInputs(ours: try BlockRows.lines(.ours, run: run.id, shard: shard, reader), theirs: [])
        var theirs = RunMatching.numbered(try BlockRows.lines(.theirs, run: run.id, shard: shard, reader))
        // A key costs more than all else that is done with a line here, and most days have nothing elsewhere.
        if !elsewhere.ours.isEmpty { inputs.ours.removeAll { elsewhere.ours.contains(concluding.ourKey($0)) } }
        if !elsewhere.theirs.isEmpty { theirs.removeAll { elsewhere.theirs.contains(concluding.key($0)) } }
        inputs.ours += carried.ours.filter(isHere)
        for line in theirs {
            switch line.kind {
            case .payout: inputs.payouts.append(line)
            case .fee where profile.message.booksFees: inputs.fees.append(line)
            default: inputs.theirs.append(line)
            }
        }
        inputs.theirs += carried.theirs.filter(isHere)
        return inputs
    }

    /// What a task has found, on its way into the book.
    private struct Recorded: Sendable {
        let spool: BlockSpool
        let differences: [DifferenceRow]
        var counts: RunCounts
        var suggestions: [Suggestion] = []
    }

    func match(_ run: Run, _ held: HeldTask) async throws {
        let task = held.task
        try await clear(run, held)
        let profile = try ChannelProfile(serialized: run.profile)
        let inputs = try await held.book.read { try shardInputs(of: run, shard: task.shard, $0) }
        let recorded = try await OwnThread.run {
            let rules = try profile.matchRules(on: run.day)
            return try Self.recorded(run, task.number) { recorder in
                let exact = try RunMatching.exact(ours: inputs.ours, theirs: inputs.theirs, rules: rules) {
                    try recorder.record($0)
                }
                try recorder.recordOthers(inputs.fees, books: true)
                try recorder.recordOthers(inputs.payouts, books: !profile.message.payoutAccount.isEmpty)
                try recorder.leave(exact.oursLeft, .oursLeft)
                try recorder.leave(exact.theirsLeft, .theirsLeft)
            }
        }
        try await write(recorded, run, held)
    }

    func matchRest(_ run: Run, _ held: HeldTask) async throws {
        let task = held.task
        try await clear(run, held)
        let profile = try ChannelProfile(serialized: run.profile)
        let (ours, theirs) = try await held.book.read { reader in
            (
                try BlockRows.lines(.oursLeft, run: run.id, reader),
                try BlockRows.lines(.theirsLeft, run: run.id, reader)
            )
        }
        let recorded = try await OwnThread.run {
            let outcome = try RunMatching.rest(
                ours: ours, theirs: theirs, day: run.day, rules: try profile.matchRules(on: run.day))
            var recorded = try Self.recorded(run, task.number) { recorder in
                try recorder.record(outcome.findings)
                try recorder.recordOthers(outcome.unmoved, books: false)
            }
            recorded.counts.suggestions = Int64(outcome.suggestions.count)
            recorded.suggestions = SuggestionChoice.surest(
                of: outcome.suggestions, run: run.id, standingIn: recorded.differences)
            return recorded
        }
        try await write(recorded, run, held)
    }

    private static func recorded(
        _ run: Run, _ task: Int, _ body: (inout Recorder) throws -> Void
    ) throws -> Recorded {
        let spool = try BlockSpool()
        var recorder = Recorder(run: run, task: task) { try spool.add($0) }
        try body(&recorder)
        try recorder.finish()
        return Recorded(spool: spool, differences: recorder.differences, counts: recorder.counts)
    }

    private func clear(_ run: Run, _ held: HeldTask) async throws {
        let number = held.task.number
        try await held.write("\(held.task.kind.rawValue) clears") { task, tx in
            try BlockRows.clear(run: run.id, source: number, in: tx)
            try DifferenceRows.clear(run: run.id, task: number, in: tx)
            if task.kind == .rest { try SuggestionRows.clear(run: run.id, in: tx) }
        }
    }

    private func write(_ recorded: Recorded, _ run: Run, _ held: HeldTask) async throws {
        let (number, kind) = (held.task.number, held.task.kind.rawValue)
        try await recorded.spool.drain { piece in
            let piece = Array(piece)
            try await held.write("\(kind) block") { _, tx in
                try BlockRows.write(piece[...], run: run.id, source: number, in: tx)
            }
        }
        let rows = recorded.differences
        for start in stride(from: 0, to: rows.count, by: Reconciliation.differencesAtOnce) {
            let piece = rows[start..<min(start + Reconciliation.differencesAtOnce, rows.count)]
            try await held.write("\(kind) differences") { _, tx in
                try DifferenceRows.write(piece, of: run, in: tx)
            }
        }
        for start in stride(from: 0, to: recorded.suggestions.count, by: SuggestionRows.atOnce) {
            let piece = recorded.suggestions.dropFirst(start).prefix(SuggestionRows.atOnce)
            try await held.write("\(kind) suggestions") { _, tx in try SuggestionRows.write(piece, in: tx) }
        }
        try await complete(held) { task, _ in task.counts = recorded.counts }
    }

    // MARK: telling

    func propose(_ run: Run, _ held: HeldTask) async throws {
        while true {
            let isLast = try await held.write("propose piece") { task, tx in
                let page = try differences(of: run.id, after: task.place, in: tx)
                guard let last = page.last else { return true }
                for follower in followers { try follower.opened(page, of: run, in: tx) }
                task.place = last.number
                return false
            }
            if isLast { break }
        }
        try await complete(held) { _, tx in
            guard var run = try RunRows.find(run.id, tx), run.state == .preparing else { throw ClaimLost() }
            run.counts = try TaskRows.of(run.id, tx).reduce(into: RunCounts()) { $0.add($1.counts) }
            run.isReady = true
            run.preparedAt = tx.now
            run.reason = ""
            try save(&run, in: tx)
            try tellPrepared(run, in: tx)
            let profile = try ChannelProfile(serialized: run.profile)
            if profile.confirms(run.counts) {
                try confirm(&run, by: "policy", in: tx)
            } else {
                // It waits for a person; the days after it need not.
                try startNext(of: run.channel, in: tx)
            }
        }
    }

    private func tellPrepared(_ run: Run, in tx: Transaction) throws {
        let classes = run.counts.classes.sorted { $0.key < $1.key }
        try tx.record(
            V1RunPrepared.with {
                $0.runID = "\(run.id)"
                $0.channel = run.channel
                $0.day = "\(run.day)"
                $0.ours = run.counts.ours
                $0.theirs = run.counts.theirs
                $0.rejected = run.counts.rejected
                $0.classes = classes.map(\.key)
                $0.counts = classes.map(\.value)
                $0.differenceAmount = V1Amount(Amount(minor: run.counts.differenceMinor, run.currency))
                $0.atUs = tx.now.microseconds
            })
    }

    /// The differences of a run that was given up are none, except those that an earlier run of the day has as well.
    func withdraw(_ run: Run, in tx: Transaction) throws {
        let settled = try RunRows.ofDay(run.channel, run.day, tx).last { $0.state == .settled }
        var last: Int64 = 0
        while true {
            let page = try differences(of: run.id, after: last, in: tx)
            guard let end = page.last else { return }
            last = end.number
            for difference in page {
                try DifferenceRows.setState(.withdrawn, run: run.id, number: difference.number, in: tx)
            }
            let gone = try page.filter { difference in
                guard let settled else { return true }
                return try !DifferenceRows.hasOpen(difference.id, in: settled.id, tx)
            }
            guard !gone.isEmpty else { continue }
            for follower in followers { try follower.ended(gone, because: .aborted, by: run, in: tx) }
        }
    }
}

extension ChannelProfile {
    /// Whether its policy lets a run settle without a person.
    func confirms(_ counts: RunCounts) -> Bool {
        message.autoConfirm && counts.rejected == 0 && counts.differences <= Int64(message.autoDifferences)
            && counts.differenceMinor <= message.autoAmountMinor
    }
}
