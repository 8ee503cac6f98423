import Contract
import Runtime
public import Store
public import Tenancy

/// What `kontor migrate` did.
public struct MigrationReport: Sendable {
    /// Books of tenants, the platform's not counted.
    public internal(set) var books = 0
    /// Those that lacked something, and how many steps they got.
    public internal(set) var migrated = 0
    public internal(set) var steps = 0
    public internal(set) var failures: [Failure] = []

    /// Books that are at this version's schema.
    public var ready: Int { books - failures.count }

    public struct Failure: Sendable {
        public let tenant: Tenant
        public let reason: String
    }
}

extension House {
    /// Brings every tenant's book to this version's schema, `jobs` at a time.
    ///
    /// `later` are steps of a version to come, for a benchmark. A book that is there already costs one look. One that fails is named and keeps no other from its turn, so the
    /// command can be interrupted and repeated at any time. The platform's book was migrated when the house opened.
    public func migrate(
        jobs: Int, adding later: [Migration] = [],
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws -> MigrationReport {
        let total = try await tenancy.homes().reduce(0) { $0 + $1.tenants }
        return try await withThrowingTaskGroup(of: (Tenant, Result<Int, any Error>).self) { group in
            var report = MigrationReport()
            var running = 0
            func finish() async throws {
                guard let (tenant, result) = try await group.next() else { return }
                running -= 1
                report.add(tenant, result)
                progress(report.books, max(total, report.books))
            }
            var last: TenantID?
            while true {
                let page = try await tenancy.tenants(after: last)
                for tenant in page {
                    if running >= jobs { try await finish() }
                    running += 1
                    group.addTask { await self.migrated(tenant, later) }
                }
                guard let end = page.last else { break }
                last = end.id
            }
            while running > 0 { try await finish() }
            report.failures.sort { $0.tenant.id < $1.tenant.id }
            return report
        }
    }

    private func migrated(_ tenant: Tenant, _ later: [Migration]) async -> (Tenant, Result<Int, any Error>) {
        do {
            return (tenant, .success(try await migrate(tenant, later)))
        } catch {
            return (tenant, .failure(error))
        }
    }

    /// The number of steps that the book lacked.
    private func migrate(_ tenant: Tenant, _ later: [Migration]) async throws -> Int {
        guard tenant.relocation == nil else {
            throw Problem.conflict("its book is being moved; end or undo that, then migrate again")
        }
        guard try await stores.driver(tenant.place.home).exists(tenant.place.name) else {
            // The creation of a new tenant makes its book; nobody else's book may be missing.
            if tenant.state == .preparing { return 0 }
            throw Problem.conflict("there is no book at \(tenant.place)")
        }
        let migrations = House.tenantMigrations + later
        let migrator = Migrator(migrations)
        let pending = try await withRawBook(tenant.place, migrations: []) { book in
            try await book.read { try migrator.pending($0) }
        }
        if pending > 0 { try await withRawBook(tenant.place, migrations: migrations) { _ in } }
        return pending
    }

    /// Opens a book without anything that lives beside an open one.
    func withRawBook<Answer: Sendable>(
        _ place: BookPlace, migrations: [Migration], _ body: @Sendable (Book) async throws -> Answer
    ) async throws -> Answer {
        let book = try await stores.open(place, migrations: migrations, world: world, options: BookOptions())
        do {
            let answer = try await body(book)
            await book.close()
            await stores.release(place)
            return answer
        } catch {
            await book.close()
            await stores.release(place)
            throw error
        }
    }
}

extension MigrationReport {
    fileprivate mutating func add(_ tenant: Tenant, _ result: Result<Int, any Error>) {
        books += 1
        switch result {
        case .success(0): break
        case .success(let count):
            migrated += 1
            steps += count
        case .failure(let error):
            failures.append(Failure(tenant: tenant, reason: House.reason(error)))
        }
    }
}

extension House {
    /// What to tell the operator of an error.
    static func reason(_ error: any Error) -> String {
        switch error {
        case let error as any ProblemConvertible: error.problem.detail
        case let error as StoreError: error.message
        default: "\(error)"
        }
    }
}
