public import Runtime

/// An open database as a driver offers it to a book.
public protocol Backend: Sendable {
    /// Runs `body` with the writing connection, in the order of the calls and one at a time.
    func onLane(_ body: @escaping @Sendable (any Connection) -> Void)
    func read<Answer: Sendable>(_ body: @escaping @Sendable (any SQLReader) throws -> Answer) async throws -> Answer
    func close() async
    var location: String { get }
}

/// Opens books. The one place that knows which database stands behind them.
public protocol StoreDriver: Sendable {
    /// Opens or creates the database `name` (letters, digits, `-` and `_`) and migrates it.
    func open(_ name: String, migrations: [Migration], world: World, options: BookOptions) async throws -> Book
    /// The names of the databases that exist.
    func names() throws -> [String]
}
