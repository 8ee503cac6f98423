import Contract
import Runtime
import Store

/// What lies where.
enum StockStorage {
    /// The shelves of these variants in active places, in the order they are drawn from.
    static func shelves(of variants: [VariantID], in tx: Transaction) throws -> [VariantID: [StockPicker.Shelf]] {
        var shelves: [VariantID: [StockPicker.Shelf]] = [:]
        let keys = variants.map(\.sqlValue)
        for start in stride(from: 0, to: keys.count, by: shelvesOf.count) {
            let part = Array(keys[start..<min(start + shelvesOf.count, keys.count)])
            try tx.forEach(shelvesOf[part.count - 1], part) { row in
                let variant: VariantID = try row.get(0)
                shelves[variant, default: []].append(.init(location: try row.get(1), available: row.int64(2)))
            }
        }
        return shelves
    }

    /// One statement for each number of variants up to eight, because an order has few lines and this is its hot path.
    private static let shelvesOf: [Prepared] = (1...8).map { count in
        Prepared(
            """
            SELECT s.variant, s.location, s.on_hand - s.reserved
            FROM inventory_stock s JOIN inventory_locations l ON l.id = s.location
            WHERE s.variant IN (\(Array(repeating: "?", count: count).joined(separator: ", "))) AND l.active = 1
            ORDER BY l.priority, l.id
            """)
    }

    static func levels(
        of variants: [VariantID], in reader: any SQLReader
    ) throws -> [VariantID: [(location: LocationID, level: StockLevel)]] {
        var levels: [VariantID: [(location: LocationID, level: StockLevel)]] = [:]
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
        let rest: SQL = if let last { "WHERE variant > \(last)" } else { "" }
        return try reader.query(
            "SELECT DISTINCT variant FROM inventory_stock \(rest) ORDER BY variant LIMIT \(limit)"
        ) { try $0.get(0) }
    }

    static func level(of variant: VariantID, at location: LocationID, in tx: Transaction) throws -> StockLevel? {
        try tx.first(
            "SELECT on_hand, reserved FROM inventory_stock WHERE variant = \(variant) AND location = \(location)"
        ) { StockLevel(onHand: $0.int64(0), reserved: $0.int64(1)) }
    }

    /// Sets stock aside if it is available. False leaves everything as it was.
    static func reserve(
        _ quantity: Int64, of variant: VariantID, at location: LocationID, in tx: Transaction
    ) throws -> Bool {
        try tx.execute(
            reserveStock, [.integer(quantity), variant.sqlValue, location.sqlValue, .integer(quantity)]) == 1
    }

    private static let reserveStock = Prepared(
        """
        UPDATE inventory_stock SET reserved = reserved + ?
        WHERE variant = ? AND location = ? AND on_hand - reserved >= ?
        """)

    /// Promises stock that is not there yet.
    static func reserveBeyond(
        _ quantity: Int64, of variant: VariantID, at location: LocationID, in tx: Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO inventory_stock (variant, location, on_hand, reserved)
            VALUES (\(variant), \(location), 0, \(quantity))
            ON CONFLICT (variant, location) DO UPDATE SET reserved = inventory_stock.reserved + excluded.reserved
            """)
    }

    static func unreserve(
        _ quantity: Int64, of variant: VariantID, at location: LocationID, in tx: Transaction
    ) throws {
        let changed = try tx.execute(
            """
            UPDATE inventory_stock SET reserved = reserved - \(quantity)
            WHERE variant = \(variant) AND location = \(location) AND reserved >= \(quantity)
            """)
        precondition(changed == 1, "an active reservation's stock is always counted as reserved")
    }

    /// Lets reserved stock leave. False when less is on hand.
    static func ship(
        _ quantity: Int64, of variant: VariantID, at location: LocationID, in tx: Transaction
    ) throws -> Bool {
        try tx.execute(
            """
            UPDATE inventory_stock SET on_hand = on_hand - \(quantity), reserved = reserved - \(quantity)
            WHERE variant = \(variant) AND location = \(location)
                AND on_hand >= \(quantity) AND reserved >= \(quantity)
            """) == 1
    }

    /// Changes what is on hand. False when it would fall below zero.
    static func change(
        by delta: Int64, of variant: VariantID, at location: LocationID, in tx: Transaction
    ) throws -> Bool {
        if delta >= 0 {
            return try tx.execute(
                """
                INSERT INTO inventory_stock (variant, location, on_hand, reserved)
                VALUES (\(variant), \(location), \(delta), 0)
                ON CONFLICT (variant, location) DO UPDATE SET on_hand = inventory_stock.on_hand + excluded.on_hand
                """) == 1
        }
        return try tx.execute(
            """
            UPDATE inventory_stock SET on_hand = on_hand + \(delta)
            WHERE variant = \(variant) AND location = \(location) AND on_hand + \(delta) >= 0
            """) == 1
    }
}
