public import Catalog
import Channels
public import Contract
import Foundation
public import Identity
public import Inventory
public import Journal
public import Ledger
import Logging
import Money
public import Orders
public import Payments
public import Reconciliation
public import Runtime
public import Store
public import Tenancy
public import Vault

/// The whole house, wired: every capability with its collaborators, over one folder of data or one database.
///
/// The one place that knows which store and which channels there are. `kontor` serves it, the demo and the scenarios
/// drive it, the benchmarks measure it.
public final class House: Sendable {
    public let settings: HouseSettings
    public let world: World
    public let platform: Book
    public let tenancy: Tenancy
    public let identity: Identity
    public let vault: Vault
    public let ledger: Ledger
    public let inventory: Inventory
    public let catalog: Catalog
    public let payments: Payments
    public let orders: Orders
    public let reconciliation: Reconciliation
    public let cases: Cases
    public let quality: ReconciliationQuality
    public let checkpointKey: CheckpointKey
    let companions: Companions
    let gauges = QualityGauges()
    let channels: ChannelBook
    let stores: Stores
    /// This process among those that share the database; nil when there are no others, or it does no jobs.
    let keeper: LeaseKeeper?
    let caretakersLease: BookLease?

    /// Opens the house, creating what is missing, unless it is for reading only. Throws `StoreError` or `VaultError`
    /// when files cannot be used; `busy` when another process holds the folder, `unavailable` when the database cannot
    /// be reached.
    ///
    /// `lock` is for a caller who had to take the folder before.
    public init(_ settings: HouseSettings, world: World = .system(), lock: FolderLock? = nil) async throws {
        self.settings = settings
        self.world = world
        let reads = settings.access == .reading
        if reads || !settings.begins, try await !House.exists(in: settings) { throw House.absent(settings) }
        let footing = try await Footing.find(settings, world: world, lock: lock)
        stores = footing.stores
        self.platform = footing.platform
        identity = footing.identity
        vault = footing.vault
        checkpointKey = footing.checkpointKey
        let inventory = Inventory()
        self.inventory = inventory
        let ledger = Ledger()
        self.ledger = ledger
        catalog = Catalog(onStock: { stock, tx in try House.take(stock, into: inventory, ledger: ledger, tx) })
        let companions = Companions()
        self.companions = companions
        channels = ChannelBook(platform: platform, sandboxAddress: settings.sandboxAddress)
        payments = Payments(
            ledger: ledger, channels: channels.channel,
            feePolicy: { Rate(basisPoints: Int64(try TenantProfile.read($0).feeBasisPoints)) })
        orders = Orders(
            catalog: catalog, inventory: inventory, ledger: ledger, payments: payments, vault: vault,
            settings: { reader in
                let profile = try TenantProfile.read(reader)
                return OrderSettings(currency: profile.baseCurrency, country: profile.country)
            },
            catchUp: { try await companions.settle($0) })
        let identity = footing.identity
        let cases = Cases(ledger: ledger, person: { try await identity.person(behind: $0.subject) })
        self.cases = cases
        let quality = ReconciliationQuality(ledger: ledger)
        self.quality = quality
        let reconciliation = Reconciliation(ledger: ledger, followers: [cases])
        self.reconciliation = reconciliation
        let platform = footing.platform
        let keeper = settings.access == .serving && platform.isShared ? LeaseKeeper(platform: platform) : nil
        self.keeper = keeper
        caretakersLease = keeper.map { BookLease(platform, name: nil, job: "caretaker", keeper: $0) }
        tenancy = House.tenancy(
            settings: settings, platform: platform, stores: stores, vault: vault, ledger: ledger,
            payments: payments, orders: orders, inventory: inventory,
            books: Reconciling(
                reconciliation: reconciliation, cases: cases, quality: quality, channels: channels,
                settings: settings,
                sources: try LiveSources(
                    file: settings.statementSources, inbox: settings.inbox, clock: world.clock),
                gauges: gauges),
            companions: companions, keeper: keeper)
        try await keeper?.start { [tenancy] in
            guard let keeper else { return }
            await House.adoptBooks(keeper, tenancy, companions)
        }
    }

    static var platformMigrations: [Migration] {
        Journal.migrations + Tenancy.migrations + Identity.migrations + Payments.platformMigrations
            + MasterKeyMark.migrations + Lease.migrations + Lease.platformMigrations
    }

    /// The migrations of a tenant's book, in the order of the wings.
    public static var bookMigrations: [Migration] {
        Journal.migrations + Vault.migrations + Ledger.migrations + Payments.migrations + Reconciliation.migrations
            + Catalog.migrations + Inventory.migrations + Orders.migrations + Lease.migrations
    }

    /// Every call of the contract with the code that serves it.
    public var routes: [Route] {
        tenancy.routes + identity.routes + vault.routes + ledger.routes + payments.routes + catalog.routes
            + inventory.routes + orders.routes + reconciliation.routes + cases.routes + quality.routes
    }

    public var authenticator: any Authenticator {
        HouseAuthenticator(
            identity: IdentityAuthenticator(
                identity: identity, openBook: { [tenancy] in try await tenancy.openBook($0) }),
            platform: platform, channels: channels, openBook: { [tenancy] in try await tenancy.openBook($0) },
            hold: { [tenancy] in await tenancy.hold($0, $1) })
    }

    /// A tenant by its identifier or its slug.
    public func tenant(_ name: String) async throws -> Tenant {
        if let id = TenantID(name) { return try await tenancy.tenant(id) }
        return try await tenancy.tenant(slug: name)
    }

    /// Runs `body` with a tenant's book, which stays open meanwhile.
    public func withBook<Answer: Sendable>(
        of tenant: Tenant, _ body: @Sendable (Book) async throws -> Answer
    ) async throws -> Answer {
        if settings.access == .reading { return try await withReadBook(of: tenant, body) }
        return try await tenancy.withBook(tenant.id, body)
    }

    /// Returns when the projections of a book have seen everything that was committed before the call.
    public func settle(_ book: Book) async throws { try await companions.settle(book) }

    /// Opens the books of all active tenants, so that their jobs go on after a restart. At most as many as may be open.
    /// One that cannot be opened, because it is moving or its database is away, keeps no other from being served.
    public func wake() async throws {
        for tenant in try await tenancy.tenants(state: .active, limit: settings.maximumOpenBooks) {
            do {
                try await tenancy.withBook(tenant.id) { _ in }
            } catch {
                Logger(label: "kontor.house").error(
                    "a tenant's book cannot be opened; its calls are refused until it can",
                    metadata: ["tenant": "\(tenant.id)", "reason": "\(House.reason(error))"])
            }
        }
    }

    /// Takes no new work, finishes what was acknowledged and closes every book and every store.
    public func close() async {
        await keeper?.stopBeating()
        await tenancy.shutDown()
        await caretakersLease?.giveBack()
        await keeper?.signOff()
        await platform.close()
        await stores.close()
    }
}
