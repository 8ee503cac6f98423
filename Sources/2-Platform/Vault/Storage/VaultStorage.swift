internal import Contract
internal import Runtime
internal import Store

/// The vault's tables, by name.
enum VaultStorage {
    static let migrations = [
        Migration(
            capability: "vault", version: 1, name: "people and values",
            statements: [
                """
                CREATE TABLE vault_tenant_keys (id BYTEA PRIMARY KEY, version BIGINT NOT NULL, wrapped BYTEA,
                created_at BIGINT NOT NULL, retired_at BIGINT)
                """,
                """
                CREATE TABLE vault_people (id BYTEA PRIMARY KEY, tenant_key BYTEA, wrapped_key BYTEA,
                created_at BIGINT NOT NULL, erased_at BIGINT) /* clustered */
                """,
                """
                CREATE TABLE vault_values (token BYTEA PRIMARY KEY, person BYTEA NOT NULL, kind TEXT NOT NULL,
                sealed BYTEA, sealed_at BIGINT NOT NULL) /* clustered */
                """,
                "CREATE INDEX vault_values_by_person ON vault_values (person)",
                """
                CREATE TABLE vault_lookups (kind TEXT NOT NULL, hash BYTEA NOT NULL, person BYTEA NOT NULL,
                token BYTEA NOT NULL, PRIMARY KEY (kind, hash)) /* clustered */
                """,
                "CREATE INDEX vault_lookups_by_person ON vault_lookups (person)"
            ])
    ]

    struct PersonRow: Sendable {
        let id: PersonID
        let tenantKey: [UInt8]?
        let wrappedKey: [UInt8]?
        let createdAt: Timestamp
        let erasedAt: Timestamp?
    }

    struct ValueRow: Sendable {
        let token: PersonalToken
        let person: PersonID
        let kind: PrivacyKind
        let sealed: [UInt8]?
        let sealedAt: Timestamp
    }

    struct StoredKey: Sendable {
        let id: [UInt8]
        let version: Int64
        let wrapped: [UInt8]
    }

    // ---- Tenant keys ----

    private static let selectKey = Prepared(
        "SELECT id, version, wrapped FROM vault_tenant_keys WHERE retired_at IS NULL ORDER BY version DESC LIMIT 1")

    static func currentKey(_ reader: any SQLReader) throws -> StoredKey? {
        try reader.first(selectKey, []) {
            StoredKey(id: $0.bytes(0), version: $0.int64(1), wrapped: $0.bytes(2))
        }
    }

