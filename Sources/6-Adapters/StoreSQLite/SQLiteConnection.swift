import GRDB
import GRDBSQLite
import Store

/// SQLite under one GRDB connection. Rows and values pass through SQLite's own calls, because GRDB's row objects cost
/// several times the statement; GRDB keeps the pool, the statements and the snapshots.
final class SQLiteConnection: Store.Connection {
    private let database: GRDB.Database
    private var prepared: [ObjectIdentifier: SQLiteStatement] = [:]

    private let announcements: Announcements?
    private var announced: [(topic: String, key: String)] = []

    /// With `announcements` the database is treated as one that other processes write to.
    init(_ database: GRDB.Database, sharing announcements: Announcements? = nil) {
        self.database = database
        self.announcements = announcements
    }

    /// One process holds the folder, and one connection of it writes; only a test opens it twice.
    var isShared: Bool { announcements != nil }
    var shouldYield: Bool { false }
    /// SQLite undoes a failed statement alone, so a transaction always goes on.
    var hasFailed: Bool { false }

    func begin() throws { try run("BEGIN IMMEDIATE") }

    func commit() throws {
        try run("COMMIT")
        for (topic, key) in announced { announcements?.deliver(topic, key) }
        announced.removeAll()
    }

    func rollback() throws {
        announced.removeAll()
        // SQLite rolls back by itself after some errors (a full disk); then there is nothing left to undo.
        if database.isInsideTransaction { try run("ROLLBACK") }
    }

    func savepoint() throws { try run("SAVEPOINT command") }
    func releaseSavepoint() throws { try run("RELEASE SAVEPOINT command") }
    func rollbackToSavepoint() throws { try run("ROLLBACK TO SAVEPOINT command") }

    func execute(_ text: String, _ values: [SQLValue]) throws { _ = try statement(text).execute(values) }

    func execute(_ prepared: Prepared, _ values: [SQLValue]) throws { _ = try statement(prepared).execute(values) }

    func executeCounted(_ text: String, _ values: [SQLValue]) throws -> Int { try statement(text).execute(values) }

    func executeCounted(_ prepared: Prepared, _ values: [SQLValue]) throws -> Int {
        try statement(prepared).execute(values)
    }

    func execute(
        each prepared: Prepared, count: Int, bind: (Int, any RowBinder) throws -> Void
    ) throws {
        let statement = try statement(prepared)
        for index in 0..<count {
            statement.startRow()
            try bind(index, statement)
            try statement.run()
        }
    }

    func forEach(_ sql: Store.SQL, _ body: (Store.Row) throws -> Void) throws {
        try statement(sql.text).forEach(sql.values, body)
    }

    func forEach(_ prepared: Prepared, _ values: [SQLValue], _ body: (Store.Row) throws -> Void) throws {
        try statement(prepared).forEach(values, body)
    }

    func forEach(
        each prepared: Prepared, count: Int, values: (Int) -> [SQLValue], _ body: (Int, Store.Row) throws -> Void
    ) throws {
        guard count > 0 else { return }
        let statement = try statement(prepared)
        for index in 0..<count {
            try statement.forEach(values(index)) { try body(index, $0) }
        }
    }

    /// The listeners of the only process are told by the transaction itself.
    func announce(_ topic: String, _ key: String) throws {
        if announcements != nil { announced.append((topic, key)) }
    }

    func define(_ statement: String) throws {
        let marker = "/* clustered */"
        let text = statement.hasSuffix(marker) ? statement.dropLast(marker.count) + "WITHOUT ROWID" : statement[...]
        do {
            try database.execute(sql: String(text))
        } catch {
            throw SQLiteFailure.storeError(error)
        }
    }

    /// Runs one statement until `next` binds no further row.
    func insertRows(_ text: String, _ next: (any RowBinder) throws -> Bool) throws {
        let statement = try statement(text)
        while true {
            statement.startRow()
            guard try next(statement) else { return }
            try statement.run()
        }
    }

    private func run(_ text: String) throws { _ = try statement(text).execute([]) }

    private func statement(_ key: Prepared) throws -> SQLiteStatement {
        if let found = prepared[ObjectIdentifier(key)], !found.isBusy { return found }
        let made = try statement(key.text)
        prepared[ObjectIdentifier(key)] = made
        return made
    }

    private func statement(_ text: String) throws -> SQLiteStatement {
        do {
            let cached = SQLiteStatement(try database.cachedStatement(sql: text))
            // A query that runs the same query for each of its rows needs a second statement.
            return cached.isBusy ? SQLiteStatement(try database.makeStatement(sql: text)) : cached
        } catch {
            throw SQLiteFailure.storeError(error)
        }
    }
}
