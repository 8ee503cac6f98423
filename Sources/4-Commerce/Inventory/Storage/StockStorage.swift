import Contract
import Runtime
import Store

/// What lies where. In a transaction through `StockState`, on a snapshot from the table.
enum StockStorage {
    /// The shelves of these variants in active places, in the order they are drawn from.
    static func shelves(of variants: [VariantID], in tx: Transaction) throws -> [VariantID: [StockPicker.Shelf]] {
        let state = try StockState.of(tx)
        try state.load(variants, in: tx)
        var shelves: [VariantID: [StockPicker.Shelf]] = [:]
        for variant in variants {
            let places = try state.places(of: variant, in: tx).filter(\.active)
            if places.isEmpty { continue }
            shelves[variant] = places.map { .init(location: $0.location, available: $0.level.available) }
        }
        return shelves
    }

    static func levels(
        of variants: [VariantID], in reader: any SQLReader
    ) throws -> [VariantID: [(location: LocationID, level: StockLevel)]] {
        var levels: [VariantID: [(location: LocationID, level: StockLevel)]] = [:]
        if let tx = reader as? Transaction {
            let state = try StockState.of(tx)
            try state.load(variants, in: tx)
            for variant in variants {
                let places = try state.places(of: variant, in: tx)
                if !places.isEmpty { levels[variant] = places.map { ($0.location, $0.level) } }
            }
            return levels
        }
        try reader.forEach(
            """
            SELECT s.variant, s.location, s.on_hand, s.reserved
            FROM inventory_stock s JOIN inventory_locations l ON l.id = s.location
            WHERE s.variant IN (\(list: variants))
            ORDER BY l.priority, l.id
            """
        ) { row in
            let variant: VariantID = try row.get(0)
            levels[variant, default: []].append(
                (try row.get(1), StockLevel(onHand: row.int64(2), reserved: row.int64(3))))
        }
        return levels
    }

    /// Variants with stock rows after `last`, in the order of their ids.
    static func variants(after last: VariantID?, limit: Int, in reader: any SQLReader) throws -> [VariantID] {
        let start = last ?? VariantID(UUIDv7(high: 0, low: 0))
        return try reader.query(
            "SELECT DISTINCT variant FROM inventory_stock WHERE variant > \(start) ORDER BY variant LIMIT \(limit)"
        ) { try $0.get(0) }
    }

    static func level(of variant: VariantID, at location: LocationID, in tx: Transaction) throws -> StockLevel? {
        try StockState.of(tx).places(of: variant, in: tx).first { $0.location == location }?.level
    }

    /// Sets stock aside if it is available. False leaves everything as it was.
    static func reserve(
        _ quantity: Int64, of variant: VariantID, at location: LocationID, in tx: Transaction
    ) throws -> Bool {
        guard let level = try level(of: variant, at: location, in: tx), level.available >= quantity else {
            return false
        }
        try StockState.of(tx).change(variant, at: location, reserved: quantity, in: tx)
        return true
    }

    /// Promises stock that is not there yet.
    static func reserveBeyond(
        _ quantity: Int64, of variant: VariantID, at location: LocationID, in tx: Transaction
    ) throws {
        try StockState.of(tx).change(variant, at: location, reserved: quantity, in: tx)
    }

    /// Gives back what was set aside; an active reservation's stock is always counted as reserved.
    static func unreserve(
        _ quantity: Int64, of variant: VariantID, at location: LocationID, in tx: Transaction
    ) throws {
        try StockState.of(tx).change(variant, at: location, reserved: -quantity, in: tx)
    }

    /// Lets reserved stock leave. False when less is on hand.
    static func ship(
        _ quantity: Int64, of variant: VariantID, at location: LocationID, in tx: Transaction
    ) throws -> Bool {
        guard let level = try level(of: variant, at: location, in: tx), level.onHand >= quantity else { return false }
        try StockState.of(tx).change(variant, at: location, onHand: -quantity, reserved: -quantity, in: tx)
        return true
    }

    /// Changes what is on hand. False when it would fall below zero.
    static func change(
        by delta: Int64, of variant: VariantID, at location: LocationID, in tx: Transaction
    ) throws -> Bool {
        let level = try level(of: variant, at: location, in: tx) ?? .none
        guard level.onHand + delta >= 0 else { return false }
        try StockState.of(tx).change(variant, at: location, onHand: delta, in: tx)
        return true
    }
}
