public import Runtime

/// Which database keeps a book.
public enum StoreKind: String, Sendable, Hashable, CaseIterable {
    case sqlite, postgres
}

/// An open database as a driver offers it to a book.
public protocol Backend: Sendable {
    /// Runs `body` with the writing connection, in the order of the calls and one at a time.
    func onLane(_ body: @escaping @Sendable (any Connection) -> Void)
    func read<Answer: Sendable>(_ body: @escaping @Sendable (any SQLReader) throws -> Answer) async throws -> Answer
    func close() async
    var location: String { get }
    /// True when other processes may write to the same database: what is kept in memory must be compared with it.
    var isShared: Bool { get }
    var announcements: Announcements { get }
}

/// A place where books are kept: a folder of SQLite files, or a PostgreSQL database. The one thing that knows which.
public protocol StoreDriver: Sendable {
    var kind: StoreKind { get }
    /// True when several processes may write to the same book.
    var isShared: Bool { get }
    /// What was announced in any of its books, by any process.
    var announcements: Announcements { get }

    /// Opens or creates the database `name` (letters, digits, `-` and `_`) and migrates it.
    func open(_ name: String, migrations: [Migration], world: World, options: BookOptions) async throws -> Book
    /// The names of the databases that exist.
    func names() async throws -> [String]
    func exists(_ name: String) async throws -> Bool
    /// Gives a closed database another name; from then on nobody can use it by the old one, in any process.
    func rename(_ name: String, to other: String) async throws
    /// Deletes a closed database for good.
    func remove(_ name: String) async throws
    /// Lets go of connections; books that are still open end first.
    func close() async
}
