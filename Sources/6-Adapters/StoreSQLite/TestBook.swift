import Foundation
package import Runtime
package import Store

/// A book in a folder of its own for one test: a real file, deleted by `discard`.
package struct TestBook: Sendable {
    package let book: Book
    package let folder: String
    private let migrations: [Migration]

    /// Opens a book in a new folder, in a simulated world with that seed.
    package static func make(migrations: [Migration], seed: UInt64 = 1, options: BookOptions = BookOptions())
        async throws -> TestBook
    {
        try await make(migrations: migrations, world: .simulated(seed: seed), options: options)
    }

    package static func make(
        migrations: [Migration], world: World, options: BookOptions = BookOptions()
    ) async throws -> TestBook {
        let folder = NSTemporaryDirectory() + "kontor-test-" + UUID().uuidString
        let book = try await SQLiteDriver(folder: folder)
            .open("book", migrations: migrations, world: world, options: options)
        return TestBook(book: book, folder: folder, migrations: migrations)
    }

    /// Only the book, where a test does not care what is left in the temporary folder.
    package static func open(migrations: [Migration], seed: UInt64 = 1) async throws -> Book {
        try await make(migrations: migrations, seed: seed).book
    }

    /// Closes the book and opens the same file again, as after a restart.
    package func reopened() async throws -> TestBook {
        await book.close()
        let again = try await SQLiteDriver(folder: folder)
            .open("book", migrations: migrations, world: book.world, options: BookOptions())
        return TestBook(book: again, folder: folder, migrations: migrations)
    }

    package func discard() async {
        await book.close()
        try? FileManager.default.removeItem(atPath: folder)
    }
}
