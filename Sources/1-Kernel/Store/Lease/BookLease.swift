internal import Logging
internal import Synchronization

/// One open book's jobs, and whether this process does them.
public final class BookLease: Sendable {
    /// Asks between two looks at a lease that another living process holds. It gives the lease back when it closes the
    /// book, which is announced too, so this is for announcements that were lost.
    static let asksBetweenLooks = 5

    private struct State {
        var held: Lease?
        /// Who held it at the last look, and how often this was relied on since.
        var other: String?
        var asks = 0
        /// Somebody in this process is looking, which two at once would do against each other.
        var isLooking = false
    }

    private let book: Book
    private let name: String?
    private let job: String
    private let keeper: LeaseKeeper
    private let state = Mutex(State())

    /// - Parameters:
    ///   - name: by which survivors open the book, such as the tenant's identifier; nil when all have it open anyway.
    ///   - job: what is leased; a book may have several.
    public init(_ book: Book, name: String?, job: String, keeper: LeaseKeeper) {
        self.book = book
        self.name = name
        self.job = job
        self.keeper = keeper
        keeper.watch(key) { [weak self] in self?.state.withLock { $0.other = nil } }
    }

    private var key: String { (name ?? book.name) + " " + job }

    /// The lease, when this process holds it or can take it now: nobody has it, or its holder is dead. Nil when another
    /// process does the job.
    public func hold() async throws -> Lease? {
        let (held, rests) = state.withLock { state -> (Lease?, Bool) in
            if state.held != nil || state.isLooking { return (state.held, true) }
            state.asks += 1
            if let other = state.other, state.asks < BookLease.asksBetweenLooks, keeper.wasAlive(other) {
                return (nil, true)
            }
            state.isLooking = true
            return (nil, false)
        }
        if rests { return held }
        defer { state.withLock { $0.isLooking = false } }
        let job = job
        let seen = try await book.read { try Lease.read(job, $0) }
        if let seen, !seen.holder.isEmpty, seen.holder != keeper.process,
            try await keeper.isAlive(seen.holder, book: name)
        {
            state.withLock { $0 = State(other: seen.holder) }
            return nil
        }
        return try await take(after: seen)
    }

    private func take(after seen: Lease?) async throws -> Lease? {
        // The note comes first: a process that dies between the two leaves a note too many, not one too few.
        if let name { try await keeper.note(name) }
        let (job, process) = (job, keeper.process)
        guard let lease = try await book.housekeeping({ try Lease.take(job, for: process, after: seen, in: $0) }) else {
            return nil
        }
        state.withLock { $0 = State(held: lease) }
        let isOver = seen.map { !$0.holder.isEmpty && $0.holder != process } ?? false
        LeaseMetrics.took(over: isOver)
        if isOver {
            Logger(label: "kontor.leases").notice(
                "took over the jobs of a process that died",
                metadata: ["book": "\(book.name)", "job": "\(job)", "token": "\(lease.token)"])
        }
        return lease
    }

    /// A transaction has found that the lease no longer counts.
    public func lost(_ lease: Lease) {
        let wasHeld = state.withLock { state in
            guard state.held == lease else { return false }
            state = State()
            return true
        }
        guard wasHeld else { return }
        LeaseMetrics.letGo(lost: true)
        Logger(label: "kontor.leases").notice(
            "another process has taken over jobs", metadata: ["book": "\(book.name)", "job": "\(job)"])
    }

    /// Gives the lease back, when this process holds it. Called before the book closes, after its jobs have ended; this
    /// value is not used afterwards.
    public func giveBack() async {
        keeper.watch(key, nil)
        let held = state.withLock { state in
            defer { state = State() }
            return state.held
        }
        guard let held else { return }
        LeaseMetrics.letGo(lost: false)
        do {
            let isTold = (try? await book.housekeeping { try held.giveBack(in: $0) }) != nil
            try await keeper.announceFree(key, book: name, isTold: isTold)
        } catch {
            // It is taken over when this process has ended.
            Logger(label: "kontor.leases").warning(
                "a lease could not be given back", metadata: ["book": "\(book.name)", "error": "\(type(of: error))"])
        }
    }
}
