public import Contract
internal import Crypto
public import Runtime
public import Store

public enum UserTag: IdentifierTag { public static let prefix = "usr" }
public typealias UserID = Identifier<UserTag>

/// A key for machines. An operator's key belongs to no tenant.
public struct ApiKey: Sendable, Hashable {
    public let id: ApiKeyID
    /// The tenant's identifier; empty for an operator's key.
    public let tenant: String
    public let name: String
    let secretHash: [UInt8]
    public let scopes: Set<String>
    public let createdAt: Timestamp
    public let expiresAt: Timestamp?
    public let revokedAt: Timestamp?

    public func state(at now: Timestamp) -> String {
        if revokedAt != nil { return "revoked" }
        if let expiresAt, expiresAt <= now { return "expired" }
        return "active"
    }
}

/// A person who works for a tenant, by a pseudonym.
public struct User: Sendable, Hashable {
    public let id: UserID
    public let tenant: String
    public let handle: String
    public var role: Role
    public var isActive: Bool
    /// Tokens issued before this moment no longer count.
    public var tokensFrom: Timestamp
    public let createdAt: Timestamp
}

/// Who is asking: issues keys and tokens, and tells from one whose it is and what it may do.
///
/// Everything lives in the platform's book. Verified credentials are remembered for two seconds, so that
/// authenticating a request costs microseconds; a revocation is announced and forgotten everywhere at once.
public struct Identity: Sendable {
    public static var migrations: [Migration] { IdentityStorage.migrations }
    public static let scopeLimit = 50

    let platform: Book
    let environment: String
    let tokens: UserTokens
    let isTenant: @Sendable (String) async throws -> Bool
    let keyMemory = ShortMemory<ApiKeyID, ApiKey>()
    let userMemory = ShortMemory<UserID, User>()
    let tokenMemory = ShortMemory<[UInt8], UserTokens.Claims>(lifetime: .seconds(60))

    /// - Parameters:
    ///   - environment: stands in every key, such as `live` or `test`; a-z and 0-9 only.
    ///   - isTenant: whether a tenant exists, so that no key is issued for nobody.
    ///   - issuer: who signs the tokens and for whom; usually the public address of the installation.
    public init(
        platform: Book, signingKeys: any SigningKeyStore, environment: String = "live", issuer: String = "kontor",
        isTenant: @escaping @Sendable (String) async throws -> Bool = { TenantID($0) != nil }
    ) async throws {
        guard !environment.isEmpty, environment.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) })
        else { throw IdentityError(.invalidField, field: "environment", "environment must be of a-z and 0-9") }
        self.platform = platform
        self.isTenant = isTenant
        self.environment = environment
        tokens = try await UserTokens(store: signingKeys, issuer: issuer, audience: issuer, world: platform.world)
        let memories = (keyMemory, userMemory, tokenMemory, tokens)
        platform.announcements.listen(Topic.key) { key in
            if let id = ApiKeyID(key) { memories.0.forget(id) }
        }
        platform.announcements.listen(Topic.user) { key in
            if let id = UserID(key) { memories.1.forget(id) }
        }
        platform.announcements.listen(Topic.signing) { _ in
            memories.2.forgetAll()
            Task { try? await memories.3.reload() }
        }
    }

    /// On which changes are announced to all processes, with the identifier of what changed.
    enum Topic {
        static let key = "identity.key"
        static let user = "identity.user"
        static let signing = "identity.signing"
    }

    // ---- For the wiring and the command line ----

    /// The key that creates tenants. The credential is returned once and never again.
    public func issueOperatorKey(
        name: String, scopes: [String] = ["platform:*"], expiresAt: Timestamp? = nil
    ) async throws -> (key: ApiKey, credential: String) {
        guard scopes.allSatisfy(Scope.isOfPlatform) else {
            throw IdentityError(.invalidField, field: "scopes", "an operator's scopes begin with platform:")
        }
        return try await issue(tenant: "", name: name, scopes: scopes, expiresAt: expiresAt, by: "operator")
    }

    public func issueKey(
        tenant: String, name: String, scopes: [String], expiresAt: Timestamp? = nil, by: String = "operator"
    ) async throws -> (key: ApiKey, credential: String) {
        guard try await isTenant(tenant), !tenant.isEmpty else {
            throw IdentityError(.notFound, "there is no tenant \(tenant.prefix(40))")
        }
        guard !scopes.contains(where: Scope.isOfPlatform) else {
            throw IdentityError(.invalidField, field: "scopes", "a tenant's key has no scope of the platform")
        }
        return try await issue(tenant: tenant, name: name, scopes: scopes, expiresAt: expiresAt, by: by)
    }

    /// Revokes a key; false when it was revoked before. With `tenant`, only a key of that tenant is found.
    @discardableResult
    public func revokeKey(_ id: ApiKeyID, tenant: String? = nil, by: String = "operator") async throws -> Bool {
        let changed = try await platform.write("identity.revoke") { tx in
            try revoke(id, tenant: tenant, by: by, in: tx)
        }
        keyMemory.forget(id)
        return changed
    }

    /// Signs with a new key from now on; tokens signed before stay valid until they expire.
    public func rotateSigningKey(by: String = "operator") async throws -> (kid: String, verifying: Int) {
        try await rotate(by: by)
    }

    // ---- Who is it? ----

    /// What a credential stands for; throws `IdentityError` with a code for the log and one problem for all callers.
    public func identify(_ bearer: String?) async throws -> Principal {
        guard let bearer, !bearer.isEmpty else { throw IdentityError(.missing) }
        return bearer.hasPrefix("kontor_") ? try await identifyKey(bearer) : try await identifyToken(bearer)
    }
}

/// Whom a credential stands for.
public struct Principal: Sendable, Hashable {
    /// A key's or a user's identifier.
    public let subject: String
    /// Empty for an operator.
    public let tenant: String
    public let scopes: Set<String>

    public var isOperator: Bool { tenant.isEmpty }
}
