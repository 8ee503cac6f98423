import Metrics

/// What an operator sees of the connections, over all databases of the process.
enum PoolMetrics {
    private static let busy = Meter(label: "kontor_postgres_connections_busy")
    private static let waiting = Meter(label: "kontor_postgres_jobs_waiting")
    private static let connects = Counter(label: "kontor_postgres_connects_total")
    private static let failures = Counter(label: "kontor_postgres_connect_failures_total")
    private static let lookedUp = Counter(label: "kontor_postgres_commits_looked_up_total")

    static func began() { busy.increment() }
    static func ended() { busy.decrement() }
    static func queued() { waiting.increment() }
    static func dequeued() { waiting.decrement() }
    static func connected() { connects.increment() }
    static func failedToConnect() { failures.increment() }
    /// A connection broke during a commit, and whether it happened was found out.
    static func lookedUpCommit() { lookedUp.increment() }
}
