import Foundation
import Journal
import Runtime
import Store

/// The folder of keys: readable by its owner only, and never inside a database.
enum KeyFolder {
    static func create(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw StoreError(.database, "cannot create the key folder \(path): \(error.localizedDescription)")
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
