import Clibpq
import Store

/// The driver's own dealings with the server, outside of any book.
struct Session {
    let link: Link

    static func run<Answer>(on link: Link, _ body: (Session) throws -> Answer) throws -> Answer {
        try link.connect()
        return try body(Session(link: link))
    }

    /// The first column of a query's rows.
    func texts(_ text: String, _ values: [SQLValue] = []) throws -> [String] {
        var answer: ResultRows?
        try link.queue(link.statement(text), values) { answer = ResultRows($0) }
        try link.synchronise()
        var found: [String] = []
        try answer?.forEach { found.append($0.text(0)) }
        return found
    }

    func define(_ text: String) throws { try link.queue(once: text) }

    /// Whether a book's schema is there and usable by its role.
    func hasBook(_ schema: BookSchema, role: String?) throws -> Bool {
        try !texts(
            """
            SELECT CAST(schemaname AS text) FROM pg_tables WHERE schemaname = ? AND tablename = ? AND
            (CAST(? AS text) IS NULL OR tableowner = ?)
            """,
            [
                .text(schema.schema), .text(WriterMark.table), role.map(SQLValue.text) ?? .null, .text(role ?? "")
            ]
        ).isEmpty
    }

    /// Makes a book's schema and role, or hands a schema that came from elsewhere to its role.
    func make(_ schema: BookSchema, role: String?) throws {
        let name = try quoted(schema.schema)
        // A catalogue of thousands of schemas has no index by schema, so a new one is not asked for tables it cannot have.
        let isThere = try !texts(
            "SELECT CAST(nspname AS text) FROM pg_namespace WHERE nspname = ?", [.text(schema.schema)]
        ).isEmpty
        let tables =
            isThere
            ? try texts("SELECT CAST(tablename AS text) FROM pg_tables WHERE schemaname = ?", [.text(schema.schema)])
            : []
        try define("CREATE SCHEMA IF NOT EXISTS \(name)")
        if !tables.contains(WriterMark.table) { try define(WriterMark.definition(in: name)) }
        guard let role else { return }
        let owner = try quoted(role)
        if try !hasRole(role) {
            try define("CREATE ROLE \(owner) NOLOGIN")
            try define("GRANT \(owner) TO CURRENT_USER")
        }
        try define("ALTER SCHEMA \(name) OWNER TO \(owner)")
        for table in Set(tables + [WriterMark.table]).sorted() {
            try define("ALTER TABLE \(name).\(try quoted(table)) OWNER TO \(owner)")
        }
    }

    func hasRole(_ name: String) throws -> Bool {
        try !texts("SELECT CAST(rolname AS text) FROM pg_roles WHERE rolname = ?", [.text(name)]).isEmpty
    }

    /// An identifier for a statement that takes no values.
    func quoted(_ name: String) throws -> String {
        // The names here are checked already; this is the second lock on the door.
        guard !name.contains("\""), !name.utf8.contains(0) else {
            throw StoreError(.database, "\(name) is no name for a schema or role")
        }
        return "\"\(name)\""
    }

    /// All or nothing, alone with respect to the books whose locks are given.
    func transaction(locking locks: [Int64], _ body: () throws -> Void) throws {
        try link.queue(once: "BEGIN")
        do {
            for lock in locks { try link.queue(link.statement(Self.lock), [.integer(lock)]) }
            try body()
            try link.queue(once: "COMMIT")
            try link.synchronise()
        } catch {
            try? link.synchronise()
            if link.isConnected {
                try? link.queue(once: "ROLLBACK")
                try? link.synchronise()
            }
            throw error
        }
    }

    private static let lock = Prepared("SELECT pg_advisory_xact_lock(?)")
}

/// What the driver must know of a server before it makes schemas.
struct ServerFacts: Sendable {
    /// The database's number, which names its roles.
    let database: String
    let createsRoles: Bool

    init(_ session: Session) throws {
        let found = try session.texts(
            """
            SELECT CAST(d.oid AS text) || CASE WHEN r.rolsuper OR r.rolcreaterole THEN ' yes' ELSE ' no' END
            FROM pg_database d, pg_roles r WHERE d.datname = current_database() AND r.rolname = current_user
            """)
        let parts = found.first?.split(separator: " ") ?? []
        guard parts.count == 2 else { throw StoreError(.database, "the server does not say who we are") }
        database = String(parts[0])
        createsRoles = parts[1] == "yes"
    }
}
