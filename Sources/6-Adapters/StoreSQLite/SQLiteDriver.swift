import Foundation
import GRDB
public import Runtime
public import Store

/// Keeps each book in a SQLite file of its own: `<folder>/<name>.sqlite`, WAL, synchronous=FULL.
public struct SQLiteDriver: StoreDriver {
    public let announcements: Announcements
    private let folder: String
    private let newBook = NewBook()

    public var kind: StoreKind { .sqlite }
    /// A folder belongs to one process at a time; only a test opens one twice.
    public let isShared: Bool

    /// Creates the folder when it is missing; throws `database` when it cannot.
    public init(folder: String) throws {
        try self.init(folder: folder, announcements: Announcements(), isShared: false)
    }

    /// For tests of what happens when several processes write the same book: drivers with the same folder and the same
    /// announcements behave as processes that share a database.
    package init(sharing folder: String, announcements: Announcements) throws {
        try self.init(folder: folder, announcements: announcements, isShared: true)
    }

    private init(folder: String, announcements: Announcements, isShared: Bool) throws {
        self.folder = folder
        self.announcements = announcements
        self.isShared = isShared
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
        let path = path(name)
        let isNew = try await newBook.put(at: path, migrations: migrations, now: world.now())
        let backend = try SQLiteBackend(path: path, announcements: announcements, isShared: isShared)
        do {
            if isNew { try await backend.setTime(world.now()) }
            try await backend.migrate(Migrator(migrations), now: world.now())
        } catch {
            await backend.close()
            throw error
        }
        return Book(name: name, backend: backend, world: world, options: options)
    }

    public func names() async throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(".sqlite") }.map { String($0.dropLast(7)) }.sorted()
    }

    public func exists(_ name: String) async throws -> Bool {
        SQLiteDriver.isName(name) && FileManager.default.fileExists(atPath: path(name))
    }

    public func rename(_ name: String, to other: String) async throws {
        guard SQLiteDriver.isName(other), !FileManager.default.fileExists(atPath: path(other)) else {
            throw StoreError(.constraint, "a book cannot be named \"\(other)\": it exists, or the name is not allowed")
        }
        try change {
            // The log is folded in when a book closes; should it have been left behind, it belongs to the file.
            for suffix in ["-wal", "-shm", ""] where FileManager.default.fileExists(atPath: path(name) + suffix) {
                try FileManager.default.moveItem(atPath: path(name) + suffix, toPath: path(other) + suffix)
            }
        }
    }

    public func remove(_ name: String) async throws {
        guard SQLiteDriver.isName(name) else { return }
        try change {
            for suffix in ["-wal", "-shm", ""] where FileManager.default.fileExists(atPath: path(name) + suffix) {
                try FileManager.default.removeItem(atPath: path(name) + suffix)
            }
        }
    }

    /// Each book closes its own connections.
    public func close() async {}

    private func path(_ name: String) -> String { "\(folder)/\(name).sqlite" }

    private func change(_ body: () throws -> Void) throws {
        do { try body() } catch {
            throw StoreError(.database, "a book's file cannot be changed: \(error.localizedDescription)")
        }
    }

    static func isName(_ name: String) -> Bool {
        (1...63).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                byte &- 48 < 10 || (byte | 0x20) &- 97 < 26 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            }
    }
}
