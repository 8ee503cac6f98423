import Catalog
import Contract
import Inventory
import Journal
import Ledger
import Orders
import Payments
import Runtime
import Store
import Tenancy
import Vault

// What the capabilities need of each other when a tenant's book is made and opened.
extension House {
    static func tenancy(
        settings: HouseSettings, platform: Book, stores: Stores, vault: Vault, ledger: Ledger,
        payments: Payments, orders: Orders, inventory: Inventory, companions: Companions, keeper: LeaseKeeper?
    ) -> Tenancy {
        Tenancy(
            platform: platform, stores: stores, migrations: bookMigrations,
            setups: [
                TenantSetup("chart of accounts") { profile, tx in
                    try ledger.installChart(currency: profile.baseCurrency, in: tx)
                }
            ],
            companions: [
                BookCompanion(
                    opened: { profile, book in
                        try await vault.unlock(book, tenant: "\(profile.id)")
                        let runner = ProjectionRunner(book: book, projections: orders.projections)
                        try await runner.start()
                        let jobs = BookJobs(
                            book: book, tenant: "\(profile.id)", interval: settings.jobInterval, payments: payments,
                            orders: orders, inventory: inventory, ledger: ledger, projections: runner,
                            lease: lease(of: book, tenant: "\(profile.id)", keeper))
                        companions.add(Companion(runner: runner, jobs: jobs), to: book)
                        if settings.access == .serving { jobs.start() }
                    },
                    closing: { _, book in
                        await companions.remove(book)
                        vault.lock(book)
                    })
            ],
            maximumOpen: settings.maximumOpenBooks)
    }

    /// Where other processes may do a book's jobs as well: the lease that says who does.
    private static func lease(of book: Book, tenant: String, _ keeper: LeaseKeeper?) -> BookLease? {
        guard let keeper, book.isShared else { return nil }
        return BookLease(book, name: tenant, job: BookJobs.job, keeper: keeper)
    }
}
