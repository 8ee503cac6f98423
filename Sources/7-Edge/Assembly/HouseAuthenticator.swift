import Contract
import Identity
import Payments
import Store

/// Credentials go to Identity; a channel's callback is known by the account token in its path and, later, by its
/// signature.
struct HouseAuthenticator: Authenticator {
    let identity: IdentityAuthenticator
    let channels: ChannelBook
    let openBook: @Sendable (String) async throws -> Book

    func authenticate(bearer: String?, operation: Operation, path: [String: String]) async throws -> Caller {
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
