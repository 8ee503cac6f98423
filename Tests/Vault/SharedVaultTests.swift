import Contract
import Foundation
import Journal
import Runtime
import Store
import TestStores
import Testing

@testable import Vault

/// Two processes with the same key file on one book.
@Suite("A vault in several processes", .onBothStores)
struct SharedVaultTests {
    struct Process {
        let vault: Vault
        let book: Book

        func person(_ email: String) async throws -> PersonID {
            let vault = vault
            return try await book.write("person") { try vault.person(email: email, in: $0) }
        }

        /// Tries for two seconds, as a caller does who is told to come back.
        func personSoon(_ email: String) async throws -> PersonID {
            for _ in 0..<200 {
                do { return try await person(email) } catch let error as VaultError where error.code == .locked {
                    try await Task.sleep(for: .milliseconds(10))
                }
            }
            return try await person(email)
        }
    }

    private func with(announced: Bool, _ body: (Process, Process) async throws -> Void) async throws {
        let test = try await TestBook.make(migrations: VaultFixture.migrations)
        let keyFile = NSTemporaryDirectory() + "kontor-keys-\(UUID().uuidString)/master.key"
        let announcements = Announcements()
        var processes: [Process] = []
        for _ in 0..<2 {
            let book = try await test.openedByAnotherProcess(
                announcements: announced ? announcements : Announcements())
            let vault = Vault(keys: try LocalKeyFile(path: keyFile))
            try await vault.unlock(book, tenant: VaultFixture.tenant)
            processes.append(Process(vault: vault, book: book))
        }
        try await body(processes[0], processes[1])
        for process in processes { await process.book.close() }
        try? FileManager.default.removeItem(atPath: (keyFile as NSString).deletingLastPathComponent)
        await test.discard()
    }

    @Test(
        "a key that one process rotated is fetched by the others, whether they hear of it or not",
        arguments: [true, false])
    func rotated(announced: Bool) async throws {
        try await with(announced: announced) { here, there in
            let ada = try await here.person("ada@example.org")
            #expect(try await there.person("ada@example.org") == ada)
            for _ in 0..<3 {
                _ = try await here.vault.rotate(here.book, tenant: VaultFixture.tenant)
                #expect(try await there.personSoon("ada@example.org") == ada)
                _ = try await there.vault.rotate(there.book, tenant: VaultFixture.tenant)
                #expect(try await here.personSoon("ada@example.org") == ada)
            }
        }
    }
}
