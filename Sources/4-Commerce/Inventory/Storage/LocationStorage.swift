import Contract
import Runtime
import Store

/// A place that holds stock, as it was written.
struct Location: Hashable {
    var id: LocationID
    var code: String
    var name: String
    var priority: Int64
    var active: Bool
}

enum LocationStorage {
    static func all(in reader: any SQLReader) throws -> [Location] {
        try reader.query(
            "SELECT id, code, name, priority, active FROM inventory_locations ORDER BY priority, id"
        ) { row in
            Location(
                id: try row.get(0), code: row.text(1), name: row.text(2), priority: row.int64(3),
                active: row.int64(4) == 1)
        }
    }

    /// The place that is drawn from first.
    static func first(in reader: any SQLReader) throws -> LocationID? {
        try reader.first(
            "SELECT id FROM inventory_locations WHERE active = 1 ORDER BY priority, id LIMIT 1"
        ) { try $0.get(0) }
    }

    static func exists(_ id: LocationID, in reader: any SQLReader) throws -> Bool {
        try reader.first("SELECT 1 FROM inventory_locations WHERE id = \(id)") { $0.int64(0) } != nil
    }

    /// False when the code is taken.
    static func insert(_ location: Location, in tx: Transaction) throws -> Bool {
        try tx.changed(StockState.topic)
        return try tx.executeCounted(
            """
            INSERT INTO inventory_locations (id, code, name, priority, active)
            VALUES (\(location.id), \(location.code), \(location.name), \(location.priority),
                \(location.active ? 1 : 0))
            ON CONFLICT (code) DO NOTHING
            """) == 1
    }
}
