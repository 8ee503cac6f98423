import Runtime
import Store
import StorePostgreSQL
import StoreSQLite
import Tenancy

/// The stores of an installation: its folder of SQLite files, its PostgreSQL database, and further databases by their
/// URLs. Each is opened when it is first needed.
///
/// The installation's own stay open until the end. Of the further ones at most `limit` are, those in use above all,
/// because each has connections and threads of its own.
actor Stores: BookStores {
    /// Further databases that are open at once.
    static let limit = 16

    private struct Further {
        var driver: any StoreDriver
        var books = 0
        /// Position in the order of use: larger is later.
        var usedAt = 0
    }

    nonisolated let usualHome: BookHome
    private let settings: HouseSettings
    private let world: World
    /// Keeps the folder of SQLite files to this process; taken before the first book in it is opened.
    private var lock: FolderLock?
    private var folder: (any StoreDriver)?
    private var database: (any StoreDriver)?
    private var further: [String: Further] = [:]
    private var uses = 0

    init(_ settings: HouseSettings, world: World, lock: FolderLock?) {
        self.settings = settings
        self.world = world
        self.lock = lock
        usualHome = settings.database == nil ? .sqlite : .postgres
    }

    /// The store of the platform's book.
    func home() throws -> any StoreDriver { try own(usualHome.kind) }

    func driver(_ home: BookHome) async throws -> any StoreDriver {
        guard let url = home.database else { return try own(home.kind) }
        uses += 1
        if let known = further[url] {
            further[url]?.usedAt = uses
            return known.driver
        }
        try await makeRoom()
        // Another caller may have opened it while room was made.
        if let known = further[url] { return known.driver }
        let driver = try postgres(url)
        further[url] = Further(driver: driver, usedAt: uses)
        return driver
    }

    func open(
        _ place: BookPlace, migrations: [Migration], world: World, options: BookOptions
    ) async throws -> Book {
        let driver = try await driver(place.home)
        if let url = place.database { further[url]?.books += 1 }
        do {
            return try await driver.open(place.name, migrations: migrations, world: world, options: options)
        } catch {
            release(place)
            throw error
        }
    }

    func release(_ place: BookPlace) {
        if let url = place.database { further[url]?.books -= 1 }
    }

    /// After all books have closed.
    func close() async {
        for store in further.values { await store.driver.close() }
        await database?.close()
        await folder?.close()
        further = [:]
        database = nil
        folder = nil
        lock = nil
    }

    // ---- The installation's own ----

    private func own(_ kind: StoreKind) throws -> any StoreDriver {
        switch kind {
        case .sqlite: try openFolder()
        case .postgres: try openDatabase()
        }
    }

    private func openFolder() throws -> any StoreDriver {
        if let folder { return folder }
        if settings.access != .reading, lock == nil { lock = try FolderLock.take(settings.dataFolder) }
        let driver = try SQLiteDriver(folder: settings.bookFolder)
        folder = driver
        return driver
    }

    private func openDatabase() throws -> any StoreDriver {
        if let database { return database }
        guard let url = settings.database else { throw TenancyError.hasNoDatabase }
        let driver = try postgres(url)
        database = driver
        return driver
    }

    private func postgres(_ url: String) throws -> any StoreDriver {
        try PostgreSQLDriver(url: url, options: settings.databaseOptions)
    }

    // ---- The bound ----

    private func makeRoom() async throws {
        while further.count >= Stores.limit {
            let idle = further.filter { $0.value.books == 0 }
            guard let oldest = idle.min(by: { $0.value.usedAt < $1.value.usedAt }) else {
                throw StoreError(
                    .busy, "\(Stores.limit) further databases are in use; try again soon", retryAfter: .seconds(1))
            }
            further[oldest.key] = nil
            await oldest.value.driver.close()
        }
    }
}
