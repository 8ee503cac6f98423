import Journal
import Reconciliation
import Store
import Synchronization

/// What lives beside an open book: its projections and its jobs.
struct Companion: Sendable {
    let runner: ProjectionRunner
    let jobs: BookJobs
    let statements: StatementJobs
}

/// The companions of the open books.
final class Companions: Sendable {
    private let byBook = Mutex<[ObjectIdentifier: Companion]>([:])

    func add(_ companion: Companion, to book: Book) {
        byBook.withLock { $0[ObjectIdentifier(book)] = companion }
    }

    func remove(_ book: Book) async {
        let companion = byBook.withLock { $0.removeValue(forKey: ObjectIdentifier(book)) }
        await companion?.statements.stop()
        await companion?.jobs.stop()
    }

    /// Whether tasks of reconciliation are worked on in a book just now.
    func isBusy(_ book: Book) -> Bool {
        byBook.withLock { $0[ObjectIdentifier(book)] }?.statements.isBusy ?? false
    }

    /// Runs a book's jobs once, now.
    func visit(_ book: Book) async {
        let companion = byBook.withLock { $0[ObjectIdentifier(book)] }
        await companion?.jobs.visit()
        await companion?.statements.visit()
    }

    /// Does what reconciliation has to do, once, now.
    func reconcile(_ book: Book) async {
        let companion = byBook.withLock { $0[ObjectIdentifier(book)] }
        await companion?.statements.visit()
        try? await companion?.runner.settle()
    }

    /// False when nothing brings this channel's files.
    func fetch(_ channel: String, _ day: BusinessDay, _ book: Book) async throws -> Bool {
        let companion = byBook.withLock { $0[ObjectIdentifier(book)] }
        return try await companion?.statements.fetch(channel, day) ?? false
    }

    func settle(_ book: Book) async throws {
        let companion = byBook.withLock { $0[ObjectIdentifier(book)] }
        try await companion?.runner.settle()
    }
}
