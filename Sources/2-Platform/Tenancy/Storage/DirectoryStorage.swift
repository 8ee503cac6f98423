internal import Contract
internal import Money
internal import Runtime
internal import Store

/// The directory of tenants in the platform's book, by name.
enum DirectoryStorage {
    static let migrations = [
        Migration(
            capability: "tenancy", version: 1, name: "directory",
            statements: [
                """
                CREATE TABLE tenancy_tenants (id BYTEA PRIMARY KEY, slug TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
                base_currency TEXT NOT NULL, country TEXT NOT NULL, plan TEXT NOT NULL,
                fee_basis_points BIGINT NOT NULL, locale TEXT NOT NULL, state TEXT NOT NULL,
                store_kind TEXT NOT NULL, book_name TEXT NOT NULL UNIQUE, created_at BIGINT NOT NULL,
                changed_at BIGINT NOT NULL, revision BIGINT NOT NULL)
                """
            ])
    ]

    private static let columns: SQL =
        """
        id, slug, name, base_currency, country, plan, fee_basis_points, locale, state, store_kind, book_name,
        created_at, changed_at, revision
        """

    static func tenant(_ id: TenantID, _ reader: any SQLReader) throws -> Tenant? {
        try reader.first("SELECT \(columns) FROM tenancy_tenants WHERE id = \(id)", tenant)
    }

    static func tenant(slug: String, _ reader: any SQLReader) throws -> Tenant? {
        try reader.first("SELECT \(columns) FROM tenancy_tenants WHERE slug = \(slug)", tenant)
    }

    static func tenants(
        after: [UInt8], state: TenantState?, limit: Int, _ reader: any SQLReader
    ) throws -> [Tenant] {
        let filter: SQL = state.map { "AND state = \($0.rawValue)" } ?? ""
        return try reader.query(
            "SELECT \(columns) FROM tenancy_tenants WHERE id > \(after) \(filter) ORDER BY id LIMIT \(limit)", tenant)
    }

    static func insert(_ tenant: Tenant, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO tenancy_tenants (\(columns)) VALUES (\(tenant.id), \(tenant.slug), \(tenant.name),
            \(tenant.baseCurrency.code), \(tenant.country), \(tenant.plan), \(tenant.feeBasisPoints),
            \(tenant.locale), \(tenant.state.rawValue), \(tenant.storeKind), \(tenant.bookName),
            \(tenant.createdAt), \(tenant.changedAt), \(tenant.revision))
            """)
    }

    static func update(_ tenant: Tenant, in tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE tenancy_tenants SET name = \(tenant.name), plan = \(tenant.plan),
            fee_basis_points = \(tenant.feeBasisPoints), locale = \(tenant.locale), state = \(tenant.state.rawValue),
            changed_at = \(tx.now), revision = \(tenant.revision) WHERE id = \(tenant.id)
            """)
    }

    private static func tenant(_ row: Row) throws -> Tenant {
        guard let state = TenantState(rawValue: row.text(8)) else {
            throw StoreError(.unexpectedValue, "a tenant is in the unknown state \(row.text(8))")
        }
        return Tenant(
            id: try row.get(0), slug: row.text(1), name: row.text(2), baseCurrency: try Currency(code: row.text(3)),
            country: row.text(4), plan: row.text(5), feeBasisPoints: try row.get(6), locale: row.text(7), state: state,
            storeKind: row.text(9), bookName: row.text(10), createdAt: try row.get(11), changedAt: try row.get(12),
            revision: try row.get(13))
    }
}
