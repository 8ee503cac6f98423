public import Contract
import Runtime
import Store
import SwiftProtobuf

// The calls of the contract.

extension Inventory: InventoryService {
    static let pageSize = 50
    static let largestPage = 200

    public func createLocation(
        _ request: V1CreateLocationRequest, _ context: CallContext
    ) async throws -> V1StockLocation {
        guard request.name.count <= 255, !request.name.utf8.contains(0) else {
            throw InventoryError(.invalidLine, field: "name", "The name must have at most 255 characters.")
        }
        return try await context.book.perform(context, request) { tx in
            let id = try createLocation(
                code: request.code, name: request.name, priority: Int64(request.priority), in: tx)
            return V1StockLocation(
                Location(
                    id: id, code: request.code, name: request.name.isEmpty ? request.code : request.name,
                    priority: Int64(request.priority), active: true))
        }
    }

    public func listLocations(
        _ request: V1ListLocationsRequest, _ context: CallContext
    ) async throws -> V1ListLocationsReply {
        try await context.book.read { reader in
            let locations = try LocationStorage.all(in: reader)
            return .with { $0.locations = locations.map { V1StockLocation($0) } }
        }
    }

    public func getStock(_ request: V1GetStockRequest, _ context: CallContext) async throws -> V1VariantStock {
        let variant = try Self.variantID(request.variantID)
        return try await context.book.read { reader in
            V1VariantStock(variant, try StockStorage.levels(of: [variant], in: reader)[variant] ?? [])
        }
    }

    public func listStock(_ request: V1ListStockRequest, _ context: CallContext) async throws -> V1ListStockReply {
        let size = try Self.pageSize(request.pageSize)
        let last = request.pageToken.isEmpty ? nil : try Self.variantID(request.pageToken, field: "page_token")
        return try await context.book.read { reader in
            let found = try StockStorage.variants(after: last, limit: size + 1, in: reader)
            let page = Array(found.prefix(size))
            let levels = try StockStorage.levels(of: page, in: reader)
            return .with {
                $0.stock = page.map { V1VariantStock($0, levels[$0] ?? []) }
                if found.count > size, let end = page.last { $0.nextPageToken = "\(end)" }
            }
        }
    }

    public func adjustStock(_ request: V1AdjustStockRequest, _ context: CallContext) async throws -> V1VariantStock {
        let variant = try Self.variantID(request.variantID)
        let change = try StockChange(request)
        var location: LocationID?
        if !request.locationID.isEmpty {
            location = LocationID(request.locationID)
            guard location != nil else {
                throw InventoryError(
                    .invalidLine, field: "location_id",
                    "\"\(request.locationID)\": must be a location's id such as loc_01h….")
            }
        }
        let place = location
        return try await context.book.perform(context, request) { tx in
            switch change {
            case .count(let onHand):
                try count(
                    [StockCount(variant: variant, onHand: onHand)], reference: request.reference, location: place,
                    in: tx)
            case .move(let delta, let reason):
                try adjust(
                    variant, by: delta, reason: reason, reference: request.reference, location: place, in: tx)
            }
            return V1VariantStock(variant, try StockStorage.levels(of: [variant], in: tx)[variant] ?? [])
        }
    }

    public func listMovements(
        _ request: V1ListMovementsRequest, _ context: CallContext
    ) async throws -> V1ListMovementsReply {
        let size = try Self.pageSize(request.pageSize)
        let variant = request.variantID.isEmpty ? nil : try Self.variantID(request.variantID)
        let last = MovementID(request.pageToken)
        guard request.pageToken.isEmpty || last != nil else {
            throw InventoryError(
                .invalidLine, field: "page_token", "\"\(request.pageToken.prefix(40))\": is not a page token.")
        }
        return try await context.book.read { reader in
            let found = try MovementStorage.list(variant: variant, after: last, limit: size + 1, in: reader)
            let page = found.prefix(size)
            return .with {
                $0.movements = page.map { V1StockMovement($0) }
                if found.count > size, let end = page.last { $0.nextPageToken = "\(end.id)" }
            }
        }
    }

