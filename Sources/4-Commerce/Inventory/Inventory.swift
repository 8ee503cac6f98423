public import Contract
public import Runtime
public import Store
import SwiftProtobuf

/// The stock room: what is on hand and where, what is set aside for whom, and why it changed.
///
/// The methods that take a transaction are for capabilities above (orders reserve and ship in their own transaction)
/// and for the wiring (an import brings quantities). The calls of the contract are in `Inventory+Service.swift`.
///
/// References make calls repeatable: a reservation has one (the order's or cart's id), and so has every deed that
/// changes what is on hand (the fulfilment's, the return's, the delivery note's id). The same call under the same
/// reference does nothing the second time; another call under it is refused.
public struct Inventory: Sendable {
    /// The largest quantity of one line or movement. It keeps sums of billions of movements inside 64 bits.
    public static let largestQuantity: Int64 = 1_000_000_000
    /// The most lines of one call.
    public static let mostLines = 500
    /// The longest reference, in characters.
    public static let longestReference = 128

    /// Whether one reservation may draw from more than one place.
    public let maySplit: Bool

    public init(maySplit: Bool = true) { self.maySplit = maySplit }

    public static var migrations: [Migration] { InventoryTables.migrations }

    // MARK: Reservations

    /// Sets stock aside under `reference`, all lines or none. With `expiresAt`, until then unless it is kept.
    ///
    /// Throws `insufficientStock` with every shortage. Repeated with the same lines it returns what is set aside;
    /// with others it throws `referenceReused`. After a release or an expiry the reference may be used again.
    /// `isNewReference` is for a caller who made the reference just now: nothing is looked up for it.
    @discardableResult
    public func reserve(
        _ lines: [StockLine], reference: String, expiresAt: Timestamp?, isNewReference: Bool = false,
        in tx: Transaction
    ) throws -> Reservation {
        let lines = try Self.checked(lines, reference: reference)
        let earlier = isNewReference ? nil : try ReservationStorage.find(reference, in: tx)
        if let earlier, earlier.state.isActive || earlier.state == .fulfilled {
            guard earlier.matches(lines) else {
                throw InventoryError(
                    .referenceReused, field: "reference",
                    "\"\(reference)\" already holds other lines; release them first.")
            }
            return earlier
        }
        let portions = try pick(lines, in: tx)
        try setAside(portions, of: lines, in: tx)
        let reservation = Reservation(
            reference: reference, state: .held,
            lines: portions.map {
                .init(variant: $0.variant, location: $0.location, quantity: $0.quantity, fulfilled: 0)
            },
            createdAt: tx.now, expiresAt: expiresAt)
        if earlier == nil {
            try ReservationStorage.insert(reservation, in: tx)
        } else {
            try ReservationStorage.update(reservation, in: tx)
        }
        try tx.record(
            V1StockReserved.with {
                $0.reference = reference
                $0.lines = portions.map(\.eventLine)
                $0.expiresAtUs = expiresAt?.microseconds ?? 0
                $0.atUs = tx.now.microseconds
            })
        return reservation
    }

    /// Keeps what is set aside for good, because it is paid. Throws `reservationEnded` when it expired before that:
    /// the caller may reserve again, or give the money back.
    public func keep(reference: String, in tx: Transaction) throws {
        var reservation = try find(reference, in: tx)
        guard try reservation.keep() else { return }
        try ReservationStorage.update(reservation, in: tx)
        try tx.record(
            V1StockKept.with {
                $0.reference = reference
                $0.atUs = tx.now.microseconds
            })
    }

    /// Gives back what is still open; nothing when it was given back before.
    public func release(reference: String, in tx: Transaction) throws {
        var reservation = try find(reference, in: tx)
        let before = reservation.state
        let portions = try reservation.release()
        guard reservation.state != before else { return }
        try giveBack(portions, of: reservation, expired: false, in: tx)
    }

    /// Lets reserved stock leave the house: both reserved and on hand fall. `lines` nil means everything still open.
    ///
    /// `deed` names this shipment (the fulfilment's id); with it, a repeated call does nothing. Without it, a repeated
    /// call with `lines` ships again, as long as the reservation holds so many.
    public func fulfil(
        reference: String, lines: [StockLine]? = nil, deed: String? = nil, in tx: Transaction
    ) throws {
        let lines = try lines.map { try Self.checked($0, reference: reference) }
        if let deed {
            let claimed = (lines ?? []).map {
                Reservation.Portion(variant: $0.variant, location: nil, quantity: $0.quantity)
            }
            guard try MovementStorage.claim("fulfil:\(reference):\(deed)", lines: claimed, in: tx) else { return }
        }
        var reservation = try find(reference, in: tx)
        let portions = try reservation.fulfil(lines)
        guard !portions.isEmpty else { return }
        for portion in portions { try ship(portion, reference: deed ?? reference, in: tx) }
        try ReservationStorage.update(reservation, in: tx)
        try tx.record(
            V1StockFulfilled.with {
                $0.reference = reference
                $0.lines = portions.map(\.eventLine)
                $0.atUs = tx.now.microseconds
            })
    }

