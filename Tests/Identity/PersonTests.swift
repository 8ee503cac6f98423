import Contract
import Identity
import Runtime
import Store
import TestStores
import Testing

@Suite("Who stands behind a key", .onBothStores)
struct PersonTests {
    @Test("a key issued by a user is that user, and so is the key which that key issued")
    func chain() async throws {
        let fixture = try await IdentityFixture.make()
        let identity = fixture.identity
        let user = try await fixture.user("anna", .manager)
        let first = try await identity.issueKey(
            tenant: IdentityFixture.left, name: "one", scopes: ["orders:read"], by: "\(user)"
        ).key
        let second = try await identity.issueKey(
            tenant: IdentityFixture.left, name: "two", scopes: ["orders:read"], by: "\(first.id)"
        ).key
        #expect(try await identity.person(behind: "\(user)") == "\(user)")
        #expect(try await identity.person(behind: "\(first.id)") == "\(user)")
        #expect(try await identity.person(behind: "\(second.id)") == "\(user)")
        await fixture.discard()
    }

    @Test("the operator's keys of one name are one holder, of two names two; a revoked one is still its holder's")
    func rotated() async throws {
        let fixture = try await IdentityFixture.make()
        let identity = fixture.identity
        func key(_ name: String) async throws -> String {
            "\(try await identity.issueKey(tenant: IdentityFixture.left, name: name, scopes: ["orders:read"]).key.id)"
        }
        let old = try await key("anna")
        let before = try await identity.person(behind: old)
        try await identity.revokeKey(try #require(ApiKeyID(old)))
        let new = try await key("anna")
        #expect(try await identity.person(behind: new) == before)
        #expect(try await identity.person(behind: old) == before)
        #expect(try await identity.person(behind: try await key("bert")) != before)
        await fixture.discard()
    }
}
