import Clibpq
import Store

/// A book on one connection: what the group commit and the readers use, from the connection's own thread.
///
/// Writes are held back and sent together (`WriteBehind`); a query first sends those that it could see.
final class PostgreSQLConnection: Connection {
    let link: Link
    let place: BookSite
    /// True when another book waits for a connection.
    private let yields: () -> Bool
    private let pending = WriteBehind()
    private(set) var hasFailed = false
    private var hasWritten = false
    private var takesTime = false

    init(link: Link, place: BookSite, yields: @escaping () -> Bool) {
        self.link = link
        self.place = place
        self.yields = yields
    }

    var isShared: Bool { true }
    var shouldYield: Bool { yields() }

    // ---- The transaction ----

    func begin() throws {
        try link.connect()
        try open(locks: true)
    }

    /// Queues what every transaction begins with: the book's schema and role, and its lock for a writer.
    private func open(locks: Bool) throws {
        pending.removeAll()
        hasFailed = false
        hasWritten = false
        takesTime = false
        link.takesTime = false
        link.visit(place.schema.schema)
        try translated {
            try link.queue(link.statement(Self.beginText), [])
            // Values, never spliced: a schema's or role's name cannot become part of a statement.
            let path = SQLValue.text("\"\(place.schema.schema)\"")
            if let role = place.role {
                try link.queue(link.statement(Self.enterAsRole), [path, .text(role)])
            } else {
                try link.queue(link.statement(Self.enter), [path])
            }
            if locks { try link.queue(link.statement(Self.lock), [.integer(place.schema.lock)]) }
        }
    }

    private static let beginText = Prepared("BEGIN")
    private static let enter = Prepared("SELECT set_config('search_path', ?, true)")
    private static let enterAsRole = Prepared("SELECT set_config('search_path', ?, true), set_config('role', ?, true)")
    private static let lock = Prepared("SELECT pg_advisory_xact_lock(?)")

    func commit() throws {
        let marks = hasWritten
        if marks { try place.mark.write(self) }
        // All failures show before the commit, so that what follows can only be lost with the connection.
        try translated {
            try pending.send(on: link)
            if link.hasQueued { try link.synchronise() }
        }
        do {
            try link.queue(link.statement(Self.commitText), [])
            try link.synchronise()
            if marks { place.mark.committed() }
        } catch let failure as PostgreSQLFailure {
            hasFailed = true
            guard marks, failure.isConnectionLost else { throw failure.storeError }
            try resolve(failure)
        }
    }

    private static let commitText = Prepared("COMMIT")

    /// The connection broke while the commit was under way: looks whether it happened. Whoever finished it held the
    /// book's lock until it was durable, so once the lock is ours the writer's mark tells.
    private func resolve(_ failure: PostgreSQLFailure) throws {
        let hasHappened: Bool
        do {
            try link.connect()
            try open(locks: true)
            hasHappened = try place.mark.isThere(self)
            try rollback()
        } catch {
            throw StoreError(
                .outcomeUnknown, "the connection was lost during the commit: \(failure.message)",
                retryAfter: .seconds(1))
        }
        PoolMetrics.lookedUpCommit()
        guard hasHappened else { throw failure.storeError }
        place.mark.committed()
    }

    func rollback() throws {
        pending.removeAll()
        guard link.isConnected else { return }
        try? link.synchronise()
        guard link.isConnected else { return }
        try translated {
            try link.queue(link.statement(Self.rollbackText), [])
            try link.synchronise()
        }
        hasFailed = false
    }

    private static let rollbackText = Prepared("ROLLBACK")

    func savepoint() throws {
        try translated {
            try pending.send(on: link)
            try link.queue(link.statement(Self.savepointText), [])
        }
    }

    func releaseSavepoint() throws {
        try translated {
            try pending.send(on: link)
            try link.queue(link.statement(Self.releaseText), [])
            try link.synchronise()
        }
    }

    func rollbackToSavepoint() throws {
        pending.removeAll()
        if link.hasQueued { try? link.synchronise() }
        try translated {
            try link.queue(link.statement(Self.rollbackToText), [])
            try link.synchronise()
        }
        hasFailed = false
    }

    private static let savepointText = Prepared("SAVEPOINT command")
    private static let releaseText = Prepared("RELEASE SAVEPOINT command")
    private static let rollbackToText = Prepared("ROLLBACK TO SAVEPOINT command")

    // ---- Writing ----

    func execute(_ text: String, _ values: [SQLValue]) throws { try execute(statement(text), values) }

    func execute(_ prepared: Prepared, _ values: [SQLValue]) throws { try execute(statement(prepared), values) }

    private func execute(_ statement: LinkStatement, _ values: [SQLValue]) throws {
        hasWritten = true
        try translated { try pending.add(statement, values) }
    }

    func executeCounted(_ text: String, _ values: [SQLValue]) throws -> Int {
        try executeCounted(statement(text), values)
    }

    func executeCounted(_ prepared: Prepared, _ values: [SQLValue]) throws -> Int {
        try executeCounted(statement(prepared), values)
    }

