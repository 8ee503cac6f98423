import Contract
import Runtime
import Store
import SwiftProtobuf

// The hands of the façade: they do what the pure parts decided, and tell it to the journal.

extension Inventory {
    /// Chooses the places, reading all shelves in one statement.
    func pick(_ lines: [StockLine], in tx: Transaction) throws -> [Reservation.Portion] {
        let counted = lines.filter(\.tracked).map(\.variant)
        var picker = StockPicker(shelves: [:], fallback: nil, maySplit: maySplit)
        if !counted.isEmpty { picker.shelves = try StockStorage.shelves(of: counted, in: tx) }
        if lines.contains(where: { $0.tracked && $0.backorder && picker.shelves[$0.variant] == nil }) {
            picker.fallback = try place(nil, in: tx)
        }
        return try picker.pick(lines)
    }

    func setAside(_ portions: [Reservation.Portion], of lines: [StockLine], in tx: Transaction) throws {
        for portion in portions {
            guard let location = portion.location else { continue }
            if try StockStorage.reserve(portion.quantity, of: portion.variant, at: location, in: tx) { continue }
            // The picker looked at the same shelves in this very transaction, so only a backorder may find too little.
            precondition(
                lines.contains { $0.variant == portion.variant && $0.backorder }, "picked stock is available")
            try StockStorage.reserveBeyond(portion.quantity, of: portion.variant, at: location, in: tx)
        }
    }

    func giveBack(
        _ portions: [Reservation.Portion], of reservation: Reservation, expired: Bool, in tx: Transaction
    ) throws {
        for portion in portions {
            guard let location = portion.location else { continue }
            try StockStorage.unreserve(portion.quantity, of: portion.variant, at: location, in: tx)
        }
        try ReservationStorage.update(reservation, in: tx)
        try tx.record(
            V1StockReleased.with {
                $0.reference = reservation.reference
                $0.lines = portions.map(\.eventLine)
                $0.expired = expired
                $0.atUs = tx.now.microseconds
            })
    }

    func ship(_ portion: Reservation.Portion, reference: String, in tx: Transaction) throws {
        guard let location = portion.location else { return }
        guard try StockStorage.ship(portion.quantity, of: portion.variant, at: location, in: tx) else {
            let level = try StockStorage.level(of: portion.variant, at: location, in: tx) ?? .none
            throw InventoryError.notOnHand(
                .init(variant: portion.variant, wanted: portion.quantity, available: level.onHand))
        }
        try MovementStorage.append(
            -portion.quantity, of: portion.variant, at: location, reason: .sold, reference: reference, in: tx)
    }

    /// Changes what is on hand once for a reference.
    func move(
        _ changes: [(variant: VariantID, quantity: Int64)], reason: MovementReason, reference: String,
        location: LocationID?, in tx: Transaction
    ) throws {
        let place = try self.place(location, in: tx)
        let portions = changes.map {
            Reservation.Portion(variant: $0.variant, location: place, quantity: $0.quantity)
        }
        guard try MovementStorage.claim("\(reason.rawValue):\(reference)", lines: portions, in: tx) else { return }
        try write(changes, reason: reason, reference: reference, place: place, in: tx)
    }

    func write(
        _ changes: [(variant: VariantID, quantity: Int64)], reason: MovementReason, reference: String,
        place: LocationID, in tx: Transaction
    ) throws {
        guard !changes.isEmpty else { return }
        for change in changes {
            guard try StockStorage.change(by: change.quantity, of: change.variant, at: place, in: tx) else {
                let level = try StockStorage.level(of: change.variant, at: place, in: tx) ?? .none
                throw InventoryError.notOnHand(
                    .init(variant: change.variant, wanted: -change.quantity, available: level.onHand))
            }
            guard change.quantity != 0 else { continue }
            try MovementStorage.append(
                change.quantity, of: change.variant, at: place, reason: reason, reference: reference, in: tx)
        }
        let lines = changes.map {
            Reservation.Portion(variant: $0.variant, location: place, quantity: $0.quantity).eventLine
        }
        try tell(lines, reason: reason, reference: reference, in: tx)
    }

    private func tell(
        _ lines: [V1StockEventLine], reason: MovementReason, reference: String, in tx: Transaction
    ) throws {
        let now = tx.now.microseconds
        switch reason {
        case .received:
            try tx.record(V1StockReceived.with { ($0.reference, $0.lines, $0.atUs) = (reference, lines, now) })
        case .returned:
            try tx.record(V1StockReturned.with { ($0.reference, $0.lines, $0.atUs) = (reference, lines, now) })
        default:
            try tx.record(
                V1StockAdjusted.with {
                    ($0.reference, $0.reason, $0.lines, $0.atUs) = (reference, reason.rawValue, lines, now)
                })
        }
    }

    func find(_ reference: String, in tx: Transaction) throws -> Reservation {
        guard let reservation = try ReservationStorage.find(reference, in: tx) else {
            throw InventoryError.unknownReservation(reference)
        }
        return reservation
    }

    /// The place that was named, or the first one; a book without any gets "main".
    func place(_ location: LocationID?, in tx: Transaction) throws -> LocationID {
        if let location {
            guard try LocationStorage.exists(location, in: tx) else {
                throw InventoryError(.unknownLocation, field: "location_id", "There is no location \(location).")
            }
            return location
        }
        if let first = try LocationStorage.first(in: tx) { return first }
        return try createLocation(code: "main", name: "Main", priority: 0, in: tx)
    }
}

extension Inventory {
    /// The lines with each variant once, checked against the bounds.
    static func checked(_ lines: [StockLine], reference: String) throws(InventoryError) -> [StockLine] {
        try checkReference(reference)
        guard !lines.isEmpty, lines.count <= mostLines else {
            throw InventoryError(.invalidLine, field: "lines", "\(lines.count) lines: must be 1 to \(mostLines).")
        }
        var merged: [StockLine] = []
        merged.reserveCapacity(lines.count)
        for line in lines {
            guard (1...largestQuantity).contains(line.quantity) else { throw badQuantity(line.quantity) }
            if let index = merged.firstIndex(where: { $0.variant == line.variant }) {
                merged[index].quantity += line.quantity
                guard merged[index].quantity <= largestQuantity else { throw badQuantity(merged[index].quantity) }
            } else {
                merged.append(line)
            }
        }
        return merged
    }

    static func checkReference(_ reference: String) throws(InventoryError) {
        // NUL is refused because PostgreSQL cannot store it in a text.
        guard !reference.isEmpty, reference.count <= longestReference, !reference.utf8.contains(0) else {
            throw InventoryError(
                .invalidLine, field: "reference",
                "\"\(reference.prefix(40))\": must have 1 to \(longestReference) characters.")
        }
    }

    private static func badQuantity(_ quantity: Int64) -> InventoryError {
        InventoryError(
            .invalidLine, field: "quantity", "\(quantity): must be a whole number from 1 to \(largestQuantity).")
    }
}

extension Reservation.Portion {
    var eventLine: V1StockEventLine {
        .with {
            $0.variantID = "\(variant)"
            $0.locationID = location.map { "\($0)" } ?? ""
            $0.quantity = quantity
        }
    }
}
