internal import Contract
internal import Money
internal import Runtime
internal import Store
internal import SwiftProtobuf

extension Tenancy {
    /// The first step of a creation: the row that reserves the slug and the book's name.
    func plan(_ draft: TenantDraft, in tx: Transaction) throws -> Tenant {
        try TenantRules.check(draft)
        if let found = try DirectoryStorage.tenant(slug: draft.slug, tx) {
            guard found.state == .preparing, found.isMade(from: draft) else {
                throw TenancyError(.slugTaken, "the slug \(draft.slug) is taken")
            }
            return found
        }
        let id: TenantID = tx.newID()
        let tenant = Tenant(
            id: id, slug: draft.slug, name: draft.name, baseCurrency: draft.baseCurrency, country: draft.country,
            plan: draft.plan, feeBasisPoints: draft.feeBasisPoints, locale: draft.locale, state: .preparing,
            place: BookPlace(draft.home ?? opener.stores.usualHome, name: id.description), relocation: nil,
            createdAt: tx.now, changedAt: tx.now, revision: 1)
        try DirectoryStorage.insert(tenant, in: tx)
        return tenant
    }

    /// The second and third step: make the book, then tell that the tenant is there. Each may be repeated.
    func prepare(_ id: TenantID) async throws -> Tenant {
        try await registry.withBook(id) { _ in }
        let tenant = try await platform.write("tenancy.prepared") { tx in
            var tenant = try existing(id, tx)
            guard tenant.state == .preparing else { return tenant }
            tenant.state = .active
            try DirectoryStorage.update(tenant, in: tx)
            try tx.announce(Tenancy.topic, id.description)
            try tx.record(
                V1TenantCreated.with {
                    $0.tenantID = id.description
                    $0.slug = tenant.slug
                    $0.baseCurrency = tenant.baseCurrency.code
                    $0.country = tenant.country
                    $0.plan = tenant.plan
                    $0.feeBasisPoints = tenant.feeBasisPoints
                    $0.atUs = tx.now.microseconds
                })
            return tenant
        }
        states.forget(id)
        return tenant
    }

    func move(_ id: TenantID, to next: TenantState, reason: String, by: String) async throws -> Tenant {
        let tenant = try await platform.write("tenancy.move") { tx in
            try move(id, to: next, reason: reason, by: by, in: tx)
        }
        await follow(tenant)
        return tenant
    }

    func move(
        _ id: TenantID, to next: TenantState, reason: String, by: String, in tx: Transaction
    ) throws -> Tenant {
        try TenantRules.check(reason: reason)
        var tenant = try existing(id, tx)
        let before = tenant.state
        guard try before.move(to: next) else { return tenant }
        if before == .preparing { throw TenancyError(.preparing, "the tenant is being prepared") }
        tenant.state = next
        tenant.changedAt = tx.now
        try DirectoryStorage.update(tenant, in: tx)
        try tx.announce(Tenancy.topic, id.description)
        try tx.record(
            V1TenantMoved.with {
                $0.tenantID = id.description
                $0.from = before.rawValue
                $0.to = next.rawValue
                $0.reason = reason
                $0.by = by
                $0.atUs = tx.now.microseconds
            })
        return tenant
    }

    /// What must happen in this process after a move: new calls see it, and the book of a stopped tenant closes.
    func follow(_ tenant: Tenant) async {
        states.forget(tenant.id)
        if tenant.state != .active { await registry.evict(tenant.id) }
    }

    func change(
        _ id: TenantID, name: String?, plan: String?, fee: Int32?, locale: String?, in tx: Transaction
    ) throws -> Tenant {
        var tenant = try existing(id, tx)
        guard tenant.state != .closed else { throw TenancyError(.closed, "the tenant is closed") }
        if let name { try TenantRules.check(name: name) }
        if let plan { try TenantRules.check(plan: plan) }
        if let fee { try TenantRules.check(fee: fee) }
        if let locale { try TenantRules.check(locale: locale) }
        let before = tenant
        tenant.name = name ?? tenant.name
        tenant.plan = plan ?? tenant.plan
        tenant.feeBasisPoints = fee ?? tenant.feeBasisPoints
        tenant.locale = locale ?? tenant.locale
        guard tenant != before else { return tenant }
        tenant.revision += 1
        tenant.changedAt = tx.now
        try DirectoryStorage.update(tenant, in: tx)
        try tx.record(
            V1TenantChanged.with {
                $0.tenantID = id.description
                $0.plan = tenant.plan
                $0.feeBasisPoints = tenant.feeBasisPoints
                $0.locale = tenant.locale
                $0.atUs = tx.now.microseconds
            })
        return tenant
    }

    /// Should this be interrupted, the next opening of the book repeats it.
    func followProfile(_ tenant: Tenant) async throws {
        try await registry.withBook(tenant.id) { book in try await opener.install(tenant, in: book) }
    }

    func existing(_ id: TenantID, _ reader: any SQLReader) throws -> Tenant {
        guard let tenant = try DirectoryStorage.tenant(id, reader) else {
            throw TenancyError(.unknownTenant, "there is no tenant \(id)")
        }
        return tenant
    }
}

extension Tenant {
    fileprivate func isMade(from draft: TenantDraft) -> Bool {
        name == draft.name && baseCurrency == draft.baseCurrency && country == draft.country && plan == draft.plan
            && feeBasisPoints == draft.feeBasisPoints && locale == draft.locale
            && (draft.home == nil || draft.home == place.home)
    }
}
