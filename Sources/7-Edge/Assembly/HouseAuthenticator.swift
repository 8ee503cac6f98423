import Contract
import Identity
import Payments
import Store
import Tenancy

/// Credentials go to Identity; a channel's callback is known by the account token in its path and, later, by its
/// signature.
struct HouseAuthenticator: Authenticator {
    let identity: IdentityAuthenticator
    let platform: Book
    let channels: ChannelBook
    let openBook: @Sendable (String) async throws -> Book
    let hold: @Sendable (String, Book) async -> BookHold?

    /// The caller with a book that stays open until the call is answered.
    func authenticate(bearer: String?, operation: Operation, path: [String: String]) async throws -> Caller {
        for _ in 0..<Self.attempts {
            var caller = try await identify(bearer: bearer, operation: operation, path: path)
            if caller.book === platform { return caller }
            if let hold = await hold(caller.tenant, caller.book) {
                caller.hold = hold
                return caller
            }
        }
        throw StoreError(.busy, "the tenant's book was closed to make room", retryAfter: .seconds(1))
    }

    /// Between the opening of a book and the hold on it others may need its room.
    private static let attempts = 5

    private func identify(bearer: String?, operation: Operation, path: [String: String]) async throws -> Caller {
        guard operation.access == .signed, let token = path["account_token"] else {
            return try await identity.authenticate(bearer: bearer, operation: operation, path: path)
        }
        guard let account = try await channels.account(token: token), account.channel == path["channel"] else {
            throw Problem.notFound("channel account", "")
        }
        return Caller(
            subject: "channel:\(account.channel)", tenant: account.tenant, scopes: [],
            book: try await openBook(account.tenant))
    }
}
