import Runtime
import Store
import TestStores
import Testing

@testable import StorePostgreSQL

@Suite("Encrypted connections", .onPostgreSQL(because: "SQLite has no connections")) struct EncryptionTests {
    @Test("a server is used only when its certificate is verified; nothing goes over an open line")
    func verified() async throws {
        let url = try await TestPostgreSQL.encryptedURL()
        let driver = try PostgreSQLDriver(url: url)
        let book = try await driver.open(
            "sealed", migrations: DriverTests.notes, world: .simulated(seed: 1), options: BookOptions())
        try await book.write("note") { try $0.execute("INSERT INTO counters VALUES ('a', 1)") }
        let isEncrypted = try await driver.onReader {
            try $0.texts("SELECT CAST(ssl AS text) FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        }
        #expect(isEncrypted == ["true"])
        await book.close()
        await driver.close()

        var options = PostgreSQLOptions()
        options.patience = .milliseconds(100)
        // A certificate for another name, an unknown signer, and no encryption at all.
        for wrong in [
            url.replacing("@localhost:", with: "@127.0.0.1:"),
            url.replacing(/sslrootcert=.*/, with: "sslrootcert=/etc/ssl/certs/none.pem"),
            url.replacing("verify-full", with: "disable")
        ] {
            let refused = try PostgreSQLDriver(url: wrong, options: options)
            await #expect(throws: StoreError.self, "\(wrong)") {
                try await refused.open("sealed", migrations: [], world: .simulated(seed: 1), options: BookOptions())
            }
            await refused.close()
        }
    }
}
