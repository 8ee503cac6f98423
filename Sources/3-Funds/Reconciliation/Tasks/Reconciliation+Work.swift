import Foundation
import Logging
import Runtime
import Statements
public import Store

/// A task that this process has worked on, and when; whether it came to its end is told by its row.
public struct WorkedTask: Sendable {
    public let kind: TaskKind
    public let shard: Int
    public let began: ContinuousClock.Instant
    public let ended: ContinuousClock.Instant
}

extension Reconciliation {
    /// Tasks that one process does at once: as many as it has cores, up to four, because each holds a shard of both
    /// sides in memory.
    public static let tasksAtOnce = min(4, max(1, ProcessInfo.processInfo.activeProcessorCount))

    /// Takes and does tasks of a book, `atOnce` of them side by side, until none may be taken or `limit` are done. Any
    /// number of processes may do so at once; returns how many this one did. Run it every second or so for each open book.
    ///
    /// - Parameters:
    ///   - process: a name of this process for people, such as its host and number.
    ///   - told: called after each task, for measurements.
    @discardableResult
    public func work(
        _ book: Book, process: String, limit: Int = 64, atOnce: Int = Reconciliation.tasksAtOnce,
        _ told: @escaping @Sendable (WorkedTask) -> Void = { _ in }
    ) async throws -> Int {
        let done = try await withThrowingTaskGroup(of: Void.self) { group in
            var (done, underWay) = (0, 0)
            while true {
                let looked = ContinuousClock.now
                // What one task has ended may be what another waited for, so it is looked for after each.
                while underWay < max(1, atOnce), done + underWay < limit, !Task.isCancelled,
                    let held = try await HeldTask.take(in: book, process: process)
                {
                    underWay += 1
                    group.addTask {
                        let began = ContinuousClock.now
                        try await perform(held)
                        told(
                            WorkedTask(
                                kind: held.task.kind, shard: held.task.shard, began: began, ended: ContinuousClock.now))
                    }
                }
                guard underWay > 0 else { return done }
                try await group.next()
                // Time counts once, however many tasks it was used for.
                TaskMetrics.worked(ContinuousClock.now - looked)
                underWay -= 1
                done += 1
            }
        }
        if done > 0 { try await measure(book) }
        return done
    }

    /// Takes note of how long the queue of a book is, for the metrics that processes are added by.
    public func measure(_ book: Book) async throws {
        let now = book.world.now()
        let waiting = try await book.read { try TaskRows.waiting(at: now, $0) }
        TaskMetrics.waiting(
            book: book.name, tasks: waiting.count, oldest: waiting.since.map { now - $0 } ?? .zero)
    }

    private func perform(_ held: HeldTask) async throws {
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                // Reading a large file takes longer than a claim counts, so somebody says that it goes on.
                group.addTask {
                    while true {
                        try await Task.sleep(for: .seconds(RunTask.claim.components.seconds / 4))
                        try await held.write("heartbeat") { _, _ in }
                    }
                }
                group.addTask { try await self.carryOut(held) }
                try await group.next()
                group.cancelAll()
            }
        } catch is ClaimLost {
            logger.notice("a task went to another process", metadata: held.metadata)
        } catch let error as Interruption.Crashed {
            throw error
        } catch is CancellationError {
            try await giveBack(held)
        } catch let error as StoreError where error.code == .closed {
            throw error
        } catch let error as StatementError {
            try await refuse(held, because: error)
        } catch {
            try await fail(held, because: error)
        }
    }

    private func carryOut(_ held: HeldTask) async throws {
        guard let run = try await held.book.read({ try RunRows.find(held.task.run, $0) }) else { return }
        switch held.task.kind {
        case .parse: try await parse(run, held)
        case .collect: try await collect(run, held)
        case .match: try await match(run, held)
        case .rest: try await matchRest(run, held)
        case .propose: try await propose(run, held)
        case .settle: try await settle(run, held)
        case .finish: try await finish(run, held)
        }
    }

    /// The task's last piece: it is done, and what follows it is made in the same transaction.
    func complete(
        _ held: HeldTask, _ body: @escaping @Sendable (inout RunTask, Transaction) throws -> Void
    ) async throws {
        try await held.write("end of " + held.task.kind.rawValue) { task, tx in
            try body(&task, tx)
            task.state = .done
            task.problem = ""
            try TaskRows.update(task, in: tx)
            try planNext(task.run, in: tx)
        }
    }

    /// Makes the tasks that may be done now.
    func planNext(_ id: RunID, in tx: Transaction) throws {
        guard let run = try RunRows.find(id, tx) else { return }
        let tasks = try TaskRows.of(id, tx)
        let specs = TaskPlan.next(
            after: tasks.map { TaskPlan.Seen(kind: $0.kind, state: $0.state) }, shards: run.shards, state: run.state)
        try TaskRows.insert(specs, run: id, after: tasks.last?.number ?? 0, in: tx)
    }

    // MARK: what went wrong

    private func giveBack(_ held: HeldTask) async throws {
        try await held.write("giving back") { task, tx in
            task.state = .waiting
            task.attempts -= 1
            task.notBefore = tx.now
        }
    }

    private func fail(_ held: HeldTask, because error: any Error) async throws {
        let problem = String("\(error)".prefix(300))
        logger.error("a task failed", metadata: held.metadata.merging(["error": "\(problem)"]) { $1 })
        do {
            try await held.write("failure") { task, tx in
                task.problem = problem
                let isLast = task.attempts >= RunTask.attemptLimit
                task.state = isLast ? .failed : .waiting
                // A second, two, four: what is away for a moment comes back, what is broken does not hold up the rest.
                task.notBefore = tx.now.adding(.seconds(1 << min(task.attempts - 1, 8)))
                guard isLast, var run = try RunRows.find(task.run, tx) else { return }
                run.reason = "the task \(task.kind.rawValue) failed \(task.attempts) times: \(problem)"
                try save(&run, in: tx)
            }
        } catch is ClaimLost {
            logger.notice("a task went to another process", metadata: held.metadata)
        }
    }

    /// The file is at fault: trying again would not help. The day waits for another one.
    private func refuse(_ held: HeldTask, because error: StatementError) async throws {
        do {
            try await held.write("refusal") { task, tx in
                task.state = .failed
                task.problem = String(error.description.prefix(300))
                try refuseStatement(of: task.run, because: error, in: tx)
            }
        } catch is ClaimLost {
            logger.notice("a task went to another process", metadata: held.metadata)
        }
    }
}

extension HeldTask {
    var metadata: Logger.Metadata {
        ["run": "\(task.run)", "task": "\(task.number)", "kind": "\(task.kind.rawValue)", "book": "\(book.name)"]
    }
}
