import Foundation
import GRDB
public import Runtime
public import Store

/// Keeps each book in a SQLite file of its own: `<folder>/<name>.sqlite`, WAL, synchronous=FULL.
public struct SQLiteDriver: StoreDriver {
    private let folder: String

    /// Creates the folder when it is missing; throws `database` when it cannot.
    public init(folder: String) throws {
        self.folder = folder
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw StoreError(.database, "cannot create the data folder \(folder): \(error.localizedDescription)")
        }
    }

    public func open(
        _ name: String, migrations: [Migration], world: World, options: BookOptions
    ) async throws -> Book {
        guard SQLiteDriver.isName(name) else {
            throw StoreError(.database, "a book's name is 1 to 63 letters, digits, '-' or '_', not \"\(name)\"")
        }
        let path = "\(folder)/\(name).sqlite"
        let backend = try SQLiteBackend(path: path)
        do {
            try await backend.migrate(Migrator(migrations), now: world.now())
        } catch {
            await backend.close()
            throw error
        }
        return Book(name: name, backend: backend, world: world, options: options)
    }

    public func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(".sqlite") }.map { String($0.dropLast(7)) }.sorted()
    }

    static func isName(_ name: String) -> Bool {
        (1...63).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                byte &- 48 < 10 || (byte | 0x20) &- 97 < 26 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            }
    }
}
