import Contract
import Crypto
import Foundation
import Store
import Vault

/// A fingerprint of the master key in the platform's book.
///
/// Several machines may serve one database, and each has its folder of keys. One that began with a key of its own
/// would seal what the others cannot open, so it is refused before it serves.
enum MasterKeyMark {
    static let migrations = [
        Migration(
            capability: "house", version: 1, name: "keys",
            statements: ["CREATE TABLE house_keys (name TEXT PRIMARY KEY, fingerprint BYTEA NOT NULL)"])
    ]

    private static let name = "master"

    /// Throws when the installation has a master key and this folder has none: then none is made.
    static func checkPresence(_ folder: String, _ platform: Book) async throws {
        let isThere = FileManager.default.fileExists(atPath: folder + "/" + KeyFolder.masterKey)
        if !isThere, try await recorded(platform) != nil { throw mismatch(folder) }
    }

    /// Throws when the key is another one than the installation's; remembers the first.
    static func compare(_ keys: some KeyService, _ folder: String, _ platform: Book, writes: Bool) async throws {
        let derived = try await keys.lookupKey(tenant: "house-keys")
        let mine = derived.withUnsafeBytes { Array(SHA256.hash(data: $0)) }
        var known = try await recorded(platform)
        if known == nil, writes {
            known = try await platform.write("house.keys") { tx in
                if let other = try find(tx) { return other }
                try tx.execute("INSERT INTO house_keys (name, fingerprint) VALUES (\(name), \(mine))")
                return mine
            }
        }
        guard known == nil || known == mine else { throw mismatch(folder) }
    }

    private static func recorded(_ platform: Book) async throws -> [UInt8]? {
        try await platform.read { reader in try reader.hasTable("house_keys") ? try find(reader) : nil }
    }

    private static func find(_ reader: any SQLReader) throws -> [UInt8]? {
        try reader.first("SELECT fingerprint FROM house_keys WHERE name = \(name)") { $0.bytes(0) }
    }

    private static func mismatch(_ folder: String) -> Problem {
        Problem(
            type: "conflict", title: "Wrong keys", status: 409,
            detail:
                "the keys in \(folder) are not those of this installation: copy the folder of keys from a machine that "
                + "serves it, or from its backup")
    }
}
