public import Contract
internal import Logging
public import Money
public import Runtime
public import Store
internal import SwiftProtobuf

/// The tenants of an installation and where each one's book lives. The directory is in the platform's book.
public struct Tenancy: Sendable {
    /// For the platform's book.
    public static var migrations: [Migration] { DirectoryStorage.migrations }
    /// For every tenant's book; `Tenancy` adds them itself when it opens one.
    public static var bookMigrations: [Migration] { TenantProfile.migrations }

    public let registry: BookRegistry
    let platform: Book
    let opener: BookOpener
    let states: StateMemory

    /// - Parameters:
    ///   - driver: opens tenants' books; `storeKind` is what the directory writes down about it.
    ///   - migrations: of all capabilities whose tables are in a tenant's book.
    ///   - setups: what capabilities install in a new book, in this order.
    ///   - companions: what lives beside an open book.
    public init(
        platform: Book, driver: any StoreDriver, storeKind: String = "sqlite", migrations: [Migration],
        setups: [TenantSetup] = [], companions: [BookCompanion] = [], maximumOpen: Int = 256,
        bookOptions: BookOptions = BookOptions()
    ) {
        let opener = BookOpener(
            platform: platform, driver: driver, storeKind: storeKind,
            migrations: TenantProfile.migrations + migrations, setups: setups, companions: companions,
            options: bookOptions)
        self.platform = platform
        self.opener = opener
        states = StateMemory()
        registry = BookRegistry(
            maximumOpen: maximumOpen, clock: platform.world.clock, open: { try await opener.open($0) },
            close: { await opener.close($0, $1) })
    }

    // ---- Books ----

    /// The open book of a tenant that may be used now; for an authenticator.
    ///
    /// Throws `suspended`, `closed`, `preparing` or `unknownTenant`.
    public func openBook(_ tenant: String) async throws -> Book {
        guard let id = TenantID(tenant) else {
            throw TenancyError(.unknownTenant, "there is no tenant \(tenant.prefix(40))")
        }
        try await checkUsable(id)
        return try await registry.book(for: id)
    }

    /// Runs `body` with the book of a tenant in any state: for the house's own work, such as an audit.
    public func withBook<Answer: Sendable>(
        _ tenant: TenantID, _ body: @Sendable (Book) async throws -> Answer
    ) async throws -> Answer {
        try await registry.withBook(tenant, body)
    }

    private func checkUsable(_ id: TenantID) async throws {
        let now = platform.world.now()
        let state = try await states.state(id, now: now) {
            try await platform.read { try DirectoryStorage.tenant(id, $0)?.state }
        }
        switch state {
        case .active: return
        case .suspended: throw TenancyError(.suspended, "the tenant is suspended; its operator can resume it")
        case .closed: throw TenancyError(.closed, "the tenant is closed")
        case .preparing: throw TenancyError(.preparing, "the tenant is being prepared")
        case nil: throw TenancyError(.unknownTenant, "there is no tenant \(id)")
        }
    }

    // ---- Directory ----

    public func tenant(_ id: TenantID) async throws -> Tenant {
        guard let tenant = try await platform.read({ try DirectoryStorage.tenant(id, $0) }) else {
            throw TenancyError(.unknownTenant, "there is no tenant \(id)")
        }
        return tenant
    }

    public func tenant(slug: String) async throws -> Tenant {
        guard let tenant = try await platform.read({ try DirectoryStorage.tenant(slug: slug, $0) }) else {
            throw TenancyError(.unknownTenant, "there is no tenant \(slug.prefix(40))")
        }
        return tenant
    }

    public func tenants(
        after: TenantID? = nil, state: TenantState? = nil, limit: Int = 200
    ) async throws -> [Tenant] {
        try await platform.read {
            try DirectoryStorage.tenants(after: after?.uuid.bytes ?? [], state: state, limit: limit, $0)
        }
    }

    /// Makes a tenant, its book and what the capabilities install there.
    ///
    /// Repeating an interrupted creation with the same settings continues it; other settings throw `slugTaken`.
    public func create(_ draft: TenantDraft) async throws -> Tenant {
        let planned = try await platform.write("tenancy.create") { tx in try plan(draft, in: tx) }
        return try await prepare(planned.id)
    }

    public func suspend(_ id: TenantID, reason: String, by: String = "operator") async throws -> Tenant {
        try await move(id, to: .suspended, reason: reason, by: by)
    }

    public func resume(_ id: TenantID, by: String = "operator") async throws -> Tenant {
        try await move(id, to: .active, reason: "resumed", by: by)
    }

    public func close(_ id: TenantID, reason: String, by: String = "operator") async throws -> Tenant {
        try await move(id, to: .closed, reason: reason, by: by)
    }

    /// Changes settings; nil leaves one as it is. The profile in the tenant's book follows before this returns.
    public func change(
        _ id: TenantID, name: String? = nil, plan: String? = nil, feeBasisPoints: Int32? = nil, locale: String? = nil
    ) async throws -> Tenant {
        let changed = try await platform.write("tenancy.change") { tx in
            try change(id, name: name, plan: plan, fee: feeBasisPoints, locale: locale, in: tx)
        }
        try await followProfile(changed)
        return changed
    }

    /// Closes every open book; acknowledged work is on disk.
    public func shutDown() async { await registry.shutDown() }
}
