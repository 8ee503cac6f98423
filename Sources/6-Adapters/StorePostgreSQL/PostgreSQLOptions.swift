/// Limits of one PostgreSQL database as a process uses it.
public struct PostgreSQLOptions: Sendable {
    /// Connections that write, each with a thread of its own. A tenant's batches use one at a time.
    public var writers = 8
    /// Connections that read snapshots, each with a thread of its own.
    public var readers = 4
    /// How long one attempt to connect may take.
    public var connectTimeout = Duration.seconds(5)
    /// How long work waits for a database that cannot be reached before it is refused as `unavailable`.
    public var patience = Duration.seconds(5)
    /// How long one statement may take, the wait for the tenant's lock included.
    public var statementTimeout = Duration.seconds(30)
    /// After as many different books a connection is renewed, because the server remembers each of their tables.
    public var booksPerConnection = 400
    /// A connection that nobody used for so long is closed.
    public var idleTimeout = Duration.seconds(60)
    /// Gives each book a role of its own without rights on other books. Needs the right to create roles; without that
    /// right books are kept apart by their search path alone, and the log says so.
    public var separatesRoles = true

    public init() {}
}
