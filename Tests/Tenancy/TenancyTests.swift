import Contract
import Journal
import Money
import Runtime
import Store
import SwiftProtobuf
import TestStores
import Testing

@testable import Tenancy

@Suite(.onBothStores) struct TenancyTests {
    @Test("a new tenant has a book with its profile and what the setups installed")
    func create() async throws {
        let setup = TenantSetup("note") { profile, tx in
            try tx.append(type: "test.Installed", payload: Array(profile.slug.utf8))
        }
        let fixture = try await TenancyFixture.make(setups: [setup])
        let tenant = try await fixture.tenancy.create(TenancyFixture.draft("nord"))
        #expect(tenant.state == .active && tenant.feeBasisPoints == 80 && tenant.place.kind == fixture.driver.kind)
        let book = try await fixture.tenancy.openBook(tenant.id.description)
        let profile = try await book.read { try TenantProfile.read($0) }
        #expect(profile.id == tenant.id && profile.baseCurrency == .eur && profile.country == "DE")
        #expect(try await book.read { try Journal.events(after: 0, limit: 10, $0) }.map(\.type) == ["test.Installed"])
        #expect(try await fixture.events("TenantCreated") == 1)
        await fixture.discard()
    }

    @Test("a slug is taken once; an interrupted creation is continued by repeating it")
    func interrupted() async throws {
        let fixture = try await TenancyFixture.make()
        fixture.driver.fail(true)
        await #expect(throws: StoreError.self) { try await fixture.tenancy.create(TenancyFixture.draft("nord")) }
        let planned = try await fixture.tenancy.tenant(slug: "nord")
        #expect(planned.state == .preparing)
        #expect(await fixture.code(planned.id) == .preparing)
        fixture.driver.fail(false)
        let tenant = try await fixture.tenancy.create(TenancyFixture.draft("nord"))
        #expect(tenant.id == planned.id && tenant.state == .active)
        let refusal = await #expect(throws: TenancyError.self) {
            try await fixture.tenancy.create(TenancyFixture.draft("nord"))
        }
        #expect(refusal?.code == .slugTaken)
        #expect(try await fixture.events("TenantCreated") == 1)
        await fixture.discard()
    }

    @Test("the same creation with the same key over the API makes one tenant")
    func idempotentCreation() async throws {
        let fixture = try await TenancyFixture.make()
        let request = V1CreateTenantRequest.with {
            $0.slug = "nord"
            $0.name = "Nord"
            $0.baseCurrency = "EUR"
            $0.country = "DE"
        }
        let first = try await fixture.tenancy.createTenant(
            request, fixture.context(TenancyContract.createTenant, key: "c-1"))
        let second = try await fixture.tenancy.createTenant(
            request, fixture.context(TenancyContract.createTenant, key: "c-1"))
        #expect(first == second && first.state == "active")
        #expect(try await fixture.tenancy.tenants().count == 1)
        await fixture.discard()
    }

    @Test("a suspended tenant's calls get 403 tenant-suspended, a closed one's 410, and moves are journaled once")
    func moves() async throws {
        let fixture = try await TenancyFixture.make()
        let tenancy = fixture.tenancy
        let id = try await tenancy.create(TenancyFixture.draft("nord")).id
        #expect(await fixture.code(id) == nil)

        #expect(try await tenancy.suspend(id, reason: "unpaid invoices").state == .suspended)
        #expect(try await tenancy.suspend(id, reason: "unpaid invoices").state == .suspended)
        #expect(await fixture.code(id) == .suspended)
        #expect(await tenancy.registry.openCount == 0)
        let problem = TenancyError(.suspended, "").problem
        #expect(problem.status == 403 && problem.type == "tenant-suspended")

        #expect(try await tenancy.resume(id).state == .active)
        #expect(await fixture.code(id) == nil)
        #expect(try await tenancy.close(id, reason: "left us").state == .closed)
        #expect(await fixture.code(id) == .closed)
        let refusal = await #expect(throws: TenancyError.self) { try await tenancy.resume(id) }
        #expect(refusal?.code == .illegalMove)
        #expect(refusal?.message.contains("allowed: none") == true)
        #expect(try await fixture.events("TenantMoved") == 3)

        // The auditors still read the book.
        let slug = try await tenancy.withBook(id) { book in try await book.read { try TenantProfile.read($0).slug } }
        #expect(slug == "nord")
        await fixture.discard()
    }

    @Test("a change of settings reaches the profile in the tenant's book")
    func change() async throws {
        let fixture = try await TenancyFixture.make()
        let id = try await fixture.tenancy.create(TenancyFixture.draft("nord")).id
        _ = try await fixture.tenancy.change(id, feeBasisPoints: 120, locale: "zh-Hans")
        let book = try await fixture.tenancy.openBook(id.description)
        let profile = try await book.read { try TenantProfile.read($0) }
        #expect(profile.feeBasisPoints == 120 && profile.locale == "zh-Hans" && profile.revision == 2)
        await fixture.discard()
    }

    @Test("settings that break a rule are refused with the field, and nothing is written")
    func refusals() async throws {
        let fixture = try await TenancyFixture.make()
        let good = TenancyFixture.draft("nord")
        let cases: [(String, (inout TenantDraft) -> Void)] = [
            ("slug", { $0.slug = "N" }), ("slug", { $0.slug = "-nord" }), ("name", { $0.name = "" }),
            ("country", { $0.country = "Germany" }), ("fee_basis_points", { $0.feeBasisPoints = 10_001 }),
            ("fee_basis_points", { $0.feeBasisPoints = -1 }), ("locale", { $0.locale = "english, please" }),
            ("plan", { $0.plan = "Gold Plan" })
        ]
        for (field, spoil) in cases {
            var draft = good
            spoil(&draft)
            let spoiled = draft
            let refusal = await #expect(throws: TenancyError.self) { try await fixture.tenancy.create(spoiled) }
            #expect(refusal?.field == field && refusal?.problem.status == 422)
        }
        #expect(try await fixture.tenancy.tenants().isEmpty)
        #expect(try await fixture.driver.names().isEmpty)
        await fixture.discard()
    }

    @Test("unknown tenants are not found, whatever text names them")
    func unknown() async throws {
        let fixture = try await TenancyFixture.make()
        for text in ["", "nord", "../platform", "ten_01h455vb4pex5vsknk084sn02q"] {
            let refusal = await #expect(throws: TenancyError.self) { try await fixture.tenancy.openBook(text) }
            #expect(refusal?.code == .unknownTenant)
        }
        await fixture.discard()
    }
}
