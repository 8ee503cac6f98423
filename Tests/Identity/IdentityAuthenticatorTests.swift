import Contract
import Runtime
import Store
import SwiftProtobuf
import TestStores
import Testing

@testable import Identity

@Suite(.onBothStores) struct IdentityAuthenticatorTests {
    @Test("a credential of one tenant opens that tenant's book, whatever the path says")
    func tenantFromCredential() async throws {
        let fixture = try await IdentityFixture.make()
        let (_, left) = try await fixture.identity.issueKey(
            tenant: IdentityFixture.left, name: "left", scopes: ["*"])
        let token = try await fixture.token(
            try await fixture.user("right-1", .owner, tenant: IdentityFixture.right), tenant: IdentityFixture.right)
        let path = ["tenant_id": IdentityFixture.right, "tenant": IdentityFixture.right]
        let one = try await fixture.authenticator.authenticate(
            bearer: left, operation: IdentityContract.whoAmI, path: path)
        #expect(one.tenant == IdentityFixture.left)
        #expect(one.book === fixture.books[IdentityFixture.left]?.book)
        let other = try await fixture.authenticator.authenticate(
            bearer: token, operation: IdentityContract.whoAmI, path: [:])
        #expect(other.book === fixture.books[IdentityFixture.right]?.book)
        await fixture.discard()
    }

    @Test("tenants never reach the platform's operations, operators never a tenant's data")
    func apart() async throws {
        let fixture = try await IdentityFixture.make()
        let (_, tenant) = try await fixture.identity.issueKey(
            tenant: IdentityFixture.left, name: "all", scopes: ["*"])
        let (_, operatorKey) = try await fixture.identity.issueOperatorKey(name: "root")
        let refused = await #expect(throws: IdentityError.self) {
            try await fixture.authenticator.authenticate(
                bearer: tenant, operation: IdentityContract.issueTenantKey, path: [:])
        }
        #expect(refused?.code == .operatorOnly && refused?.problem.status == 403)
        let kept = await #expect(throws: IdentityError.self) {
            try await fixture.authenticator.authenticate(
                bearer: operatorKey, operation: IdentityContract.whoAmI, path: [:])
        }
        #expect(kept?.code == .tenantOnly && kept?.problem.status == 403)
        let caller = try await fixture.authenticator.authenticate(
            bearer: operatorKey, operation: IdentityContract.issueTenantKey, path: [:])
        #expect(caller.book === fixture.platform.book)
        await fixture.discard()
    }

    @Test("a missing scope is named with 403; a missing credential is 401")
    func scopes() async throws {
        let fixture = try await IdentityFixture.make()
        let (_, credential) = try await fixture.identity.issueKey(
            tenant: IdentityFixture.left, name: "narrow", scopes: ["orders:*"])
        let refused = await #expect(throws: IdentityError.self) {
            try await fixture.authenticator.authenticate(
                bearer: credential, operation: IdentityContract.issueKey, path: [:])
        }
        #expect(refused?.problem == .forbidden(scope: "keys:write"))
        let missing = await #expect(throws: IdentityError.self) {
            try await fixture.authenticator.authenticate(bearer: nil, operation: IdentityContract.issueKey, path: [:])
        }
        #expect(missing?.problem == .unauthenticated)
        #expect(Scope.allows(["orders:*"], "orders:write"))
        #expect(!Scope.allows(["orders:*"], "ordersx:write"))
        #expect(!Scope.allows(["orders:write"], "orders:*"))
        await fixture.discard()
    }

    @Test("a remembered key is identified without reading the book")
    func remembered() async throws {
        let fixture = try await IdentityFixture.make()
        let (_, credential) = try await fixture.identity.issueKey(
            tenant: IdentityFixture.left, name: "shop", scopes: ["*"])
        _ = try await fixture.identity.identify(credential)
        await fixture.platform.book.close()
        #expect(try await fixture.identity.identify(credential).tenant == IdentityFixture.left)
        await fixture.discard()
    }

    @Test("the memory stays within its bound")
    func bound() async throws {
        let memory = ShortMemory<Int, Int>(limit: 100)
        let now = Timestamp(microseconds: 0)
        for key in 0..<1_000 { _ = try await memory.value(key, now: now) { key } }
        #expect(memory.count <= 100)
    }

    // reader                          revoker
    // reads the row: active
    //                                 commits the revocation, forgets the key
    // remembers nothing of it
    // asks again: reads "revoked"
    @Test("what was read before a revocation is not remembered after it")
    func race() async throws {
        let memory = ShortMemory<String, String>()
        let now = Timestamp(microseconds: 0)
        let first = try await memory.value("key", now: now) {
            memory.forget("key")
            return "active"
        }
        let second = try await memory.value("key", now: now) { "revoked" }
        #expect(first == "active" && second == "revoked")
    }
}
