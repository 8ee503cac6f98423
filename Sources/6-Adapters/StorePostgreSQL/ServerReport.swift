import Clibpq
public import Runtime
import Store

/// What a server says about itself, for a doctor to judge.
public struct ServerReport: Sendable {
    /// 150004 is 15.4.
    public let version: Int
    public let database: String
    public let user: String
    public let encoding: String
    /// Settings as a new session gets them, in the server's own words and units.
    public let settings: [String: String]
    public let createsSchemas: Bool
    public let createsRoles: Bool
    /// It only follows another server and takes no writes.
    public let isStandby: Bool
    public let isEncrypted: Bool
    /// True when the connection does not leave the machine.
    public let isLocal: Bool
    /// Connections of all clients, this one included.
    public let connections: Int
    /// Books, and the tables in them.
    public let books: Int
    public let tables: Int
    /// How far the server's clock is ahead of ours; negative when it is behind.
    public let clockAhead: Duration
    /// How long one question took.
    public let roundTrip: Duration
    /// Bytes of the write-ahead log, when the user may look.
    public let logBytes: Int64?
    /// The folder of the server's data, when the user may know.
    public let dataFolder: String?

    static let settingNames = [
        "synchronous_commit", "fsync", "full_page_writes", "max_connections", "superuser_reserved_connections",
        "max_locks_per_transaction", "max_prepared_transactions", "idle_in_transaction_session_timeout",
        "idle_session_timeout", "autovacuum", "max_wal_size", "server_encoding"
    ]
}

extension PostgreSQLDriver {
    /// Asks the server. Throws `unavailable` when it cannot be reached.
    public func inspect(_ clock: any WallClock) async throws -> ServerReport {
        try await onReader { session in
            // The first question pays for the connection.
            _ = try session.texts("SELECT 'ready'")
            let before = clock.now()
            let began = ContinuousClock.now
            let theirs = try session.number("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)")
            let roundTrip = ContinuousClock.now - began
            let middle = before.microseconds + roundTrip.wholeMicroseconds / 2
            return try ServerReport(session, clockAhead: .microseconds(theirs - middle), roundTrip: roundTrip)
        }
    }
}

extension ServerReport {
    fileprivate init(_ session: Session, clockAhead: Duration, roundTrip: Duration) throws {
        self.clockAhead = clockAhead
        self.roundTrip = roundTrip
        version = Int(try session.number("SELECT CAST(current_setting('server_version_num') AS bigint)"))
        database = try session.text("SELECT CAST(current_database() AS text)")
        user = try session.text("SELECT CAST(session_user AS text)")
        var settings: [String: String] = [:]
        for name in Self.settingNames {
            // Our sessions overrule some of them; what others get is the server's.
            settings[name] = try session.texts("SELECT reset_val FROM pg_settings WHERE name = ?", [.text(name)]).first
        }
        self.settings = settings
        encoding = settings["server_encoding"] ?? ""
        createsSchemas = try session.isTrue("has_database_privilege(session_user, current_database(), 'CREATE')")
        createsRoles = try session.isTrue(
            "EXISTS (SELECT 1 FROM pg_roles WHERE rolname = session_user AND (rolsuper OR rolcreaterole))")
        isStandby = try session.isTrue("pg_is_in_recovery()")
        isEncrypted = try session.isTrue("EXISTS (SELECT 1 FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl)")
        isLocal = try session.isTrue(
            "inet_server_addr() IS NULL OR host(inet_server_addr()) IN ('127.0.0.1', '::1')")
        connections = Int(
            try session.number("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"))
        books = Int(
            try session.number(
                "SELECT count(*) FROM pg_namespace WHERE starts_with(nspname, ?)", [.text(BookSchema.prefix)]))
        tables = Int(
            try session.number(
                """
                SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind = 'r' AND starts_with(n.nspname, ?)
                """, [.text(BookSchema.prefix)]))
        // Rights to look are checked first: a refused question would end the transaction of its neighbours.
        let mayLook = try session.isTrue(
            "has_function_privilege(session_user, 'pg_ls_waldir()', 'EXECUTE')")
        logBytes = mayLook ? try session.number("SELECT CAST(sum(size) AS bigint) FROM pg_ls_waldir()") : nil
        let mayKnow = try session.isTrue(
            "pg_has_role(session_user, 'pg_read_all_settings', 'USAGE')")
        dataFolder = mayKnow ? try session.text("SELECT current_setting('data_directory')") : nil
    }
}

extension Session {
    fileprivate func text(_ text: String, _ values: [SQLValue] = []) throws -> String {
        try texts(text, values).first ?? ""
    }

    fileprivate func isTrue(_ condition: String) throws -> Bool {
        try text("SELECT CASE WHEN \(condition) THEN 'yes' ELSE 'no' END") == "yes"
    }

    fileprivate func number(_ text: String, _ values: [SQLValue] = []) throws -> Int64 {
        var found: Int64 = 0
        var answer: ResultRows?
        try link.queue(link.statement(text), values) { answer = ResultRows($0) }
        try link.synchronise()
        try answer?.forEach { found = $0.int64(0) }
        return found
    }
}
