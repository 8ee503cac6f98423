internal import Crypto
internal import Runtime
internal import Store

extension Identity {
    func identifyKey(_ bearer: String) async throws -> Principal {
        guard let credential = Credential(bearer), credential.environment == environment else {
            throw IdentityError(.malformed)
        }
        let now = platform.world.now()
        let key = try await keyMemory.value(credential.key, now: now) {
            try await platform.read { try IdentityStorage.key(credential.key, $0) }
        }
        // An unknown key is compared too, so that time does not tell which identifiers exist.
        let stored = key?.secretHash ?? [UInt8](repeating: 0, count: 32)
        let matches = Credential.same(stored, credential.secretHash)
        guard let key else { throw IdentityError(.unknown) }
        guard matches else { throw IdentityError(.wrongSecret) }
        guard key.revokedAt == nil else { throw IdentityError(.revoked) }
        if let end = key.expiresAt, end <= now { throw IdentityError(.expired) }
        return Principal(subject: key.id.description, tenant: key.tenant, scopes: key.scopes)
    }

    func identifyToken(_ bearer: String) async throws -> Principal {
        guard bearer.utf8.count <= UserTokens.lengthLimit else { throw IdentityError(.malformed) }
        let now = platform.world.now()
        let digest = Array(SHA256.hash(data: Array(bearer.utf8)))
        // A signature is checked once a minute; times and the user are checked at every use.
        let verified = try await tokenMemory.value(digest, now: now) { try await tokens.verify(bearer) }
        guard let claims = verified, let id = UserID(claims.sub) else { throw IdentityError(.malformed) }
        guard claims.exp > now.seconds else { throw IdentityError(.expired) }
        guard claims.nbf <= now.seconds else { throw IdentityError(.notYetValid) }

        let user = try await userMemory.value(id, now: now) {
            try await platform.read { try IdentityStorage.user(id, $0) }
        }
        guard let user else { throw IdentityError(.unknown) }
        guard user.tenant == claims.tnt, !user.tenant.isEmpty else { throw IdentityError(.wrongTenant) }
        guard user.isActive, claims.iat >= user.tokensFrom.seconds else { throw IdentityError(.inactiveUser) }
        return Principal(subject: user.id.description, tenant: user.tenant, scopes: user.role.scopes)
    }
}
