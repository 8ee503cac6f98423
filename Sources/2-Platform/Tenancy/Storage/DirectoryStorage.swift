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
            ]),
        // Where each book is, and where it is on its way to.
        Migration(
            capability: "tenancy", version: 2, name: "places",
            statements: [
                "ALTER TABLE tenancy_tenants ADD COLUMN store_database TEXT",
                "ALTER TABLE tenancy_tenants ADD COLUMN copies BIGINT NOT NULL DEFAULT 0",
                "ALTER TABLE tenancy_tenants ADD COLUMN moving_kind TEXT",
                "ALTER TABLE tenancy_tenants ADD COLUMN moving_name TEXT",
                "ALTER TABLE tenancy_tenants ADD COLUMN moving_database TEXT",
                "ALTER TABLE tenancy_tenants ADD COLUMN moving_mark BYTEA",
                "ALTER TABLE tenancy_tenants ADD COLUMN moving_since BIGINT",
                """
                CREATE TABLE tenancy_left_books (name TEXT PRIMARY KEY, tenant BYTEA NOT NULL, store_kind TEXT NOT NULL,
                store_database TEXT, left_at BIGINT NOT NULL)
                """
            ])
    ]

    private static let columns: SQL =
        """
        id, slug, name, base_currency, country, plan, fee_basis_points, locale, state, store_kind, book_name,
        created_at, changed_at, revision, store_database, copies, moving_kind, moving_name, moving_database,
        moving_mark, moving_since
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

    /// Where the books of tenants are that may be used: how many at each place.
    static func homes(_ reader: any SQLReader) throws -> [(home: BookHome, tenants: Int)] {
        try reader.query(
            """
            SELECT store_kind, store_database, COUNT(*) FROM tenancy_tenants GROUP BY store_kind, store_database
            ORDER BY store_kind, store_database
            """
        ) { row in
            (BookHome(kind: try kind(row.text(0)), database: try row.get(1)), Int(row.int64(2)))
        }
    }

    static func insert(_ tenant: Tenant, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO tenancy_tenants (id, slug, name, base_currency, country, plan, fee_basis_points, locale, state,
            store_kind, book_name, created_at, changed_at, revision, store_database)
            VALUES (\(tenant.id), \(tenant.slug), \(tenant.name),
            \(tenant.baseCurrency.code), \(tenant.country), \(tenant.plan), \(tenant.feeBasisPoints),
            \(tenant.locale), \(tenant.state.rawValue), \(tenant.storeKind), \(tenant.bookName),
            \(tenant.createdAt), \(tenant.changedAt), \(tenant.revision), \(tenant.place.database.sqlValue))
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

    /// Writes where the book is and where it is going.
    static func updatePlace(_ tenant: Tenant, in tx: Transaction) throws {
        let going = tenant.relocation
        try tx.execute(
            """
            UPDATE tenancy_tenants SET store_kind = \(tenant.storeKind), book_name = \(tenant.bookName),
            store_database = \(tenant.place.database.sqlValue), copies = \(tenant.copies),
            moving_kind = \((going?.to.kind.rawValue).sqlValue), moving_name = \((going?.to.name).sqlValue),
            moving_database = \((going?.to.database).sqlValue), moving_mark = \((going?.mark).sqlValue), moving_since = \((going?.since).sqlValue),
            changed_at = \(tx.now) WHERE id = \(tenant.id)
            """)
    }

    // ---- Copies that were left behind ----

    static func leave(_ book: LeftBook, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO tenancy_left_books (name, tenant, store_kind, store_database, left_at)
            VALUES (\(book.place.name), \(book.tenant), \(book.place.kind.rawValue), \(book.place.database.sqlValue),
            \(book.leftAt))
            """)
    }

    static func forget(_ book: LeftBook, in tx: Transaction) throws {
        try tx.execute("DELETE FROM tenancy_left_books WHERE name = \(book.place.name)")
    }

    static func leftBooks(_ id: TenantID, _ reader: any SQLReader) throws -> [LeftBook] {
        try reader.query(
            """
            SELECT store_kind, name, store_database, left_at FROM tenancy_left_books WHERE tenant = \(id)
            ORDER BY left_at, name
            """
        ) { row in
            LeftBook(
                tenant: id,
                place: BookPlace(kind: try kind(row.text(0)), name: row.text(1), database: try row.get(2)),
                leftAt: try row.get(3))
        }
    }

    // ---- Rows ----

    private static func tenant(_ row: Row) throws -> Tenant {
        guard let state = TenantState(rawValue: row.text(8)) else {
            throw StoreError(.unexpectedValue, "a tenant is in the unknown state \(row.text(8))")
        }
        let id: TenantID = try row.get(0)
        let place = BookPlace(kind: try kind(row.text(9)), name: row.text(10), database: try row.get(14))
        return Tenant(
            id: id, slug: row.text(1), name: row.text(2), baseCurrency: try Currency(code: row.text(3)),
            country: row.text(4), plan: row.text(5), feeBasisPoints: try row.get(6), locale: row.text(7), state: state,
            place: place, relocation: try relocation(row, id, from: place), copies: row.int64(15),
            createdAt: try row.get(11), changedAt: try row.get(12), revision: try row.get(13))
    }

    private static func relocation(_ row: Row, _ id: TenantID, from: BookPlace) throws -> Relocation? {
        guard !row.isNull(16) else { return nil }
        return Relocation(
            tenant: id, from: from,
            to: BookPlace(kind: try kind(row.text(16)), name: row.text(17), database: try row.get(18)),
            mark: row.bytes(19), since: try row.get(20))
    }

    private static func kind(_ text: String) throws -> StoreKind {
        guard let kind = StoreKind(rawValue: text) else {
            throw StoreError(.unexpectedValue, "a book is kept in the unknown store \(text.prefix(40))")
        }
        return kind
    }
}
