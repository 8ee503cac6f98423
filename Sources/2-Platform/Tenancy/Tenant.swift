public import Contract
public import Money
public import Runtime
internal import Store

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
    /// Where the book is.
    public var place: BookPlace
    /// The move of the book that is under way; the tenant's calls wait for its end.
    public var relocation: Relocation?
    /// How many copies of the book were begun elsewhere; each has its own name.
    var copies: Int64 = 0
    public let createdAt: Timestamp
    public var changedAt: Timestamp
    /// Counts changes of the settings; the profile in the tenant's book follows it.
    public var revision: Int64

    /// Which store holds the book, and the book's name there.
    public var storeKind: String { place.kind.rawValue }
    public var bookName: String { place.name }
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
    /// Where its book is made; the installation's usual place when nil.
    public var home: BookHome?

    public init(
        slug: String, name: String, baseCurrency: Currency, country: String, plan: String = "standard",
        feeBasisPoints: Int32 = 80, locale: String = "en", home: BookHome? = nil
    ) {
        self.slug = slug
        self.name = name
        self.baseCurrency = baseCurrency
        self.country = country
        self.plan = plan
        self.feeBasisPoints = feeBasisPoints
        self.locale = locale
        self.home = home
    }
}
