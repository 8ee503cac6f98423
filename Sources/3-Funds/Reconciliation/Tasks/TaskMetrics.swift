import Metrics
import Synchronization

/// What an operator, and whoever adds and takes away processes, sees of the work of this process.
enum TaskMetrics {
    private static let waiting = Gauge(label: "kontor_reconciliation_tasks_waiting")
    private static let oldest = Gauge(label: "kontor_reconciliation_oldest_task_seconds")
    /// Thousandths of the time since the last look in which this process worked on tasks.
    private static let busy = Gauge(label: "kontor_reconciliation_busy_permille")
    private static let done = Counter(label: "kontor_reconciliation_tasks_total")
    private static let worked = FloatingPointCounter(label: "kontor_reconciliation_worked_seconds_total")

    private struct Queue {
        var tasks: Int64
        var oldestSeconds: Int64
        var seenAt: ContinuousClock.Instant
    }

    private struct State {
        /// By book; only those in which something waits.
        var queues: [String: Queue] = [:]
        var worked = Duration.zero
        var since = ContinuousClock.now
    }

    private static let state = Mutex(State())
    /// Over so long the share of busy time is taken.
    private static let window = Duration.seconds(15)

    /// A task was worked on for so long.
    static func worked(_ duration: Duration) {
        done.increment()
        worked.increment(by: duration / .seconds(1))
        let now = ContinuousClock.now
        let share = state.withLock { state -> Int64? in
            state.worked += duration
            return takeShare(&state, now)
        }
        if let share { busy.record(share) }
    }

    /// How many tasks of a book wait, and for how long the oldest has.
    static func waiting(book: String, tasks: Int64, oldest age: Duration) {
        change { state, now in
            let queue = Queue(tasks: tasks, oldestSeconds: age.components.seconds, seenAt: now)
            state.queues[book] = tasks == 0 ? nil : queue
        }
    }

    /// Forgets the queues of books that this process has not looked at for so long: others may have them by now.
    static func refresh(forgetting age: Duration) {
        change { state, now in state.queues = state.queues.filter { now - $0.value.seenAt <= age } }
    }

    private static func change(_ body: (inout State, ContinuousClock.Instant) -> Void) {
        let now = ContinuousClock.now
        let (all, longest, share) = state.withLock { state in
            body(&state, now)
            let queues = state.queues.values
            return (
                queues.reduce(0) { $0 + $1.tasks }, queues.map(\.oldestSeconds).max() ?? 0, takeShare(&state, now)
            )
        }
        waiting.record(all)
        oldest.record(longest)
        if let share { busy.record(share) }
    }

    private static func takeShare(_ state: inout State, _ now: ContinuousClock.Instant) -> Int64? {
        let passed = now - state.since
        guard passed >= window else { return nil }
        let share = state.worked.wholeMilliseconds * 1_000 / max(1, passed.wholeMilliseconds)
        state.worked = .zero
        state.since = now
        return min(1_000, share)
    }
}

extension Reconciliation {
    /// Keeps this process's figures of its queue true while it works on nothing; for a timer of the wiring.
    ///
    /// - Parameter age: what was seen so long ago is forgotten.
    public static func refreshMeasures(forgetting age: Duration) { TaskMetrics.refresh(forgetting: age) }
}

extension Duration {
    var wholeMilliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
}
