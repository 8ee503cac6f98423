import Contract
import Foundation
import Journal
import Runtime
import Store
import SwiftProtobuf
import TestStores
import Testing

@testable import Identity

@Suite(.onBothStores) struct ApiKeyTests {
    @Test("a key stands for its tenant and its scopes, and its secret is stored nowhere")
    func issue() async throws {
        let fixture = try await IdentityFixture.make()
        let (key, credential) = try await fixture.identity.issueKey(
            tenant: IdentityFixture.left, name: "web shop", scopes: ["orders:write"])
        #expect(credential.hasPrefix("kontor_test_"))
        let principal = try await fixture.identity.identify(credential)
        #expect(principal.subject == key.id.description)
        #expect(principal.tenant == IdentityFixture.left)
        #expect(principal.scopes == ["orders:write"])

        let parsed = try #require(Credential(credential))
        await fixture.platform.book.close()
        let data = try await fixture.platform.contents()
        #expect(data.range(of: Data(key.id.uuid.bytes)) != nil, "the key is in what is searched")
        #expect(data.range(of: Data(parsed.secret)) == nil)
        #expect(data.range(of: Data(credential.suffix(64).utf8)) == nil)
        await fixture.discard()
    }

    @Test("forged, foreign, malformed and missing keys are refused, all with the same answer")
    func forged() async throws {
        let fixture = try await IdentityFixture.make()
        let (_, good) = try await fixture.identity.issueKey(
            tenant: IdentityFixture.left, name: "shop", scopes: ["*"])
        let parsed = try #require(Credential(good))
        let zero = [UInt8](repeating: 0, count: 32)
        let wrongSecret = Credential(environment: "test", key: parsed.key, secret: zero).text
        let unknown = Credential(
            environment: "test", key: fixture.platform.book.world.newID(), secret: parsed.secret
        ).text
        let live = Credential(environment: "live", key: parsed.key, secret: parsed.secret).text
        #expect(await fixture.code(good) == nil)
        #expect(await fixture.code(wrongSecret) == .wrongSecret)
        #expect(await fixture.code(unknown) == .unknown)
        #expect(await fixture.code(live) == .malformed)
        #expect(await fixture.code(nil) == .missing)
        for text in ["kontor_", "kontor_test", good + "0", String(good.dropLast()), good.uppercased(), "nonsense"] {
            #expect(await fixture.code(text) == .malformed, "\(text)")
        }
        let codes: [IdentityError.Code] = [
            .missing, .malformed, .unknown, .wrongSecret, .revoked, .expired, .wrongAlgorithm, .badSignature,
            .wrongTenant
        ]
        #expect(Set(codes.map { IdentityError($0, "inside").problem }) == [.unauthenticated])
        await fixture.discard()
    }

    @Test("a revoked key is refused at once, also when it was just used")
    func revoke() async throws {
        let fixture = try await IdentityFixture.make()
        let (key, credential) = try await fixture.identity.issueKey(
            tenant: IdentityFixture.left, name: "shop", scopes: ["*"])
        #expect(await fixture.code(credential) == nil)
        #expect(try await fixture.identity.revokeKey(key.id))
        #expect(await fixture.code(credential) == .revoked)
        #expect(try await fixture.identity.revokeKey(key.id) == false)
        await fixture.discard()
    }

    @Test("a key ends at its expiry, while it is remembered too")
    func expiry() async throws {
        let fixture = try await IdentityFixture.make()
        let end = fixture.clock.now().adding(.seconds(1))
        let (_, credential) = try await fixture.identity.issueKey(
            tenant: IdentityFixture.left, name: "shop", scopes: ["*"], expiresAt: end)
        #expect(await fixture.code(credential) == nil)
        fixture.clock.advance(by: .seconds(1))
        #expect(await fixture.code(credential) == .expired)
        await fixture.discard()
    }

    @Test("a tenant neither sees nor revokes another tenant's keys")
    func otherTenant() async throws {
        let fixture = try await IdentityFixture.make()
        let (key, credential) = try await fixture.identity.issueKey(
            tenant: IdentityFixture.left, name: "shop", scopes: ["*"])
        let refusal = await #expect(throws: IdentityError.self) {
            try await fixture.identity.revokeKey(
                .with { $0.keyID = key.id.description },
                fixture.context(IdentityContract.revokeKey, tenant: IdentityFixture.right))
        }
        #expect(refusal?.problem.status == 404)
        #expect(await fixture.code(credential) == nil)
        let listed = try await fixture.identity.listKeys(
            .init(), fixture.context(IdentityContract.listKeys, tenant: IdentityFixture.right))
        #expect(listed.keys.isEmpty)
        await fixture.discard()
    }

    @Test("nobody grants more than they hold, and no tenant's key gets a scope of the platform")
    func escalation() async throws {
        let fixture = try await IdentityFixture.make()
        for (scopes, held, code) in [
            (["orders:*"], ["orders:write", "keys:write"], IdentityError.Code.escalation),
            (["*"], ["orders:*", "keys:write"], .escalation),
            (["platform:tenants"], ["*"], .invalidField),
            (["Orders"], ["*"], .invalidField),
            ([], ["*"], .invalidField)
        ] {
            let refusal = await #expect(throws: IdentityError.self) {
                try await fixture.identity.issueKey(
                    .with {
                        $0.name = "more"
                        $0.scopes = scopes
                    }, fixture.context(IdentityContract.issueKey, scopes: Set(held)))
            }
            #expect(refusal?.code == code)
        }
        await fixture.discard()
    }

    @Test("keys are listed page by page, each once")
    func pages() async throws {
        let fixture = try await IdentityFixture.make()
        for number in 0..<5 {
            _ = try await fixture.identity.issueKey(
                tenant: IdentityFixture.left, name: "key \(number)", scopes: ["orders:read"])
        }
        var names: [String] = []
        var next = ""
        repeat {
            let page = try await fixture.identity.listKeys(
                .with {
                    $0.pageSize = 2
                    $0.pageToken = next
                }, fixture.context(IdentityContract.listKeys))
            names += page.keys.map(\.name)
            next = page.nextPageToken
        } while !next.isEmpty
        #expect(names == (0..<5).map { "key \($0)" })
        await fixture.discard()
    }

    @Test("no key is issued for a tenant that is not there")
    func nobody() async throws {
        let fixture = try await IdentityFixture.make()
        let refusal = await #expect(throws: IdentityError.self) {
            try await fixture.identity.issueTenantKey(
                .with {
                    $0.tenantID = "nobody"
                    $0.name = "first"
                    $0.scopes = ["*"]
                }, fixture.context(IdentityContract.issueTenantKey))
        }
        #expect(refusal?.problem.status == 404)
        await fixture.discard()
    }
}
