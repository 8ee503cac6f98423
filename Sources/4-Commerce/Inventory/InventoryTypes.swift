public import Contract
public import Runtime

/// A place that holds stock.
public enum LocationTag: IdentifierTag {
    public static let prefix = "loc"
}

/// Names a place that holds stock: `loc_01h…`.
public typealias LocationID = Identifier<LocationTag>

/// One change of what is on hand.
public enum MovementTag: IdentifierTag {
    public static let prefix = "mov"
}

public typealias MovementID = Identifier<MovementTag>

/// So many of one variant, as a caller asks for it.
public struct StockLine: Hashable, Sendable {
    public var variant: VariantID
    /// Positive, at most `Inventory.largestQuantity`.
    public var quantity: Int64
    /// False for a variant whose stock is not counted: it never runs out and moves nothing.
    public var tracked: Bool
    /// True where the catalogue allows selling beyond what is on hand.
    public var backorder: Bool

    public init(variant: VariantID, quantity: Int64, tracked: Bool = true, backorder: Bool = false) {
        self.variant = variant
        self.quantity = quantity
        self.tracked = tracked
        self.backorder = backorder
    }
}

/// What somebody found on the shelf.
public struct StockCount: Hashable, Sendable {
    public var variant: VariantID
    public var onHand: Int64

    public init(variant: VariantID, onHand: Int64) {
        self.variant = variant
        self.onHand = onHand
    }
}

/// What is on hand and promised of one variant, in one place or in all.
public struct StockLevel: Hashable, Sendable {
    public var onHand: Int64
    public var reserved: Int64

    /// Below zero where more was promised than is there: after damage, or by backorder.
    public var available: Int64 { onHand - reserved }

    public init(onHand: Int64, reserved: Int64) {
        self.onHand = onHand
        self.reserved = reserved
    }

    static let none = StockLevel(onHand: 0, reserved: 0)

    mutating func add(_ other: StockLevel) {
        onHand += other.onHand
        reserved += other.reserved
    }
}

/// Why what is on hand changed.
public enum MovementReason: String, Sendable, CaseIterable {
    /// Came from a supplier.
    case received
    /// Came back from a customer and can be sold again.
    case returned
    /// Turned up again.
    case found
    /// Left with a customer.
    case sold
    /// Is there no more: broken.
    case damaged
    /// Is there no more: nobody knows where it is.
    case lost
    /// Corrected by hand, up or down.
    case adjusted
    /// Counted on the shelf; the difference to the books.
    case counted
}
