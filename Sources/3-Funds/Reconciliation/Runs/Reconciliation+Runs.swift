import Contract
import Money
public import Runtime
import Statements
public import Store
import SwiftProtobuf

/// Runs: opening, moving, reading.
extension Reconciliation {
    /// Opens the run of a day. One that is under way is answered as it is; of a settled day a further run is opened.
    /// Throws `profileUnknown`.
    @discardableResult
    public func open(channel: String, day: BusinessDay, in tx: Transaction) throws -> Run {
        let profile = try requiredProfile(channel, tx)
        let earlier = try RunRows.ofDay(channel, day, tx)
        if let last = earlier.last, last.state.isUnderWay { return last }
        let statement = try StatementRows.ofDay(channel, day, tx).last { $0.state == .active }
        var run = try open(profile, day, after: earlier.last, statement, in: tx)
        try startIfItMay(&run, in: tx)
        return run
    }

    @discardableResult
    func open(
        _ profile: ChannelProfile, _ day: BusinessDay, after last: Run?, _ statement: Statement?, in tx: Transaction
    ) throws -> Run {
        let (from, until) = profile.bounds(of: day)
        let run = Run(
            id: tx.newID(), channel: profile.channel, day: day, number: (last?.number ?? 0) + 1, state: .pending,
            isReady: false, version: 1, statement: statement?.id, previous: nil, from: from, until: until,
            currency: profile.currency, shards: 1, profile: try profile.serialized, reason: "", confirmedBy: "",
            counts: RunCounts(), openedAt: tx.now, preparedAt: nil, confirmedAt: nil, settledAt: nil)
        try RunRows.insert(run, in: tx)
        try tx.record(
            V1RunOpened.with {
                $0.runID = "\(run.id)"
                $0.channel = run.channel
                $0.day = "\(run.day)"
                $0.number = Int32(clamping: run.number)
                $0.atUs = tx.now.microseconds
            })
        for follower in followers { try follower.moved(run, from: nil, in: tx) }
        return run
    }

    /// A statement of a day has come: its run begins, or a further one corrects the day.
    func arrived(_ statement: Statement, _ profile: ChannelProfile, in tx: Transaction) throws -> Run {
        let last = try RunRows.ofDay(statement.channel, statement.day, tx).last
        if var run = last, run.state == .pending {
            run.statement = statement.id
            run.reason = ""
            try save(&run, in: tx)
            try startIfItMay(&run, in: tx)
            return run
        }
        if var run = last, run.state == .preparing {
            try abort(&run, reason: "the file \(statement.name) has superseded its own", in: tx)
        }
        var run = try open(profile, statement.day, after: last, statement, in: tx)
        try startIfItMay(&run, in: tx)
        return run
    }

    /// Begins to prepare a pending run that has its statement, unless another run of the channel comes first.
    func startIfItMay(_ run: inout Run, in tx: Transaction) throws {
        guard run.state == .pending, let id = run.statement, let statement = try StatementRows.find(id, tx),
            statement.state == .active
        else { return }
        let own = try standing(run, tx)
        let before = try RunRows.underWay(tx).first { other in
            guard other.channel == run.channel, other.id != run.id,
                other.state != .pending || (other.day, other.number) < (run.day, run.number)
            else { return false }
            return RunOrder.waits(own, for: try standing(other, tx))
        }
        if let before {
            let reason = "waits until run \(before.number) of \(before.day) is settled or given up"
            guard run.reason != reason else { return }
            run.reason = reason
            return try save(&run, in: tx)
        }
        let settled = try RunRows.ofDay(run.channel, run.day, tx).last { $0.state == .settled }
        run.previous = settled?.id
        run.shards = settled?.shards ?? Self.shards(of: statement)
        run.reason = ""
        try move(&run, on: .statementArrived, in: tx)
        try planNext(run.id, in: tx)
    }

    /// About a hundred thousand lines a shard; packed files are taken as eight times their size.
    private static func shards(of statement: Statement) -> Int {
        let name = statement.name.lowercased()
        let isPacked = name.hasSuffix(".gz") || name.hasSuffix(".zip") || name.hasSuffix(".xlsx")
        let parts = statement.size * (isPacked ? 8 : 1) / Reconciliation.shardBytes
        var shards = 1
        while Int64(shards) < parts, shards < Reconciliation.shardLimit { shards *= 2 }
        return shards
    }

