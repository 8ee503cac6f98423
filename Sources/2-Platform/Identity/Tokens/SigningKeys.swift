internal import Crypto
internal import Foundation
internal import Runtime

/// An Ed25519 key that signs people's tokens, or signed them until it was replaced.
public struct SigningKey: Sendable, Hashable, Codable {
    public let kid: String
    let seed: [UInt8]
    let createdAtMicroseconds: Int64
    /// When the last token signed with it has expired; nil while it signs.
    var verifiesUntilMicroseconds: Int64?

    /// Makes a key from 32 bytes of the source: the operating system's generator outside of replays.
    static func make(random: RandomSource, now: Timestamp) -> SigningKey {
        let seed = random.bytes(32)
        let kid = Hexadecimal.text(SHA256.hash(data: Array("kontor-kid".utf8) + seed).prefix(8))
        return SigningKey(kid: kid, seed: seed, createdAtMicroseconds: now.microseconds)
    }
}

/// Where signing keys are kept: outside the databases.
public protocol SigningKeyStore: Sendable {
    func load() throws -> [SigningKey]
    func save(_ keys: [SigningKey]) throws
}

/// Signing keys in a file with mode 0600.
public struct SigningKeyFile: SigningKeyStore {
    private let path: String

    public init(path: String) { self.path = path }

    /// Throws `IdentityError.keyFile` when others may read the file or it cannot be understood.
    public func load() throws -> [SigningKey] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue, mode & 0o077 == 0 else {
            throw IdentityError(.keyFile, "the key file \(path) may be read by others: chmod 600 it")
        }
        guard let data = FileManager.default.contents(atPath: path),
            let keys = try? JSONDecoder().decode([SigningKey].self, from: data),
            keys.allSatisfy({ $0.seed.count == 32 })
        else { throw IdentityError(.keyFile, "the key file \(path) does not hold signing keys") }
        return keys
    }

    /// Writes a new file and moves it into place, so that a crash leaves the old keys or the new.
    public func save(_ keys: [SigningKey]) throws {
        let folder = (path as NSString).deletingLastPathComponent
        if !folder.isEmpty {
            try? FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        let temporary = path + ".new"
        let content = try JSONEncoder().encode(keys)
        unlink(temporary)
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        guard file >= 0 else { throw IdentityError(.keyFile, "cannot write \(temporary)") }
        let written = content.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        let synced = fsync(file)
        close(file)
        guard written == content.count, synced == 0, rename(temporary, path) == 0 else {
            throw IdentityError(.keyFile, "cannot write \(path)")
        }
    }
}

/// Signing keys that live as long as the process, for tests and replays.
public struct SigningKeysInMemory: SigningKeyStore {
    public init() {}
    public func load() throws -> [SigningKey] { [] }
    public func save(_ keys: [SigningKey]) throws {}
}
