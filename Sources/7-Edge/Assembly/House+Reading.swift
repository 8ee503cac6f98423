import Contract
import Foundation
import Store
import StoreSQLite
import Tenancy

extension House {
    /// Whether there is a house in a folder: the platform's book was made there.
    public static func exists(in settings: HouseSettings) -> Bool {
        FileManager.default.fileExists(atPath: settings.bookFolder + "/platform.sqlite")
    }

    static func absent(_ settings: HouseSettings) -> Problem {
        Problem(
            type: "not-found", title: "Not found", status: 404,
            detail:
                "there are no books in \(settings.dataFolder) yet; `kontor tenant create` begins them, --data names "
                + "another folder")
    }

    /// A tenant's book for looking at: beside the process that serves it, so nothing is installed and no job runs.
    func withReadBook<Answer: Sendable>(
        of tenant: Tenant, _ body: @Sendable (Book) async throws -> Answer
    ) async throws -> Answer {
        let driver = try SQLiteDriver(folder: settings.bookFolder)
        guard try await driver.names().contains(tenant.bookName) else {
            throw Problem.conflict("the tenant \(tenant.slug) is being prepared: it has no book yet")
        }
        let book = try await driver.open(tenant.bookName, migrations: [], world: world, options: BookOptions())
        do {
            let answer = try await body(book)
            await book.close()
            return answer
        } catch {
            await book.close()
            throw error
        }
    }
}
