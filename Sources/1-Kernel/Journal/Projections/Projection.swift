public import Store

/// Something derived from the journal: it sees each event once, in order, in the transaction that moves its cursor.
public protocol Projection: Sendable {
    /// Names its cursor; never reused for another meaning.
    var name: String { get }
    /// The event types that it follows; empty for all.
    var types: Set<String> { get }
    func apply(_ event: JournalEvent, in transaction: Transaction) throws
    /// Empties what it derived, before a rebuild from the first event.
    func reset(in transaction: Transaction) throws
}
