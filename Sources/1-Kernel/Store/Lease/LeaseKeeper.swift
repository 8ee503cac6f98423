internal import Logging
internal import Runtime
internal import Synchronization

/// This process among all that share a database: it beats, sees who has stopped beating, and finds the books whose
/// jobs nobody does any more.
///
/// A process that another one judged dead is removed from the table, and so anybody may take its jobs over. Should it
/// have been asleep only, its transactions find their tokens outdated.
public final class LeaseKeeper: Sendable {
    /// Between two heartbeats. Four are missed before a process counts as dead.
    public static let beatEvery = Duration.seconds(1)
    /// Books that are adopted at once, so that several survivors share a large estate.
    public static let adoptionLimit = 8

    /// This process, until it ends: a new one with each start.
    public let process: String

    private struct State {
        var heartbeats = Heartbeats()
        var alive: Set<String> = []
        var tasks: [Task<Void, Never>] = []
        /// What is to be told when another process gives a lease back, by the lease's key.
        var watchers: [String: @Sendable () -> Void] = [:]
    }

    static let topic = "leases.free"

    private let platform: Book
    private let state = Mutex(State())

    /// - Parameter platform: the book that all processes of the installation share.
    public init(platform: Book) {
        self.platform = platform
        // Not the book's own world: two processes of a replay begin with the same seed and are two nevertheless.
        process = World.system().newUUID().description
        platform.announcements.listen(LeaseKeeper.topic) { [weak self] key in
            self?.state.withLock { $0.watchers[key] }?()
        }
    }

    /// Registers this process, then beats until `stop`. `onDeath` is called after a look that found a process gone, and
    /// after the first, because one may have died when nobody looked. It may take its time.
    public func start(onDeath: @escaping @Sendable () async -> Void) async throws {
        try await look(elapsed: .zero)
        let (deaths, tell) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        tell.yield()
        let adopting = Task.detached { for await _ in deaths { await onDeath() } }
        let beating = Task.detached { [self] in
            defer { tell.finish() }
            var last = ContinuousClock.now
            while !Task.isCancelled {
                do { try await Task.sleep(for: Self.beatEvery) } catch { return }
                let now = ContinuousClock.now
                do {
                    if try await look(elapsed: now - last) { tell.yield() }
                    last = now
                } catch {
                    // Time without the database is nobody's silence: the next look begins a new step.
                    last = ContinuousClock.now
                    Logger(label: "kontor.leases").error(
                        "a heartbeat failed", metadata: ["error": "\(type(of: error))"])
                }
            }
        }
        state.withLock { $0.tasks = [beating, adopting] }
    }

    /// Ends the heartbeat. Call it before the books are closed: what is adopted now would be opened in vain.
    public func stopBeating() async {
        let tasks = state.withLock { state in
            defer { state.tasks = [] }
            return state.tasks
        }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }

    /// Takes this process off the table, after its books have been closed: what it still held is free at once.
    public func signOff() async {
        await stopBeating()
        let process = process
        do {
            try await platform.housekeeping { tx in
                try tx.execute("DELETE FROM lease_books WHERE holder = \(process)")
                try tx.execute("DELETE FROM lease_processes WHERE id = \(process)")
            }
        } catch {
            Logger(label: "kontor.leases").warning(
                "the process could not sign off; others wait until its heartbeat has expired",
                metadata: ["error": "\(type(of: error))"])
        }
    }

    /// One heartbeat and one look at the others; true when a process has gone since the look before.
    @discardableResult
    func look(elapsed: Duration) async throws -> Bool {
        let process = process
        let beats = try await platform.housekeeping { tx in
            // The row is missing at the start, and when others took this process for dead.
            try tx.execute(
                """
                INSERT INTO lease_processes (id, host, beat) VALUES (\(process), \(ProcessName.here), 1)
                ON CONFLICT (id) DO UPDATE SET beat = lease_processes.beat + 1
                """)
            var beats: [String: Int64] = [:]
            try tx.forEach("SELECT id, beat FROM lease_processes") { beats[$0.text(0)] = $0.int64(1) }
            return beats
        }
        let (dead, before) = state.withLock { state in
            (state.heartbeats.look(beats.filter { $0.key != process }, elapsed: elapsed), state.alive)
        }
        if !dead.isEmpty { try await bury(dead) }
        let alive = Set(beats.keys).subtracting(dead.keys)
        state.withLock { $0.alive = alive }
        return !before.isSubset(of: alive)
    }

    /// Takes dead processes off the table, unless they have beaten in the meantime.
    private func bury(_ dead: [String: Int64]) async throws {
        try await platform.housekeeping { tx in
            for (id, beat) in dead {
                try tx.execute("DELETE FROM lease_processes WHERE id = \(id) AND beat = \(beat)")
            }
        }
        for id in dead.keys {
            Logger(label: "kontor.leases").notice("a process has died", metadata: ["process": "\(id)"])
        }
    }

    /// Whether a process was beating when this one last looked. Costs nothing.
    func wasAlive(_ id: String) -> Bool { state.withLock { $0.alive.contains(id) } }

    /// Whether a process counts as alive now. It registers before it takes a lease, so one that is not on the table
    /// after its lease was seen has gone. False as well when it has said that it does not look after `book` any more.
    func isAlive(_ id: String, book: String? = nil) async throws -> Bool {
        try await platform.read { reader in
            guard try reader.first("SELECT beat FROM lease_processes WHERE id = \(id)", { $0.int64(0) }) != nil else {
                return false
            }
            guard let book else { return true }
            return try reader.first("SELECT holder FROM lease_books WHERE book = \(book)") { $0.text(0) } != ""
        }
    }

    // MARK: which books have a holder

    /// Notes that this process looks after a book, so that others find it when this process dies. The note is a hint:
    /// what counts stands in the book itself.
    func note(_ book: String) async throws {
        let process = process
        try await platform.housekeeping { tx in
            try tx.execute(
                """
                INSERT INTO lease_books (book, holder) VALUES (\(book), \(process))
                ON CONFLICT (book) DO UPDATE SET holder = excluded.holder
                """)
        }
    }

    /// Tells every process that a lease is free. The note goes; where the book itself could not be told, because it is
    /// being moved and takes no writes, an empty note says so until somebody takes the lease.
    func announceFree(_ key: String, book: String?, isTold: Bool) async throws {
        let process = process
        try await platform.housekeeping { tx in
            if let book, isTold {
                try tx.execute("DELETE FROM lease_books WHERE book = \(book) AND holder = \(process)")
            } else if let book {
                try tx.execute("UPDATE lease_books SET holder = '' WHERE book = \(book) AND holder = \(process)")
            }
            try tx.announce(LeaseKeeper.topic, key)
        }
    }

    func watch(_ key: String, _ onFree: (@Sendable () -> Void)?) { state.withLock { $0.watchers[key] = onFree } }

    /// Books whose holder has gone, at most `adoptionLimit`; they are this process's to open now, and no other is given
    /// them as well.
    public func adopt() async throws -> [String] {
        let process = process
        return try await platform.housekeeping { tx in
            let books = try tx.query(
                """
                SELECT book FROM lease_books WHERE holder <> '' AND holder NOT IN (SELECT id FROM lease_processes)
                ORDER BY book LIMIT \(LeaseKeeper.adoptionLimit)
                """
            ) { $0.text(0) }
            guard !books.isEmpty else { return [] }
            try tx.execute("UPDATE lease_books SET holder = \(process) WHERE book IN (\(list: books))")
            return books
        }
    }
}
