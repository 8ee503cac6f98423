import Contract
import Foundation
import Runtime
import Store
import SwiftProtobuf
import TestStores
import Testing

@testable import Vault

@Suite(.onBothStores) struct VaultServiceTests {
    @Test("an access request gets every value held, and the read is told")
    func export() async throws {
        let fixture = try await VaultFixture.make()
        let (person, _) = try await fixture.shopper()
        let export = try await fixture.vault.exportPerson(
            .with {
                $0.personID = person.description
                $0.reason = "access request"
            }, fixture.context(VaultContract.exportPerson))
        #expect(Set(export.values.map(\.value)) == ["Ada.Lovelace@example.org", "Ada Lovelace", "+44 20 7946 0958"])
        #expect(export.person.state == "held" && export.person.held.count == 3)
        #expect(try await fixture.events("PersonalDataRead").count == 1)
        await fixture.discard()
    }

    @Test("a person is found by address; what is held is listed without values; erasing twice answers the same")
    func findAndErase() async throws {
        let fixture = try await VaultFixture.make()
        let (person, _) = try await fixture.shopper()
        let vault = fixture.vault
        let found = try await vault.findPerson(
            .with { $0.email = "ADA.lovelace@example.org" }, fixture.context(VaultContract.findPerson))
        #expect(found.personID == person.description)
        let erase = V1ErasePersonRequest.with { $0.personID = person.description }
        let first = try await vault.erasePerson(erase, fixture.context(VaultContract.erasePerson, key: "e-1"))
        let second = try await vault.erasePerson(erase, fixture.context(VaultContract.erasePerson, key: "e-1"))
        let third = try await vault.erasePerson(erase, fixture.context(VaultContract.erasePerson))
        #expect(first.state == "erased" && first == second && first == third)
        let refusal = await #expect(throws: VaultError.self) {
            try await vault.findPerson(
                .with { $0.email = "ada.lovelace@example.org" }, fixture.context(VaultContract.findPerson))
        }
        #expect(refusal?.problem.status == 404)
        await fixture.discard()
    }

    @Test("refusals name the field and the rule, and never the value")
    func refusals() async throws {
        let fixture = try await VaultFixture.make()
        let (_, tokens) = try await fixture.shopper()
        let name = try #require(tokens[.name])
        let vault = fixture.vault
        for (list, reason, status) in [
            ([], "parcel label", 422), (["tok_nonsense"], "parcel label", 404), ([name], "x", 422),
            ([name], "for ada@example.org", 422),
            (Array(repeating: name, count: Vault.revealLimit + 1), "parcel label", 422)
        ] {
            let refusal = await #expect(throws: VaultError.self) {
                try await vault.revealTokens(
                    .with {
                        $0.tokens = list
                        $0.reason = reason
                    }, fixture.context(VaultContract.revealTokens))
            }
            #expect(refusal?.problem.status == status)
        }
        let refusal = await #expect(throws: VaultError.self) {
            try await fixture.shopper(email: "not-an-address-of-ada")
        }
        #expect(refusal?.problem.detail.contains("ada") == false)
        #expect(refusal?.problem.field == "email")
        #expect(try await fixture.events("PersonalDataRead").isEmpty)
        await fixture.discard()
    }

    @Test("a repeated rotation rotates once, and everything stays readable")
    func rotation() async throws {
        let fixture = try await VaultFixture.make()
        let (_, tokens) = try await fixture.shopper()
        let context = fixture.context(VaultContract.rotateTenantKey, key: "r-1")
        let first = try await fixture.vault.rotateTenantKey(.init(), context)
        let second = try await fixture.vault.rotateTenantKey(.init(), context)
        #expect(first == second && first.version == 2 && first.people == 1)
        #expect(try await fixture.events("TenantKeyRotated").count == 1)
        #expect(try await fixture.reveal(Array(tokens.values)).count == 3)
        await fixture.discard()
    }

    @Test("a key that another process rotated is fetched, not complained about")
    func rotatedElsewhere() async throws {
        let fixture = try await VaultFixture.make()
        let (_, tokens) = try await fixture.shopper()
        let elsewhere = Vault(keys: try LocalKeyFile(path: fixture.keyFile))
        _ = try await elsewhere.rotate(fixture.book, tenant: VaultFixture.tenant)
        let reply = try await fixture.vault.revealTokens(
            .with {
                $0.tokens = Array(tokens.values)
                $0.reason = "parcel label"
            }, fixture.context(VaultContract.revealTokens))
        #expect(reply.values.count == 3)
        await fixture.discard()
    }
}
