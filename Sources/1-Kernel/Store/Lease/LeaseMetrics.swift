internal import Metrics
internal import Synchronization

/// What an operator sees of the leases of this process.
enum LeaseMetrics {
    private static let held = Gauge(label: "kontor_jobs_leases_held")
    private static let taken = Counter(label: "kontor_jobs_leases_taken_over_total")
    private static let lost = Counter(label: "kontor_jobs_leases_lost_total")
    private static let count = Atomic(0)

    static func took(over: Bool) {
        held.record(count.add(1, ordering: .relaxed).newValue)
        if over { taken.increment() }
    }

    static func letGo(lost isLost: Bool) {
        held.record(count.subtract(1, ordering: .relaxed).newValue)
        if isLost { lost.increment() }
    }
}
