public import Contract
internal import Logging
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

    /// On which changes of the directory are announced, with the tenant's identifier.
    static let topic = "tenancy"

    /// - Parameters:
    ///   - stores: open tenants' books at the places that the directory names.
    ///   - migrations: of all capabilities whose tables are in a tenant's book.
    ///   - setups: what capabilities install in a new book, in this order.
    ///   - companions: what lives beside an open book.
    public init(
        platform: Book, stores: any BookStores, migrations: [Migration],
        setups: [TenantSetup] = [], companions: [BookCompanion] = [], maximumOpen: Int = 256,
        bookOptions: BookOptions = BookOptions()
    ) {
        let opener = BookOpener(
            platform: platform, stores: stores, migrations: TenantProfile.migrations + migrations, setups: setups,
            companions: companions, options: bookOptions)
        self.platform = platform
        self.opener = opener
        states = StateMemory()
        registry = BookRegistry(
            maximumOpen: maximumOpen, clock: platform.world.clock, open: { try await opener.open($0) },
            close: { await opener.close($0, $1) })
        // Weakly, because the announcements belong to the driver that the books belong to.
        platform.announcements.listen(Tenancy.topic) {
            [weak platform, weak registry, states, places = opener.places] key in
            guard let id = TenantID(key) else { return }
            states.forget(id)
            guard let platform, let registry else { return }
            Task { try? await Tenancy.hear(id, platform, places, registry) }
        }
    }

    /// With one store for all books.
    public init(
        platform: Book, driver: any StoreDriver, migrations: [Migration], setups: [TenantSetup] = [],
        companions: [BookCompanion] = [], maximumOpen: Int = 256, bookOptions: BookOptions = BookOptions()
    ) {
        self.init(
            platform: platform, stores: SingleStore(store: driver), migrations: migrations, setups: setups,
            companions: companions, maximumOpen: maximumOpen, bookOptions: bookOptions)
    }

    // ---- Books ----

    /// The open book of a tenant that may be used now; for an authenticator.
    ///
    /// Throws `suspended`, `closed`, `preparing`, `moving` or `unknownTenant`.
    public func openBook(_ tenant: String) async throws -> Book {
        guard let id = TenantID(tenant) else {
            throw TenancyError(.unknownTenant, "there is no tenant \(tenant.prefix(40))")
        }
        guard let standing = try await standing(id) else {
            throw TenancyError(.unknownTenant, "there is no tenant \(id)")
        }
        if standing.isMoving { throw TenancyError.isMoving }
        switch standing.state {
        case .active: break
        case .suspended: throw TenancyError(.suspended, "the tenant is suspended; its operator can resume it")
        case .closed: throw TenancyError(.closed, "the tenant is closed")
        case .preparing: throw TenancyError(.preparing, "the tenant is being prepared")
        }
        return try await registry.book(for: id)
    }

    /// For whoever got a book from `openBook`: it stays open while the answer lives. Nil when it has been closed
    /// meanwhile.
    public func hold(_ tenant: String, _ book: Book) async -> BookHold? {
        guard let id = TenantID(tenant) else { return nil }
        return await registry.hold(id, book)
    }

    /// Runs `body` with the book of a tenant in any state: for the house's own work, such as an audit.
    public func withBook<Answer: Sendable>(
        _ tenant: TenantID, _ body: @Sendable (Book) async throws -> Answer
    ) async throws -> Answer {
        _ = try await standing(tenant)
        return try await registry.withBook(tenant, body)
    }

    /// How a tenant stands, as of two seconds ago at most; nil when there is none.
    private func standing(_ id: TenantID) async throws -> Standing? {
        try await states.standing(id, now: platform.world.now()) {
            try await Tenancy.followDirectory(id, platform, opener.places, registry)
        }
    }

    /// A change was announced, by this process or another: the book of a stopped tenant closes.
    private static func hear(
        _ id: TenantID, _ platform: Book, _ places: OpenPlaces, _ registry: BookRegistry
    ) async throws {
        guard let standing = try await followDirectory(id, platform, places, registry), standing.state != .active else {
            return
        }
        await registry.retire(id)
    }

    /// Asks the directory; a book that is open where it no longer belongs is closed. What other processes changed
    /// reaches this one here.
    private static func followDirectory(
        _ id: TenantID, _ platform: Book, _ places: OpenPlaces, _ registry: BookRegistry
    ) async throws -> Standing? {
        guard let tenant = try await platform.read({ try DirectoryStorage.tenant(id, $0) }) else { return nil }
        if let place = places[id], place != tenant.place || tenant.relocation != nil { await registry.evict(id) }
        return Standing(tenant)
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

    /// The stores that hold tenants' books, and how many each.
    public func homes() async throws -> [(home: BookHome, tenants: Int)] {
        try await platform.read { try DirectoryStorage.homes($0) }
    }

    /// Makes a tenant, its book and what the capabilities install there.
    ///
    /// Repeating an interrupted creation with the same settings continues it; other settings throw `slugTaken`.
    public func create(_ draft: TenantDraft) async throws -> Tenant {
        try await check(draft.home)
        let planned = try await platform.write("tenancy.create") { tx in try plan(draft, in: tx) }
        return try await prepare(planned.id)
    }

    /// A place that cannot be reached takes nobody's slug.
    private func check(_ home: BookHome?) async throws {
        guard let home else { return }
        _ = try await opener.stores.driver(home).exists("platform")
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
