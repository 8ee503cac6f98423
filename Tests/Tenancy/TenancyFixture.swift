import Contract
import Foundation
import Journal
import Money
import Runtime
import Store
import SwiftProtobuf
import Synchronization
import TestStores

@testable import Tenancy

/// A directory, a folder of tenants' books, and a count of the books that the driver has open.
struct TenancyFixture: Sendable {
    let platform: TestBook
    let tenancy: Tenancy
    let driver: CountingDriver

    static func make(
        maximumOpen: Int = 256, setups: [TenantSetup] = [], companions: [BookCompanion] = []
    ) async throws -> TenancyFixture {
        let platform = try await TestBook.make(migrations: Journal.migrations + Tenancy.migrations)
        let driver = CountingDriver(inner: try await TestStore.current.driver(folder: platform.folder + "/tenants"))
        let tenancy = Tenancy(
            platform: platform.book, driver: driver, migrations: Journal.migrations, setups: setups,
            companions: companions + [BookCompanion(opened: { _, _ in }, closing: { _, _ in driver.closed() })],
            maximumOpen: maximumOpen)
        return TenancyFixture(platform: platform, tenancy: tenancy, driver: driver)
    }

    var clock: ManualClock {
        guard let clock = platform.book.world.manualClock else { preconditionFailure("the world is simulated") }
        return clock
    }

    static func draft(_ slug: String) -> TenantDraft {
        TenantDraft(slug: slug, name: "House \(slug)", baseCurrency: .eur, country: "DE")
    }

    func context(_ operation: Contract.Operation, key: String? = nil) -> CallContext {
        CallContext(
            caller: Caller(subject: "key_operator", tenant: "", scopes: ["platform:*"], book: platform.book),
            operation: operation, idempotencyKey: key, deadline: platform.book.world.now().adding(.seconds(5)))
    }

    func events(_ type: String) async throws -> Int {
        try await platform.book.read { try Journal.events(after: 0, limit: 10_000, $0) }
            .count { $0.type.hasSuffix(type) }
    }

    func code(_ tenant: TenantID) async -> TenancyError.Code? {
        do {
            _ = try await tenancy.openBook(tenant.description)
            return nil
        } catch {
            return (error as? TenancyError)?.code
        }
    }

    func discard() async {
        await tenancy.shutDown()
        await driver.removeAll()
        await platform.discard()
    }
}

/// Counts what the inner driver opens, and the most books that were open together.
///
/// Tests with the same seed make tenants of the same names, so each fixture's books have a prefix of their own where
/// all tests share one database.
final class CountingDriver: StoreDriver {
    private struct Count {
        var open = 0
        var highest = 0
        var total = 0
        var failing = false
        var names: Set<String> = []
    }
    private let count = Mutex(Count())
    private let inner: any StoreDriver
    private let prefix: String

    init(inner: any StoreDriver) {
        self.inner = inner
        prefix = String(UInt32.random(in: 0...UInt32.max), radix: 36) + "_"
    }

    var open: Int { count.withLock { $0.open } }
    var highest: Int { count.withLock { $0.highest } }
    var total: Int { count.withLock { $0.total } }
    func closed() { count.withLock { $0.open -= 1 } }
    func fail(_ failing: Bool) { count.withLock { $0.failing = failing } }

    func open(
        _ name: String, migrations: [Migration], world: World, options: BookOptions
    ) async throws -> Book {
        try count.withLock { count in
            if count.failing { throw StoreError(.diskFull, "no space left for \(name)") }
            count.open += 1
            count.total += 1
            count.highest = max(count.highest, count.open)
            count.names.insert(name)
        }
        return try await inner.open(prefix + name, migrations: migrations, world: world, options: options)
    }

    var kind: StoreKind { inner.kind }
    var isShared: Bool { inner.isShared }
    var announcements: Announcements { inner.announcements }
    func names() async throws -> [String] {
        try await inner.names().filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }
    func exists(_ name: String) async throws -> Bool { try await inner.exists(prefix + name) }
    func rename(_ name: String, to other: String) async throws {
        try await inner.rename(prefix + name, to: prefix + other)
    }
    func remove(_ name: String) async throws { try await inner.remove(prefix + name) }
    /// The inner one may be shared with other tests.
    func close() async {}

    /// What tests leave in a database that stays would be in the way of the next.
    func removeAll() async {
        for name in count.withLock({ $0.names }) { try? await remove(name) }
    }
}
