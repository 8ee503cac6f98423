import Contract
import Crypto
import Foundation
import JWTKit
import Runtime
import Store
import SwiftProtobuf
import TestStores
import Testing

@testable import Identity

@Suite(.onBothStores) struct UserTokenTests {
    @Test("a token stands for its user with the scopes of the role")
    func issue() async throws {
        let fixture = try await IdentityFixture.make()
        let user = try await fixture.user("clerk-1", .clerk)
        let principal = try await fixture.identity.identify(try await fixture.token(user))
        #expect(principal.subject == user.description)
        #expect(principal.tenant == IdentityFixture.left)
        #expect(principal.scopes == Role.clerk.scopes)
        await fixture.discard()
    }

    @Test("a token ends at its expiry and does not begin before its time, by the injected clock")
    func times() async throws {
        let fixture = try await IdentityFixture.make()
        let user = try await fixture.user("clerk-1", .clerk)
        let token = try await fixture.token(user, seconds: 600)
        fixture.clock.advance(by: .seconds(599))
        #expect(await fixture.code(token) == nil)
        fixture.clock.advance(by: .seconds(1))
        #expect(await fixture.code(token) == .expired)
        fixture.clock.advance(by: .seconds(-700))
        #expect(await fixture.code(token) == .notYetValid)
        await fixture.discard()
    }

