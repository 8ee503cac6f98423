internal import Runtime
internal import Store

/// The chain's head in memory and the events that the running batch has told so far.
final class JournalState: BookState {
    let isFlushedLast = true

    struct Head {
        var sequence: Int64
        var hash: [UInt8]
    }

    private var committedHead: Head
    private(set) var head: Head
    private var staged: [JournalEvent] = []
    private var marked = 0
    /// False when another process may have appended since `head` was read.
    private var isCurrent = true
    /// How often another process was found to have appended.
    private(set) var generation = 0
    private var followers: [(types: Set<String>, wake: @Sendable () -> Void)] = []

    init(_ reader: any SQLReader) throws {
        head = try JournalStorage.head(reader)
        committedHead = head
    }

    /// The state of the transaction's book, with the head that other processes may have moved.
    static func of(_ transaction: Transaction) throws -> JournalState {
        let state = try transaction.state(JournalState.self) { try JournalState(transaction) }
        if !state.isCurrent, transaction.isShared {
            state.head = try JournalStorage.head(transaction)
            if state.head.sequence != state.committedHead.sequence { state.generation += 1 }
            state.committedHead = state.head
        }
        state.isCurrent = true
        return state
    }

    func append(type: String, payload: [UInt8], time: Timestamp) -> Int64 {
        let event = JournalEvent(
            sequence: head.sequence + 1, time: time, type: type, payload: payload, previousHash: head.hash)
        staged.append(event)
        head = Head(sequence: event.sequence, hash: event.hash)
        return event.sequence
    }

    /// Calls `wake` after each batch that told an event of one of the types (of any type when the set is empty).
    func follow(_ types: Set<String>, wake: @escaping @Sendable () -> Void) { followers.append((types, wake)) }

    func mark() { marked = staged.count }

    func undoToMark() {
        staged.removeLast(staged.count - min(marked, staged.count))
        head = staged.last.map { Head(sequence: $0.sequence, hash: $0.hash) } ?? committedHead
    }

    func undoAll() {
        staged.removeAll(keepingCapacity: true)
        marked = 0
        head = committedHead
        isCurrent = false
    }

    func flush(_ transaction: Transaction) throws { try JournalStorage.insert(staged, in: transaction) }

    func committed() {
        isCurrent = false
        guard !staged.isEmpty else { return }
        committedHead = head
        for follower in followers
        where follower.types.isEmpty || staged.contains(where: { follower.types.contains($0.type) }) {
            follower.wake()
        }
        staged.removeAll(keepingCapacity: true)
        marked = 0
    }
}
