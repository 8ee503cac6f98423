import Foundation
import Journal
import Runtime
import Store
import TestStores
import Testing

@testable import Identity

/// Two processes on one platform's book. The clock stands still, so nothing is forgotten by time.
@Suite("Credentials in several processes", .onBothStores)
struct SharedIdentityTests {
    private func with(
        announced: Bool = true, _ body: (_ here: Identity, _ there: Identity, ManualClock) async throws -> Void
    ) async throws {
        let test = try await TestBook.make(migrations: Journal.migrations + Identity.migrations)
        let clock = try #require(test.book.world.manualClock)
        let announcements = Announcements()
        let folder = NSTemporaryDirectory() + "kontor-keys-\(UUID().uuidString)"
        let keys = SigningKeyFile(path: folder + "/tokens.json")
        var books: [Book] = []
        var processes: [Identity] = []
        for _ in 0..<2 {
            let book = try await test.openedByAnotherProcess(
                announcements: announced ? announcements : Announcements())
            books.append(book)
            processes.append(try await Identity(platform: book, signingKeys: keys, environment: "test"))
        }
        try await body(processes[0], processes[1], clock)
        for book in books { await book.close() }
        try? FileManager.default.removeItem(atPath: folder)
        await test.discard()
    }

    /// Whether a credential is refused within two seconds of real time; the book's clock does not move.
    private func isRefused(_ credential: String, by identity: Identity) async -> Bool {
        for _ in 0..<200 {
            do { _ = try await identity.identify(credential) } catch { return true }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    @Test("a key that one process revokes is refused by the others at once")
    func revoked() async throws {
        try await with { here, there, _ in
            let (key, credential) = try await here.issueOperatorKey(name: "operator")
            _ = try await there.identify(credential)
            try await here.revokeKey(key.id)
            #expect(await isRefused(credential, by: there))
        }
    }

    @Test(
        "when the announcement is lost, a revoked key is refused after two seconds",
        .onSQLite(because: "PostgreSQL's announcements cannot be lost on purpose"))
    func lost() async throws {
        try await with(announced: false) { here, there, clock in
            let (key, credential) = try await here.issueOperatorKey(name: "operator")
            _ = try await there.identify(credential)
            try await here.revokeKey(key.id)
            _ = try await there.identify(credential)
            clock.advance(by: .seconds(2))
            await #expect(throws: IdentityError.self) { try await there.identify(credential) }
        }
    }

    @Test("tokens that one process signs with a new key are verified by the others, and both agree on the keys")
    func signingKeys() async throws {
        try await with { here, there, clock in
            let user = try await here.platform.write("user") { tx in
                try here.addUser(tenant: IdentityFixture.left, handle: "ada", role: .owner, by: "test", in: tx)
            }
            let (kid, _) = try await here.rotateSigningKey()
            let token = try await here.tokens.sign(
                id: "t", user: user.id, tenant: IdentityFixture.left, now: clock.now(),
                expires: clock.now().adding(.seconds(60)))
            var verified = false
            for _ in 0..<200 where !verified {
                verified = (try? await there.identify(token)) != nil
                if !verified { try await Task.sleep(for: .milliseconds(10)) }
            }
            #expect(verified)
            // The second rotation keeps what the first made.
            let (second, verifying) = try await there.rotateSigningKey()
            #expect(second != kid)
            #expect(verifying == 3)
        }
    }
}
