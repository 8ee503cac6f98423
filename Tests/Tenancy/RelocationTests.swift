import Contract
import Foundation
import Journal
import Runtime
import Store
import StoreSQLite
import SwiftProtobuf
import TestStores
import Testing

@testable import Tenancy

@Suite(.onBothStores) struct RelocationTests {
    private static let proof = RelocationProof(sequence: 1, headHash: [7], rows: 3)

    /// Carries the rows, as the wiring does it.
    private func carry(_ relocation: Relocation, _ fixture: RelocationFixture) async throws {
        let source = try await fixture.raw(relocation.from)
        let target = try await fixture.raw(relocation.to)
        _ = try await BookCopy.run(from: source, to: target)
        await source.close()
        await target.close()
    }

    @Test("while its book is on its way a tenant's calls get 503 with Retry-After, and go on when the move is given up")
    func waits() async throws {
        let fixture = try await RelocationFixture.make()
        let id = try await fixture.tenancy.create(TenancyFixture.draft("nord")).id
        let (relocation, abandoned) = try await fixture.tenancy.beginRelocation(id, to: .postgres)
        #expect(abandoned == nil && relocation.from == BookPlace(kind: .sqlite, name: "\(id)"))
        let refusal = await #expect(throws: TenancyError.self) { try await fixture.tenancy.openBook("\(id)") }
        #expect(refusal?.code == .moving)
        #expect(refusal?.problem.status == 503 && refusal?.problem.retryAfterSeconds == 2)
        await #expect(throws: TenancyError.self) { try await fixture.tenancy.withBook(id) { _ in } }

        try await fixture.tenancy.cancelRelocation(relocation)
        _ = try await fixture.tenancy.openBook("\(id)")
        #expect(try await fixture.tenancy.leftBooks(id).map(\.place) == [relocation.to])
        await fixture.discard()
    }

    @Test("after the switch the book is opened at its new place with all that it held, and the move is told once")
    func switches() async throws {
        let fixture = try await RelocationFixture.make()
        let id = try await fixture.tenancy.create(TenancyFixture.draft("nord")).id
        try await fixture.note("before", id)
        let (relocation, _) = try await fixture.tenancy.beginRelocation(id, to: .postgres)
        try await carry(relocation, fixture)
        let moved = try await fixture.tenancy.endRelocation(relocation, Self.proof, by: "operator")
        #expect(moved.place == BookPlace(kind: .postgres, name: "\(id)_1") && moved.relocation == nil)
        // Its answer was lost on the way, so it is asked again.
        #expect(try await fixture.tenancy.endRelocation(relocation, Self.proof, by: "operator").place == moved.place)
        #expect(try await fixture.events("TenantRelocated") == 1)
        #expect(try await fixture.notes(id) == ["before"])
        let left = try await fixture.tenancy.leftBooks(id)
        #expect(left.map(\.place) == [relocation.from])

        try await fixture.tenancy.removeLeftBook(try #require(left.first))
        #expect(try await fixture.tenancy.leftBooks(id).isEmpty)
        #expect(try await fixture.shelves.driver(.sqlite).exists("\(id)") == false)

        // And back, under a name that was never used before.
        let (again, _) = try await fixture.tenancy.beginRelocation(id, to: .sqlite)
        try await carry(again, fixture)
        let back = try await fixture.tenancy.endRelocation(again, Self.proof, by: "operator")
        #expect(back.place == BookPlace(kind: .sqlite, name: "\(id)_2"))
        #expect(try await fixture.notes(id) == ["before"])
        await fixture.discard()
    }

    // worker 1: begin ………………………… end (refused)
    // worker 2:        begin … end
    @Test("whoever takes a move over is the only one who can end it")
    func takenOver() async throws {
        let fixture = try await RelocationFixture.make()
        let id = try await fixture.tenancy.create(TenancyFixture.draft("nord")).id
        let (first, _) = try await fixture.tenancy.beginRelocation(id, to: .postgres)
        try await carry(first, fixture)
        let (second, abandoned) = try await fixture.tenancy.beginRelocation(id, to: .postgres)
        #expect(abandoned == first.to && second.to.name == "\(id)_2" && second.since == first.since)
        for attempt in [1, 2] {
            let refusal = await #expect(throws: TenancyError.self) {
                if attempt == 1 {
                    _ = try await fixture.tenancy.endRelocation(first, Self.proof, by: "operator")
                } else {
                    try await fixture.tenancy.cancelRelocation(first)
                }
            }
            #expect(refusal?.code == .moving)
        }
        try await carry(second, fixture)
        #expect(try await fixture.tenancy.endRelocation(second, Self.proof, by: "operator").place == second.to)
        #expect(Set(try await fixture.tenancy.leftBooks(id).map(\.place)) == [first.to, second.from])
        await fixture.discard()
    }

