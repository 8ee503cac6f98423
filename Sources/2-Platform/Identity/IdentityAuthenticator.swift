public import Contract
public import Store

/// Turns a bearer credential into a caller with the open book of its tenant.
///
/// The tenant comes from the credential only. Calls without one (signed callbacks, anonymous pages) work in the book
/// that their path names and hold no scope at all.
public struct IdentityAuthenticator: Authenticator {
    private let identity: Identity
    private let openBook: @Sendable (String) async throws -> Book

    /// - Parameter openBook: gives a tenant's open book; throws when the tenant is suspended, closed or unknown.
    public init(identity: Identity, openBook: @escaping @Sendable (String) async throws -> Book) {
        self.identity = identity
        self.openBook = openBook
    }

    public func authenticate(
        bearer: String?, operation: Operation, path: [String: String]
    ) async throws -> Caller {
        switch operation.access {
        case .anonymous, .signed:
            guard let tenant = path["tenant_id"] ?? path["tenant"] else {
                return Caller(subject: "anonymous", tenant: "", scopes: [], book: identity.platform)
            }
            return Caller(subject: "anonymous", tenant: tenant, scopes: [], book: try await openBook(tenant))
        case .platform:
            let principal = try await identity.identify(bearer)
            guard principal.isOperator else {
                throw IdentityError(.operatorOnly, "this operation needs an operator's key")
            }
            return try caller(principal, operation, book: identity.platform)
        case .tenant:
            let principal = try await identity.identify(bearer)
            guard !principal.isOperator else {
                throw IdentityError(.tenantOnly, "an operator's key reaches no tenant's data")
            }
            return try caller(principal, operation, book: try await openBook(principal.tenant))
        }
    }

    private func caller(_ principal: Principal, _ operation: Operation, book: Book) throws -> Caller {
        guard operation.scope.isEmpty || Scope.allows(principal.scopes, operation.scope) else {
            throw IdentityError(.missingScope, field: operation.scope, "the credential lacks the scope")
        }
        return Caller(
            subject: principal.subject, tenant: principal.tenant, scopes: principal.scopes, book: book)
    }
}
