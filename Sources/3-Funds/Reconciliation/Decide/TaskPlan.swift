/// What is done in one task of a run.
public enum TaskKind: String, Hashable, Sendable, CaseIterable {
    /// Reads the statement.
    case parse
    /// Reads what Payments knows of the day.
    case collect
    /// Matches one shard by its strongest key.
    case match
    /// Matches what the shards left, by every key and by likeness.
    case rest
    /// Tells the followers what was found, and makes the run ready.
    case propose
    /// Books one shard.
    case settle
    /// Carries lines over, ends what is no difference any more, and closes the run.
    case finish
}

public enum TaskState: String, Hashable, Sendable {
    case waiting, claimed, done, failed
}

/// A task that is to be made.
struct TaskSpec: Hashable, Sendable {
    let kind: TaskKind
    let shard: Int
}

/// Which tasks follow which. Pure: the same tasks give the same plan, whoever asks.
enum TaskPlan {
    struct Seen: Hashable, Sendable {
        let kind: TaskKind
        let state: TaskState
    }

    /// The tasks that are to be made now, given all that there are.
    static func next(after tasks: [Seen], shards: Int, state: RunState) -> [TaskSpec] {
        func stage(_ kinds: TaskKind...) -> (exists: Bool, isDone: Bool) {
            let of = tasks.filter { kinds.contains($0.kind) }
            return (!of.isEmpty, !of.isEmpty && of.allSatisfy { $0.state == .done })
        }
        func one(_ kind: TaskKind) -> [TaskSpec] { [TaskSpec(kind: kind, shard: 0)] }
        func sharded(_ kind: TaskKind) -> [TaskSpec] { (0..<shards).map { TaskSpec(kind: kind, shard: $0) } }
        switch state {
        case .pending, .settled, .aborted:
            return []
        case .preparing:
            guard stage(.parse, .collect).exists else { return one(.parse) + one(.collect) }
            guard stage(.match).exists else { return stage(.parse, .collect).isDone ? sharded(.match) : [] }
            guard stage(.rest).exists else { return stage(.match).isDone ? one(.rest) : [] }
            guard stage(.propose).exists else { return stage(.rest).isDone ? one(.propose) : [] }
            return []
        case .confirmed:
            guard stage(.settle).exists else { return sharded(.settle) }
            guard stage(.finish).exists else { return stage(.settle).isDone ? one(.finish) : [] }
            return []
        }
    }
}
