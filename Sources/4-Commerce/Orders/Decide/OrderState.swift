/// Where an order stands. The number is what the table of orders holds; it never changes its meaning.
public enum OrderState: Int64, Hashable, Sendable, CaseIterable {
    /// Its stock is reserved for a while; it is not paid.
    case placed = 0
    /// Paid in full; nothing has left the house.
    case paid = 1
    /// A part has left the house.
    case partiallyFulfilled = 2
    /// Everything has left the house.
    case fulfilled = 3
    /// Everything left the house and a part came back.
    case partiallyReturned = 4
    /// Everything came back.
    case returned = 5
    /// The time for returns is over.
    case completed = 6
    /// It never left the house; what was paid goes back.
    case cancelled = 7

    /// The name in the contract: "partially_fulfilled".
    public var name: String {
        switch self {
        case .placed: "placed"
        case .paid: "paid"
        case .partiallyFulfilled: "partially_fulfilled"
        case .fulfilled: "fulfilled"
        case .partiallyReturned: "partially_returned"
        case .returned: "returned"
        case .completed: "completed"
        case .cancelled: "cancelled"
        }
    }

    public init?(name: String) {
        guard let state = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = state
    }
}

/// What can happen to an order. "Rest" and "all" say that nothing remains to be sent or to come back.
public enum OrderMove: Hashable, Sendable, CaseIterable {
    case pay, cancel, expire, fulfilPart, fulfilRest, returnPart, returnAll, complete

    /// The name that callers see; parts and wholes share one.
    public var name: String {
        switch self {
        case .pay: "pay"
        case .cancel: "cancel"
        case .expire: "expire"
        case .fulfilPart, .fulfilRest: "fulfil"
        case .returnPart, .returnAll: "return"
        case .complete: "complete"
        }
    }
}

extension OrderState {
    /// Every move there is. What is not in the table is refused.
    static let moves: [(from: OrderState, move: OrderMove, to: OrderState)] = [
        (.placed, .pay, .paid),
        (.placed, .cancel, .cancelled),
        (.placed, .expire, .cancelled),
        (.paid, .cancel, .cancelled),
        (.paid, .fulfilPart, .partiallyFulfilled),
        (.paid, .fulfilRest, .fulfilled),
        (.partiallyFulfilled, .fulfilPart, .partiallyFulfilled),
        (.partiallyFulfilled, .fulfilRest, .fulfilled),
        // The first parcel may come back before the second has left.
        (.partiallyFulfilled, .returnPart, .partiallyFulfilled),
        (.fulfilled, .returnPart, .partiallyReturned),
        (.fulfilled, .returnAll, .returned),
        (.fulfilled, .complete, .completed),
        (.partiallyReturned, .returnPart, .partiallyReturned),
        (.partiallyReturned, .returnAll, .returned),
        (.partiallyReturned, .complete, .completed)
    ]

    /// The state after `move`, or a refusal that names this state and what is allowed.
    public func after(_ move: OrderMove) throws(OrdersError) -> OrderState {
        for row in Self.moves where row.from == self && row.move == move { return row.to }
        throw .illegalMove(move.name, state: name, allowed: allowedMoves)
    }

    /// The names of the moves that callers may ask for; `expire` is the house's own.
    public var allowedMoves: [String] {
        var names: [String] = []
        for row in Self.moves where row.from == self && row.move != .expire && !names.contains(row.move.name) {
            names.append(row.move.name)
        }
        return names
    }
}

/// What is known about an order's money. It follows the payments' events and moves beside the order's own state.
public enum OrderPaymentState: Int64, Hashable, Sendable, CaseIterable {
    case none = 0
    /// A channel was asked and has not answered yet.
    case pending = 1
    case authorised = 2
    case captured = 3
    case failed = 4
    /// Nobody knows yet; it is resolved by asking the channel, never by paying again.
    case unknown = 5
    case partiallyRefunded = 6
    case refunded = 7

    public var name: String {
        switch self {
        case .none: "none"
        case .pending: "pending"
        case .authorised: "authorised"
        case .captured: "captured"
        case .failed: "failed"
        case .unknown: "unknown"
        case .partiallyRefunded: "partially_refunded"
        case .refunded: "refunded"
        }
    }

    /// A second payment may start: none is under way and none has succeeded.
    var allowsPayment: Bool { self == .none || self == .failed }
}
