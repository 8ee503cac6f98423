import Foundation
import GRDB
import GRDBSQLite
import Runtime
import Store
import Synchronization

/// New books are copies of an empty one with the whole schema, because making a hundred tables and indexes again for
/// each of ten thousand tenants costs three times as much as copying their bytes.
final class NewBook: Sendable {
    private struct Image {
        /// Names the steps that it was made by.
        let steps: [String]
        let bytes: [UInt8]
    }

    private let image = Mutex<Image?>(nil)

    /// Puts a book with the schema of `migrations` at `path`; false when something is there already, and without
    /// migrations.
    ///
    /// The file has its name only once it is complete and on the disk. The time of its steps is not yet right: the
    /// caller sets it with `setTime`.
    func put(at path: String, migrations: [Migration], now: Timestamp) async throws -> Bool {
        if migrations.isEmpty || FileManager.default.fileExists(atPath: path) { return false }
        let bytes = try bytes(migrations, now: now)
        return try await withCheckedThrowingContinuation { done in
            // Waits for the disk, so it runs on no thread of the concurrency pool.
            DispatchQueue.global().async { done.resume(with: Result { try NewBook.write(bytes, at: path) }) }
        }
    }

    /// Says when the steps of a copied book were done.
    static func setTime(_ connection: any Connection, _ now: Timestamp) throws {
        try connection.begin()
        do {
            try connection.execute("UPDATE schema_migrations SET applied_at = ?", [.integer(now.microseconds)])
            try connection.commit()
        } catch {
            try? connection.rollback()
            throw error
        }
    }

    // ---- The image ----

    private func bytes(_ migrations: [Migration], now: Timestamp) throws -> [UInt8] {
        let steps = migrations.map { "\($0.capability) \($0.version) \($0.checksum)" }
        if let known = image.withLock({ $0 }), known.steps == steps { return known.bytes }
        let bytes = try NewBook.serialised(migrations, now: now)
        image.withLock { $0 = Image(steps: steps, bytes: bytes) }
        return bytes
    }

    /// The file of an empty book, made in memory.
    private static func serialised(_ migrations: [Migration], now: Timestamp) throws -> [UInt8] {
        let queue = try DatabaseQueue()
        return try queue.writeWithoutTransaction { database in
            try Migrator(migrations).migrate(SQLiteConnection(database), now: now)
            var size: Int64 = 0
            guard let start = sqlite3_serialize(database.sqliteConnection, "main", &size, 0) else {
                throw StoreError(.database, "SQLite cannot write out a new book")
            }
            defer { sqlite3_free(start) }
            var bytes = [UInt8](UnsafeBufferPointer(start: start, count: Int(size)))
            // Bytes 18 and 19 of the header say that the file is used with a write-ahead log (sqlite.org/fileformat2.html).
            bytes[18] = 2
            bytes[19] = 2
            return bytes
        }
    }

    /// False when another was faster.
    private static func write(_ bytes: [UInt8], at path: String) throws -> Bool {
        let draft = path + "-new-" + UUID().uuidString
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure() }
        defer { unlink(draft) }
        do {
            defer { close(file) }
            var left = bytes[...]
            while !left.isEmpty {
                let count = left.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
                guard count > 0 else { throw failure() }
                left.removeFirst(count)
            }
            // The folder's entry reaches the disk with the first log, which SQLite syncs together with its folder.
            guard fsync(file) == 0 else { throw failure() }
        }
        // A link never replaces what has the name already.
        if link(draft, path) == 0 { return true }
        if errno == EEXIST { return false }
        throw failure()
    }

    private static func failure() -> StoreError {
        let code = errno
        let isFull = code == ENOSPC || code == EDQUOT
        return StoreError(
            isFull ? .diskFull : .database, "a new book cannot be written: \(String(cString: strerror(code)))")
    }
}