    @Test("a book on its way goes nowhere else, and one that is there already does not move")
    func refused() async throws {
        let fixture = try await RelocationFixture.make()
        let id = try await fixture.tenancy.create(TenancyFixture.draft("nord")).id
        let there = await #expect(throws: TenancyError.self) {
            _ = try await fixture.tenancy.beginRelocation(id, to: .sqlite)
        }
        #expect(there?.code == .illegalMove)
        _ = try await fixture.tenancy.beginRelocation(id, to: .postgres)
        let elsewhere = await #expect(throws: TenancyError.self) {
            _ = try await fixture.tenancy.beginRelocation(id, to: try BookHome("postgres://db.example/gold"))
        }
        #expect(elsewhere?.code == .illegalMove)
        await fixture.discard()
    }

    @Test("another process follows: it refuses while the book is on its way, then opens it at its new place")
    func otherProcess() async throws {
        let fixture = try await RelocationFixture.make()
        let id = try await fixture.tenancy.create(TenancyFixture.draft("nord")).id
        let other = try await fixture.anotherProcess()
        let open = try await other.tenancy.openBook("\(id)")
        #expect(open.name == "\(id)")
        let (relocation, _) = try await fixture.tenancy.beginRelocation(id, to: .postgres)
        // What it remembers it forgets after two seconds at the latest, also when it hears nothing.
        fixture.clock.advance(by: .seconds(3))
        let refusal = await #expect(throws: TenancyError.self) { try await other.tenancy.openBook("\(id)") }
        #expect(refusal?.code == .moving)
        try await carry(relocation, fixture)
        _ = try await fixture.tenancy.endRelocation(relocation, Self.proof, by: "operator")
        fixture.clock.advance(by: .seconds(3))
        #expect(try await other.tenancy.openBook("\(id)").name == "\(id)_1")
        await other.end()
        await fixture.discard()
    }

    @Test("a book that is not where the directory says is missed, not made anew")
    func missing() async throws {
        let fixture = try await RelocationFixture.make()
        let id = try await fixture.tenancy.create(TenancyFixture.draft("nord")).id
        await fixture.tenancy.registry.evict(id)
        try await fixture.shelves.driver(.sqlite).remove("\(id)")
        let refusal = await #expect(throws: StoreError.self) { try await fixture.tenancy.openBook("\(id)") }
        #expect(refusal?.message.contains("not where the directory says") == true)
        await fixture.discard()
    }

    @Test("a tenant is made where its draft says; a place that the installation does not have takes no slug")
    func draftedPlace() async throws {
        let fixture = try await RelocationFixture.make()
        var draft = TenancyFixture.draft("nord")
        draft.home = .postgres
        let tenant = try await fixture.tenancy.create(draft)
        #expect(tenant.place == BookPlace(kind: .postgres, name: "\(tenant.id)"))
        #expect(try await fixture.tenancy.homes().map(\.home) == [.postgres])
        let shown = try await fixture.tenancy.getTenant(
            .with { $0.tenantID = "\(tenant.id)" }, fixture.context(TenancyContract.getTenant))
        #expect(shown.place == "postgres" && shown.storeKind == "postgres" && shown.movingTo.isEmpty)

        draft.slug = "south"
        draft.home = try BookHome("postgres://db.example/gold")
        let nowhere = draft
        let refusal = await #expect(throws: TenancyError.self) { try await fixture.tenancy.create(nowhere) }
        #expect(refusal?.code == .noSuchPlace)
        #expect(try await fixture.tenancy.tenants().count == 1)
        await fixture.discard()
    }
}

