public import Contract
internal import Runtime
internal import Store
internal import SwiftProtobuf

/// Identity over the API. It writes to the platform's book, also for a tenant's own operations.
extension Identity: IdentityService {
    public func issueKey(_ request: V1IssueKeyRequest, _ context: CallContext) async throws -> V1IssuedKey {
        try forbidEscalation(context.caller, beyond: request.scopes)
        let issued = try await issueKey(
            tenant: context.caller.tenant, name: request.name, scopes: request.scopes,
            expiresAt: try moment(request.expiresAt), by: context.caller.subject)
        return reply(issued)
    }

    public func issueTenantKey(
        _ request: V1IssueTenantKeyRequest, _ context: CallContext
    ) async throws -> V1IssuedKey {
        let issued = try await issueKey(
            tenant: request.tenantID, name: request.name, scopes: request.scopes,
            expiresAt: try moment(request.expiresAt), by: context.caller.subject)
        return reply(issued)
    }

    public func listKeys(_ request: V1ListKeysRequest, _ context: CallContext) async throws -> V1ListKeysReply {
        let size = try pageSize(request.pageSize)
        let after = try afterPage(request.pageToken, ApiKeyID.init)?.uuid.bytes ?? []
        let tenant = context.caller.tenant
        let keys = try await platform.read {
            try IdentityStorage.keys(tenant: tenant, after: after, limit: size + 1, $0)
        }
        return .with {
            $0.keys = keys.prefix(size).map(describe)
            $0.nextPageToken = keys.count > size ? keys[size - 1].id.description : ""
        }
    }

    public func revokeKey(_ request: V1RevokeKeyRequest, _ context: CallContext) async throws -> V1ApiKey {
        let id = try keyID(request.keyID)
        try await revokeKey(id, tenant: context.caller.tenant, by: context.caller.subject)
        guard let key = try await platform.read({ try IdentityStorage.key(id, $0) }) else {
            throw IdentityError(.notFound, "there is no key \(id)")
        }
        return describe(key)
    }

    public func addUser(_ request: V1AddUserRequest, _ context: CallContext) async throws -> V1User {
        let role = try self.role(request.role)
        try forbidEscalation(context.caller, beyond: role.scopes)
        let caller = context.caller
        return try await platform.perform(context, request) { tx in
            describe(
                try addUser(tenant: caller.tenant, handle: request.handle, role: role, by: caller.subject, in: tx))
        }
    }

    public func listUsers(_ request: V1ListUsersRequest, _ context: CallContext) async throws -> V1ListUsersReply {
        let size = try pageSize(request.pageSize)
        let tenant = context.caller.tenant
        let users = try await platform.read {
            try IdentityStorage.users(tenant: tenant, after: request.pageToken, limit: size + 1, $0)
        }
        return .with {
            $0.users = users.prefix(size).map(describe)
            $0.nextPageToken = users.count > size ? users[size - 1].handle : ""
        }
    }

    public func changeUser(_ request: V1ChangeUserRequest, _ context: CallContext) async throws -> V1User {
        let id = try userID(request.userID)
        let role = request.role.isEmpty ? nil : try self.role(request.role)
        let active = request.hasActive ? request.active : nil
        let caller = context.caller
        let reply = try await platform.perform(context, request) { tx in
            describe(
                try change(
                    id, tenant: caller.tenant, role: role, active: active, signOut: request.signOut, by: caller,
                    in: tx))
        }
        userMemory.forget(id)
        return reply
    }

    public func issueToken(_ request: V1IssueTokenRequest, _ context: CallContext) async throws -> V1IssuedToken {
        let id = try userID(request.userID)
        let (token, expires) = try await issueToken(
            user: id, tenant: context.caller.tenant, lifetimeSeconds: request.lifetimeSeconds, by: context.caller)
        return .with {
            $0.token = token
            $0.expiresAt = expires.rfc3339
            $0.userID = id.description
        }
    }

    public func whoAmI(_ request: V1WhoAmIRequest, _ context: CallContext) async throws -> V1WhoAmIReply {
        .with {
            $0.subject = context.caller.subject
            $0.tenantID = context.caller.tenant
            $0.scopes = context.caller.scopes.sorted()
        }
    }

    public func rotateSigningKey(
        _ request: V1RotateSigningKeyRequest, _ context: CallContext
    ) async throws -> V1RotateSigningKeyReply {
        let (kid, verifying) = try await rotate(by: context.caller.subject)
        return .with {
            $0.keyID = kid
            $0.verifyingKeys = Int32(clamping: verifying)
        }
    }

    // ---- Reading requests, writing replies ----

    private func moment(_ text: String) throws -> Timestamp? {
        if text.isEmpty { return nil }
        guard let moment = Timestamp(rfc3339: text) else {
            throw IdentityError(.invalidField, field: "expires_at", "expires_at must be a time of RFC 3339")
        }
        return moment
    }

    private func pageSize(_ size: Int32) throws -> Int {
        guard (0...200).contains(size) else {
            throw IdentityError(.invalidField, field: "page_size", "page_size must be 1 to 200, or 0 for 50")
        }
        return size == 0 ? 50 : Int(size)
    }

    /// The identifier that the last page ended with; nil for the first page.
    private func afterPage<ID>(_ token: String, _ read: (String) -> ID?) throws -> ID? {
        guard !token.isEmpty else { return nil }
        guard let id = read(token) else {
            throw Problem.invalidParameter(
                "page_token", value: token, rule: "is not one that we gave out for this list")
        }
        return id
    }

    private func keyID(_ text: String) throws -> ApiKeyID {
        guard let id = ApiKeyID(text) else { throw IdentityError(.notFound, "there is no key \(text.prefix(40))") }
        return id
    }

    private func userID(_ text: String) throws -> UserID {
        guard let id = UserID(text) else { throw IdentityError(.notFound, "there is no user \(text.prefix(40))") }
        return id
    }

    private func role(_ text: String) throws -> Role {
        guard let role = Role(rawValue: text) else {
            throw IdentityError(
                .invalidField, field: "role",
                "role must be one of \(Role.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return role
    }

    private func reply(_ issued: (key: ApiKey, credential: String)) -> V1IssuedKey {
        .with {
            $0.key = describe(issued.key)
            $0.credential = issued.credential
        }
    }

    private func describe(_ key: ApiKey) -> V1ApiKey {
        .with {
            $0.keyID = key.id.description
            $0.name = key.name
            $0.scopes = key.scopes.sorted()
            $0.state = key.state(at: platform.world.now())
            $0.createdAt = key.createdAt.rfc3339
            $0.expiresAt = key.expiresAt?.rfc3339 ?? ""
            $0.revokedAt = key.revokedAt?.rfc3339 ?? ""
        }
    }

    private func describe(_ user: User) -> V1User {
        .with {
            $0.userID = user.id.description
            $0.handle = user.handle
            $0.role = user.role.rawValue
            $0.active = user.isActive
            $0.createdAt = user.createdAt.rfc3339
        }
    }
}
