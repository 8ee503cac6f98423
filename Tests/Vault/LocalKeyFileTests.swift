import Crypto
import Foundation
import Testing

@testable import Vault

@Suite struct LocalKeyFileTests {
    private let path = NSTemporaryDirectory() + "kontor-keys-\(UUID().uuidString)/master.key"

    @Test("the key file is made once, for its owner only, and opens what it wrapped")
    func create() async throws {
        let first = try LocalKeyFile(path: path)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o600)
        let key = SymmetricKey(size: .bits256)
        let wrapped = try await first.wrap(key, tenant: "a")
        #expect(try await LocalKeyFile(path: path).unwrap(wrapped, tenant: "a") == key)
        let refusal = await #expect(throws: VaultError.self) { try await first.unwrap(wrapped, tenant: "b") }
        #expect(refusal?.code == .tampered)
        let one = try await first.lookupKey(tenant: "a")
        let other = try await first.lookupKey(tenant: "b")
        #expect(one != other)
    }

    @Test("a key file that others may read, or that is damaged, is refused")
    func refuse() throws {
        _ = try LocalKeyFile(path: path)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        #expect(throws: VaultError.self) { try LocalKeyFile(path: path) }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        try Data("kontor-master-key-1 short\n".utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        #expect(throws: VaultError.self) { try LocalKeyFile(path: path) }
    }
}
