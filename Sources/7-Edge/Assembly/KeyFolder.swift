import Foundation
import Journal
import Runtime
import Store

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The folder of keys: readable by its owner only, and never inside a database.
enum KeyFolder {
    static let masterKey = "master.key"

    static func create(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw StoreError(.database, "cannot create the key folder \(path): \(error.localizedDescription)")
        }
    }

    /// Keeps other processes from making keys meanwhile; waits for them, for ten seconds at most.
    static func hold(_ path: String) async throws -> Hold {
        let file = path + "/making.lock"
        let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        // A folder that cannot be written has its keys already, or the next step says what is wrong.
        guard descriptor >= 0 else { return Hold(descriptor: -1) }
        for _ in 0..<500 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return Hold(descriptor: descriptor) }
            try? await Task.sleep(for: .milliseconds(20))
        }
        close(descriptor)
        throw StoreError(.busy, "another process is making keys in \(path)", retryAfter: .seconds(1))
    }

    /// A lock of the kernel, which ends with the process at the latest.
    struct Hold: Sendable {
        fileprivate let descriptor: Int32

        func end() {
            if descriptor >= 0 { close(descriptor) }
        }
    }

    /// The key that signs checkpoints: made on first use.
    static func checkpointKey(_ folder: String, world: World) throws -> CheckpointKey {
        let path = folder + "/checkpoint.key"
        if let data = FileManager.default.contents(atPath: path) { return try CheckpointKey(seed: Array(data)) }
        let seed = world.random.bytes(32)
        guard
            FileManager.default.createFile(
                atPath: path, contents: Data(seed), attributes: [.posixPermissions: 0o600])
        else { throw StoreError(.database, "cannot write \(path)") }
        return try CheckpointKey(seed: seed)
    }
}
