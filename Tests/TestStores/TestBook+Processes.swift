package import Store
import StoreSQLite

extension TestBook {
    /// The same book as another process would open it: with a memory and connections of its own, told of what the others
    /// announce. Whoever opens it closes it.
    ///
    /// On SQLite, where a folder belongs to one process, the test's own book must not write meanwhile.
    package func openedByAnotherProcess(announcements: Announcements = Announcements()) async throws -> Book {
        let driver = driver.isShared ? driver : try SQLiteDriver(sharing: folder, announcements: announcements)
        // The test's own opening has migrated it.
        return try await driver.open(book.name, migrations: [], world: book.world, options: BookOptions())
    }
}
