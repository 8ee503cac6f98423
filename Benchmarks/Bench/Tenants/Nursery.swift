import Assembly
import Contract
import Foundation
import Identity
import Money
import Store
import Synchronization
import Tenancy

/// Makes the tenants of a benchmark, each with a key, and brings their books to a newer schema.
struct Nursery: Sendable {
    let settings: HouseSettings
    let count: Int
    /// Tenants that are worked on at once.
    let workers: Int

    /// What was made: the tenants' identifiers and the credentials of their keys.
    struct Made: Sendable {
        var tenants: [TenantID] = []
        var credentials: [String] = []
        var latencies = Latencies()
        var seconds = 0.0
    }

    func make(_ told: @escaping @Sendable (Int) -> Void) async throws -> Made {
        let house = try await House(settings)
        do {
            let made = try await make(house, told)
            await house.close()
            return made
        } catch {
            await house.close()
            throw error
        }
    }

    private func make(_ house: House, _ told: @escaping @Sendable (Int) -> Void) async throws -> Made {
        let started = ContinuousClock.now
        var made = try await inParallel(told) { number, made in
            let began = ContinuousClock.now
            let tenant = try await house.tenancy.create(
                TenantDraft(slug: "bench-\(number)", name: "Bench \(number)", baseCurrency: .eur, country: "DE"))
            made.latencies.add(ContinuousClock.now - began)
            made.tenants.append(tenant.id)
        }
        made.seconds = (ContinuousClock.now - started).inSeconds
        // Keys are the bench's own need and not part of a creation.
        let tenants = made.tenants
        made.credentials = try await inParallel({ _ in }) { number, made in
            made.credentials.append(
                try await house.identity.issueKey(tenant: "\(tenants[number])", name: "bench", scopes: ["*"]).credential
            )
        }.credentials
        return made
    }

    /// A schema step that a later version could bring: a table, an index and a column.
    private static let later = Migration(
        capability: "bench", version: 1, name: "later",
        statements: [
            "CREATE TABLE bench_later (id BIGINT PRIMARY KEY, note TEXT NOT NULL)",
            "CREATE INDEX bench_later_note ON bench_later (note)",
            // With a default PostgreSQL would read all of pg_index for it: 0.4 s in a database of ten thousand tenants.
            "ALTER TABLE bench_later ADD COLUMN weight BIGINT"
        ])

    /// Brings every book to a schema that is one step newer, as `kontor migrate` does; returns the seconds that took.
    func migrate(_ told: @escaping @Sendable (Int) -> Void) async throws -> Double {
        let house = try await House(settings)
        do {
            let started = ContinuousClock.now
            let report = try await house.migrate(jobs: workers, adding: [Self.later]) { done, _ in told(done) }
            let seconds = (ContinuousClock.now - started).inSeconds
            guard report.migrated == count, report.failures.isEmpty else {
                throw TenantsBench.Failure(
                    description: "\(report.migrated) of \(count) books were migrated: \(report.failures.prefix(1))")
            }
            await house.close()
            return seconds
        } catch {
            await house.close()
            throw error
        }
    }

    /// Runs `step` once for each number below `count`, on a few at a time.
    private func inParallel(
        _ told: @escaping @Sendable (Int) -> Void, _ step: @escaping @Sendable (Int, inout Made) async throws -> Void
    ) async throws -> Made {
        let (count, place) = (count, Place())
        return try await withThrowingTaskGroup(of: Made.self) { tasks in
            for _ in 0..<workers {
                tasks.addTask {
                    var made = Made()
                    while true {
                        let number = place.next.add(1, ordering: .relaxed).oldValue
                        guard number < count else { return made }
                        try await step(number, &made)
                        told(place.ended.add(1, ordering: .relaxed).newValue)
                    }
                }
            }
            return try await tasks.reduce(into: Made()) { all, made in
                all.tenants += made.tenants
                all.credentials += made.credentials
                all.latencies.add(contentsOf: made.latencies)
            }
        }
    }

    /// How far the workers are.
    private final class Place: Sendable {
        let next = Atomic(0)
        let ended = Atomic(0)
    }
}