/// A directory on the test's store, and two shelves for books that go by the names of the two stores.
struct RelocationFixture: Sendable {
    let platform: TestBook
    let shelves: Shelves
    let tenancy: Tenancy

    static func make() async throws -> RelocationFixture {
        let platform = try await TestBook.make(
            migrations: Journal.migrations + Tenancy.migrations,
            world: World(clock: ManualClock(World.simulatedStart), random: .system()))
        let shelves = Shelves(
            sqlite: try SQLiteDriver(folder: platform.folder + "/one"),
            postgres: try SQLiteDriver(folder: platform.folder + "/two"))
        return RelocationFixture(
            platform: platform, shelves: shelves,
            tenancy: Tenancy(platform: platform.book, stores: shelves, migrations: Journal.migrations))
    }

    /// The same directory with a memory of its own.
    func anotherProcess() async throws -> (tenancy: Tenancy, end: @Sendable () async -> Void) {
        let book = try await platform.openedByAnotherProcess()
        let tenancy = Tenancy(platform: book, stores: shelves, migrations: Journal.migrations)
        return (
            tenancy,
            {
                await tenancy.shutDown()
                await book.close()
            }
        )
    }

    func raw(_ place: BookPlace) async throws -> Book {
        try await shelves.open(
            place, migrations: Tenancy.bookMigrations + Journal.migrations, world: platform.book.world,
            options: BookOptions())
    }

    func note(_ text: String, _ id: TenantID) async throws {
        try await tenancy.withBook(id) { book in
            _ = try await book.write("note") { try $0.append(type: "test.Note", payload: Array(text.utf8)) }
        }
    }

    func notes(_ id: TenantID) async throws -> [String] {
        try await tenancy.withBook(id) { book in
            try await book.read { try Journal.events(after: 0, limit: 100, $0) }
                .filter { $0.type == "test.Note" }.map { String(decoding: $0.payload, as: UTF8.self) }
        }
    }

    func events(_ type: String) async throws -> Int {
        try await platform.book.read { try Journal.events(after: 0, limit: 10_000, $0) }
            .count { $0.type.hasSuffix(type) }
    }

    func context(_ operation: Contract.Operation) -> CallContext {
        CallContext(
            caller: Caller(subject: "key_operator", tenant: "", scopes: ["platform:*"], book: platform.book),
            operation: operation, idempotencyKey: nil, deadline: platform.book.world.now().adding(.seconds(5)))
    }

    var clock: ManualClock {
        guard let clock = platform.book.world.manualClock else { preconditionFailure("the world is simulated") }
        return clock
    }

    func discard() async {
        await tenancy.shutDown()
        await platform.discard()
    }
}

/// Two stores of a test; a further database there is none.
struct Shelves: BookStores {
    let sqlite: any StoreDriver
    let postgres: any StoreDriver

    var usualHome: BookHome { .sqlite }

    func driver(_ home: BookHome) async throws -> any StoreDriver {
        switch home {
        case .sqlite: sqlite
        case .postgres: postgres
        default: throw TenancyError.hasNoDatabase
        }
    }

    func open(
        _ place: BookPlace, migrations: [Migration], world: World, options: BookOptions
    ) async throws -> Book {
        try await driver(place.home).open(place.name, migrations: migrations, world: world, options: options)
    }

    func release(_ place: BookPlace) async {}
}
