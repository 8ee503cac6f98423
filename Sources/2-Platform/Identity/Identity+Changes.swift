internal import Contract
internal import Runtime
internal import Store
internal import SwiftProtobuf

extension Identity {
    // ---- Keys ----

    func issue(
        tenant: String, name: String, scopes: [String], expiresAt: Timestamp?, by: String
    ) async throws -> (key: ApiKey, credential: String) {
        try check(name: name, scopes: scopes, expiresAt: expiresAt)
        let credential = Credential(
            environment: environment, key: platform.world.newID(), secret: platform.world.random.bytes(32))
        let key = try await platform.write("identity.issue") { tx in
            let key = ApiKey(
                id: credential.key, tenant: tenant, name: name, secretHash: credential.secretHash,
                scopes: Set(scopes), createdAt: tx.now, expiresAt: expiresAt, revokedAt: nil)
            try IdentityStorage.insert(key, in: tx)
            try IdentityStorage.insert(issuer: by, of: key.id, in: tx)
            try tx.record(
                V1ApiKeyIssued.with {
                    $0.keyID = key.id.description
                    $0.tenantID = tenant
                    $0.scopes = key.scopes.sorted()
                    $0.expiresAtUs = expiresAt?.microseconds ?? 0
                    $0.by = by
                    $0.atUs = tx.now.microseconds
                })
            return key
        }
        return (key, credential.text)
    }

    func revoke(_ id: ApiKeyID, tenant: String?, by: String, in tx: Transaction) throws -> Bool {
        // A key of another tenant is as unknown as one that never was.
        guard let key = try IdentityStorage.key(id, tx), tenant == nil || key.tenant == tenant else {
            throw IdentityError(.notFound, "there is no key \(id)")
        }
        guard key.revokedAt == nil else { return false }
        try IdentityStorage.revoke(id, in: tx)
        try tx.announce(Topic.key, id.description)
        try tx.record(
            V1ApiKeyRevoked.with {
                $0.keyID = id.description
                $0.tenantID = key.tenant
                $0.by = by
                $0.atUs = tx.now.microseconds
            })
        return true
    }

    private func check(name: String, scopes: [String], expiresAt: Timestamp?) throws {
        guard (1...80).contains(name.count) else {
            throw IdentityError(.invalidField, field: "name", "name must be 1 to 80 characters long")
        }
        guard (1...Identity.scopeLimit).contains(scopes.count), Set(scopes).count == scopes.count else {
            throw IdentityError(.invalidField, field: "scopes", "scopes must name 1 to 50 scopes, each once")
        }
        if let wrong = scopes.first(where: { !Scope.isScope($0) }) {
            throw IdentityError(
                .invalidField, field: "scopes",
                "\(wrong.prefix(64)) is no scope: write capability:action, capability:* or *")
        }
        if let expiresAt, expiresAt <= platform.world.now() {
            throw IdentityError(.invalidField, field: "expires_at", "expires_at must lie in the future")
        }
    }

    // ---- Users ----

    func addUser(tenant: String, handle: String, role: Role, by: String, in tx: Transaction) throws -> User {
        let allowed = handle.utf8.allSatisfy {
            (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 46 || $0 == 95
        }
        guard (2...40).contains(handle.utf8.count), allowed else {
            throw IdentityError(
                .invalidField, field: "handle",
                "handle must be 2 to 40 of a-z, 0-9, dot, hyphen and underscore: a pseudonym, no mail address")
        }
        guard try IdentityStorage.user(handle: handle, tenant: tenant, tx) == nil else {
            throw IdentityError(.handleTaken, "the handle \(handle) is taken")
        }
        let user = User(
            id: tx.newID(), tenant: tenant, handle: handle, role: role, isActive: true, tokensFrom: tx.now,
            createdAt: tx.now)
        try IdentityStorage.insert(user, in: tx)
        try tx.record(
            V1UserAdded.with {
                $0.userID = user.id.description
                $0.tenantID = tenant
                $0.role = role.rawValue
                $0.by = by
                $0.atUs = tx.now.microseconds
            })
        return user
    }

    func change(
        _ id: UserID, tenant: String, role: Role?, active: Bool?, signOut: Bool, by: Caller, in tx: Transaction
    ) throws -> User {
        guard var user = try IdentityStorage.user(id, tx), user.tenant == tenant else {
            throw IdentityError(.notFound, "there is no user \(id)")
        }
        // Who holds less than a user may neither raise nor disable that user.
        try forbidEscalation(by, beyond: user.role.scopes.union(role?.scopes ?? []))
        user.role = role ?? user.role
        user.isActive = active ?? user.isActive
        // Tokens count in whole seconds: the next second on is new, so that a token of this second ends as well.
        if signOut { user.tokensFrom = Timestamp(microseconds: (tx.now.seconds + 1) * 1_000_000) }
        try IdentityStorage.update(user, in: tx)
        try tx.announce(Topic.user, id.description)
        try tx.record(
            V1UserChanged.with {
                $0.userID = id.description
                $0.tenantID = tenant
                $0.role = user.role.rawValue
                $0.active = user.isActive
                $0.signedOut = signOut
                $0.by = by.subject
                $0.atUs = tx.now.microseconds
            })
        return user
    }

    func forbidEscalation(_ caller: Caller, beyond scopes: some Sequence<String>) throws {
        guard Scope.allows(caller.scopes, all: scopes) else {
            throw IdentityError(.escalation, "nobody grants more than they hold")
        }
    }

    // ---- Tokens ----

    func issueToken(
        user id: UserID, tenant: String, lifetimeSeconds: Int32, by: Caller
    ) async throws -> (token: String, expires: Timestamp) {
        let lifetime = lifetimeSeconds == 0 ? 3_600 : lifetimeSeconds
        guard (60...86_400).contains(lifetime) else {
            throw IdentityError(
                .invalidField, field: "lifetime_seconds", "lifetime_seconds must be 60 to 86400, or 0 for an hour")
        }
        let tokenID = platform.world.newUUID().description
        let now = platform.world.now()
        let expires = now.adding(.seconds(Int64(lifetime)))
        try await platform.write("identity.token") { tx in
            guard let user = try IdentityStorage.user(id, tx), user.tenant == tenant, user.isActive else {
                throw IdentityError(.notFound, "there is no active user \(id)")
            }
            try forbidEscalation(by, beyond: user.role.scopes)
            try tx.record(
                V1UserTokenIssued.with {
                    $0.tokenID = tokenID
                    $0.userID = id.description
                    $0.tenantID = tenant
                    $0.by = by.subject
                    $0.expiresAtUs = expires.microseconds
                    $0.atUs = tx.now.microseconds
                })
        }
        let token = try await tokens.sign(id: tokenID, user: id, tenant: tenant, now: now, expires: expires)
        return (token, expires)
    }

    func rotate(by: String) async throws -> (kid: String, verifying: Int) {
        let (kid, verifying) = try await tokens.rotate(world: platform.world)
        tokenMemory.forgetAll()
        _ = try await platform.write("identity.rotate") { tx in
            try tx.announce(Topic.signing, kid)
            return try tx.record(
                V1SigningKeyRotated.with {
                    $0.keyID = kid
                    $0.by = by
                    $0.atUs = tx.now.microseconds
                })
        }
        return (kid, verifying)
    }
}
