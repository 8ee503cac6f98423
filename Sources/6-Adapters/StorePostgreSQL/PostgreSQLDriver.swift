import Clibpq
import Logging
public import Runtime
public import Store
import Synchronization

/// Keeps each book in a schema of one PostgreSQL database (15 or newer): `kontor_<name>`, owned by a role of its own.
///
/// Several processes may use the same books: a batch holds the book's advisory lock, so its history is serial.
public final class PostgreSQLDriver: StoreDriver {
    public let announcements = Announcements()
    /// The database's address for people: without its password.
    public let location: String
    let writers: LinkPool
    let readers: LinkPool
    private let options: PostgreSQLOptions
    private let listener: Listener
    private let server = Mutex<ServerFacts?>(nil)

    public var kind: StoreKind { .postgres }
    public var isShared: Bool { true }

    /// - Parameter url: `postgres://user@host:5432/database?sslmode=verify-full` or any other form that libpq reads.
    ///   The password is best kept in libpq's password file.
    ///
    /// Connects to nothing yet. Throws `database` when the address cannot be read.
    public init(url: String, options: PostgreSQLOptions = PostgreSQLOptions()) throws {
        location = try DatabaseAddress(url).shown
        self.options = options
        writers = LinkPool(url: url, options: options, isReadOnly: false)
        readers = LinkPool(url: url, options: options, isReadOnly: true)
        listener = Listener(
            settings: { LinkSettings(url: url, options: options, isReadOnly: true) }, announcements: announcements)
    }

    public func open(
        _ name: String, migrations: [Migration], world: World, options: BookOptions
    ) async throws -> Book {
        let schema = try BookSchema(name)
        let role = try await prepare(schema)
        listener.start()
        let site = BookSite(schema: schema, role: role, writer: world.random.bytes(16))
        let backend = PostgreSQLBackend(
            site: site, location: "\(location) schema \(schema.schema)", writers: writers, readers: readers,
            announcements: announcements)
        if !migrations.isEmpty { try await backend.migrate(Migrator(migrations), now: world.now()) }
        return Book(name: name, backend: backend, world: world, options: options)
    }

    public func names() async throws -> [String] {
        try await onReader { session in
            try session.texts(
                "SELECT CAST(nspname AS text) FROM pg_namespace WHERE starts_with(nspname, ?) ORDER BY nspname",
                [.text(BookSchema.prefix)])
        }.map { String($0.dropFirst(BookSchema.prefix.count)) }
    }

    public func exists(_ name: String) async throws -> Bool {
        guard let schema = try? BookSchema(name) else { return false }
        return try await onReader { session in
            try !session.texts(
                "SELECT CAST(nspname AS text) FROM pg_namespace WHERE nspname = ?", [.text(schema.schema)]
            ).isEmpty
        }
    }

    public func rename(_ name: String, to other: String) async throws {
        let (from, to) = (try BookSchema(name), try BookSchema(other))
        let facts = try await facts()
        try await onWriter { session in
            try session.transaction(locking: [from.lock, to.lock].sorted()) {
                try session.define(
                    "ALTER SCHEMA \(try session.quoted(from.schema)) RENAME TO \(try session.quoted(to.schema))")
                guard facts.createsRoles else { return }
                let (old, new) = (from.role(database: facts.database), to.role(database: facts.database))
                guard try session.hasRole(old), try !session.hasRole(new) else { return }
                try session.define("ALTER ROLE \(try session.quoted(old)) RENAME TO \(try session.quoted(new))")
            }
        }
    }

    public func remove(_ name: String) async throws {
        let schema = try BookSchema(name)
        let facts = try await facts()
        try await onWriter { session in
            try session.transaction(locking: [schema.lock]) {
                try session.define("DROP SCHEMA IF EXISTS \(try session.quoted(schema.schema)) CASCADE")
                let role = schema.role(database: facts.database)
                guard facts.createsRoles, try session.hasRole(role) else { return }
                try session.define("DROP OWNED BY \(try session.quoted(role))")
                try session.define("DROP ROLE \(try session.quoted(role))")
            }
        }
    }

    public func close() async {
        listener.stop()
        writers.close()
        readers.close()
    }

    // ---- Schemas and roles ----

    /// Makes the schema and its role when they are missing; returns the role under which the book is used.
    private func prepare(_ schema: BookSchema) async throws -> String? {
        let facts = try await facts()
        let role = facts.createsRoles && options.separatesRoles ? schema.role(database: facts.database) : nil
        try await onWriter { session in
            if try session.hasBook(schema, role: role) { return }
            try session.transaction(locking: [schema.lock]) {
                if try session.hasBook(schema, role: role) { return }
                try session.make(schema, role: role)
            }
        }
        return role
    }

    private func facts() async throws -> ServerFacts {
        if let known = server.withLock({ $0 }) { return known }
        let facts = try await onReader { try ServerFacts($0) }
        if !facts.createsRoles, options.separatesRoles {
            Logger(label: "kontor.postgres").warning(
                "the database's user may not create roles, so books are kept apart by their search path alone",
                metadata: ["database": "\(location)"])
        }
        server.withLock { $0 = facts }
        return facts
    }

    func onWriter<Answer: Sendable>(
        _ body: @escaping @Sendable (Session) throws -> Answer
    ) async throws -> Answer { try await on(writers, body) }

    func onReader<Answer: Sendable>(
        _ body: @escaping @Sendable (Session) throws -> Answer
    ) async throws -> Answer { try await on(readers, body) }

    private func on<Answer: Sendable>(
        _ pool: LinkPool, _ body: @escaping @Sendable (Session) throws -> Answer
    ) async throws -> Answer {
        try await withCheckedThrowingContinuation { done in
            pool.submit("") { link in
                done.resume(
                    with: Result {
                        do {
                            return try Session.run(on: link, body)
                        } catch let failure as PostgreSQLFailure where failure.isConnectionLost {
                            // What was asked of a broken connection was not done, and asking twice is harmless.
                            return try Session.run(on: link, body)
                        }
                    }.mapError { ($0 as? PostgreSQLFailure)?.storeError ?? $0 })
            }
        }
    }
}
