import Contract
import Crypto
import Foundation
import Journal
import Runtime
import Store
import SwiftProtobuf
import TestStores
import Testing

@testable import Vault

@Suite(.onBothStores) struct VaultTests {
    @Test("what was sealed is revealed, and the journal tells who read which tokens and why")
    func roundTrip() async throws {
        let fixture = try await VaultFixture.make()
        let (_, tokens) = try await fixture.shopper()
        let name = try #require(tokens[.name])
        #expect(name.hasPrefix("tok_"))
        #expect(try await fixture.reveal([name]) == [name: "Ada Lovelace"])

        let reads = try await fixture.events("PersonalDataRead")
        #expect(reads.count == 1)
        let told = try V1PersonalDataRead(serializedBytes: try #require(reads.first).payload)
        #expect(told.reader == "key_reader")
        #expect(told.reason == "parcel label")
        #expect(told.tokens == [name])
        await fixture.discard()
    }

    @Test("a person is found by another spelling of the same address or number, and by no other")
    func lookup() async throws {
        let fixture = try await VaultFixture.make()
        let (person, tokens) = try await fixture.shopper()
        let vault = fixture.vault
        try await fixture.book.write("find") { tx throws in
            #expect(try vault.person(email: "  ada.lovelace@EXAMPLE.org ", in: tx) == person)
            #expect(try vault.find(kind: .phone, value: "0044 (20) 7946-0958", in: tx) == person)
            #expect(try vault.find(kind: .email, value: "ada@example.org", in: tx) == nil)
            #expect(
                try vault.seal("ada.lovelace@example.org", kind: .email, person: person, in: tx) == tokens[.email])
        }
        await fixture.discard()
    }

    @Test("an erased person's values are never revealed again, are found by nothing, and the chain still verifies")
    func erase() async throws {
        let fixture = try await VaultFixture.make()
        let (person, tokens) = try await fixture.shopper()
        let vault = fixture.vault
        let name = try #require(tokens[.name])
        #expect(try await fixture.book.write("erase") { try vault.erase(person, in: $0) })
        #expect(try await fixture.book.write("erase") { try vault.erase(person, in: $0) } == false)

        #expect(try await fixture.reveal(Array(tokens.values)) == [:])
        let value = try await fixture.vault.revealToken(
            .with {
                $0.token = name
                $0.reason = "after erasure"
            }, fixture.context(VaultContract.revealToken))
        #expect(value.state == "erased" && value.value.isEmpty)
        try await fixture.book.write("again") { tx throws in
            #expect(try vault.find(kind: .email, value: "Ada.Lovelace@example.org", in: tx) == nil)
            #expect(throws: VaultError.self) { try vault.seal("x", kind: .name, person: person, in: tx) }
            #expect(try vault.person(email: "Ada.Lovelace@example.org", in: tx) != person)
        }
        #expect(try await fixture.events("PersonErased").count == 1)
        let report = try await fixture.book.read { try JournalVerifier.verify($0) }
        #expect(report.finding == nil)
        await fixture.discard()
    }

    @Test("a sealed value that was changed, or moved to another token, is refused")
    func tampering() async throws {
        let fixture = try await VaultFixture.make()
        let (_, ada) = try await fixture.shopper()
        let (_, bob) = try await fixture.shopper(email: "bob@example.org", name: "Bob", phone: "+49 170 1234567")
        let name = try #require(ada[.name].flatMap { PersonalToken($0) })
        let other = try #require(bob[.name].flatMap { PersonalToken($0) })
        let sealed = try await fixture.book.read { try VaultStorage.value(name, $0)?.sealed }
        let original = try #require(sealed)
        let moved = try #require(try await fixture.book.read { try VaultStorage.value(other, $0)?.sealed })

        for place in [0, 1, 13, original.count - 1] {
            var changed = original
            changed[place] ^= 1
            await expectTampered(fixture, name, changed)
        }
        await expectTampered(fixture, name, moved)
        await expectTampered(fixture, name, [])
        await fixture.discard()
    }

