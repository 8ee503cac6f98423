internal import Crypto
internal import JWTKit
internal import Runtime
internal import Synchronization

/// Signs and verifies people's tokens: JWTs (RFC 7519) signed with EdDSA over Ed25519, and nothing else.
///
/// Key identifier and algorithm are checked before the library sees the token: it would try its default key for an
/// unknown `kid`, and a token must never choose how it is verified.
final class UserTokens: Sendable {
    static let longestLifetime = Duration.seconds(86_400)
    static let lengthLimit = 4_096

    /// Between two looks at the file for a key that is not known: anybody may send a token with any key's name.
    static let reloadEvery = Duration.seconds(1)

    private struct Keys {
        var keys: [SigningKey]
        var collection: JWTKeyCollection
        var readAt = ContinuousClock.now
    }

    private let content: Mutex<Keys>
    private let store: any SigningKeyStore
    private let issuer: String
    private let audience: String

    init(store: any SigningKeyStore, issuer: String, audience: String, world: World) async throws {
        var keys = try store.load()
        if !keys.contains(where: { $0.verifiesUntilMicroseconds == nil }) {
            keys.append(.make(random: world.random, now: world.now()))
            try store.save(keys)
        }
        self.store = store
        self.issuer = issuer
        self.audience = audience
        content = Mutex(Keys(keys: keys, collection: try await UserTokens.collection(keys)))
    }

    func sign(
        id: String, user: UserID, tenant: String, now: Timestamp, expires: Timestamp
    ) async throws -> String {
        let (key, collection) = try content.withLock { content in
            guard let key = content.keys.last(where: { $0.verifiesUntilMicroseconds == nil }) else {
                throw IdentityError(.keyFile, "there is no signing key")
            }
            return (key, content.collection)
        }
        let claims = Claims(
            iss: issuer, sub: user.description, aud: .init(value: [audience]), tnt: tenant, jti: id,
            iat: now.seconds, nbf: now.seconds, exp: expires.seconds)
        return try await collection.sign(claims, kid: JWKIdentifier(string: key.kid))
    }

    /// The claims of a token whose signature and addressees hold. Times are the caller's to check, at every use.
    func verify(_ token: String) async throws -> Claims {
        guard token.utf8.count <= UserTokens.lengthLimit else { throw IdentityError(.malformed) }
        let header: JWTHeader
        do {
            header = try DefaultJWTParser().parse(Array(token.utf8), as: Claims.self).header
        } catch {
            throw IdentityError(.malformed)
        }
        guard header.alg == "EdDSA", header[dynamicMember: "crit"] == nil else { throw IdentityError(.wrongAlgorithm) }
        guard let collection = try await verifier(header.kid) else { throw IdentityError(.unknown) }
        let claims: Claims
        do {
            claims = try await collection.verify(Array(token.utf8), as: Claims.self)
        } catch {
            throw IdentityError(.badSignature)
        }
        guard claims.iss == issuer, claims.aud.value.contains(audience) else { throw IdentityError(.wrongAudience) }
        return claims
    }

    /// The keys to verify with when one of that name is among them. Another process may have made it a moment ago.
    private func verifier(_ kid: String?) async throws -> JWTKeyCollection? {
        let (known, isOld) = content.withLock { content -> (JWTKeyCollection?, Bool) in
            let isKnown = content.keys.contains { $0.kid == kid }
            return (isKnown ? content.collection : nil, ContinuousClock.now - content.readAt > UserTokens.reloadEvery)
        }
        if known != nil || !isOld { return known }
        try await reload()
        return content.withLock { content in content.keys.contains { $0.kid == kid } ? content.collection : nil }
    }

    /// Reads the keys again, which another process may have replaced. A store that keeps none leaves them as they are.
    func reload() async throws {
        let stored = try store.load()
        guard stored.contains(where: { $0.verifiesUntilMicroseconds == nil }) else {
            content.withLock { $0.readAt = .now }
            return
        }
        let collection = try await UserTokens.collection(stored)
        content.withLock { $0 = Keys(keys: stored, collection: collection) }
    }

    /// Signs with a new key from now on; the old keys verify for as long as a token of theirs may live.
    func rotate(world: World) async throws -> (kid: String, verifying: Int) {
        // Another process may have rotated them before.
        try await reload()
        let now = world.now()
        var keys = content.withLock { $0.keys }
        keys.removeAll { ($0.verifiesUntilMicroseconds ?? .max) <= now.microseconds }
        for index in keys.indices where keys[index].verifiesUntilMicroseconds == nil {
            keys[index].verifiesUntilMicroseconds = now.adding(UserTokens.longestLifetime).microseconds
        }
        let new = SigningKey.make(random: world.random, now: now)
        keys.append(new)
        try store.save(keys)
        let collection = try await UserTokens.collection(keys)
        content.withLock { $0 = Keys(keys: keys, collection: collection) }
        return (new.kid, keys.count)
    }

    private static func collection(_ keys: [SigningKey]) async throws -> JWTKeyCollection {
        let collection = JWTKeyCollection()
        for key in keys {
            let backing = try Curve25519.Signing.PrivateKey(rawRepresentation: key.seed)
            await collection.add(
                eddsa: EdDSA.PrivateKey(backing: backing), kid: JWKIdentifier(string: key.kid))
        }
        return collection
    }

    struct Claims: JWTPayload, Sendable {
        var iss: String
        var sub: String
        var aud: AudienceClaim
        var tnt: String
        var jti: String
        var iat: Int64
        var nbf: Int64
        var exp: Int64

        /// Nothing: the library would take the machine's time, and ours is injected.
        func verify(using algorithm: some JWTAlgorithm) async throws {}
    }
}

extension Timestamp {
    /// Whole seconds since 1970, as JWT counts.
    var seconds: Int64 { microseconds / 1_000_000 }
}
