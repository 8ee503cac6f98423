import Contract
import Journal
import Ledger
import Logging
import Runtime
public import Store
public import Tenancy

/// What a move did, and what was compared before the directory named the new place.
public struct TenantMoveReport: Sendable {
    public let tenant: Tenant
    public let from: BookPlace
    public let to: BookPlace
    public let tables: [TableDigest]
    /// The journal's last event and its hash, the same in both books.
    public let sequence: Int64
    public let headHash: [UInt8]
    public let took: Duration

    public var rows: Int64 { tables.reduce(0) { $0 + $1.rows } }
}

/// Where a move stands, for a progress bar.
public enum TenantMoveStep: String, Sendable, CaseIterable {
    case copying, comparing
}

/// Carries a tenant's book to another store, in steps of which each can be the last before a crash.
///
/// The directory says that the book is on its way, the book is sealed, so that no process commits to it any more, its
/// rows are copied and both books compared; then one commit of the directory switches. Repeating the command after a
/// crash takes the move over from its first step; undoing it takes the seal away. The old book stays as it is, sealed.
struct TenantMove {
    let house: House
    let relocation: Relocation
    /// Before it all other processes may not have noticed that the tenant's calls wait.
    let noticedAt: ContinuousClock.Instant
    let progress: @Sendable (TenantMoveStep, _ done: Int64, _ total: Int64) -> Void

    private static let sealReason = "the tenant's book is being moved to another place; try again soon"

    /// Writes down the beginning, or takes over a move that was begun before.
    static func begin(
        _ id: TenantID, to home: BookHome, _ house: House,
        progress: @escaping @Sendable (TenantMoveStep, Int64, Int64) -> Void = { _, _, _ in }
    ) async throws -> TenantMove {
        let (relocation, abandoned) = try await house.tenancy.beginRelocation(id, to: home)
        let noticedAt = ContinuousClock.now + Tenancy.longestBelief + .milliseconds(500)
        if let abandoned { await house.tryRemoving(abandoned, of: id) }
        return TenantMove(house: house, relocation: relocation, noticedAt: noticedAt, progress: progress)
    }

    /// Copies, compares and switches. What fails leaves the book where it was, and open again.
    func run() async throws -> TenantMoveReport {
        let started = ContinuousClock.now
        let compared: Compared
        do {
            compared = try await copy()
            if house.platform.isShared { try await Task.sleep(until: noticedAt, clock: .continuous) }
        } catch {
            await undo(after: error)
            throw error
        }
        let tenant = try await switchOver(compared)
        return TenantMoveReport(
            tenant: tenant, from: relocation.from, to: relocation.to, tables: compared.tables,
            sequence: compared.sequence, headHash: compared.headHash, took: ContinuousClock.now - started)
    }

    /// Opens the book again where it is, and forgets the move.
    func cancel() async throws {
        // Only our seal, or one of an earlier attempt: a later worker's stays.
        try await withBook(relocation.from) { source in _ = try await source.unseal(relocation.mark) }
        try await house.tenancy.cancelRelocation(relocation)
        await house.tryRemoving(relocation.to, of: relocation.tenant)
    }

    // ---- Copying ----

    private struct Compared {
        let tables: [TableDigest]
        let sequence: Int64
        let headHash: [UInt8]
    }

    private func copy() async throws -> Compared {
        try await withBook(relocation.from) { source in
            try await source.seal(relocation.mark, reason: Self.sealReason)
            let total = try await BookCopy.rows(of: source)
            return try await withBook(relocation.to) { target in
                let read = try await BookCopy.run(from: source, to: target) { progress(.copying, $0, total) }
                progress(.copying, total, total)
                let written = try await BookCopy.digests(of: target) { progress(.comparing, $0, total) }
                progress(.comparing, total, total)
                return try await compare(source, read, target, written)
            }
        }
    }

    /// Opens a book for the move alone: no companion runs in it.
    private func withBook<Answer: Sendable>(
        _ place: BookPlace, _ body: @Sendable (Book) async throws -> Answer
    ) async throws -> Answer {
        if place == relocation.from, try await !house.stores.driver(place.home).exists(place.name) {
            throw Problem.conflict("the book is not where the directory says: \(place)")
        }
        return try await house.withRawBook(place, migrations: House.tenantMigrations, body)
    }

    // ---- Comparing ----

