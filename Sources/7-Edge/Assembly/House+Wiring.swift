import Catalog
import Channels
import Contract
import Foundation
import Inventory
import Journal
import Ledger
import Orders
import Payments
import Reconciliation
import Runtime
import Store
import Tenancy
import Vault

// What the capabilities need of each other when a tenant's book is made and opened.
extension House {
    static func tenancy(
        settings: HouseSettings, platform: Book, stores: Stores, vault: Vault, ledger: Ledger,
        payments: Payments, orders: Orders, inventory: Inventory, books: Reconciling, companions: Companions,
        keeper: LeaseKeeper?
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
                        let runner = ProjectionRunner(
                            book: book,
                            projections: orders.projections + books.cases.projections + books.quality.projections)
                        try await runner.start()
                        let jobs = BookJobs(
                            book: book, tenant: "\(profile.id)", interval: settings.jobInterval, payments: payments,
                            orders: orders, inventory: inventory, ledger: ledger, projections: runner,
                            lease: lease(of: book, tenant: "\(profile.id)", keeper))
                        let statements = books.jobs(of: profile, book, keeper)
                        companions.add(Companion(runner: runner, jobs: jobs, statements: statements), to: book)
                        if settings.access == .serving {
                            jobs.start()
                            statements.start()
                        }
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

/// What reconciliation needs beside an open book.
struct Reconciling: Sendable {
    let reconciliation: Reconciliation
    let cases: Cases
    let quality: ReconciliationQuality
    let channels: ChannelBook
    let settings: HouseSettings
    let sources: LiveSources
    let gauges: QualityGauges

    func jobs(of profile: TenantProfile, _ book: Book, _ keeper: LeaseKeeper?) -> StatementJobs {
        let tenant = "\(profile.id)"
        let lease = keeper.flatMap { keeper in
            book.isShared ? BookLease(book, name: tenant, job: StatementJobs.job, keeper: keeper) : nil
        }
        return StatementJobs(
            book: book, tenant: profile.slug, reconciliation: reconciliation, cases: cases, quality: quality,
            gauges: gauges,
            sources: { [channels, settings, sources] in
                await House.sources(
                    of: profile.id, slug: profile.slug, settings: settings, live: sources, channels: channels)
            },
            folder: NSTemporaryDirectory(), process: "process \(ProcessInfo.processInfo.processIdentifier)",
            lease: lease)
    }
}
