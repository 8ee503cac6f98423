internal import Contract
internal import Crypto
internal import Runtime
public import Store
internal import SwiftProtobuf

extension Vault {
    /// Brings the tenant's key into memory, making one for a new book. Cheap when it is there already.
    ///
    /// Call it when a book is opened: transactions are synchronous and cannot ask a key service.
    public func unlock(_ book: Book, tenant: String) async throws {
        guard !ring.holdsKey(of: book.location) else { return }
        if ring.beginsToListen(to: book.announcements) {
            book.announcements.listen(Vault.topic) { [ring] key in ring.refresh(retired: key) }
        }
        try await reload(book, tenant: tenant)
    }

    /// On which the retired keys of rotations are announced, by their identifiers.
    static let topic = "vault.retired"

    /// Forgets the tenant's key when its book closes.
    public func lock(_ book: Book) { ring.forget(book.location) }

    /// Makes a new tenant key, wraps every person's key under it and destroys the old one.
    ///
    /// One transaction over all people, about 5 µs each: nobody ever sees half a rotation.
    public func rotate(_ book: Book, tenant: String) async throws -> (version: Int64, people: Int64) {
        try await rotating(book, tenant: tenant) { next in
            try await book.write("vault.rotate") { tx in try rotate(to: next, in: tx) }
        }
    }

    /// Runs `body` with a new key; forgets that key when it did not become the current one.
    func rotating<Outcome>(
        _ book: Book, tenant: String, _ body: (VaultStorage.StoredKey) async throws -> Outcome
    ) async throws -> Outcome {
        let next = try await prepareRotation(book, tenant: tenant)
        do {
            let outcome = try await body(next)
            if try await reload(book, tenant: tenant) != next.id { ring.drop(next.id) }
            return outcome
        } catch {
            if (try? await reload(book, tenant: tenant)) != next.id { ring.drop(next.id) }
            throw error
        }
    }

    /// A key that is wrapped and in the ring, but not yet current.
    func prepareRotation(_ book: Book, tenant: String) async throws -> VaultStorage.StoredKey {
        try await unlock(book, tenant: tenant)
        let key = SymmetricKey(data: book.world.random.bytes(32))
        let stored = VaultStorage.StoredKey(
            id: book.world.newUUID().bytes, version: 0, wrapped: try await keys.wrap(key, tenant: tenant))
        ring.add(
            TenantKey(id: stored.id, version: 0, wrapping: key, lookup: try await keys.lookupKey(tenant: tenant)))
        return stored
    }

    func rotate(to next: VaultStorage.StoredKey, in tx: Transaction) throws -> (version: Int64, people: Int64) {
        let old = try currentKey(tx)
        guard let new = ring.key(next.id) else { throw VaultError(.locked, "the new key is not in memory") }
        var people: Int64 = 0
        var last: PersonID?
        while true {
            let piece = try VaultStorage.people(after: last, limit: 1_000, tx)
            guard let end = piece.last else { break }
            let wrapped = try piece.map { row in
                let key = try personKey(row.id, tx).withUnsafeBytes { Array($0) }
                let binding = Sealing.binding(person: row.id, tenantKey: new.id)
                return (
                    id: row.id,
                    wrapped: try Sealing.seal(key, with: new.wrapping, binding: binding, random: tx.world.random)
                )
            }
            try VaultStorage.rewrap(wrapped, tenantKey: new.id, in: tx)
            people += Int64(piece.count)
            last = end.id
        }
        try VaultStorage.retireKey(old.id, in: tx)
        try tx.announce(Vault.topic, KeyRing.name(of: old.id))
        try VaultStorage.insert(.init(id: next.id, version: old.version + 1, wrapped: next.wrapped), in: tx)
        try tx.record(
            V1TenantKeyRotated.with {
                $0.version = old.version + 1
                $0.people = people
                $0.atUs = tx.now.microseconds
            })
        return (old.version + 1, people)
    }

    /// Reads which key is current, asks the service to open it and returns its identifier.
    @discardableResult
    func reload(_ book: Book, tenant: String) async throws -> [UInt8] {
        let stored: VaultStorage.StoredKey
        if let found = try await book.read({ try VaultStorage.currentKey($0) }) {
            stored = found
        } else {
            stored = try await makeFirstKey(book, tenant: tenant)
        }
        let key = TenantKey(
            id: stored.id, version: stored.version, wrapping: try await keys.unwrap(stored.wrapped, tenant: tenant),
            lookup: try await keys.lookupKey(tenant: tenant))
        ring.makeCurrent(key, of: book.location) { [weak book] in
            if let book { _ = try? await reload(book, tenant: tenant) }
        }
        return key.id
    }

    private func makeFirstKey(_ book: Book, tenant: String) async throws -> VaultStorage.StoredKey {
        let key = SymmetricKey(data: book.world.random.bytes(32))
        let made = VaultStorage.StoredKey(
            id: book.world.newUUID().bytes, version: 1, wrapped: try await keys.wrap(key, tenant: tenant))
        // Two callers may arrive here together: the first key written is everybody's.
        return try await book.write("vault.first-key") { tx in
            if let found = try VaultStorage.currentKey(tx) { return found }
            try VaultStorage.insert(made, in: tx)
            return made
        }
    }
}
