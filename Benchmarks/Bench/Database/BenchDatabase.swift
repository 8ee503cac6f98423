import Foundation
import Tenancy

/// Where a benchmark keeps its books.
package enum BenchStore: String, Sendable, CaseIterable { case sqlite, postgres }

/// The PostgreSQL database of a benchmark: the one that the caller names, or a private server's.
final class BenchDatabase: Sendable {
    let url: String
    private let server: PrivateServer?

    /// Durable, and with the memory that a small machine would give it.
    static let privateSettings = ["shared_buffers = 1GB", "synchronous_commit = on", "fsync = on"]

    init(_ url: String?) throws {
        if let url {
            server = nil
            self.url = url
        } else {
            let started = try PrivateServer(settings: Self.privateSettings)
            server = started
            self.url = started.url
        }
    }

    func end() { server?.stop() }

    /// Runs SQL with psql and returns its rows, one a line.
    @discardableResult
    func sql(_ text: String) throws -> String {
        try Programs.run(
            try Programs.ofPostgreSQL("psql"), ["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", text])
    }

    /// What the figures depend on.
    func settings() throws -> [String: String] {
        let names = ["fsync", "synchronous_commit", "full_page_writes", "wal_level", "shared_buffers", "server_version"]
        let list = names.map { "'\($0)'" }.joined(separator: ",")
        let rows = try sql("SELECT name || '=' || current_setting(name) FROM pg_settings WHERE name IN (\(list))")
        var found = ["database": server == nil ? DatabaseURL.withoutPassword(url) : "a private server, on this machine"]
        for row in rows.split(separator: "\n") {
            let parts = row.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { found["postgresql_\(parts[0])"] = String(parts[1]) }
        }
        return found
    }

    /// How many connections of others than this question the database has.
    func connections() throws -> Int {
        let count = try sql(
            """
            SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
            """)
        return Int(count.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
    }

    /// What it holds on disk, in MiB.
    func megabytes() throws -> Double {
        let bytes = try sql("SELECT pg_database_size(current_database())")
        return (Double(bytes.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0) / 1_048_576
    }

    /// Throws when somebody's books are here: a benchmark makes thousands and deletes what it made.
    func checkEmpty() throws {
        let found = try sql("SELECT COUNT(*) FROM pg_namespace WHERE starts_with(nspname, 'kontor_')")
        guard found.trimmingCharacters(in: .whitespacesAndNewlines) == "0" else {
            throw Programs.Failure(description: "there are books in this database: name one that is empty")
        }
    }
}
