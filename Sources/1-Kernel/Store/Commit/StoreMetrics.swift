internal import Metrics

/// What an operator sees of the group commit, over all books of the process.
enum StoreMetrics {
    private static let commands = Counter(label: "kontor_store_commands_total")
    private static let batches = Counter(label: "kontor_store_batches_total")
    private static let seconds = Timer(label: "kontor_store_commit_seconds")

    static func batch(commands count: Int, took: Duration) {
        commands.increment(by: count)
        batches.increment()
        seconds.recordNanoseconds(took.components.seconds * 1_000_000_000 + took.components.attoseconds / 1_000_000_000)
    }
}
