internal import Contract
internal import Runtime
internal import Store
internal import Synchronization

/// Opens a tenant's book where the directory says, with all migrations, and brings what it must hold up to date.
struct BookOpener: Sendable {
    let platform: Book
    let stores: any BookStores
    let migrations: [Migration]
    let setups: [TenantSetup]
    let companions: [BookCompanion]
    let options: BookOptions
    let places = OpenPlaces()

    func open(_ id: TenantID) async throws -> Book {
        guard let tenant = try await platform.read({ try DirectoryStorage.tenant(id, $0) }) else {
            throw TenancyError(.unknownTenant, "there is no tenant \(id)")
        }
        if tenant.relocation != nil { throw TenancyError.isMoving }
        try await checkPresence(tenant)
        let book = try await stores.open(
            tenant.place, migrations: migrations, world: platform.world, options: options)
        places.add(tenant.place, id)
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
            await shut(id, book)
            throw error
        }
    }

    /// Opening makes what is missing, which is right for a new tenant only: the empty book of one whose own was lost, or
    /// was moved a moment ago, would take its orders and forget them.
    private func checkPresence(_ tenant: Tenant) async throws {
        guard tenant.state != .preparing else { return }
        guard try await stores.driver(tenant.place.home).exists(tenant.place.name) else {
            throw StoreError(.database, "the book of \(tenant.id) is not where the directory says: \(tenant.place)")
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
        await shut(id, book)
    }

    private func shut(_ id: TenantID, _ book: Book) async {
        await book.close()
        if let place = places.remove(id) { await stores.release(place) }
    }
}

/// Where the open books are. The directory may have moved on since one was opened.
final class OpenPlaces: Sendable {
    private let content = Mutex<[TenantID: BookPlace]>([:])

    func add(_ place: BookPlace, _ id: TenantID) { content.withLock { $0[id] = place } }

    func remove(_ id: TenantID) -> BookPlace? { content.withLock { $0.removeValue(forKey: id) } }

    subscript(_ id: TenantID) -> BookPlace? { content.withLock { $0[id] } }
}
