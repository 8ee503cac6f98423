internal import Logging
internal import Metrics
public import Runtime
internal import Synchronization

/// Limits of one open book.
public struct BookOptions: Sendable {
    /// Commands that may wait before callers are told to come back.
    public var queueLimit = 20_000
    /// Commands in one transaction.
    public var batchLimit = 2_000
    /// What a refused caller is told to wait.
    public var retryAfter = Duration.milliseconds(250)

    public init() {}
}

/// One tenant's database, open: its only way in. Writes are serial, batched and durable; reads are snapshots.
///
/// While one commit is in flight the next batch gathers. A caller is answered after its batch is durable; one refused
/// command never disturbs its neighbours.
public final class Book: Sendable {
    public let name: String
    public let world: World

    private let backend: any Backend
    private let options: BookOptions
    private let queue: CommandQueue
    private let lane: Lane
    private let observers = Mutex<[@Sendable () -> Void]>([])

    public init(name: String, backend: any Backend, world: World, options: BookOptions = BookOptions()) {
        self.name = name
        self.backend = backend
        self.world = world
        self.options = options
        queue = CommandQueue(limit: options.queueLimit)
        lane = Lane()
    }

    /// Runs `body` in the next batch and returns its answer once that is durable.
    ///
    /// Throws what `body` throws (then nothing of the command remains), or `StoreError`: `busy`, `deadlineExceeded`,
    /// `closed`, or a failure of the database, after which nothing of the batch remains.
    public func write<Answer: Sendable>(
        _ name: String, deadline: Timestamp? = nil, _ body: @escaping @Sendable (Transaction) throws -> Answer
    ) async throws -> Answer {
        try await submit(deadline: deadline, key: nil, coding: nil, urgent: false, body)
    }

    /// The same for a command with an idempotency key: seen before, it gets its first answer and has no second effect.
    public func write<Answer: Sendable>(
        _ name: String, deadline: Timestamp? = nil, key: IdempotencyKey, coding: AnswerCoding<Answer>,
        _ body: @escaping @Sendable (Transaction) throws -> Answer
    ) async throws -> Answer {
        try await submit(deadline: deadline, key: key, coding: coding, urgent: false, body)
    }

    /// The house's own work: it passes the queue's bound, because it is what empties it.
    public func housekeeping<Answer: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Answer
    ) async throws -> Answer {
        try await submit(deadline: nil, key: nil, coding: nil, urgent: true, body)
    }

    /// Runs `body` on a snapshot of everything committed before the call.
    public func read<Answer: Sendable>(
        _ body: @escaping @Sendable (any SQLReader) throws -> Answer
    ) async throws -> Answer {
        try await backend.read(body)
    }

    /// Calls `observer` on the book's lane after each batch that committed. It must return at once.
    public func afterCommit(_ observer: @escaping @Sendable () -> Void) {
        observers.withLock { $0.append(observer) }
    }

    /// How many commands wait.
    public var queueDepth: Int { queue.count }

    /// True when other processes may write to this book as well.
    public var isShared: Bool { backend.isShared }

    /// What is announced in this book's database, by any process.
    public var announcements: Announcements { backend.announcements }

    /// Where the database is, for people: a path or an address without its password.
    public var location: String { backend.location }

    /// Takes no new commands, runs those that wait, lets the states catch up and closes the database. Closing twice is
    /// closing once.
    public func close() async {
        guard queue.close() else { return }
        await withUnsafeContinuation { (done: UnsafeContinuation<Void, Never>) in
            backend.onLane { [self] connection in
                drain(connection)
                // States may hold closures that hold the book; a closed book lets go of them.
                lane.states.removeAll()
                done.resume()
            }
        }
        await backend.close()
    }

    /// Runs `body` in a transaction of its own on the lane, beside the group commit: for what concerns the book as a
    /// whole.
    func alone<Answer: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> Answer
    ) async throws -> Answer {
        try await withUnsafeThrowingContinuation { (caller: UnsafeContinuation<Answer, any Error>) in
            backend.onLane { connection in
                caller.resume(
                    with: Result {
                        try connection.begin()
                        do {
                            let answer = try body(connection)
                            try connection.commit()
                            return answer
                        } catch {
                            try? connection.rollback()
                            throw error
                        }
                    })
            }
        }
    }

    private func submit<Answer: Sendable>(
        deadline: Timestamp?, key: IdempotencyKey?, coding: AnswerCoding<Answer>?, urgent: Bool,
        _ body: @escaping @Sendable (Transaction) throws -> Answer
    ) async throws -> Answer {
        try await withUnsafeThrowingContinuation { caller in
            let command = Command(
                deadline: deadline, key: key, coding: coding, caller: caller, body: fenced(body))
            switch queue.admit(command, urgent: urgent) {
            case .accepted(let startDrain):
                if startDrain { backend.onLane { [self] in drain($0) } }
            case .full:
                caller.resume(
                    throwing: StoreError(
                        .busy, "\(options.queueLimit) commands wait already", retryAfter: options.retryAfter))
            case .closed:
                caller.resume(throwing: StoreError(.closed, "the book is closing"))
            }
        }
    }

    /// Runs batch after batch until nothing waits; runs on the lane.
    private func drain(_ connection: any Connection) {
        while true {
            while let works = queue.take(options.batchLimit) {
                let started = ContinuousClock.now
                let batch = Batch(
                    works: works, connection: connection, states: lane.states,
                    announcements: backend.announcements, world: world)
                let committed = StoreTracing.commit(book: name, commands: works.count) { batch.run() }
                for work in works { work.answer() }
                if committed > 0 {
                    StoreMetrics.batch(commands: works.count, took: ContinuousClock.now - started)
                    for observer in observers.withLock({ $0 }) { observer() }
                }
                if connection.shouldYield, !queue.isEmpty {
                    backend.onLane { [self] in drain($0) }
                    return
                }
            }
            guard lane.states.all.contains(where: \.isLagging), idle(connection) || !queue.isEmpty else { return }
        }
    }

    /// One bounded piece of catching up; true when more is left.
    private func idle(_ connection: any Connection) -> Bool {
        let transaction = Transaction(
            connection: connection, states: lane.states, announcements: backend.announcements, now: world.now(),
            world: world)
        do {
            try connection.begin()
            guard try BookSeal.find(connection) == nil else {
                try connection.rollback()
                return false
            }
            transaction.mark()
            var more = false
            for state in lane.states.all where state.isLagging {
                if try state.idle(transaction) { more = true }
            }
            try lane.states.flush(transaction)
            try connection.commit()
            lane.states.committed()
            return more
        } catch {
            lane.states.undoAll()
            try? connection.rollback()
            Logger(label: "kontor.store").error(
                "catching up failed", metadata: ["book": "\(name)", "error": "\(error)"])
            return false
        }
    }

    /// What only the lane's thread touches.
    ///
    /// `@unchecked Sendable` because the backend runs everything on its lane one at a time.
    private final class Lane: @unchecked Sendable {
        let states = BookStates()
    }
}