    @Test("alg none, another algorithm, a changed payload, a foreign key and an unknown kid are refused")
    func forged() async throws {
        let fixture = try await IdentityFixture.make()
        let user = try await fixture.user("clerk-1", .clerk)
        let good = try await fixture.token(user)
        let parts = good.split(separator: ".").map(String.init)
        let header = try #require(JSONSerialization.jsonObject(with: decoded(parts[0])) as? [String: Any])
        let kid = try #require(header["kid"] as? String)

        let none = encoded(#"{"alg":"none","typ":"JWT","kid":"\#(kid)"}"#) + "." + parts[1] + "."
        #expect(await fixture.code(none) == .wrongAlgorithm)
        let bareNone = encoded(#"{"alg":"none"}"#) + "." + parts[1] + "."
        #expect(await fixture.code(bareNone) == .wrongAlgorithm)

        // The classic confusion: an HMAC keyed with what everybody knows.
        let hmacInput = encoded(#"{"alg":"HS256","typ":"JWT","kid":"\#(kid)"}"#) + "." + parts[1]
        let code = HMAC<SHA256>.authenticationCode(for: Data(hmacInput.utf8), using: SymmetricKey(data: Data(kid.utf8)))
        #expect(await fixture.code(hmacInput + "." + encoded(Data(code))) == .wrongAlgorithm)

        let claims = String(decoding: decoded(parts[1]), as: UTF8.self)
        let moved = claims.replacingOccurrences(of: IdentityFixture.left, with: IdentityFixture.right)
        #expect(moved != claims)
        #expect(await fixture.code("\(parts[0]).\(encoded(moved)).\(parts[2])") == .badSignature)

        let foreign = Curve25519.Signing.PrivateKey()
        let input = parts[0] + "." + parts[1]
        let signature = try foreign.signature(for: Data(input.utf8))
        #expect(await fixture.code(input + "." + encoded(signature)) == .badSignature)

        let otherKid = encoded(#"{"alg":"EdDSA","typ":"JWT","kid":"nobody"}"#)
        #expect(await fixture.code("\(otherKid).\(parts[1]).\(parts[2])") == .unknown)
        for text in ["a.b.c", "..", good + ".x", String(repeating: "a", count: 5_000)] {
            #expect(await fixture.code(text) == .malformed)
        }
        #expect(await fixture.code(good) == nil)
        await fixture.discard()
    }

    @Test("a token of another installation is refused, even with the same signing key")
    func audience() async throws {
        let keys = SigningKeyFile(path: NSTemporaryDirectory() + "kontor-sign-\(UUID().uuidString)/keys.json")
        let one = try await IdentityFixture.make(signingKeys: keys, issuer: "https://one.example")
        let other = try await IdentityFixture.make(signingKeys: keys, issuer: "https://other.example")
        let token = try await one.token(try await one.user("clerk-1", .clerk))
        #expect(await one.code(token) == nil)
        #expect(await other.code(token) == .wrongAudience)
        await one.discard()
        await other.discard()
    }

    @Test("after a rotation old tokens hold until the last of them has expired, and restarts keep the keys")
    func rotation() async throws {
        let path = NSTemporaryDirectory() + "kontor-sign-\(UUID().uuidString)/keys.json"
        let fixture = try await IdentityFixture.make(signingKeys: SigningKeyFile(path: path))
        let user = try await fixture.user("clerk-1", .clerk)
        let old = try await fixture.token(user, seconds: 86_400)
        let rotated = try await fixture.identity.rotateSigningKey()
        #expect(rotated.verifying == 2)
        let new = try await fixture.token(user)
        #expect(await fixture.code(old) == nil)
        #expect(await fixture.code(new) == nil)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o600)
        let again = try await Identity(
            platform: fixture.platform.book, signingKeys: SigningKeyFile(path: path), environment: "test")
        #expect(try await again.identify(old).subject == user.description)
        fixture.clock.advance(by: .seconds(90_000))
        #expect(try await fixture.identity.rotateSigningKey().verifying == 2)
        #expect(await fixture.code(old) == .unknown)
        await fixture.discard()
    }

    @Test("a disabled user's and a signed-out user's tokens end at once")
    func disabled() async throws {
        let fixture = try await IdentityFixture.make()
        let user = try await fixture.user("clerk-1", .clerk)
        let token = try await fixture.token(user)
        #expect(await fixture.code(token) == nil)
        _ = try await fixture.identity.changeUser(
            .with {
                $0.userID = user.description
                $0.signOut = true
            }, fixture.context(IdentityContract.changeUser))
        #expect(await fixture.code(token) == .inactiveUser)
        fixture.clock.advance(by: .seconds(1))
        let second = try await fixture.token(user)
        #expect(await fixture.code(second) == nil)
        _ = try await fixture.identity.changeUser(
            .with {
                $0.userID = user.description
                $0.active = false
            }, fixture.context(IdentityContract.changeUser))
        #expect(await fixture.code(second) == .inactiveUser)
        await fixture.discard()
    }

    @Test("who holds less than a role neither adds it, issues its tokens nor disables it")
    func escalation() async throws {
        let fixture = try await IdentityFixture.make()
        let owner = try await fixture.user("owner-1", .owner)
        let weak: Set<String> = ["users:write", "tokens:write"]
        let identity = fixture.identity
        let refusals = [
            await #expect(throws: IdentityError.self) {
                _ = try await identity.addUser(
                    .with {
                        $0.handle = "owner-2"
                        $0.role = "owner"
                    }, fixture.context(IdentityContract.addUser, scopes: weak))
            },
            await #expect(throws: IdentityError.self) {
                _ = try await identity.issueToken(
                    .with { $0.userID = owner.description }, fixture.context(IdentityContract.issueToken, scopes: weak))
            },
            await #expect(throws: IdentityError.self) {
                _ = try await identity.changeUser(
                    .with {
                        $0.userID = owner.description
                        $0.active = false
                    }, fixture.context(IdentityContract.changeUser, scopes: weak))
            }
        ]
        #expect(refusals.allSatisfy { $0?.code == .escalation })
        await fixture.discard()
    }

    private func encoded(_ text: String) -> String { encoded(Data(text.utf8)) }

    private func encoded(_ data: Data) -> String {
        data.base64EncodedString().replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
    }

    private func decoded(_ text: String) -> Data {
        var base = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        while base.utf8.count % 4 != 0 { base += "=" }
        return Data(base64Encoded: base) ?? Data()
    }
}
