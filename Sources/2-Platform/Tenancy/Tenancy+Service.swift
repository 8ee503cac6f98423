public import Contract
internal import Money
internal import Runtime
internal import Store
internal import SwiftProtobuf

/// Tenancy over the API: operators only, but for a tenant's look at its own profile.
extension Tenancy: TenancyService {
    public func createTenant(_ request: V1CreateTenantRequest, _ context: CallContext) async throws -> V1Tenant {
        let draft = try TenantDraft(request)
        let planned = try await platform.perform(context, request) { tx in describe(try plan(draft, in: tx)) }
        // A repeated call gets the answer of its first step here; the steps behind it are safe to repeat.
        return describe(try await prepare(try tenantID(planned.tenantID)))
    }

    public func listTenants(
        _ request: V1ListTenantsRequest, _ context: CallContext
    ) async throws -> V1ListTenantsReply {
        guard (0...200).contains(request.pageSize) else {
            throw TenancyError(.invalidField, field: "page_size", "page_size must be 1 to 200, or 0 for 50")
        }
        let size = request.pageSize == 0 ? 50 : Int(request.pageSize)
        let after = TenantID(request.pageToken)
        guard request.pageToken.isEmpty || after != nil else {
            throw Problem.invalidParameter(
                "page_token", value: request.pageToken, rule: "is not one that we gave out for this list")
        }
        let state = TenantState(rawValue: request.state)
        guard request.state.isEmpty || state != nil else {
            throw TenancyError(
                .invalidField, field: "state",
                "state must be one of \(TenantState.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        let found = try await tenants(after: after, state: state, limit: size + 1)
        return .with {
            $0.tenants = found.prefix(size).map(describe)
            $0.nextPageToken = found.count > size ? found[size - 1].id.description : ""
        }
    }

    public func getTenant(_ request: V1GetTenantRequest, _ context: CallContext) async throws -> V1Tenant {
        describe(try await tenant(try tenantID(request.tenantID)))
    }

    public func changeTenant(_ request: V1ChangeTenantRequest, _ context: CallContext) async throws -> V1Tenant {
        let id = try tenantID(request.tenantID)
        let reply = try await platform.perform(context, request) { tx in
            describe(
                try change(
                    id, name: request.name.isEmpty ? nil : request.name,
                    plan: request.plan.isEmpty ? nil : request.plan,
                    fee: request.hasFeeBasisPoints ? request.feeBasisPoints : nil,
                    locale: request.locale.isEmpty ? nil : request.locale, in: tx))
        }
        try await followProfile(try await tenant(id))
        return reply
    }

    public func suspendTenant(_ request: V1SuspendTenantRequest, _ context: CallContext) async throws -> V1Tenant {
        try await move(request, request.tenantID, to: .suspended, reason: request.reason, context)
    }

    public func resumeTenant(_ request: V1ResumeTenantRequest, _ context: CallContext) async throws -> V1Tenant {
        try await move(request, request.tenantID, to: .active, reason: "resumed", context)
    }

    public func closeTenant(_ request: V1CloseTenantRequest, _ context: CallContext) async throws -> V1Tenant {
        try await move(request, request.tenantID, to: .closed, reason: request.reason, context)
    }

    public func getProfile(_ request: V1GetProfileRequest, _ context: CallContext) async throws -> V1Profile {
        let profile = try await context.book.read { try TenantProfile.read($0) }
        return .with {
            $0.tenantID = profile.id.description
            $0.slug = profile.slug
            $0.name = profile.name
            $0.baseCurrency = profile.baseCurrency.code
            $0.country = profile.country
            $0.plan = profile.plan
            $0.feeBasisPoints = profile.feeBasisPoints
            $0.locale = profile.locale
        }
    }

    private func move(
        _ request: some Message, _ text: String, to next: TenantState, reason: String, _ context: CallContext
    ) async throws -> V1Tenant {
        let id = try tenantID(text)
        let by = context.caller.subject
        let reply = try await platform.perform(context, request) { tx in
            describe(try move(id, to: next, reason: reason, by: by, in: tx))
        }
        // The directory is asked again: the reply of a repeated call may be older than a later move.
        await follow(try await tenant(id))
        return reply
    }

    private func tenantID(_ text: String) throws -> TenantID {
        guard let id = TenantID(text) else {
            throw TenancyError(.unknownTenant, "there is no tenant \(text.prefix(40))")
        }
        return id
    }

    private func describe(_ tenant: Tenant) -> V1Tenant {
        .with {
            $0.tenantID = tenant.id.description
            $0.slug = tenant.slug
            $0.name = tenant.name
            $0.baseCurrency = tenant.baseCurrency.code
            $0.country = tenant.country
            $0.plan = tenant.plan
            $0.feeBasisPoints = tenant.feeBasisPoints
            $0.locale = tenant.locale
            $0.state = tenant.state.rawValue
            $0.storeKind = tenant.storeKind
            $0.createdAt = tenant.createdAt.rfc3339
            $0.changedAt = tenant.changedAt.rfc3339
            $0.place = tenant.place.home.description
            $0.movingTo = tenant.relocation?.to.home.description ?? ""
        }
    }
}

extension TenantDraft {
    fileprivate init(_ request: V1CreateTenantRequest) throws {
        guard let currency = try? Currency(code: request.baseCurrency) else {
            throw TenancyError(
                .invalidField, field: "base_currency", "base_currency must be a currency of ISO 4217, such as EUR")
        }
        self.init(
            slug: request.slug, name: request.name, baseCurrency: currency, country: request.country,
            plan: request.plan.isEmpty ? "standard" : request.plan,
            feeBasisPoints: request.hasFeeBasisPoints ? request.feeBasisPoints : 80,
            locale: request.locale.isEmpty ? "en" : request.locale)
    }
}
