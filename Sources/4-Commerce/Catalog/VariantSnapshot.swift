public import Contract
public import Money

/// What an order needs to know of a variant at the moment it is bought.
public struct VariantSnapshot: Hashable, Sendable {
    public let id: VariantID
    public let productID: ProductID
    public let sku: String
    /// "Clay Plant Pot – Large".
    public let title: String
    public let price: Amount
    /// What it costs the tenant, where that is known.
    public let cost: Amount?
    /// The key into the tax table; "exempt" for what is not taxable.
    public let taxCategory: String
    public let requiresShipping: Bool
    /// Whether its stock is counted.
    public let tracked: Bool
    /// Whether it may be sold beyond what is on hand.
    public let backorder: Bool
    public let weightGrams: Int64
    public let giftCard: Bool
    /// Published, and not retired.
    public let sellable: Bool
}
