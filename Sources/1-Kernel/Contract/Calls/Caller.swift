public import Runtime
public import Store

/// Who is calling, as the credential proves, with the only book that the call can reach.
public struct Caller: Sendable {
    /// The API key's or person's identifier; never a name.
    public var subject: String
    public var tenant: String
    public var scopes: Set<String>
    public var book: Book
    /// Lives as long as the call; afterwards the book may be closed to make room for others.
    public var hold: (any AnyObject & Sendable)?

    public init(subject: String, tenant: String, scopes: Set<String>, book: Book) {
        self.subject = subject
        self.tenant = tenant
        self.scopes = scopes
        self.book = book
    }

    /// True when a scope is held itself, as `orders:*`, or as `*`.
    public func holds(_ scope: String) -> Bool {
        if scope.isEmpty || scopes.contains(scope) || scopes.contains("*") { return true }
        guard let colon = scope.firstIndex(of: ":") else { return false }
        return scopes.contains(scope[..<colon] + ":*")
    }
}

/// Finds out who is calling. Throws `Problem` (401 or 403) when that is not known.
public protocol Authenticator: Sendable {
    /// `bearer` is the credential without its scheme; for a signed call the path tells whose signature to expect.
    func authenticate(bearer: String?, operation: Operation, path: [String: String]) async throws -> Caller
}

/// What a service knows of a call beside its request.
public struct CallContext: Sendable {
    public var caller: Caller
    public var operation: Operation
    public var idempotencyKey: String?
    public var deadline: Timestamp
    private let lookup: @Sendable (String) -> String?

    public init(
        caller: Caller, operation: Operation, idempotencyKey: String? = nil, deadline: Timestamp,
        header lookup: @escaping @Sendable (String) -> String? = { _ in nil }
    ) {
        self.caller = caller
        self.operation = operation
        self.idempotencyKey = idempotencyKey
        self.deadline = deadline
        self.lookup = lookup
    }

    /// The caller's book.
    public var book: Book { caller.book }

    /// A header of the request by its lower-case name.
    public func header(_ name: String) -> String? { lookup(name) }
}
