public import Ledger
internal import Logging
public import Store

/// Compares what payment channels report with the books, day by day, and settles what agrees.
///
/// A *statement* is a channel's file of one business day. A *run* compares it with what Payments knows of that day:
/// pending → preparing → confirmed → settled, or aborted. Its work is cut into *tasks*, rows that any process takes
/// under a claim; each piece of work is one command, repeated without a second effect, so a run that is interrupted
/// anywhere ends as if it had not been. What differs becomes a `Difference`; `RunFollower`s are told.
public struct Reconciliation: Sendable {
    /// The tables of a tenant's book: of runs, of cases, of quality.
    public static let migrations: [Migration] = RunsMigrations.all + CasesMigrations.all + QualityMigrations.all

    let ledger: Ledger
    let followers: [any RunFollower]
    let logger: Logger

    public init(ledger: Ledger, followers: [any RunFollower] = []) {
        self.ledger = ledger
        self.followers = followers
        logger = Logger(label: "kontor.reconciliation")
    }
}
