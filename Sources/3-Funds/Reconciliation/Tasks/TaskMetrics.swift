import Metrics
import Synchronization

/// What an operator, and whoever adds and takes away processes, sees of the work of this process.
enum TaskMetrics {
    private static let waiting = Gauge(label: "kontor_reconciliation_tasks_waiting")
    private static let oldest = Gauge(label: "kontor_reconciliation_oldest_task_seconds")
    /// Thousandths of the time since the last look in which this process worked on tasks.
    private static let busy = Gauge(label: "kontor_reconciliation_busy_permille")
    private static let done = Counter(label: "kontor_reconciliation_tasks_total")
    private static let worked = Counter(label: "kontor_reconciliation_worked_milliseconds_total")

    private struct State {
        var tasks: [String: Int64] = [:]
        var ages: [String: Int64] = [:]
        var worked = Duration.zero
        var since = ContinuousClock.now
    }

    private static let state = Mutex(State())
    /// Over so long the share of busy time is taken.
    private static let window = Duration.seconds(15)

    /// A task was worked on for so long.
    static func worked(_ duration: Duration) {
        done.increment()
        worked.increment(by: Int64(clamping: duration.wholeMilliseconds))
        let now = ContinuousClock.now
        let share = state.withLock { state -> Int64? in
            state.worked += duration
            return takeShare(&state, now)
        }
        if let share { busy.record(share) }
    }

    /// How many tasks of a book wait, and for how long the oldest has.
    static func waiting(book: String, tasks: Int64, oldest age: Duration) {
        let now = ContinuousClock.now
        let (all, longest, share) = state.withLock { state in
            state.tasks[book] = tasks == 0 ? nil : tasks
            state.ages[book] = tasks == 0 ? nil : age.components.seconds
            return (state.tasks.values.reduce(0, +), state.ages.values.max() ?? 0, takeShare(&state, now))
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

extension Duration {
    var wholeMilliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
}