    public func getReservation(
        _ request: V1GetReservationRequest, _ context: CallContext
    ) async throws -> V1StockReservation {
        try Self.checkReference(request.reference)
        return try await context.book.read { reader in
            guard let reservation = try ReservationStorage.find(request.reference, in: reader) else {
                throw InventoryError.unknownReservation(request.reference)
            }
            return V1StockReservation(reservation)
        }
    }
}

/// What an adjustment asks for, once its reason and its numbers fit together.
enum StockChange: Hashable {
    case count(Int64)
    case move(Int64, MovementReason)

    init(_ request: V1AdjustStockRequest) throws(InventoryError) {
        guard let reason = MovementReason(rawValue: request.reason), reason != .sold else {
            let reasons = MovementReason.allCases.filter { $0 != .sold }.map(\.rawValue).joined(separator: ", ")
            throw InventoryError(
                .invalidLine, field: "reason", "\"\(request.reason.prefix(40))\": must be one of \(reasons).")
        }
        if reason == .counted {
            guard request.hasOnHand, request.quantity == 0 else {
                throw InventoryError(.invalidLine, field: "on_hand", "counted takes on_hand, and no quantity.")
            }
            self = .count(request.onHand)
            return
        }
        guard !request.hasOnHand else {
            throw InventoryError(.invalidLine, field: "on_hand", "\(reason.rawValue) takes a quantity, and no on_hand.")
        }
        guard reason == .adjusted || request.quantity > 0 else {
            throw InventoryError(
                .invalidLine, field: "quantity", "\(request.quantity): must be positive with \(reason.rawValue).")
        }
        self = .move(reason == .damaged || reason == .lost ? -request.quantity : request.quantity, reason)
    }
}

extension Inventory {
    static func pageSize(_ asked: Int32) throws(InventoryError) -> Int {
        guard (0...Int32(largestPage)).contains(asked) else {
            throw InventoryError(
                .invalidLine, field: "page_size", "\(asked): must be 1 to \(largestPage), or 0 for \(pageSize).")
        }
        return asked == 0 ? pageSize : Int(asked)
    }

    static func variantID(_ text: String, field: String = "variant_id") throws(InventoryError) -> VariantID {
        guard let id = VariantID(text) else {
            throw InventoryError(
                .invalidLine, field: field, "\"\(text.prefix(40))\": must be a variant's id such as var_01h….")
        }
        return id
    }
}

extension V1StockLocation {
    init(_ location: Location) {
        self.init()
        locationID = "\(location.id)"
        code = location.code
        name = location.name
        priority = Int32(clamping: location.priority)
        active = location.active
    }
}

extension V1VariantStock {
    init(_ variant: VariantID, _ places: [(location: LocationID, level: StockLevel)]) {
        self.init()
        var total = StockLevel.none
        for place in places { total.add(place.level) }
        variantID = "\(variant)"
        onHand = total.onHand
        reserved = total.reserved
        available = total.available
        levels = places.map { place in
            .with {
                $0.locationID = "\(place.location)"
                $0.onHand = place.level.onHand
                $0.reserved = place.level.reserved
                $0.available = place.level.available
            }
        }
    }
}

extension V1StockMovement {
    init(_ movement: Movement) {
        self.init()
        movementID = "\(movement.id)"
        variantID = "\(movement.variant)"
        locationID = "\(movement.location)"
        quantity = movement.quantity
        reason = movement.reason.rawValue
        reference = movement.reference
        at = movement.at.rfc3339
    }
}

extension V1StockReservation {
    init(_ reservation: Reservation) {
        self.init()
        reference = reservation.reference
        state = reservation.state.name
        lines = reservation.lines.map { line in
            .with {
                $0.variantID = "\(line.variant)"
                $0.locationID = line.location.map { "\($0)" } ?? ""
                $0.quantity = line.quantity
                $0.fulfilled = line.fulfilled
            }
        }
        createdAt = reservation.createdAt.rfc3339
        expiresAt = reservation.expiresAt?.rfc3339 ?? ""
    }
}
