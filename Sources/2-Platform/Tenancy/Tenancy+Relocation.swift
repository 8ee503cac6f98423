public import Contract
internal import Foundation
public import Runtime
internal import Store
internal import SwiftProtobuf

/// What was found to be the same in both books before the directory named the new one.
public struct RelocationProof: Sendable, Hashable {
    /// The journal's last event and its hash.
    public let sequence: Int64
    public let headHash: [UInt8]
    /// Of all tables together.
    public let rows: Int64

    public init(sequence: Int64, headHash: [UInt8], rows: Int64) {
        self.sequence = sequence
        self.headHash = headHash
        self.rows = rows
    }
}

// A book's move to another place, as the directory sees it. Copying is the wiring's affair.
extension Tenancy {
    /// Writes down that a book is on its way to `home`; from then on the tenant's calls are refused with `moving`.
    ///
    /// Begun before and not ended, the move is taken over: its former worker can no longer end it, and the copy that it
    /// may have begun is one of the left ones, `abandoned`. Throws `illegalMove` when the book is there already, or on its way elsewhere.
    public func beginRelocation(
        _ id: TenantID, to home: BookHome
    ) async throws -> (relocation: Relocation, abandoned: BookPlace?) {
        let begun = try await platform.write("tenancy.relocate") { tx -> (Relocation, BookPlace?) in
            var tenant = try existing(id, tx)
            if tenant.state == .preparing { throw TenancyError(.preparing, "the tenant is being prepared") }
            if let going = tenant.relocation, going.to.home != home {
                throw TenancyError(
                    .illegalMove,
                    "the book is on its way to \(going.to.home) already: repeat that move or undo it first")
            }
            guard tenant.place.home != home else {
                throw TenancyError(.illegalMove, "the book is at \(home) already")
            }
            let abandoned = tenant.relocation?.to
            if let abandoned {
                try DirectoryStorage.leave(LeftBook(tenant: id, place: abandoned, leftAt: tx.now), in: tx)
            }
            tenant.copies += 1
            let relocation = Relocation(
                tenant: id, from: tenant.place, to: BookPlace(home, name: "\(id)_\(tenant.copies)"),
                mark: Relocation.mark(tenant.copies, tx), since: tenant.relocation?.since ?? tx.now)
            tenant.relocation = relocation
            try DirectoryStorage.updatePlace(tenant, in: tx)
            try tx.announce(Tenancy.topic, id.description)
            return (relocation, abandoned)
        }
        states.forget(id)
        await registry.evict(id)
        return begun
    }

    /// How long another process may go on believing that the tenant's calls are taken.
    public static var longestBelief: Duration { StateMemory.lifetime }

    /// The switch: in one commit the directory names the new place, the old one is left, and the journal tells it.
    ///
    /// Throws `moving` when another worker has taken the move over, and leaves everything as it is then.
    public func endRelocation(_ relocation: Relocation, _ proof: RelocationProof, by: String) async throws -> Tenant {
        let tenant = try await platform.write("tenancy.relocated") { tx in
            var tenant = try existing(relocation.tenant, tx)
            // The commit of a former call may have been answered by silence.
            if tenant.place == relocation.to { return tenant }
            guard tenant.relocation?.mark == relocation.mark else { throw TenancyError.isTakenOver }
            tenant.place = relocation.to
            tenant.relocation = nil
            try DirectoryStorage.updatePlace(tenant, in: tx)
            try DirectoryStorage.leave(
                LeftBook(tenant: tenant.id, place: relocation.from, leftAt: tx.now), in: tx)
            try tx.announce(Tenancy.topic, tenant.id.description)
            try tx.record(
                V1TenantRelocated.with {
                    $0.tenantID = tenant.id.description
                    $0.from = relocation.from.description
                    $0.to = relocation.to.description
                    $0.sequence = proof.sequence
                    $0.headHash = Data(proof.headHash)
                    $0.rows = proof.rows
                    $0.by = by
                    $0.atUs = tx.now.microseconds
                })
            return tenant
        }
        states.forget(tenant.id)
        return tenant
    }

    /// The move did not happen: the book stays where it is, and the copy that was begun is one of the left ones.
    /// Throws `moving` when another worker has taken the move over.
    public func cancelRelocation(_ relocation: Relocation) async throws {
        try await platform.write("tenancy.unrelocate") { tx in
            var tenant = try existing(relocation.tenant, tx)
            guard tenant.relocation?.mark == relocation.mark else { throw TenancyError.isTakenOver }
            tenant.relocation = nil
            try DirectoryStorage.updatePlace(tenant, in: tx)
            try DirectoryStorage.leave(
                LeftBook(tenant: tenant.id, place: relocation.to, leftAt: tx.now), in: tx)
            try tx.announce(Tenancy.topic, tenant.id.description)
        }
        states.forget(relocation.tenant)
    }

    // ---- Copies that were left behind ----

    /// The copies of a tenant's book that it has moved away from and that still exist.
    public func leftBooks(_ id: TenantID) async throws -> [LeftBook] {
        try await platform.read { try DirectoryStorage.leftBooks(id, $0) }
    }

    /// Deletes a copy that was left, for good.
    public func removeLeftBook(_ book: LeftBook) async throws {
        let tenant = try await tenant(book.tenant)
        guard tenant.place != book.place, tenant.relocation?.to != book.place else {
            throw TenancyError(.illegalMove, "the book at \(book.place) is in use")
        }
        let store = try await opener.stores.driver(book.place.home)
        if try await store.exists(book.place.name) { try await store.remove(book.place.name) }
        try await platform.write("tenancy.left") { tx in try DirectoryStorage.forget(book, in: tx) }
    }
}

extension Relocation {
    /// Of a later attempt it is greater; the rest tells attempts apart whose directory was restored from a backup.
    fileprivate static func mark(_ attempt: Int64, _ tx: Transaction) -> [UInt8] {
        withUnsafeBytes(of: attempt.bigEndian) { Array($0) } + tx.world.random.bytes(8)
    }
}

extension TenancyError {
    fileprivate static let isTakenOver = TenancyError(
        .moving, "another process has taken this move over, or it was undone")
}
