public import Contract
public import Store

/// What a capability installs in a new tenant's book, such as the ledger's chart of accounts.
///
/// It runs in the transaction that writes the profile. Make it idempotent: it runs again after an interruption.
public struct TenantSetup: Sendable {
    public let name: String
    public let run: @Sendable (TenantProfile, Transaction) throws -> Void

    public init(_ name: String, run: @escaping @Sendable (TenantProfile, Transaction) throws -> Void) {
        self.name = name
        self.run = run
    }
}

/// What lives beside an open book: unlocked keys, runners of projections.
public struct BookCompanion: Sendable {
    public let opened: @Sendable (TenantProfile, Book) async throws -> Void
    public let closing: @Sendable (TenantID, Book) async -> Void

    /// - Parameters:
    ///   - opened: before the book is handed to anybody. Throwing closes it again, after `closing` was called.
    ///   - closing: after its last user and before it closes.
    public init(
        opened: @escaping @Sendable (TenantProfile, Book) async throws -> Void,
        closing: @escaping @Sendable (TenantID, Book) async -> Void = { _, _ in }
    ) {
        self.opened = opened
        self.closing = closing
    }
}
