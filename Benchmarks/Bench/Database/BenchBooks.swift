import StorePostgreSQL

/// Deletes what a benchmark made in a database that stays.
enum BenchBooks {
    static func remove(from url: String) async throws {
        let driver = try PostgreSQLDriver(url: url)
        do {
            for name in try await driver.names() { try await driver.remove(name) }
            await driver.close()
        } catch {
            await driver.close()
            throw error
        }
    }
}
