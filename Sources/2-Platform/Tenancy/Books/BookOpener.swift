internal import Contract
internal import Runtime
internal import Store

/// Opens a tenant's book where the directory says, with all migrations, and brings what it must hold up to date.
struct BookOpener: Sendable {
    let platform: Book
    let driver: any StoreDriver
    let storeKind: String
    let migrations: [Migration]
    let setups: [TenantSetup]
    let companions: [BookCompanion]
    let options: BookOptions

    func open(_ id: TenantID) async throws -> Book {
        guard let tenant = try await platform.read({ try DirectoryStorage.tenant(id, $0) }) else {
            throw TenancyError(.unknownTenant, "there is no tenant \(id)")
        }
        let book = try await driver.open(
            tenant.bookName, migrations: migrations, world: platform.world, options: options)
        var begun: [BookCompanion] = []
        do {
            try await install(tenant, in: book)
            for companion in companions {
                begun.append(companion)
                try await companion.opened(TenantProfile(tenant), book)
            }
            return book
        } catch {
            // A companion that began may have left something behind, also the one that failed half way.
            for companion in begun.reversed() { await companion.closing(id, book) }
            await book.close()
            throw error
        }
    }

    /// Writes the profile when the directory has a newer one, and runs the setups when the book is new.
    func install(_ tenant: Tenant, in book: Book) async throws {
        let profile = TenantProfile(tenant)
        if let held = try await book.read({ try TenantProfile.find($0) }), held.revision >= profile.revision { return }
        try await book.write("tenancy.install") { tx in
            let held = try TenantProfile.find(tx)
            guard (held?.revision ?? 0) < profile.revision else { return }
            try profile.write(in: tx)
            guard held == nil else { return }
            for setup in setups { try setup.run(profile, tx) }
        }
    }

    func close(_ id: TenantID, _ book: Book) async {
        for companion in companions.reversed() { await companion.closing(id, book) }
        await book.close()
    }
}