    /// Lets a prepared run settle. Throws `versionConflict` when it is not at `version` any more, `illegalMove` when it
    /// is not ready.
    public func confirm(_ id: RunID, version: Int64, by person: String, in tx: Transaction) throws -> Run {
        var run = try required(id, version: version, tx)
        guard run.state == .preparing, run.isReady else {
            throw ReconciliationError(
                .illegalMove, "run \(id) is \(run.state.rawValue) and not ready to settle", state: run.state.rawValue)
        }
        try confirm(&run, by: person, in: tx)
        return run
    }

    func confirm(_ run: inout Run, by person: String, in tx: Transaction) throws {
        run.confirmedBy = person
        run.confirmedAt = tx.now
        try move(&run, on: .confirm, in: tx)
        let now = run
        try tx.record(
            V1RunConfirmed.with {
                $0.runID = "\(now.id)"
                $0.channel = now.channel
                $0.day = "\(now.day)"
                $0.confirmedBy = person
                $0.atUs = tx.now.microseconds
            })
        try planNext(run.id, in: tx)
    }

    /// Gives up a run that has not begun to settle. Throws `versionConflict`, `illegalMove`.
    public func abort(_ id: RunID, version: Int64, reason: String, in tx: Transaction) throws -> Run {
        var run = try required(id, version: version, tx)
        try abort(&run, reason: reason, in: tx)
        try startNext(of: run.channel, in: tx)
        return run
    }

    func abort(_ run: inout Run, reason: String, in tx: Transaction) throws {
        run.reason = reason
        run.isReady = false
        try move(&run, on: .abort, in: tx)
        try TaskRows.clear(run.id, in: tx)
        try withdraw(run, in: tx)
        try BlockRows.clear(run: run.id, in: tx)
        try SuggestionRows.clear(run: run.id, in: tx)
        let now = run
        try tx.record(
            V1RunAborted.with {
                $0.runID = "\(now.id)"
                $0.channel = now.channel
                $0.day = "\(now.day)"
                $0.reason = reason
                $0.atUs = tx.now.microseconds
            })
    }

    /// Lets the tasks that were given up be tried again; each goes on where it stopped. Throws `versionConflict`, and
    /// `illegalMove` when no task has failed or the file itself was refused, which only another file helps.
    public func retry(_ id: RunID, version: Int64, by person: String, in tx: Transaction) throws -> Run {
        var run = try required(id, version: version, tx)
        guard try run.statement.flatMap({ try StatementRows.find($0, tx) })?.state != .refused else {
            throw ReconciliationError(
                .illegalMove, "the file of run \(id) was refused: send a corrected one", state: run.state.rawValue)
        }
        let failed = try TaskRows.of(id, tx).filter { $0.state == .failed }
        guard run.state.isUnderWay, !failed.isEmpty else {
            throw ReconciliationError(
                .illegalMove, "no task of run \(id) has failed: there is nothing to try again",
                state: run.state.rawValue)
        }
        for var task in failed {
            task.state = .waiting
            task.attempts = 0
            task.notBefore = tx.now
            try TaskRows.update(task, in: tx)
        }
        run.reason = ""
        try save(&run, in: tx)
        let now = run
        try tx.record(
            V1RunRetried.with {
                $0.runID = "\(now.id)"
                $0.channel = now.channel
                $0.day = "\(now.day)"
                $0.tasks = Int32(clamping: failed.count)
                $0.by = person
                $0.atUs = tx.now.microseconds
            })
        return run
    }

    /// Begins what waited for an earlier run of the channel.
    func startNext(of channel: String, in tx: Transaction) throws {
        for var run in try RunRows.underWay(tx) where run.channel == channel && run.state == .pending {
            try startIfItMay(&run, in: tx)
        }
    }

