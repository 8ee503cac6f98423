internal import Runtime
internal import Store

/// Identity's tables in the platform's book, by name.
enum IdentityStorage {
    static let migrations = [
        Migration(
            capability: "identity", version: 1, name: "keys and users",
            statements: [
                """
                CREATE TABLE identity_keys (id BYTEA PRIMARY KEY, tenant TEXT NOT NULL, name TEXT NOT NULL,
                secret_hash BYTEA NOT NULL, scopes TEXT NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT,
                revoked_at BIGINT)
                """,
                "CREATE INDEX identity_keys_by_tenant ON identity_keys (tenant, id)",
                """
                CREATE TABLE identity_users (id BYTEA PRIMARY KEY, tenant TEXT NOT NULL, handle TEXT NOT NULL,
                role TEXT NOT NULL, active BIGINT NOT NULL, tokens_from BIGINT NOT NULL, created_at BIGINT NOT NULL)
                """,
                "CREATE UNIQUE INDEX identity_users_by_handle ON identity_users (tenant, handle)"
            ]),
        // Who issued a key, so that a key and the one that its holder issued next are known to be one person's.
        Migration(
            capability: "identity", version: 2, name: "who issued a key",
            statements: [
                """
                CREATE TABLE identity_key_issuers (key_id BYTEA PRIMARY KEY, issued_by TEXT NOT NULL) /* clustered */
                """
            ])
    ]

    private static let keyColumns: SQL = "id, tenant, name, secret_hash, scopes, created_at, expires_at, revoked_at"
    private static let userColumns: SQL = "id, tenant, handle, role, active, tokens_from, created_at"

    static func key(_ id: ApiKeyID, _ reader: any SQLReader) throws -> ApiKey? {
        try reader.first("SELECT \(keyColumns) FROM identity_keys WHERE id = \(id)", key)
    }

    static func keys(tenant: String, after: [UInt8], limit: Int, _ reader: any SQLReader) throws -> [ApiKey] {
        try reader.query(
            """
            SELECT \(keyColumns) FROM identity_keys WHERE tenant = \(tenant) AND id > \(after)
            ORDER BY id LIMIT \(limit)
            """, key)
    }

    static func insert(_ key: ApiKey, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO identity_keys (\(keyColumns)) VALUES (\(key.id), \(key.tenant), \(key.name), \(key.secretHash),
            \(key.scopes.sorted().joined(separator: " ")), \(key.createdAt), \(key.expiresAt.sqlValue),
            \(key.revokedAt.sqlValue))
            """)
    }

    static func insert(issuer: String, of id: ApiKeyID, in tx: Transaction) throws {
        try tx.execute("INSERT INTO identity_key_issuers (key_id, issued_by) VALUES (\(id), \(issuer))")
    }

    /// Nil for a key of a version that did not write it down.
    static func issuer(of id: ApiKeyID, _ reader: any SQLReader) throws -> String? {
        try reader.first("SELECT issued_by FROM identity_key_issuers WHERE key_id = \(id)") { $0.text(0) }
    }

    static func revoke(_ id: ApiKeyID, in tx: Transaction) throws {
        try tx.execute("UPDATE identity_keys SET revoked_at = \(tx.now) WHERE id = \(id) AND revoked_at IS NULL")
    }

    static func user(_ id: UserID, _ reader: any SQLReader) throws -> User? {
        try reader.first("SELECT \(userColumns) FROM identity_users WHERE id = \(id)", user)
    }

    static func user(handle: String, tenant: String, _ reader: any SQLReader) throws -> User? {
        try reader.first(
            "SELECT \(userColumns) FROM identity_users WHERE tenant = \(tenant) AND handle = \(handle)", user)
    }

    static func users(tenant: String, after: String, limit: Int, _ reader: any SQLReader) throws -> [User] {
        try reader.query(
            """
            SELECT \(userColumns) FROM identity_users WHERE tenant = \(tenant) AND handle > \(after)
            ORDER BY handle LIMIT \(limit)
            """, user)
    }

    static func insert(_ user: User, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO identity_users (\(userColumns)) VALUES (\(user.id), \(user.tenant), \(user.handle),
            \(user.role.rawValue), \(user.isActive), \(user.tokensFrom), \(user.createdAt))
            """)
    }

    static func update(_ user: User, in tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE identity_users SET role = \(user.role.rawValue), active = \(user.isActive),
            tokens_from = \(user.tokensFrom) WHERE id = \(user.id)
            """)
    }

    private static func key(_ row: Row) throws -> ApiKey {
        ApiKey(
            id: try row.get(0), tenant: row.text(1), name: row.text(2), secretHash: row.bytes(3),
            scopes: Set(row.text(4).split(separator: " ").map(String.init)), createdAt: try row.get(5),
            expiresAt: try row.get(6), revokedAt: try row.get(7))
    }

    private static func user(_ row: Row) throws -> User {
        guard let role = Role(rawValue: row.text(3)) else {
            throw StoreError(.unexpectedValue, "a user has the unknown role \(row.text(3))")
        }
        return User(
            id: try row.get(0), tenant: row.text(1), handle: row.text(2), role: role, isActive: try row.get(4),
            tokensFrom: try row.get(5), createdAt: try row.get(6))
    }
}