    private func executeCounted(_ statement: LinkStatement, _ values: [SQLValue]) throws -> Int {
        hasWritten = true
        var changed = 0
        try translated {
            try pending.send(on: link)
            try link.queue(statement, values) { changed = Int(String(cString: PQcmdTuples($0.pointer))) ?? 0 }
            try link.synchronise()
        }
        return changed
    }

    func execute(each prepared: Prepared, count: Int, bind: (Int, any RowBinder) throws -> Void) throws {
        guard count > 0 else { return }
        hasWritten = true
        let statement = try statement(prepared)
        try translated {
            guard pending.rows(of: statement) != nil else {
                let row = GatheredRow()
                for index in 0..<count {
                    row.values.removeAll(keepingCapacity: true)
                    try bind(index, row)
                    try pending.add(statement, row.values)
                }
                return
            }
            for index in 0..<count {
                // A group that is full gives way to the next.
                guard let rows = pending.rows(continuing: statement) else { return }
                rows.startRow()
                try bind(index, rows)
                try rows.endRow()
            }
        }
    }

    func announce(_ topic: String, _ key: String) throws {
        try execute(Self.notify, [.text(topic + "\t" + key)])
    }

    private static let notify = Prepared("SELECT pg_notify('kontor', ?)")

    // ---- Reading ----

    func forEach(_ sql: SQL, _ body: (Row) throws -> Void) throws {
        try forEach(statement(sql.text), sql.values, body)
    }

    func forEach(_ prepared: Prepared, _ values: [SQLValue], _ body: (Row) throws -> Void) throws {
        try forEach(statement(prepared), values, body)
    }

    private func forEach(_ statement: LinkStatement, _ values: [SQLValue], _ body: (Row) throws -> Void) throws {
        var answer: ResultRows?
        try translated {
            if pending.concerns(statement) { try pending.send(on: link) }
            try link.queue(statement, values) { answer = ResultRows($0) }
            try link.synchronise()
        }
        try answer?.forEach(body)
    }

    /// Queries that are under way together; each answer is at most a few rows.
    static let queriesAtOnce = 500

    func forEach(
        each prepared: Prepared, count: Int, values: (Int) -> [SQLValue], _ body: (Int, Row) throws -> Void
    ) throws {
        guard count > 0 else { return }
        let statement = try statement(prepared)
        for start in stride(from: 0, to: count, by: Self.queriesAtOnce) {
            var answers: [(index: Int, rows: ResultRows)] = []
            try translated {
                if pending.concerns(statement) { try pending.send(on: link) }
                for index in start..<min(start + Self.queriesAtOnce, count) {
                    try link.queue(statement, values(index)) { result in
                        if PQntuples(result.pointer) > 0 { answers.append((index, ResultRows(result))) }
                    }
                }
                try link.synchronise()
            }
            for answer in answers { try answer.rows.forEach { try body(answer.index, $0) } }
        }
    }

    /// Runs `body` on a snapshot.
    func reading<Answer>(_ body: (PostgreSQLConnection) throws -> Answer) throws -> Answer {
        try link.connect()
        try open(locks: false)
        do {
            let answer = try body(self)
            try rollback()
            return answer
        } catch {
            try? rollback()
            throw error
        }
    }

    // ---- Between the two ----

    func statement(_ text: String) throws -> LinkStatement { try translated { try link.statement(text) } }

    func statement(_ prepared: Prepared) throws -> LinkStatement { try translated { try link.statement(prepared) } }

    /// Sends what waits, so that the connection can be used directly.
    func sendAll() throws {
        try translated {
            try pending.send(on: link)
            if link.hasQueued { try link.synchronise() }
        }
    }

    /// Queues a statement that is run once, such as a definition. It may take as long as it takes.
    func queueOnce(_ text: String) throws {
        hasWritten = true
        try takeTime()
        try translated {
            try pending.send(on: link)
            try link.queue(once: text)
        }
    }

    /// Marks the transaction as one that writes something which passes by the statements.
    func willWrite() throws {
        hasWritten = true
        try takeTime()
    }

    /// Lifts the limit on a statement's time for this transaction: tables are copied and rewritten in hours.
    func takeTime() throws {
        guard !takesTime else { return }
        takesTime = true
        link.takesTime = true
        try translated { try link.queue(link.statement(Self.noTimeout), []) }
    }

    private static let noTimeout = Prepared("SELECT set_config('statement_timeout', '0', true)")

    /// Turns the driver's failures into the store's, and remembers that the transaction is lost.
    func translated<Answer>(_ body: () throws -> Answer) throws -> Answer {
        do {
            return try body()
        } catch let failure as PostgreSQLFailure {
            hasFailed = true
            if failure.isAbsence, isGone() {
                throw StoreError(.closed, "the book \(place.schema.name) is not here any more")
            }
            throw failure.storeError
        }
    }

    /// Whether the book's schema was renamed or deleted under us; ends the transaction.
    private func isGone() -> Bool {
        do {
            try link.queue(link.statement(Self.rollbackText), [])
            var isThere = true
            try link.queue(link.statement(Self.findSchema), [.text(place.schema.schema)]) { result in
                isThere = PQntuples(result.pointer) > 0
            }
            try link.synchronise()
            return !isThere
        } catch {
            return false
        }
    }

    private static let findSchema = Prepared("SELECT 1 FROM pg_namespace WHERE nspname = ?")
}
