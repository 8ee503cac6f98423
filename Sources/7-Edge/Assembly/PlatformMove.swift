import Contract
import Foundation
import Journal
public import Runtime
public import Store
import Tenancy

/// What was carried and compared when the directory of an installation moved.
public struct PlatformMoveReport: Sendable {
    /// Where the directory is now, without a password.
    public let place: String
    public let tables: [TableDigest]
    public let sequence: Int64
    public let headHash: [UInt8]

    public var rows: Int64 { tables.reduce(0) { $0 + $1.rows } }
}

/// Carries the platform's book (directory, keys' hashes, channel accounts) from SQLite to a PostgreSQL database.
///
/// The old book stays, sealed with a reason that names the new place: a house is not opened over it again. Interrupted,
/// the same call continues; nobody can have written to the new book before it ended, because it was not complete.
public struct PlatformMove: Sendable {
    private let from: HouseSettings
    private let to: HouseSettings
    private let world: World

    /// `settings` are those of the house as it is, in a folder; `database` is where it goes.
    public init(_ settings: HouseSettings, to database: String, world: World = .system()) {
        from = settings
        var settings = settings
        settings.database = database
        to = settings
        self.world = world
    }

    public func run() async throws -> PlatformMoveReport {
        guard from.database == nil else {
            throw Problem.conflict("the directory is in a database already: \(from.location)")
        }
        guard try await House.exists(in: from) else { throw House.absent(from) }
        return try await Self.with(from, world) { source in
            try await Self.with(to, world) { target in try await carry(source, target) }
        }
    }

    /// Takes the seal of an interrupted or an ended move away: the house is in its folder again.
    public func undo() async throws {
        guard try await House.exists(in: from) else { throw House.absent(from) }
        try await Self.with(from, world) { source in
            guard let mark = try await source.sealMark() else { return }
            try await source.unseal(mark)
        }
    }

    private func carry(_ source: Book, _ target: Book) async throws -> PlatformMoveReport {
        let mine = try await source.read { try Journal.head($0) }
        let theirs = try await target.read { try Journal.head($0) }
        guard theirs.sequence == 0 || theirs.hash == mine.hash else {
            throw Problem.conflict("there is another house at \(to.location) already")
        }
        if try await source.sealMark() != nil, theirs.sequence > 0 {
            // The copy is one transaction, so it was complete; by now the new directory may have taken more.
            return try await compare(source, target, read: nil)
        }
        // Greater than that of an earlier attempt.
        let mark = withUnsafeBytes(of: world.now().microseconds.bigEndian) { Array($0) } + world.random.bytes(8)
        try await source.seal(
            mark,
            reason: "the directory of this house moved to \(to.location): give that as --database; "
                + "`kontor platform move --undo` takes it back")
        do {
            let read = try await BookCopy.run(from: source, to: target)
            return try await compare(source, target, read: read)
        } catch {
            _ = try? await source.unseal(mark)
            throw error
        }
    }

    private func compare(_ source: Book, _ target: Book, read: [TableDigest]?) async throws -> PlatformMoveReport {
        let written = try await BookCopy.digests(of: target)
        let before = try await source.read { try JournalVerifier.verify($0) }
        let after = try await target.read { try JournalVerifier.verify($0) }
        guard read ?? written == written, before.finding == nil, after.finding == nil,
            before.headHash == after.headHash
        else {
            throw Problem.conflict(
                "what was copied is not what is here: \(before.finding?.detail ?? "a table differs")")
        }
        return PlatformMoveReport(
            place: to.location, tables: written, sequence: after.verified, headHash: after.headHash)
    }

    private static func with<Answer: Sendable>(
        _ settings: HouseSettings, _ world: World, _ body: @Sendable (Book) async throws -> Answer
    ) async throws -> Answer {
        let stores = Stores(settings, world: world, lock: nil)
        do {
            let book = try await stores.home().open(
                House.platformBook, migrations: House.platformMigrations, world: world, options: BookOptions())
            do {
                let answer = try await body(book)
                await book.close()
                await stores.close()
                return answer
            } catch {
                await book.close()
                throw error
            }
        } catch {
            await stores.close()
            throw error
        }
    }
}
