public import Contract
public import Runtime

/// Stock set aside under one reference (an order, a cart), line by line.
///
/// A pure state machine: it says what shall happen to the shelves, and the façade does it. The moves are
///
///     held ──keep──▶ kept ──fulfil all──▶ fulfilled
///      │  └──────────────────fulfil all──────▲
///      ├──release──▶ released ◀──release── kept
///      └──expire───▶ expired
///
/// A repeated `keep` or `release` changes nothing. Every other move from an ended state is refused.
public struct Reservation: Hashable, Sendable {
    public enum State: Int64, Sendable, CaseIterable {
        /// Set aside until it expires (or for good, when it has no end).
        case held = 0
        /// Paid: it does not expire any more.
        case kept = 1
        case fulfilled = 2
        case released = 3
        case expired = 4

        /// Whether it still binds stock.
        public var isActive: Bool { self == .held || self == .kept }

        public var name: String {
            switch self {
            case .held: "held"
            case .kept: "kept"
            case .fulfilled: "fulfilled"
            case .released: "released"
            case .expired: "expired"
            }
        }
    }

    public struct Line: Hashable, Sendable {
        public let variant: VariantID
        /// Where it is drawn from; nil when the variant's stock is not counted.
        public let location: LocationID?
        public let quantity: Int64
        public internal(set) var fulfilled: Int64

        public var open: Int64 { quantity - fulfilled }
    }

    /// So many of a variant in a place.
    struct Portion: Hashable {
        var variant: VariantID
        var location: LocationID?
        var quantity: Int64
    }

    public let reference: String
    public internal(set) var state: State
    public internal(set) var lines: [Line]
    public let createdAt: Timestamp
    public internal(set) var expiresAt: Timestamp?

    /// Whether these are the quantities that the reservation was made for.
    func matches(_ wanted: [StockLine]) -> Bool {
        var asked: [VariantID: Int64] = [:]
        for line in wanted { asked[line.variant, default: 0] += line.quantity }
        var held: [VariantID: Int64] = [:]
        for line in lines { held[line.variant, default: 0] += line.quantity }
        return asked == held
    }
}

extension Reservation {
    /// Ends the danger of expiry. Returns whether anything changed.
    mutating func keep() throws(InventoryError) -> Bool {
        switch state {
        case .held:
            state = .kept
            expiresAt = nil
            return true
        case .kept, .fulfilled:
            return false
        case .released, .expired:
            throw ended("kept", allowed: "reserve again")
        }
    }

    /// Gives back what is still open. Returns what goes back to the shelves; nothing when it was given back before.
    mutating func release() throws(InventoryError) -> [Portion] {
        switch state {
        case .held, .kept:
            return giveBack(.released)
        case .released, .expired:
            return []
        case .fulfilled:
            throw ended("released", allowed: "restock what comes back")
        }
    }

    /// Gives back what is still open because the time ran out; nothing before that, or when it was kept or has ended.
    mutating func expire(now: Timestamp) -> [Portion] {
        guard state == .held, let expiresAt, expiresAt <= now else { return [] }
        return giveBack(.expired)
    }

    /// Takes lines as shipped, or everything that is open when `wanted` is nil. Returns what leaves the shelves.
    mutating func fulfil(_ wanted: [StockLine]?) throws(InventoryError) -> [Portion] {
        guard let wanted else {
            if state == .fulfilled { return [] }
            guard state.isActive else { throw ended("fulfilled", allowed: "reserve again") }
            return try take(lines.map { StockLine(variant: $0.variant, quantity: $0.open) }.filter { $0.quantity > 0 })
        }
        guard state.isActive else { throw ended("fulfilled", allowed: state == .fulfilled ? "none" : "reserve again") }
        return try take(wanted)
    }

    private mutating func take(_ wanted: [StockLine]) throws(InventoryError) -> [Portion] {
        var changed = lines
        var portions: [Portion] = []
        for line in wanted {
            var left = line.quantity
            for index in changed.indices where changed[index].variant == line.variant && left > 0 {
                let part = min(left, changed[index].open)
                guard part > 0 else { continue }
                changed[index].fulfilled += part
                left -= part
                portions.append(Portion(variant: line.variant, location: changed[index].location, quantity: part))
            }
            guard left == 0 else {
                throw InventoryError(
                    .tooMuchFulfilled, field: "quantity",
                    "\(line.quantity) of \(line.variant) shall leave, but \"\(reference)\" holds only "
                        + "\(line.quantity - left) more.")
            }
        }
        lines = changed
        if lines.allSatisfy({ $0.open == 0 }) {
            state = .fulfilled
            expiresAt = nil
        }
        return portions
    }

    private mutating func giveBack(_ end: State) -> [Portion] {
        state = end
        expiresAt = nil
        return lines.filter { $0.open > 0 }.map {
            Portion(variant: $0.variant, location: $0.location, quantity: $0.open)
        }
    }

    private func ended(_ move: String, allowed: String) -> InventoryError {
        InventoryError(
            .reservationEnded, field: "reference",
            "The reservation \"\(reference)\" is \(state.name) and cannot be \(move); allowed: \(allowed).")
    }
}
