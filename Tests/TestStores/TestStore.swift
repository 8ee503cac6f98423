import Foundation
package import Store
import StoreSQLite
import Synchronization

/// A store that tests run on. Without a trait of `OnStores` that is SQLite.
package enum TestStore: String, CaseIterable, Sendable {
    case sqlite, postgres

    /// The store of the running test.
    package static var current: TestStore { TestScope.current?.store ?? .sqlite }

    /// The stores of this run: all of them, or those that KONTOR_TEST_STORES names, separated by commas.
    static let chosen: [TestStore] = {
        guard let names = ProcessInfo.processInfo.environment["KONTOR_TEST_STORES"], !names.isEmpty else {
            return allCases
        }
        return names.split(separator: ",").map { name in
            guard let store = TestStore(rawValue: String(name)) else {
                preconditionFailure("KONTOR_TEST_STORES names \"\(name)\", which is neither sqlite nor postgres")
            }
            return store
        }
    }()

    /// As a failure names it.
    package var title: String {
        switch self {
        case .sqlite: "SQLite"
        case .postgres: "PostgreSQL"
        }
    }

    /// The driver of this store for books that the test names itself; `folder` is where SQLite keeps them. Everything
    /// on PostgreSQL shares one driver, and so one bounded set of connections.
    package func driver(folder: String) async throws -> any StoreDriver {
        switch self {
        case .sqlite: try SQLiteDriver(folder: folder)
        case .postgres: try await TestPostgreSQL.driver()
        }
    }
}

/// One run of one test on one store. What it opened and did not discard is discarded when it ends.
final class TestScope: Sendable {
    @TaskLocal static var current: TestScope?

    let store: TestStore
    private let places = Mutex<[TestPlace]>([])

    init(_ store: TestStore) { self.store = store }

    func add(_ place: TestPlace) { places.withLock { $0.append(place) } }

    func end() async {
        let left = places.withLock { places in
            defer { places = [] }
            return places
        }
        for place in left { await place.discard() }
    }
}
