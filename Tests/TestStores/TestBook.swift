package import Foundation
package import Runtime
package import Store
import Synchronization

/// A book for one test on the test's store: a SQLite file, or a schema of PostgreSQL. Gone when it is discarded, or when
/// a test with a trait of `OnStores` ends.
package struct TestBook: Sendable {
    package let book: Book
    private let place: TestPlace
    private let migrations: [Migration]

    /// A folder of the test's own; on SQLite the book's file lies in it.
    package var folder: String { place.folder }

    /// The driver that opened the book.
    package var driver: any StoreDriver { place.driver }

    /// Opens a new book in a simulated world with that seed.
    package static func make(migrations: [Migration], seed: UInt64 = 1, options: BookOptions = BookOptions())
        async throws -> TestBook
    {
        try await make(migrations: migrations, world: .simulated(seed: seed), options: options)
    }

    package static func make(
        migrations: [Migration], world: World, options: BookOptions = BookOptions()
    ) async throws -> TestBook {
        let place = try await TestPlace.make(TestStore.current)
        return try await TestBook(opening: place, migrations, world, options)
    }

    /// Only the book, where a test does not care what is left in the temporary folder.
    package static func open(migrations: [Migration], seed: UInt64 = 1) async throws -> Book {
        try await make(migrations: migrations, seed: seed).book
    }

    private init(
        opening place: TestPlace, _ migrations: [Migration], _ world: World, _ options: BookOptions
    ) async throws {
        book = try await place.open(migrations, world, options)
        self.place = place
        self.migrations = migrations
    }

    /// Closes the book and opens the same one again, as after a restart; with other migrations, as after an upgrade.
    package func reopened(migrations: [Migration]? = nil) async throws -> TestBook {
        await book.close()
        return try await TestBook(opening: place, migrations ?? self.migrations, book.world, BookOptions())
    }

    /// All that the store holds of the book, to be searched for what must not be there: the bytes of SQLite's files as
    /// they lie, every value of every table of a schema.
    package func contents() async throws -> Data {
        if driver.kind == .sqlite {
            return try FileManager.default.contentsOfDirectory(atPath: folder).reduce(into: Data()) { all, file in
                all += try Data(contentsOf: URL(filePath: "\(folder)/\(file)"))
            }
        }
        // The test may have closed its own.
        let other = try await place.open(migrations, book.world, BookOptions())
        return try await other.read { reader in
            var all = Data()
            for table in try reader.tables() {
                try reader.copyOut(table) { row in
                    for column in table.columns.indices {
                        switch try row.get(column, as: SQLValue.self) {
                        case .null: break
                        case .integer(let value): all += Data("\(value)\n".utf8)
                        case .text(let value): all += Data("\(value)\n".utf8)
                        case .bytes(let value): all += value
                        }
                    }
                }
            }
            return all
        }
    }

    package func discard() async { await place.discard() }
}

/// Where a test's book lies, from its first opening to its end.
final class TestPlace: Sendable {
    let folder: String
    let driver: any StoreDriver
    private let name: String
    private let state = Mutex<(books: [Book], isGone: Bool)>(([], false))

    private init(name: String, folder: String, driver: any StoreDriver) {
        self.name = name
        self.folder = folder
        self.driver = driver
    }

    static func make(_ store: TestStore) async throws -> TestPlace {
        let id = UUID().uuidString.lowercased()
        let folder = NSTemporaryDirectory() + "kontor-test-" + id
        // All tests share PostgreSQL's one database, so there the name is what keeps them apart.
        let name = store == .sqlite ? "book" : "t" + id.filter { $0 != "-" }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let place = TestPlace(name: name, folder: folder, driver: try await store.driver(folder: folder))
        TestScope.current?.add(place)
        return place
    }

    func open(_ migrations: [Migration], _ world: World, _ options: BookOptions) async throws -> Book {
        let book = try await driver.open(name, migrations: migrations, world: world, options: options)
        state.withLock { $0.books.append(book) }
        return book
    }

    /// Discarding twice is discarding once.
    func discard() async {
        let (books, isGone) = state.withLock { state in
            defer { state = ([], true) }
            return state
        }
        if isGone { return }
        for book in books { await book.close() }
        // A test has said all it had to say; what cannot be removed goes with the private server or the machine.
        try? await driver.remove(name)
        try? FileManager.default.removeItem(atPath: folder)
    }
}
