import Assembly
import Foundation
import Reconciliation
import Runtime
import Store
import Synchronization

/// The day's run, from the first piece of its statement until it is settled.
struct ReconciliationRun: Sendable {
    let settled: Run
    let clock: TaskClock
    /// The whole, of which `received` is the upload.
    let seconds: Double
    let received: Double
    /// Of all cores of this process: what a busy machine does not blur.
    let processorSeconds: Double
    let peakMegabytes: Double
    /// What the cases took afterwards: large runs have their causes looked for when they are settled.
    let cases: Double

    static func measured(
        _ house: House, _ book: Book, _ file: StatementText.File, _ made: ReconciliationBook, workers: Int
    ) async throws -> ReconciliationRun {
        let clock = TaskClock()
        let (started, worked) = (ContinuousClock.now, ProcessorTime.seconds())
        let id = try await made.send(file, to: book)
        let received = (ContinuousClock.now - started).inSeconds
        try await work(house, book, workers, clock)
        let prepared = try await find(id, house, book)
        guard prepared.state == .preparing, prepared.isReady else {
            throw ReconciliationBench.Failure("the run is \(prepared.state.rawValue): \(prepared.reason)")
        }
        let runs = house.reconciliation
        _ = try await book.write("bench.confirm") { tx in
            try runs.confirm(id, version: prepared.version, by: "bench", in: tx)
        }
        try await work(house, book, workers, clock)
        let settled = try await find(id, house, book)
        guard settled.state == .settled else {
            throw ReconciliationBench.Failure("the run is \(settled.state.rawValue): \(settled.reason)")
        }
        let (ended, spent) = (ContinuousClock.now, ProcessorTime.seconds() - worked)
        let peak = ProcessMemory.peakMegabytes()
        while try await house.cases.work(book) > 0 {}
        return ReconciliationRun(
            settled: settled, clock: clock, seconds: (ended - started).inSeconds, received: received,
            processorSeconds: spent, peakMegabytes: peak, cases: (ContinuousClock.now - ended).inSeconds)
    }

    private static func work(_ house: House, _ book: Book, _ workers: Int, _ clock: TaskClock) async throws {
        try await house.reconciliation.work(book, process: "bench", limit: .max, atOnce: workers) { clock.add($0) }
    }

    private static func find(_ id: RunID, _ house: House, _ book: Book) async throws -> Run {
        let runs = house.reconciliation
        guard let run = try await book.read({ try runs.run(id, in: $0) }) else {
            throw ReconciliationBench.Failure("the run \(id) is gone")
        }
        return run
    }
}

/// How long tasks of each kind took.
final class TaskClock: Sendable {
    private struct Times {
        var first: ContinuousClock.Instant
        var last: ContinuousClock.Instant
        var worked = Duration.zero
    }

    private let times = Mutex<[TaskKind: Times]>([:])

    func add(_ task: WorkedTask) {
        times.withLock { times in
            var own = times[task.kind] ?? Times(first: task.began, last: task.ended)
            own.first = min(own.first, task.began)
            own.last = max(own.last, task.ended)
            own.worked += task.ended - task.began
            times[task.kind] = own
        }
    }

    /// `match_seconds` from the first task's beginning to the last one's end, `match_worked_seconds` of all together.
    var figures: [String: Double] {
        times.withLock { times in
            times.reduce(into: [:]) { figures, entry in
                figures["\(entry.key.rawValue)_seconds"] = (entry.value.last - entry.value.first).inSeconds
                figures["\(entry.key.rawValue)_worked_seconds"] = entry.value.worked.inSeconds
            }
        }
    }
}
