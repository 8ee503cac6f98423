import Contract
import Journal
import Runtime
import Store
import SwiftProtobuf
import TestStores

@testable import Identity

/// A platform book with two tenants' books beside it.
struct IdentityFixture: Sendable {
    static let left = "ten_01h455vb4pex5vsknk084sn02q"
    static let right = "ten_01h455vb4pex5vsknk084sn02r"

    let identity: Identity
    let platform: TestBook
    let books: [String: TestBook]
    let authenticator: IdentityAuthenticator

    var clock: ManualClock {
        guard let clock = platform.book.world.manualClock else { preconditionFailure("the world is simulated") }
        return clock
    }

    static func make(
        signingKeys: any SigningKeyStore = SigningKeysInMemory(), issuer: String = "kontor"
    ) async throws -> IdentityFixture {
        let platform = try await TestBook.make(migrations: Journal.migrations + Identity.migrations)
        let books = [
            left: try await TestBook.make(migrations: Journal.migrations),
            right: try await TestBook.make(migrations: Journal.migrations)
        ]
        let identity = try await Identity(
            platform: platform.book, signingKeys: signingKeys, environment: "test", issuer: issuer)
        let authenticator = IdentityAuthenticator(identity: identity) { tenant in
            guard let test = books[tenant] else { throw Problem.notFound("tenant", tenant) }
            return test.book
        }
        return IdentityFixture(
            identity: identity, platform: platform, books: books, authenticator: authenticator)
    }

    func context(
        _ operation: Operation, tenant: String = left, scopes: Set<String> = ["*"], key: String? = nil
    ) -> CallContext {
        CallContext(
            caller: Caller(
                subject: "key_caller", tenant: tenant, scopes: scopes, book: books[tenant]?.book ?? platform.book),
            operation: operation, idempotencyKey: key, deadline: platform.book.world.now().adding(.seconds(5)))
    }

    func user(_ handle: String, _ role: Role, tenant: String = left) async throws -> UserID {
        let user = try await identity.addUser(
            .with {
                $0.handle = handle
                $0.role = role.rawValue
            }, context(IdentityContract.addUser, tenant: tenant))
        guard let id = UserID(user.userID) else { preconditionFailure("a user has an identifier") }
        return id
    }

    func token(_ user: UserID, tenant: String = left, seconds: Int32 = 600) async throws -> String {
        try await identity.issueToken(
            .with {
                $0.userID = user.description
                $0.lifetimeSeconds = seconds
            }, context(IdentityContract.issueToken, tenant: tenant)
        ).token
    }

    func code(_ bearer: String?) async -> IdentityError.Code? {
        do {
            _ = try await identity.identify(bearer)
            return nil
        } catch {
            return (error as? IdentityError)?.code
        }
    }

    func discard() async {
        await platform.discard()
        for book in books.values { await book.discard() }
    }
}