    /// Every row, the whole chain, and the balances: what would be missing tomorrow is missing today.
    private func compare(
        _ source: Book, _ read: [TableDigest], _ target: Book, _ written: [TableDigest]
    ) async throws -> Compared {
        guard read.map(\.table) == written.map(\.table) else { throw differs("the tables") }
        for (mine, theirs) in zip(read, written) where mine != theirs {
            throw differs("table \(mine.table) (\(mine.rows) rows here, \(theirs.rows) there)")
        }
        let before = try await source.read { try JournalVerifier.verify($0) }
        let after = try await target.read { try JournalVerifier.verify($0) }
        for (report, side) in [(before, "here"), (after, "there")] {
            if let finding = report.finding { throw differs("the journal, which is broken \(side): \(finding.detail)") }
        }
        guard before.verified == after.verified, before.headHash == after.headHash else {
            throw differs("the journals")
        }
        let ledger = house.ledger
        let balances = try await source.read { try ledger.trialBalance(in: $0) }
        let carried = try await target.read { try ledger.trialBalance(in: $0) }
        guard balances == carried, carried.allSatisfy(\.isBalanced) else { throw differs("the trial balance") }
        return Compared(tables: written, sequence: after.verified, headHash: after.headHash)
    }

    private func differs(_ what: String) -> Problem {
        Problem(
            type: "copy-differs", title: "The copy differs", status: 500,
            detail: "what was copied is not what is here: \(what); the book stays where it is")
    }

    // ---- Ending ----

    private func switchOver(_ compared: Compared) async throws -> Tenant {
        let proof = RelocationProof(
            sequence: compared.sequence, headHash: compared.headHash,
            rows: compared.tables.reduce(0) { $0 + $1.rows })
        do {
            return try await house.tenancy.endRelocation(relocation, proof, by: "operator")
        } catch {
            // The commit may have happened all the same. Only who knows that it has not may open the old book again.
            let tenant: Tenant
            do { tenant = try await house.tenancy.tenant(relocation.tenant) } catch {
                throw Problem(
                    type: "unknown-outcome", title: "Unknown outcome", status: 503,
                    detail: "the copy is complete, but the directory cannot be reached: repeat the command",
                    retryAfterSeconds: 5)
            }
            if tenant.place == relocation.to { return tenant }
            await undo(after: error)
            throw error
        }
    }

    private func undo(after failure: any Error) async {
        do {
            try await cancel()
        } catch {
            Logger(label: "kontor.move").error(
                "a move cannot be undone now; repeat it, or undo it with `kontor tenant move --undo`",
                metadata: ["tenant": "\(relocation.tenant)", "error": "\(error)", "after": "\(failure)"])
        }
    }
}

extension House {
    /// All migrations of a tenant's book.
    static var tenantMigrations: [Migration] { Tenancy.bookMigrations + bookMigrations }

    /// Carries a tenant's book to another store and says what was compared; nil when it is there already.
    ///
    /// The tenant's calls get 503 meanwhile. The old book stays, sealed, until `removeLeftBooks`. Throws when anything
    /// differs or fails; then the book is open again where it was. After a crash, repeat it or `undoMove`.
    public func move(
        _ tenant: Tenant, to home: BookHome,
        progress: @escaping @Sendable (TenantMoveStep, _ done: Int64, _ total: Int64) -> Void = { _, _, _ in }
    ) async throws -> TenantMoveReport? {
        if tenant.relocation == nil, tenant.place.home == home { return nil }
        // A store that cannot be reached is told before anybody has to wait.
        _ = try await stores.driver(home).exists(House.platformBook)
        return try await TenantMove.begin(tenant.id, to: home, self, progress: progress).run()
    }

    /// Ends a move that was interrupted, with the book where it was; false when none was under way.
    public func undoMove(_ tenant: Tenant) async throws -> Bool {
        guard let relocation = tenant.relocation else { return false }
        try await TenantMove.begin(tenant.id, to: relocation.to.home, self).cancel()
        return true
    }

    /// Deletes the copies that a tenant's moves left behind, for good; returns where they were.
    public func removeLeftBooks(_ tenant: Tenant) async throws -> [BookPlace] {
        let left = try await tenancy.leftBooks(tenant.id)
        for book in left { try await tenancy.removeLeftBook(book) }
        return left.map(\.place)
    }

    /// Deletes a copy that was never finished. Where its store cannot be reached it stays among the left ones.
    func tryRemoving(_ place: BookPlace, of tenant: TenantID) async {
        do {
            for left in try await tenancy.leftBooks(tenant) where left.place == place {
                try await tenancy.removeLeftBook(left)
            }
        } catch {
            Logger(label: "kontor.move").warning(
                "an unfinished copy cannot be deleted now; `kontor tenant move --drop-old` deletes it later",
                metadata: ["tenant": "\(tenant)", "copy": "\(place)", "error": "\(error)"])
        }
    }
}
