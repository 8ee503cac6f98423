import GRDB
import GRDBSQLite
import Runtime
import Store

/// One SQLite file through GRDB's pool: a single writer on its own serial queue, readers on WAL snapshots.
final class SQLiteBackend: Backend {
    let location: String
    let announcements: Announcements
    let isShared: Bool
    private let pool: DatabasePool

    init(path: String, announcements: Announcements, isShared: Bool) throws {
        location = path
        self.announcements = announcements
        self.isShared = isShared
        connections = WriterConnection(sharing: isShared ? announcements : nil)
        SQLiteBackend.boundMemory()
        var configuration = Configuration()
        configuration.label = "kontor"
        configuration.maximumReaderCount = 4
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { database in
            try database.execute(
                sql: """
                    PRAGMA temp_store = MEMORY;
                    PRAGMA secure_delete = FAST;
                    PRAGMA cache_size = -65536;
                    PRAGMA wal_autocheckpoint = 8192;
                    PRAGMA journal_size_limit = 67108864;
                    """)
        }
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            // FULL syncs the log at every commit: an answered command survives a power cut. Here and not above, because
            // the pool sets NORMAL when it makes the file write ahead.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        } catch {
            throw SQLiteFailure.storeError(error)
        }
    }

    /// What all open books together keep in memory, in bytes. Beyond it a book's pages make room for its own, so a busy
    /// book may use its whole cache (64 MiB a connection) only while the others leave room for that.
    static let memoryLimit: Int64 = 192 << 20

    private static let setLimit: Void = { _ = sqlite3_soft_heap_limit64(memoryLimit) }()

    private static func boundMemory() { setLimit }

    deinit {
        // Statements are finalised on the writer's queue, where they ran, and before the pool goes.
        pool.asyncWriteWithoutTransaction { [connections] _ in connections.drop() }
    }

    func migrate(_ migrator: Migrator, now: Timestamp) async throws {
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            onLane { connection in
                done.resume(with: Result { try migrator.migrate(connection, now: now) }.map { _ in })
            }
        }
    }

    /// For a book that was just copied: the time of its schema's steps.
    func setTime(_ now: Timestamp) async throws {
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            onLane { connection in done.resume(with: Result { try NewBook.setTime(connection, now) }) }
        }
    }

    func onLane(_ body: @escaping @Sendable (any Connection) -> Void) {
        pool.asyncWriteWithoutTransaction { [connections] database in
            body(connections.connection(for: database))
        }
    }

    func read<Answer: Sendable>(
        _ body: @escaping @Sendable (any SQLReader) throws -> Answer
    ) async throws -> Answer {
        do {
            return try await pool.read { database in try body(SQLiteConnection(database)) }
        } catch let error as DatabaseError {
            throw SQLiteFailure.storeError(error)
        }
    }

    func close() async {
        await withUnsafeContinuation { (done: UnsafeContinuation<Void, Never>) in
            pool.asyncWriteWithoutTransaction { [connections] database in
                connections.drop()
                // The last connection to close folds the log into the file; doing it here makes the wait visible.
                _ = try? database.checkpoint(.truncate)
                done.resume()
            }
        }
        try? pool.close()
    }

    private let connections: WriterConnection

    /// The writer's connection with its prepared statements.
    ///
    /// `@unchecked Sendable` because GRDB's writer queue is its only user.
    private final class WriterConnection: @unchecked Sendable {
        private var connection: SQLiteConnection?
        private let announcements: Announcements?

        init(sharing announcements: Announcements?) { self.announcements = announcements }

        func connection(for database: GRDB.Database) -> SQLiteConnection {
            if let connection { return connection }
            let made = SQLiteConnection(database, sharing: announcements)
            connection = made
            return made
        }

        func drop() { connection = nil }
    }
}
