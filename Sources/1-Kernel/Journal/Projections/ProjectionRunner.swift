internal import Logging
internal import Metrics
public import Store
internal import Synchronization

/// Runs a book's projections right after the commits that concern them, on the book's own lane.
public final class ProjectionRunner: Sendable {
    /// Events that one projection reads in one transaction, so that callers' commands are never kept waiting long.
    public static let pieceLimit = 1_000

    private let book: Book
    private let projections: [any Projection]
    private let logger: Logger
    private let isScheduled = Mutex(false)

    public convenience init(book: Book, projections: [any Projection]) {
        self.init(book: book, projections: projections, logger: Logger(label: "kontor.journal"))
    }

    init(book: Book, projections: [any Projection], logger: Logger) {
        self.book = book
        self.projections = projections
        self.logger = logger
    }

    /// Catches up with what happened while the book was closed, then follows.
    public func start() async throws {
        guard !projections.isEmpty else { return }
        try await book.housekeeping { [self] transaction in
            let state = try JournalState.of(transaction)
            let types =
                projections.contains { $0.types.isEmpty }
                ? [] : projections.reduce(into: Set<String>()) { $0.formUnion($1.types) }
            transaction.onCommit { state.follow(types, wake: self.schedule) }
        }
        try await settle()
    }

    /// Returns when every projection has seen what was in the journal at the time of the call. One that fails is counted
    /// and does not hold up the others; the first failure is thrown at the end.
    ///
    /// Any process may call it: a projection's cursor is read and moved in the transaction that applies the events,
    /// under the book's lock, so an event is applied once, by whom it may be.
    public func settle() async throws {
        // Several times, because another process may move one of them on in between; seen is all after the first.
        for _ in 0..<3 {
            if try await settleTogether() { return }
            try await settleApart()
        }
    }

    /// Advances each projection by itself to where the journal ends now, so that all stand at one place afterwards.
    private func settleApart() async throws {
        let head = try await book.read { try JournalStorage.head($0).sequence }
        var failure: (any Error)?
        for projection in projections {
            do {
                while try await advance([projection], to: head) == true {}
            } catch  where Self.isTroubleOfBook(error) {
                throw error
            } catch {
                Counter(
                    label: "kontor_journal_projection_failures_total", dimensions: [("projection", projection.name)]
                )
                .increment()
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }

    /// Whether a projection has not seen all events yet: cheap, and without waiting for the book's lane.
    public func isBehind(_ reader: any SQLReader) throws -> Bool {
        let head = try JournalStorage.head(reader).sequence
        let cursors = try Cursor.all(reader)
        return projections.contains { cursors[$0.name, default: 0] < head }
    }

    /// Empties a projection and derives it again from the first event.
    public func rebuild(_ name: String) async throws {
        guard let projection = projections.first(where: { $0.name == name }) else { return }
        try await book.housekeeping { transaction in
            try projection.reset(in: transaction)
            try Cursor.move([projection.name], to: 0, in: transaction)
        }
        while try await advance([projection], to: .max) == true {}
    }

    @Sendable private func schedule() {
        let first = isScheduled.withLock { scheduled in
            defer { scheduled = true }
            return !scheduled
        }
        guard first else { return }
        Task { [self] in
            isScheduled.withLock { $0 = false }
            await follow()
        }
    }

    /// Follows what was committed. The end of the book is no failure: whoever opens it next goes on from the cursors.
    func follow() async {
        do {
            try await settle()
        } catch let error as StoreError where error.code == .closed {
            return
        } catch {
            logger.error(
                "a projection stopped; it is tried again after the next event",
                metadata: ["book": "\(book.name)", "error": "\(error)"])
        }
    }

    /// Advances all projections at once while they stand at one place, which is the rule: events are read once, and one
    /// commit moves every cursor. False when each has to go its own way: one is behind the others, or has failed.
    private func settleTogether() async throws -> Bool {
        do {
            while let mayBeMore = try await advance(projections, to: .max) {
                if !mayBeMore { return true }
            }
            return false
        } catch  where Self.isTroubleOfBook(error) {
            throw error
        } catch {
            // Nothing of the piece remains. Alone, each that has not failed gets on, and the one that has is named.
            return false
        }
    }

    /// What is no fault of a projection: the book closes, or another process does its jobs.
    private static func isTroubleOfBook(_ error: any Error) -> Bool {
        if let error = error as? StoreError { return [.closed, .busy, .unavailable].contains(error.code) }
        return error is LeaseLost
    }

    /// Applies one piece, of events up to `head`, to projections that stand at one place. True when there may be more,
    /// nil when they do not stand at one place.
    private func advance(_ projections: [any Projection], to head: Int64) async throws -> Bool? {
        try await book.housekeeping { [self] transaction -> Bool? in
            let cursors = try Cursor.all(transaction)
            let places = Set(projections.map { cursors[$0.name, default: 0] })
            guard places.count == 1, let cursor = places.first else { return places.isEmpty ? false : nil }
            let piece = try Journal.events(after: cursor, limit: ProjectionRunner.pieceLimit, transaction)
            let events = Array(piece.prefix { $0.sequence <= head })
            guard let last = events.last else { return false }
            let state = try JournalState.of(transaction)
            let before = state.head.sequence
            for projection in projections { try apply(projection, events, in: transaction) }
            try Cursor.move(projections.map(\.name), to: last.sequence, in: transaction)
            // What one has told, the others have to see as well.
            return events.count == ProjectionRunner.pieceLimit || state.head.sequence > before
        }
    }

    private func apply(
        _ projection: any Projection, _ events: [JournalEvent], in transaction: Transaction
    ) throws {
        let types = projection.types
        for event in events where types.isEmpty || types.contains(event.type) {
            try projection.apply(event, in: transaction)
        }
    }
}

/// Where a projection stands; kept beside its results, so that an effect happens exactly once.
enum Cursor {
    private static let upsert = Prepared(
        """
        INSERT INTO projection_cursors VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET sequence = excluded.sequence
        """)

    static func all(_ reader: any SQLReader) throws -> [String: Int64] {
        var cursors: [String: Int64] = [:]
        try reader.forEach("SELECT name, sequence FROM projection_cursors") { cursors[$0.text(0)] = $0.int64(1) }
        return cursors
    }

    static func move(_ names: [String], to sequence: Int64, in transaction: Transaction) throws {
        try transaction.execute(each: upsert, count: names.count) { index, row in
            row.text(names[index])
            row.integer(sequence)
        }
    }
}