    /// The file of a run cannot be used: the run waits for another one.
    func refuseStatement(of id: RunID, because error: StatementError, in tx: Transaction) throws {
        guard var run = try RunRows.find(id, tx), let statementID = run.statement,
            var statement = try StatementRows.find(statementID, tx)
        else { return }
        statement.state = .refused
        statement.refusal = String(error.description.prefix(300))
        try StatementRows.update(statement, in: tx)
        run.reason = "the file was refused: " + statement.refusal
        try save(&run, in: tx)
        try startNext(of: run.channel, in: tx)
        let refused = statement
        try tx.record(
            V1StatementRefused.with {
                $0.statementID = "\(refused.id)"
                $0.channel = refused.channel
                $0.day = "\(refused.day)"
                $0.reason = refused.refusal
                $0.atUs = tx.now.microseconds
            })
    }

    // MARK: the row

    func required(_ id: RunID, version: Int64, _ reader: any SQLReader) throws -> Run {
        guard let run = try RunRows.find(id, reader) else {
            throw ReconciliationError(.runUnknown, "there is no run \(id)")
        }
        guard run.version == version else {
            throw ReconciliationError(
                .versionConflict, "run \(id) is at version \(run.version), not \(version): read it again",
                state: run.state.rawValue)
        }
        return run
    }

    /// The only way in which a run comes into another state.
    func move(_ run: inout Run, on event: RunEvent, in tx: Transaction) throws {
        guard let state = run.state.after(event) else {
            throw ReconciliationError(
                .illegalMove, "run \(run.id) is \(run.state.rawValue): \(event.rawValue) is not possible",
                state: run.state.rawValue)
        }
        let before = run.state
        run.state = state
        try save(&run, in: tx)
        for follower in followers { try follower.moved(run, from: before, in: tx) }
    }

    /// Writes a run that was changed; its version rises.
    func save(_ run: inout Run, in tx: Transaction) throws {
        run.version += 1
        try RunRows.update(run, in: tx)
    }

    // MARK: the job

    /// Opens the runs of business days that have ended, and begins those that may. For one process of a book at a
    /// time; returns how much it did.
    @discardableResult
    public func openDueRuns(_ book: Book) async throws -> Int {
        let now = book.world.now()
        let isDue = try await book.read { reader in
            try !dueDays(at: now, reader).isEmpty || RunRows.underWay(reader).contains { $0.state == .pending }
        }
        guard isDue else { return 0 }
        return try await book.write("reconciliation.open") { tx in
            var done = 0
            for (channel, day) in try dueDays(at: tx.now, tx) {
                try open(channel: channel, day: day, in: tx)
                done += 1
            }
            for var run in try RunRows.underWay(tx) where run.state == .pending {
                let version = run.version
                try startIfItMay(&run, in: tx)
                if run.version != version { done += 1 }
            }
            return done
        }
    }

    /// Days that have ended, with their delay, and have no run yet.
    private func dueDays(at now: Timestamp, _ reader: any SQLReader) throws -> [(channel: String, day: BusinessDay)] {
        try ProfileRows.all(reader).filter(\.message.opensRuns).compactMap { profile in
            let delay = Duration.seconds(Int64(profile.message.delayMinutes) * 60)
            let day = profile.lastEnded(at: now.adding(.zero - delay))
            return try RunRows.ofDay(profile.channel, day, reader).isEmpty ? (profile.channel, day) : nil
        }
    }
}

extension Reconciliation {
    /// Bytes of a file that go into one shard, and the most shards of a run.
    static let shardBytes: Int64 = 16 << 20
    static let shardLimit = 256

    // MARK: reading

    public func run(_ id: RunID, in reader: any SQLReader) throws -> Run? { try RunRows.find(id, reader) }

    /// Runs, newest first; all channels when `channel` is empty.
    public func runs(
        channel: String = "", day: BusinessDay? = nil, before id: RunID? = nil, limit: Int = 50,
        in reader: any SQLReader
    ) throws -> [Run] {
        try RunRows.page(channel: channel, day: day, before: id, limit: limit, reader)
    }

    public func statement(_ id: StatementID, in reader: any SQLReader) throws -> Statement? {
        try StatementRows.find(id, reader)
    }
}
