import Dispatch
import Runtime
import Store
import Synchronization

/// One book in a PostgreSQL schema: batches on the writers' connections, snapshots on the readers'.
final class PostgreSQLBackend: Backend {
    let location: String
    let announcements: Announcements
    private let site: BookSite
    private let lane: Lane
    private let readers: LinkPool
    private let isClosed = Mutex(false)

    init(site: BookSite, location: String, writers: LinkPool, readers: LinkPool, announcements: Announcements) {
        self.site = site
        self.location = location
        self.readers = readers
        self.announcements = announcements
        lane = Lane(site: site, pool: writers)
    }

    var isShared: Bool { true }

    func onLane(_ body: @escaping @Sendable (any Connection) -> Void) { lane.add(body) }

    func migrate(_ migrator: Migrator, now: Timestamp) async throws {
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            onLane { connection in
                done.resume(with: Result { try migrator.migrate(connection, now: now) }.map { _ in })
            }
        }
    }

    /// A snapshot is only read, so it is read again when its connection broke.
    func read<Answer: Sendable>(
        _ body: @escaping @Sendable (any SQLReader) throws -> Answer
    ) async throws -> Answer {
        if isClosed.withLock({ $0 }) { throw StoreError(.closed, "the book is closed") }
        let call = ReadCall()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (done: CheckedContinuation<Answer, any Error>) in
                readers.submit(site.schema.schema) { [site] link in
                    done.resume(
                        with: Result {
                            try call.begin(link.canceller)
                            defer { call.end() }
                            return try PostgreSQLBackend.read(site, link, body)
                        })
                }
            }
        } onCancel: {
            call.cancel()
        }
    }

    private static func read<Answer>(
        _ site: BookSite, _ link: Link, _ body: (any SQLReader) throws -> Answer
    ) throws -> Answer {
        let connection = PostgreSQLConnection(link: link, place: site, yields: { false })
        do {
            return try connection.reading(body)
        } catch let error as StoreError where error.code == .unavailable {
            return try connection.reading(body)
        }
    }

    func close() async { isClosed.withLock { $0 = true } }
}

/// A read that its caller may give up: before it began it does not begin, while it runs the server is asked to stop.
private final class ReadCall: Sendable {
    private struct State {
        var isCancelled = false
        var running: Canceller?
    }

    private let state = Mutex(State())

    func begin(_ canceller: Canceller) throws {
        try state.withLock { state in
            if state.isCancelled { throw CancellationError() }
            state.running = canceller
        }
    }

    func end() { state.withLock { $0.running = nil } }

    /// Asking the server opens a connection, which blocks; so it is done on a thread that may.
    func cancel() {
        let isRunning = state.withLock { state in
            state.isCancelled = true
            return state.running != nil
        }
        guard isRunning else { return }
        DispatchQueue.global().async { [self] in
            // Under the lock, so that the connection is not given to another read meanwhile.
            state.withLock { $0.running?.cancel() }
        }
    }
}
