public import Contract
public import Money
public import Runtime
public import Store

/// A tenant's settings, kept in its own book so that every capability reads them inside its transaction.
public struct TenantProfile: Sendable, Hashable {
    public let id: TenantID
    public let slug: String
    public let name: String
    public let baseCurrency: Currency
    public let country: String
    public let plan: String
    public let feeBasisPoints: Int32
    public let locale: String
    /// The directory's revision that this copy follows.
    public let revision: Int64

    init(_ tenant: Tenant) {
        id = tenant.id
        slug = tenant.slug
        name = tenant.name
        baseCurrency = tenant.baseCurrency
        country = tenant.country
        plan = tenant.plan
        feeBasisPoints = tenant.feeBasisPoints
        locale = tenant.locale
        revision = tenant.revision
    }

    /// The profile of the book; throws when the book was not made by Tenancy.
    public static func read(_ reader: any SQLReader) throws -> TenantProfile {
        guard let profile = try find(reader) else {
            throw TenancyError(.unknownTenant, "this book belongs to no tenant yet")
        }
        return profile
    }

    public static func find(_ reader: any SQLReader) throws -> TenantProfile? {
        if let tx = reader as? Transaction { return try ProfileMemory.find(tx) }
        return try select(reader)
    }

    static func select(_ reader: any SQLReader) throws -> TenantProfile? {
        try reader.first(select, []) { row in
            TenantProfile(
                id: try row.get(0), slug: row.text(1), name: row.text(2),
                baseCurrency: try Currency(code: row.text(3)), country: row.text(4), plan: row.text(5),
                feeBasisPoints: try row.get(6), locale: row.text(7), revision: try row.get(8))
        }
    }

    private init(
        id: TenantID, slug: String, name: String, baseCurrency: Currency, country: String, plan: String,
        feeBasisPoints: Int32, locale: String, revision: Int64
    ) {
        self.id = id
        self.slug = slug
        self.name = name
        self.baseCurrency = baseCurrency
        self.country = country
        self.plan = plan
        self.feeBasisPoints = feeBasisPoints
        self.locale = locale
        self.revision = revision
    }

    func write(in tx: Transaction) throws {
        try tx.changed(ProfileMemory.topic)
        try tx.execute("DELETE FROM tenant_profile")
        try tx.execute(
            """
            INSERT INTO tenant_profile (id, slug, name, base_currency, country, plan, fee_basis_points, locale,
            revision)
            VALUES (\(id), \(slug), \(name), \(baseCurrency.code), \(country), \(plan), \(feeBasisPoints), \(locale),
            \(revision))
            """)
    }

    private static let select = Prepared(
        """
        SELECT id, slug, name, base_currency, country, plan, fee_basis_points, locale, revision
        FROM tenant_profile LIMIT 1
        """)

    static let migrations = [
        Migration(
            capability: "tenant-profile", version: 1, name: "profile",
            statements: [
                """
                CREATE TABLE tenant_profile (id BYTEA PRIMARY KEY, slug TEXT NOT NULL, name TEXT NOT NULL,
                base_currency TEXT NOT NULL, country TEXT NOT NULL, plan TEXT NOT NULL,
                fee_basis_points BIGINT NOT NULL, locale TEXT NOT NULL, revision BIGINT NOT NULL)
                """
            ])
    ]
}

/// The profile of an open book in memory, because every order asks for it.
private final class ProfileMemory: BookState {
    static let topic = "tenant_profile"

    private var profile: TenantProfile?
    private var revision: Revision?

    static func find(_ tx: Transaction) throws -> TenantProfile? {
        let memory = tx.state { ProfileMemory() }
        let current = try tx.revision(of: topic)
        if current != memory.revision || memory.profile == nil {
            memory.profile = try TenantProfile.select(tx)
            memory.revision = current
        }
        return memory.profile
    }

    func mark() {}
    func undoToMark() {}
    func undoAll() {}
    func flush(_ transaction: Transaction) throws {}
    func committed() {}
}
