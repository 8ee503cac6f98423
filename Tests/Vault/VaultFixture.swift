import Contract
import Crypto
import Foundation
import Journal
import Runtime
import Store
import SwiftProtobuf
import TestStores

@testable import Vault

/// An unlocked vault in a book of its own.
struct VaultFixture: Sendable {
    static let tenant = "ten_01h455vb4pex5vsknk084sn02q"
    static let migrations = Journal.migrations + Vault.migrations

    let vault: Vault
    let test: TestBook
    let keyFile: String

    var book: Book { test.book }
    var caller: Caller { Caller(subject: "key_reader", tenant: Self.tenant, scopes: ["personal:read"], book: book) }

    static func make(seed: UInt64 = 1) async throws -> VaultFixture {
        let keyFile = NSTemporaryDirectory() + "kontor-keys-\(UUID().uuidString)/master.key"
        let test = try await TestBook.make(migrations: migrations, seed: seed)
        let vault = Vault(keys: try LocalKeyFile(path: keyFile))
        try await vault.unlock(test.book, tenant: tenant)
        return VaultFixture(vault: vault, test: test, keyFile: keyFile)
    }

    func context(_ operation: Contract.Operation, key: String? = nil) -> CallContext {
        CallContext(
            caller: caller, operation: operation, idempotencyKey: key, deadline: book.world.now().adding(.seconds(5)))
    }

    /// A person with an address, a name and a number; their tokens by kind.
    func shopper(
        email: String = "Ada.Lovelace@example.org", name: String = "Ada Lovelace", phone: String = "+44 20 7946 0958"
    ) async throws -> (person: PersonID, tokens: [PrivacyKind: String]) {
        try await book.write("shopper") { tx in
            let person = try vault.person(email: email, in: tx)
            return (
                person,
                [
                    .email: try vault.seal(email, kind: .email, person: person, in: tx),
                    .name: try vault.seal(name, kind: .name, person: person, in: tx),
                    .phone: try vault.seal(phone, kind: .phone, person: person, in: tx)
                ]
            )
        }
    }

    func reveal(_ tokens: [String], reason: String = "parcel label") async throws -> [String: String] {
        try await book.write("reveal") { tx in
            try vault.reveal(tokens: tokens, reason: reason, caller: caller, in: tx)
        }
    }

    func events(_ type: String) async throws -> [JournalEvent] {
        try await book.read { try Journal.events(after: 0, limit: 1_000, $0) }.filter { $0.type.hasSuffix(type) }
    }

    func discard() async {
        await test.discard()
        try? FileManager.default.removeItem(atPath: (keyFile as NSString).deletingLastPathComponent)
    }
}