    private func expectTampered(_ fixture: VaultFixture, _ token: PersonalToken, _ sealed: [UInt8]) async {
        let refusal = await #expect(throws: VaultError.self) {
            _ = try await fixture.book.write("tamper") { tx in
                try tx.execute("UPDATE vault_values SET sealed = \(sealed) WHERE token = \(token)")
            }
            _ = try await fixture.reveal([token.description])
        }
        #expect(refusal?.code == .tampered)
        #expect(refusal?.problem.status == 500)
    }

    @Test("no nonce is used twice, also for equal values")
    func nonces() async throws {
        let fixture = try await VaultFixture.make()
        let vault = fixture.vault
        try await fixture.book.write("many") { tx in
            let person = try vault.newPerson(in: tx)
            for _ in 0..<5_000 { _ = try vault.seal("the same", kind: .name, person: person, in: tx) }
        }
        let nonces = try await fixture.book.read { reader in
            try reader.query("SELECT sealed FROM vault_values") { Array($0.bytes(0)[1..<13]) }
        }
        #expect(nonces.count == 5_000)
        #expect(Set(nonces).count == 5_000)
        await fixture.discard()
    }

    @Test("rotating the tenant's key leaves every value readable and the old key unreadable")
    func rotation() async throws {
        let fixture = try await VaultFixture.make()
        let (person, tokens) = try await fixture.shopper()
        let before = try await fixture.book.read { try VaultStorage.person(person, $0)?.wrappedKey }
        let outcome = try await fixture.vault.rotate(fixture.book, tenant: VaultFixture.tenant)
        #expect(outcome.version == 2 && outcome.people == 1)
        let after = try await fixture.book.read { try VaultStorage.person(person, $0)?.wrappedKey }
        #expect(before != after)
        #expect(try await fixture.reveal(Array(tokens.values)).count == 3)
        let old = try await fixture.book.read { reader in
            try reader.query("SELECT wrapped FROM vault_tenant_keys WHERE retired_at IS NOT NULL") { $0.isNull(0) }
        }
        #expect(old == [true])

        // Another process that opens the book finds the new key, and lookups still find the person.
        let fresh = Vault(keys: try LocalKeyFile(path: fixture.keyFile))
        try await fresh.unlock(fixture.book, tenant: VaultFixture.tenant)
        let found = try await fixture.book.read {
            try fresh.find(kind: .email, value: "ada.lovelace@example.org", in: $0)
        }
        #expect(found == person)
        await fixture.discard()
    }

    @Test("a vault that is not unlocked says so instead of writing in the clear")
    func locked() async throws {
        let fixture = try await VaultFixture.make()
        fixture.vault.lock(fixture.book)
        let refusal = await #expect(throws: VaultError.self) { try await fixture.shopper() }
        #expect(refusal?.code == .locked)
        #expect(refusal?.problem.retryAfterSeconds == 1)
        await fixture.discard()
    }

    @Test("the same seed seals the same bytes, so that a scenario replays")
    func replay() async throws {
        var journals: [[UInt8]] = []
        for _ in 0..<2 {
            let fixture = try await VaultFixture.make(seed: 7)
            let (_, tokens) = try await fixture.shopper()
            _ = try await fixture.reveal(tokens.values.sorted())
            journals.append(try await fixture.book.read { try Journal.head($0).hash })
            await fixture.discard()
        }
        #expect(journals[0] == journals[1])
    }

    @Test("no byte of the book is a personal value in the clear", arguments: [false, true])
    func rawBytes(checkpointed: Bool) async throws {
        let fixture = try await VaultFixture.make()
        let (person, tokens) = try await fixture.shopper()
        _ = try await fixture.reveal(Array(tokens.values))
        _ = try await fixture.vault.exportPerson(
            .with {
                $0.personID = person.description
                $0.reason = "access request"
            }, fixture.context(VaultContract.exportPerson, key: "once"))
        if checkpointed { await fixture.book.close() }

        let data = try await fixture.test.contents()
        #expect(data.range(of: Data(person.uuid.bytes)) != nil, "the person is in what is searched")
        let lowered = Data(data.map { (65...90).contains($0) ? $0 + 32 : $0 })
        for clear in ["lovelace", "ada.", "example.org", "7946", "442079460958"] {
            #expect(lowered.range(of: Data(clear.utf8)) == nil, "\(clear) stands in the book")
        }
        await fixture.discard()
    }
}
