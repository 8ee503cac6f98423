public import Money
public import Runtime

public enum CartTag: IdentifierTag {
    public static let prefix = "crt"
}

/// Names a cart: `crt_01h…`.
public typealias CartID = Identifier<CartTag>

/// What a tenant decides about its orders. The wiring reads it from the tenant's settings.
public struct OrderSettings: Hashable, Sendable {
    /// The currency whose chart of accounts is open from the start.
    public var currency: Currency
    /// Where goods are taxed when no shipping address says otherwise. ISO 3166-1, two letters.
    public var country: String
    /// A part of the country with a tax of its own; empty where there is none.
    public var region: String
    /// How long stock is kept for an order that is not paid.
    public var reservation: Duration
    /// How long a cart lives after its last change.
    public var cartLifetime: Duration
    /// How long after the last parcel goods may come back.
    public var returnWindow: Duration
    public var taxRounding: Rounding

    public init(
        currency: Currency, country: String, region: String = "", reservation: Duration = .seconds(30 * 60),
        cartLifetime: Duration = .seconds(7 * 86_400), returnWindow: Duration = .seconds(14 * 86_400),
        taxRounding: Rounding = .halfEven
    ) {
        self.currency = currency
        self.country = country
        self.region = region
        self.reservation = reservation
        self.cartLifetime = cartLifetime
        self.returnWindow = returnWindow
        self.taxRounding = taxRounding
    }
}
