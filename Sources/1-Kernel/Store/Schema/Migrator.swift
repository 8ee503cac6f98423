public import Runtime

/// Brings a database's schema to what the program knows, each step once, all or nothing.
public struct Migrator: Sendable {
    let migrations: [Migration]

    public init(_ migrations: [Migration]) {
        self.migrations = Idempotency.migrations + [BookSeal.migration, Revisions.migration] + migrations
    }

    /// Applies what is missing and returns how many steps that were.
    ///
    /// Throws `migration` when a step that ran here differs from the program's, or is unknown to it.
    @discardableResult
    public func migrate(_ connection: any Connection, now: Timestamp) throws -> Int {
        try connection.begin()
        do {
            let applied = try prepare(connection)
            var count = 0
            for step in migrations where applied["\(step.capability) \(step.version)"] == nil {
                for statement in step.statements { try connection.define(statement) }
                for index in step.textIndexes { try connection.defineTextIndex(index) }
                try connection.execute(
                    "INSERT INTO schema_migrations VALUES (?, ?, ?, ?, ?)",
                    [
                        .text(step.capability), .integer(Int64(step.version)), .text(step.name), .text(step.checksum),
                        now.sqlValue
                    ])
                count += 1
            }
            try connection.commit()
            return count
        } catch {
            try? connection.rollback()
            throw error
        }
    }

    /// How many steps a book still lacks; 0 when it is at the program's schema. Throws as `migrate` does.
    public func pending(_ reader: any SQLReader) throws -> Int {
        let applied = try reader.hasTable("schema_migrations") ? try applied(reader) : [:]
        return migrations.count { applied["\($0.capability) \($0.version)"] == nil }
    }

    private func prepare(_ connection: any Connection) throws -> [String: String] {
        guard try !connection.hasTable("schema_migrations") else { return try applied(connection) }
        try connection.define(
            """
            CREATE TABLE schema_migrations (capability TEXT NOT NULL, version BIGINT NOT NULL, name TEXT NOT NULL,
            checksum TEXT NOT NULL, applied_at BIGINT NOT NULL, PRIMARY KEY (capability, version))
            """)
        return [:]
    }

    private func applied(_ reader: any SQLReader) throws -> [String: String] {
        var applied: [String: String] = [:]
        try reader.forEach("SELECT capability, version, checksum FROM schema_migrations") { row in
            applied["\(row.text(0)) \(row.int64(1))"] = row.text(2)
        }
        let known = Dictionary(migrations.map { ("\($0.capability) \($0.version)", $0) }) { first, _ in first }
        for (step, checksum) in applied {
            guard let mine = known[step] else { continue }
            guard mine.checksum == checksum else {
                throw StoreError(.migration, "step \(step) (\(mine.name)) was edited after it ran here")
            }
        }
        return applied
    }
}