    static func insert(_ key: StoredKey, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO vault_tenant_keys (id, version, wrapped, created_at)
            VALUES (\(key.id), \(key.version), \(key.wrapped), \(tx.now))
            """)
    }

    /// A retired key's bytes go at once: what was wrapped under it is wrapped anew in the same transaction.
    static func retireKey(_ id: [UInt8], in tx: Transaction) throws {
        try tx.execute("UPDATE vault_tenant_keys SET retired_at = \(tx.now), wrapped = NULL WHERE id = \(id)")
    }

    // ---- People ----

    private static let selectPerson = Prepared(
        "SELECT id, tenant_key, wrapped_key, created_at, erased_at FROM vault_people WHERE id = ?")
    private static let insertPerson = Prepared(
        "INSERT INTO vault_people (id, tenant_key, wrapped_key, created_at) VALUES (?, ?, ?, ?)")

    static func person(_ id: PersonID, _ reader: any SQLReader) throws -> PersonRow? {
        try reader.first(selectPerson, [id.sqlValue], personRow)
    }

    static func insertPerson(_ id: PersonID, tenantKey: [UInt8], wrapped: [UInt8], in tx: Transaction) throws {
        try tx.execute(insertPerson, [id.sqlValue, .bytes(tenantKey), .bytes(wrapped), tx.now.sqlValue])
    }

    /// The next people with a key after `id`, in key order: rotation walks the table in bounded pieces.
    static func people(after id: PersonID?, limit: Int, _ reader: any SQLReader) throws -> [PersonRow] {
        try reader.query(
            """
            SELECT id, tenant_key, wrapped_key, created_at, erased_at FROM vault_people
            WHERE id > \(id?.uuid.bytes ?? []) AND wrapped_key IS NOT NULL ORDER BY id LIMIT \(limit)
            """, personRow)
    }

    static func rewrap(_ rows: [(id: PersonID, wrapped: [UInt8])], tenantKey: [UInt8], in tx: Transaction) throws {
        try tx.execute(
            each: updatePersonKey,
            rows: rows.map { [.bytes(tenantKey), .bytes($0.wrapped), $0.id.sqlValue] })
    }

    private static let updatePersonKey = Prepared(
        "UPDATE vault_people SET tenant_key = ?, wrapped_key = ? WHERE id = ?")

    /// Destroys the key, the hashes and, because nobody can read them any more, the sealed values.
    static func erase(_ id: PersonID, in tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE vault_people SET tenant_key = NULL, wrapped_key = NULL, erased_at = \(tx.now) WHERE id = \(id)
            """)
        try tx.execute("DELETE FROM vault_lookups WHERE person = \(id)")
        try tx.execute("UPDATE vault_values SET sealed = NULL WHERE person = \(id)")
    }

    private static func personRow(_ row: Row) throws -> PersonRow {
        PersonRow(
            id: try row.get(0), tenantKey: try row.get(1), wrappedKey: try row.get(2), createdAt: try row.get(3),
            erasedAt: try row.get(4))
    }

    // ---- Values and lookups ----

    private static let selectValue = Prepared(
        "SELECT token, person, kind, sealed, sealed_at FROM vault_values WHERE token = ?")
    private static let insertValue = Prepared(
        "INSERT INTO vault_values (token, person, kind, sealed, sealed_at) VALUES (?, ?, ?, ?, ?)")
    private static let selectLookup = Prepared("SELECT person, token FROM vault_lookups WHERE kind = ? AND hash = ?")
    private static let insertLookup = Prepared(
        "INSERT INTO vault_lookups (kind, hash, person, token) VALUES (?, ?, ?, ?)")

    static func value(_ token: PersonalToken, _ reader: any SQLReader) throws -> ValueRow? {
        try reader.first(selectValue, [token.sqlValue], valueRow)
    }

    static func values(of person: PersonID, _ reader: any SQLReader) throws -> [ValueRow] {
        try reader.query(
            """
            SELECT token, person, kind, sealed, sealed_at FROM vault_values WHERE person = \(person) ORDER BY token
            """, valueRow)
    }

    static func insert(_ row: ValueRow, in tx: Transaction) throws {
        try tx.execute(
            insertValue,
            [
                row.token.sqlValue, row.person.sqlValue, .text(row.kind.rawValue), row.sealed.sqlValue,
                row.sealedAt.sqlValue
            ])
    }

    static func lookup(
        _ kind: PrivacyKind, _ hash: [UInt8], _ reader: any SQLReader
    ) throws -> (person: PersonID, token: PersonalToken)? {
        try reader.first(selectLookup, [.text(kind.rawValue), .bytes(hash)]) { (try $0.get(0), try $0.get(1)) }
    }

    static func insertLookup(
        _ kind: PrivacyKind, _ hash: [UInt8], person: PersonID, token: PersonalToken, in tx: Transaction
    ) throws {
        try tx.execute(insertLookup, [.text(kind.rawValue), .bytes(hash), person.sqlValue, token.sqlValue])
    }

    private static func valueRow(_ row: Row) throws -> ValueRow {
        guard let kind = PrivacyKind(rawValue: row.text(2)) else {
            throw VaultError(.tampered, "a value of an unknown kind stands in the vault")
        }
        return ValueRow(
            token: try row.get(0), person: try row.get(1), kind: kind, sealed: try row.get(3), sealedAt: try row.get(4))
    }
}
