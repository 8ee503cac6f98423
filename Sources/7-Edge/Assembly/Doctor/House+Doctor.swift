import Contract
import Journal
import Ledger
import Money
import Runtime
import Store
import StorePostgreSQL
import Tenancy

extension House {
    /// Looks at the installation's database, before there is any house in it; empty without one.
    public static func databaseChecks(_ settings: HouseSettings) async -> [DoctorCheck] {
        guard let url = settings.database else { return [] }
        return await serverChecks(url, settings, prefix: "")
    }

    /// Looks at the further databases that tenants have of their own.
    public func furtherDatabaseChecks() async throws -> [DoctorCheck] {
        var checks: [DoctorCheck] = []
        for case (let home, _) in try await tenancy.homes() {
            guard let url = home.database else { continue }
            checks += await House.serverChecks(url, settings, prefix: DatabaseURL.withoutPassword(url) + " ")
        }
        return checks
    }

    private static func serverChecks(_ url: String, _ settings: HouseSettings, prefix: String) async -> [DoctorCheck] {
        do {
            let driver = try PostgreSQLDriver(url: url, options: settings.databaseOptions)
            do {
                let server = try await driver.inspect(SystemClock())
                await driver.close()
                let found = DoctorCheck("database", .ok, "\(driver.location), \(server.books) books")
                let all = [found] + ServerChecks(server: server, options: settings.databaseOptions).all
                return all.map { DoctorCheck(prefix + $0.name, $0.verdict, $0.detail) }
            } catch {
                await driver.close()
                throw error
            }
        } catch {
            return [DoctorCheck(prefix + "database", .wrong, reason(error))]
        }
    }

    /// Above so many tenants only the books with a fault are listed by themselves.
    private static let listedBooks = 50

    /// Reads every book: does it open, does it balance, is a move unfinished, are old copies lying about?
    public func bookChecks() async throws -> [DoctorCheck] {
        let head = try await platform.read { try Journal.head($0) }
        var checks = [DoctorCheck("book platform", .ok, "\(head.sequence) events")]
        var well: [DoctorCheck] = []
        var count = 0
        var last: TenantID?
        while true {
            let page = try await tenancy.tenants(after: last)
            for tenant in page where tenant.state != .preparing {
                count += 1
                let found = await self.checks(of: tenant)
                checks += found.filter { $0.verdict != .ok }
                if count <= House.listedBooks { well += found.filter { $0.verdict == .ok } }
            }
            guard let end = page.last else { break }
            last = end.id
        }
        if count <= House.listedBooks { return checks + well }
        return checks + [DoctorCheck("books", .ok, "\(count) tenants; those that are well are not listed")]
    }

    private func checks(of tenant: Tenant) async -> [DoctorCheck] {
        let ledger = ledger
        do {
            var checks: [DoctorCheck] = []
            let found = try await withReadBook(of: tenant) { book in
                try await book.read {
                    (
                        try Journal.head($0).sequence, try ledger.trialBalance(in: $0),
                        // A book of the version before has no such table until it is opened for work.
                        try $0.hasTable("ledger_open_items") ? ledger.openItemFaults(in: $0) : []
                    )
                }
            }
            checks.append(DoctorCheck("book \(tenant.id)", .ok, "\(found.0) events, \(tenant.place.home)"))
            let wrong = found.1.filter { !$0.isBalanced }.map(\.currency.code)
            checks.append(
                DoctorCheck(
                    "trial balance \(tenant.id)", wrong.isEmpty, "balanced",
                    "debits and credits differ in \(wrong.joined(separator: ", ")): `kontor ledger trial-balance "
                        + "\(tenant.slug)` shows the accounts"))
            checks.append(
                DoctorCheck(
                    "open items \(tenant.id)", found.2.isEmpty, "they add up to the clearing accounts",
                    "they differ from the balance of " + found.2.map(\.account.code).joined(separator: ", ")))
            return checks + (try await leftovers(of: tenant))
        } catch {
            return [
                DoctorCheck("book \(tenant.id)", .wrong, "cannot be read at \(tenant.place): \(House.reason(error))")
            ]
        }
    }

    private func leftovers(of tenant: Tenant) async throws -> [DoctorCheck] {
        var checks: [DoctorCheck] = []
        if let going = tenant.relocation {
            checks.append(
                DoctorCheck(
                    "move of \(tenant.slug)", .wrong,
                    "begun at \(going.since.rfc3339) and not ended, so its calls wait: unless one is at work, repeat "
                        + "`kontor tenant move \(tenant.slug) --to \(going.to.home)` or give --undo"))
        }
        for left in try await tenancy.leftBooks(tenant.id) {
            checks.append(
                DoctorCheck(
                    "old copy of \(tenant.slug)", .advice,
                    "\(left.place), left at \(left.leftAt.rfc3339): erasures do not reach it; `kontor tenant move "
                        + "\(tenant.slug) --drop-old` deletes it"))
        }
        return checks
    }
}
