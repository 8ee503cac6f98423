/// In-memory state that belongs to an open book and takes part in its batches: the journal's head, the ledger's balances.
///
/// It is touched only inside transactions, so it needs no lock. What it stages is written by `flush` once a batch.
public protocol BookState: AnyObject {
    /// A command begins.
    func mark()
    /// The command was refused: forget what it did.
    func undoToMark()
    /// The batch was rolled back: forget everything since the last commit.
    func undoAll()
    /// The batch is about to commit: write what is staged.
    func flush(_ transaction: Transaction) throws
    /// The batch is durable.
    func committed()
    /// True for a state that others write to while they are flushed.
    var isFlushedLast: Bool { get }
    /// True when `idle` has something to do.
    var isLagging: Bool { get }
    /// The book has nothing to do: catch up with what may lag, a bounded piece at a time. True when more is left.
    func idle(_ transaction: Transaction) throws -> Bool
}

extension BookState {
    public var isFlushedLast: Bool { false }
    public var isLagging: Bool { false }
    public func idle(_ transaction: Transaction) throws -> Bool { false }
}

/// The states of one open book, by type, in the order of their first use.
final class BookStates {
    private var byType: [ObjectIdentifier: any BookState] = [:]
    private(set) var all: [any BookState] = []

    func state<State: BookState>(_ type: State.Type, make: () throws -> State) rethrows -> State {
        // The key is the type, so the cast cannot fail; it stands in the path of every command.
        if let found = byType[ObjectIdentifier(type)] { return unsafeDowncast(found, to: type) }
        let state = try make()
        byType[ObjectIdentifier(type)] = state
        all.append(state)
        return state
    }

    func removeAll() {
        byType = [:]
        all = []
    }

    func mark() { for state in all { state.mark() } }
    func undoToMark() { for state in all { state.undoToMark() } }
    func undoAll() { for state in all { state.undoAll() } }
    func committed() { for state in all { state.committed() } }

    func flush(_ transaction: Transaction) throws {
        // The journal is flushed last, because the others may still tell it something.
        for state in all where !state.isFlushedLast { try state.flush(transaction) }
        for state in all where state.isFlushedLast { try state.flush(transaction) }
    }
}
