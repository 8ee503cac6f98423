import Contract
import Journal
import Runtime
import Store
import SwiftProtobuf
import TestStores
import Testing

@testable import Tenancy

@Suite(.onBothStores) struct BookRegistryTests {
    @Test("a hundred tenants are served with four books open")
    func bound() async throws {
        let fixture = try await TenancyFixture.make(maximumOpen: 4)
        var tenants: [TenantID] = []
        for number in 0..<100 {
            tenants.append(try await fixture.tenancy.create(TenancyFixture.draft("house-\(number)")).id)
        }
        for round in 0..<2 {
            for (number, tenant) in tenants.enumerated() {
                let slug = try await fixture.tenancy.withBook(tenant) { book in
                    try await book.read { try TenantProfile.read($0).slug }
                }
                #expect(slug == "house-\(number)", "round \(round)")
            }
        }
        #expect(await fixture.tenancy.registry.openCount <= 4)
        #expect(await fixture.tenancy.registry.highestOpenCount <= 4)
        #expect(fixture.driver.highest <= 4)
        #expect(fixture.driver.total >= 200)
        await fixture.discard()
        #expect(fixture.driver.open == 0)
    }

    @Test("a book that a call holds stays open; answered, it makes room at once, whoever else refers to it")
    func holds() async throws {
        let fixture = try await TenancyFixture.make(maximumOpen: 2)
        var tenants: [TenantID] = []
        for number in 0..<6 {
            tenants.append(try await fixture.tenancy.create(TenancyFixture.draft("house-\(number)")).id)
        }
        // As jobs and projections do, the test refers to every book that it has seen.
        var seen: [Book] = []
        let held = try await fixture.tenancy.openBook("\(tenants[0])")
        let hold = await fixture.tenancy.hold("\(tenants[0])", held)
        #expect(hold != nil)
        for tenant in tenants.dropFirst() {
            let book = try await fixture.tenancy.openBook("\(tenant)")
            seen.append(book)
            let hold = await fixture.tenancy.hold("\(tenant)", book)
            #expect(try await book.read { try TenantProfile.read($0).id } == tenant)
            withExtendedLifetime(hold) {}
        }
        #expect(await fixture.tenancy.registry.highestOpenCount <= 2)
        #expect(try await held.read { try TenantProfile.read($0).id } == tenants[0])
        #expect(await fixture.tenancy.hold("\(tenants[1])", seen[0]) == nil, "it has been closed")
        withExtendedLifetime((hold, seen)) {}
        await fixture.discard()
    }

    @Test("however many callers ask at once, a tenant has one open book")
    func concurrent() async throws {
        let fixture = try await TenancyFixture.make()
        let id = try await fixture.tenancy.create(TenancyFixture.draft("nord")).id
        await fixture.tenancy.registry.evict(id)
        let before = fixture.driver.total
        let books = try await withThrowingTaskGroup(of: Book.self) { group in
            for _ in 0..<200 { group.addTask { try await fixture.tenancy.openBook(id.description) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(fixture.driver.total == before + 1)
        #expect(Set(books.map(ObjectIdentifier.init)).count == 1)
        await fixture.discard()
    }

    @Test("many callers over many tenants with few books lose no write")
    func churn() async throws {
        let fixture = try await TenancyFixture.make(maximumOpen: 3)
        var tenants: [TenantID] = []
        for number in 0..<12 {
            tenants.append(try await fixture.tenancy.create(TenancyFixture.draft("house-\(number)")).id)
        }
        let all = tenants
        try await withThrowingTaskGroup { group in
            for caller in 0..<8 {
                group.addTask {
                    for step in 0..<24 {
                        _ = try await fixture.tenancy.withBook(all[(caller * 5 + step) % all.count]) { book in
                            try await book.write("note") { try $0.append(type: "test.Note", payload: []) }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        var notes = 0
        for tenant in tenants {
            notes += try await fixture.tenancy.withBook(tenant) { book in
                try await book.read { Int(try Journal.head($0).sequence) }
            }
        }
        #expect(notes == 8 * 24)
        await fixture.discard()
    }

    @Test("a book in use is not closed under its user; past twice the bound callers are told to come back")
    func inUse() async throws {
        let fixture = try await TenancyFixture.make(maximumOpen: 1)
        var tenants: [TenantID] = []
        for number in 0..<3 {
            tenants.append(try await fixture.tenancy.create(TenancyFixture.draft("house-\(number)")).id)
        }
        let first = try await fixture.tenancy.openBook(tenants[0].description)
        let second = try await fixture.tenancy.openBook(tenants[1].description)
        let refusal = await #expect(throws: TenancyError.self) {
            try await fixture.tenancy.openBook(tenants[2].description)
        }
        #expect(refusal?.code == .tooManyOpen && refusal?.problem.retryAfterSeconds == 1)
        _ = try await first.write("still open") { try $0.append(type: "test.Note", payload: []) }
        _ = try await second.write("still open") { try $0.append(type: "test.Note", payload: []) }

        // After the grace nobody can still be working with them.
        fixture.clock.advance(by: .seconds(61))
        _ = try await fixture.tenancy.openBook(tenants[2].description)
        #expect(await fixture.tenancy.registry.openCount == 1)
        await fixture.discard()
    }

    @Test("a book that fails to open is tried again by the next caller")
    func failure() async throws {
        let fixture = try await TenancyFixture.make()
        let id = try await fixture.tenancy.create(TenancyFixture.draft("nord")).id
        await fixture.tenancy.registry.evict(id)
        fixture.driver.fail(true)
        await #expect(throws: StoreError.self) { try await fixture.tenancy.openBook(id.description) }
        fixture.driver.fail(false)
        _ = try await fixture.tenancy.openBook(id.description)
        await fixture.discard()
    }

    @Test("a companion that fails closes the book again, and what it began is taken back")
    func companion() async throws {
        let companion = BookCompanion(
            opened: { profile, _ in
                if profile.slug == "bad" { throw StoreError(.database, "no key for \(profile.slug)") }
            })
        let fixture = try await TenancyFixture.make(companions: [companion])
        await #expect(throws: StoreError.self) { try await fixture.tenancy.create(TenancyFixture.draft("bad")) }
        _ = try await fixture.tenancy.create(TenancyFixture.draft("good"))
        #expect(await fixture.tenancy.registry.openCount == 1)
        #expect(try await fixture.tenancy.tenant(slug: "bad").state == .preparing)
        await fixture.discard()
    }
}
