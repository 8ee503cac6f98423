import Contract
import Foundation
import Runtime
import Store
import Tenancy

extension House {
    static let platformBook = "platform"

    /// Whether there is a house: the platform's book was made in its folder or its database. Throws `unavailable`
    /// when the database cannot be reached.
    public static func exists(in settings: HouseSettings) async throws -> Bool {
        // A look makes no folder.
        guard settings.database != nil else {
            return FileManager.default.fileExists(atPath: "\(settings.bookFolder)/\(platformBook).sqlite")
        }
        let stores = Stores(settings, world: .system(), lock: nil)
        do {
            let exists = try await stores.home().exists(platformBook)
            await stores.close()
            return exists
        } catch {
            await stores.close()
            throw error
        }
    }

    static func absent(_ settings: HouseSettings) -> Problem {
        let elsewhere = settings.database == nil ? "--data names another folder" : "--database names another one"
        return Problem(
            type: "not-found", title: "Not found", status: 404,
            detail: "there are no books in \(settings.location) yet; `kontor tenant create` begins them, \(elsewhere)")
    }

    /// A tenant's book for looking at: beside the process that serves it, so nothing is installed and no job runs.
    func withReadBook<Answer: Sendable>(
        of tenant: Tenant, _ body: @Sendable (Book) async throws -> Answer
    ) async throws -> Answer {
        guard try await stores.driver(tenant.place.home).exists(tenant.place.name) else {
            throw Problem.conflict("the tenant \(tenant.slug) is being prepared: it has no book yet")
        }
        return try await withRawBook(tenant.place, migrations: [], body)
    }
}
