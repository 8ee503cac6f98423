public import Contract
public import Money
public import Runtime

/// A tenant as the directory knows it.
public struct Tenant: Sendable, Hashable {
    public let id: TenantID
    public let slug: String
    public var name: String
    public let baseCurrency: Currency
    /// ISO 3166-1 alpha-2.
    public let country: String
    public var plan: String
    public var feeBasisPoints: Int32
    /// BCP 47.
    public var locale: String
    public var state: TenantState
    /// Which driver holds the book, and the book's name there.
    public let storeKind: String
    public let bookName: String
    public let createdAt: Timestamp
    public var changedAt: Timestamp
    /// Counts changes of the settings; the profile in the tenant's book follows it.
    public var revision: Int64
}

/// What a new tenant is made from.
public struct TenantDraft: Sendable, Hashable {
    public var slug: String
    public var name: String
    public var baseCurrency: Currency
    public var country: String
    public var plan: String
    /// The platform's share of a payment: 80 is 0.8 %.
    public var feeBasisPoints: Int32
    public var locale: String

    public init(
        slug: String, name: String, baseCurrency: Currency, country: String, plan: String = "standard",
        feeBasisPoints: Int32 = 80, locale: String = "en"
    ) {
        self.slug = slug
        self.name = name
        self.baseCurrency = baseCurrency
        self.country = country
        self.plan = plan
        self.feeBasisPoints = feeBasisPoints
        self.locale = locale
    }
}
