/// What the settings of a tenant must fulfil.
enum TenantRules {
    static func check(_ draft: TenantDraft) throws {
        try check(slug: draft.slug)
        try check(name: draft.name)
        try check(plan: draft.plan)
        try check(fee: draft.feeBasisPoints)
        try check(locale: draft.locale)
        guard draft.country.utf8.count == 2, draft.country.utf8.allSatisfy({ (65...90).contains($0) }) else {
            throw TenancyError(
                .invalidField, field: "country",
                "country must be two capital letters of ISO 3166-1, such as DE, not "
                    + "\"\(draft.country.prefix(20))\"")
        }
    }

    static func check(slug: String) throws {
        guard (2...40).contains(slug.utf8.count), !slug.hasPrefix("-"), !slug.hasSuffix("-"), isWord(slug) else {
            throw TenancyError(
                .invalidField, field: "slug",
                "slug must be 2 to 40 of a-z, 0-9 and hyphen, no hyphen at an end, not "
                    + "\"\(slug.prefix(60))\"")
        }
    }

    static func check(name: String) throws {
        guard (1...120).contains(name.count), !name.contains(where: \.isNewline) else {
            throw TenancyError(.invalidField, field: "name", "name must be one line of 1 to 120 characters")
        }
    }

    static func check(plan: String) throws {
        guard (1...40).contains(plan.utf8.count), isWord(plan) else {
            throw TenancyError(
                .invalidField, field: "plan", "plan must be 1 to 40 of a-z, 0-9 and hyphen, not \"\(plan.prefix(60))\"")
        }
    }

    static func check(fee: Int32) throws {
        guard (0...10_000).contains(fee) else {
            throw TenancyError(
                .invalidField, field: "fee_basis_points", "fee_basis_points must be 0 to 10000, not \(fee)")
        }
    }

    static func check(locale: String) throws {
        let parts = locale.split(separator: "-", omittingEmptySubsequences: false)
        let allowed = parts.allSatisfy { part in
            (2...8).contains(part.utf8.count)
                && part.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) }
        }
        guard locale.utf8.count <= 35, allowed else {
            throw TenancyError(
                .invalidField, field: "locale",
                "locale must be a BCP 47 tag, such as en or zh-Hans, not \"\(locale.prefix(60))\"")
        }
    }

    static func check(reason: String) throws {
        guard (3...120).contains(reason.count) else {
            throw TenancyError(.invalidField, field: "reason", "reason must be 3 to 120 characters long")
        }
    }

    private static func isWord(_ text: String) -> Bool {
        text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
    }
}

extension TenantDraft {
    /// Throws what `create` would throw of the draft itself, before anything is opened.
    public func check() throws { try TenantRules.check(self) }
}