    /// What is set aside under a reference, active or not; nil when there never was anything.
    public func reservation(_ reference: String, reader: any SQLReader) throws -> Reservation? {
        try ReservationStorage.find(reference, in: reader)
    }

    // MARK: What is on hand

    /// Puts stock on a shelf: `.returned` from a customer, `.received` from a supplier, `.found`.
    ///
    /// `reference` names the deed (the return's or the delivery's id, not the order's: one order may come back in
    /// parts); a repeated call with it does nothing. Untracked lines move nothing. `location` nil is the first place.
    public func restock(
        _ lines: [StockLine], reason: MovementReason = .returned, reference: String, location: LocationID? = nil,
        in tx: Transaction
    ) throws {
        guard [.returned, .received, .found].contains(reason) else {
            throw InventoryError(
                .invalidLine, field: "reason", "\"\(reason.rawValue)\" takes stock away; restock only adds.")
        }
        let lines = try Self.checked(lines, reference: reference).filter(\.tracked)
        guard !lines.isEmpty else { return }
        try move(
            lines.map { ($0.variant, $0.quantity) }, reason: reason, reference: reference, location: location, in: tx)
    }

    /// Changes what is on hand of one variant; negative takes away. `reference` as in `restock`.
    public func adjust(
        _ variant: VariantID, by delta: Int64, reason: MovementReason, reference: String,
        location: LocationID? = nil, in tx: Transaction
    ) throws {
        try Self.checkReference(reference)
        guard delta != 0, delta.magnitude <= UInt64(Self.largestQuantity) else {
            throw InventoryError(
                .invalidLine, field: "quantity",
                "\(delta): must be a whole number up to \(Self.largestQuantity), not zero.")
        }
        try move([(variant, delta)], reason: reason, reference: reference, location: location, in: tx)
    }

    /// Makes the books say what was found on the shelf. A variant that was never there is received, others are counted;
    /// what is right already stays untouched. Returns by how much each variant changed, for what that is worth on the
    /// books.
    @discardableResult
    public func count(
        _ counts: [StockCount], reference: String, location: LocationID? = nil, in tx: Transaction
    ) throws -> [VariantID: Int64] {
        try Self.checkReference(reference)
        let place = try self.place(location, in: tx)
        var received: [(VariantID, Int64)] = []
        var corrected: [(VariantID, Int64)] = []
        for count in counts {
            guard (0...Self.largestQuantity).contains(count.onHand) else {
                throw InventoryError(
                    .invalidLine, field: "on_hand",
                    "\(count.onHand): must be a whole number from 0 to \(Self.largestQuantity).")
            }
            if let level = try StockStorage.level(of: count.variant, at: place, in: tx) {
                if count.onHand != level.onHand { corrected.append((count.variant, count.onHand - level.onHand)) }
            } else {
                received.append((count.variant, count.onHand))
            }
        }
        try write(received, reason: .received, reference: reference, place: place, in: tx)
        try write(corrected, reason: .counted, reference: reference, place: place, in: tx)
        return Dictionary(received + corrected, uniquingKeysWith: +)
    }

    /// What is on hand and reserved in all places together, of the variants that have stock rows.
    public func levels(of variants: [VariantID], reader: any SQLReader) throws -> [VariantID: StockLevel] {
        guard !variants.isEmpty else { return [:] }
        return try StockStorage.levels(of: variants, in: reader).mapValues { places in
            var total = StockLevel.none
            for place in places { total.add(place.level) }
            return total
        }
    }

    // MARK: Places

    /// Opens a place that holds stock; stock is drawn from the lowest priority first.
    public func createLocation(code: String, name: String, priority: Int64, in tx: Transaction) throws -> LocationID {
        guard !code.isEmpty, code.count <= 64, code.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw InventoryError(
                .invalidLine, field: "code", "\"\(code)\": must be 1 to 64 printable ASCII characters without spaces.")
        }
        let id: LocationID = tx.newID()
        let location = Location(id: id, code: code, name: name.isEmpty ? code : name, priority: priority, active: true)
        guard try LocationStorage.insert(location, in: tx) else {
            throw InventoryError(.locationExists, field: "code", "There is a location \"\(code)\" already.")
        }
        return id
    }
}
