public import Crypto
internal import Foundation

/// A key service on this machine: a master key in a file outside the databases, tenants' keys derived by HKDF-SHA256.
///
/// Who copies a database without this file copies noise. Back the file up apart from the databases.
public struct LocalKeyFile: KeyService {
    private static let header = "kontor-master-key-1 "
    private let master: SymmetricKey

    /// Reads the master key of `path`; creates it (32 bytes of the system's generator, mode 0600) when there is none.
    ///
    /// Throws `VaultError.keyFile` when group or others may read the file or when its content is not a key.
    public init(path: String) throws {
        try LocalKeyFile.createIfMissing(path)
        master = try LocalKeyFile.read(path)
    }

    public func wrap(_ key: SymmetricKey, tenant: String) async throws -> [UInt8] {
        let bytes = key.withUnsafeBytes { Array($0) }
        let box = try AES.GCM.seal(bytes, using: derived("wrap", tenant), authenticating: Array(tenant.utf8))
        guard let combined = box.combined else { throw VaultError(.keyFile, "the key could not be wrapped") }
        return Array(combined)
    }

    public func unwrap(_ wrapped: [UInt8], tenant: String) async throws -> SymmetricKey {
        do {
            let box = try AES.GCM.SealedBox(combined: wrapped)
            let bytes = try AES.GCM.open(box, using: derived("wrap", tenant), authenticating: Array(tenant.utf8))
            return SymmetricKey(data: bytes)
        } catch {
            throw VaultError(.tampered, "the tenant's key does not open with this master key")
        }
    }

    public func lookupKey(tenant: String) async throws -> SymmetricKey { derived("lookup", tenant) }

    private func derived(_ purpose: String, _ tenant: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: master, salt: Array("kontor-vault-1".utf8), info: Array("\(purpose):\(tenant)".utf8),
            outputByteCount: 32)
    }

    /// O_EXCL lets two processes that start together agree on the file of the faster one.
    private static func createIfMissing(_ path: String) throws {
        guard !FileManager.default.fileExists(atPath: path) else { return }
        let folder = (path as NSString).deletingLastPathComponent
        if !folder.isEmpty {
            try? FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        if file < 0 && errno == EEXIST { return }
        guard file >= 0 else { throw VaultError(.keyFile, "cannot create the key file \(path)") }
        defer { close(file) }
        let key = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }.base64EncodedString()
        let content = Array((header + key + "\n").utf8)
        guard write(file, content, content.count) == content.count, fsync(file) == 0 else {
            throw VaultError(.keyFile, "cannot write the key file \(path)")
        }
    }

    private static func read(_ path: String) throws -> SymmetricKey {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue else {
            throw VaultError(.keyFile, "cannot read the key file \(path)")
        }
        guard mode & 0o077 == 0 else {
            throw VaultError(.keyFile, "the key file \(path) may be read by others: chmod 600 it")
        }
        guard let data = FileManager.default.contents(atPath: path),
            case let text = String(decoding: data, as: UTF8.self), text.hasPrefix(header),
            let key = Data(base64Encoded: text.dropFirst(header.count).filter { !$0.isNewline }.description),
            key.count == 32
        else { throw VaultError(.keyFile, "the key file \(path) does not hold a master key") }
        return SymmetricKey(data: key)
    }
}
