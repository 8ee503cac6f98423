import Contract
import Runtime
import Store
import SwiftProtobuf

/// One change of what is on hand, as it was written.
struct Movement: Hashable {
    var id: MovementID
    var variant: VariantID
    var location: LocationID
    /// Positive came, negative left.
    var quantity: Int64
    var reason: MovementReason
    var reference: String
    var at: Timestamp
}

/// The history of what is on hand, and what was already done under a reference.
enum MovementStorage {
    static func append(
        _ quantity: Int64, of variant: VariantID, at location: LocationID, reason: MovementReason, reference: String,
        in tx: Transaction
    ) throws {
        let id: MovementID = tx.newID()
        try tx.execute(
            insertMovement,
            [
                id.sqlValue, variant.sqlValue, location.sqlValue, .integer(quantity), .text(reason.rawValue),
                .text(reference), tx.now.sqlValue
            ])
    }

    private static let insertMovement = Prepared(
        """
        INSERT INTO inventory_movements (id, variant, location, quantity, reason, reference, at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """)

    static func list(
        variant: VariantID?, after last: MovementID?, limit: Int, in reader: any SQLReader
    ) throws -> [Movement] {
        let start = last ?? MovementID(UUIDv7(high: 0, low: 0))
        let only: SQL = if let variant { "AND variant = \(variant)" } else { "" }
        return try reader.query(
            """
            SELECT id, variant, location, quantity, reason, reference, at FROM inventory_movements
            WHERE id > \(start) \(only) ORDER BY id LIMIT \(limit)
            """
        ) { row in
            Movement(
                id: try row.get(0), variant: try row.get(1), location: try row.get(2), quantity: row.int64(3),
                reason: MovementReason(rawValue: row.text(4)) ?? .adjusted, reference: row.text(5), at: try row.get(6))
        }
    }

    /// Claims a deed in the transaction that does it. False: the same was done before. Throws when the reference
    /// stands for something else.
    static func claim(_ deed: String, lines: [Reservation.Portion], in tx: Transaction) throws -> Bool {
        let content = try ReservationStorage.pack(
            lines.map { .init(variant: $0.variant, location: $0.location, quantity: $0.quantity, fulfilled: 0) })
        let inserted = try tx.executeCounted(insertDeed, [.text(deed), .bytes(content)])
        if inserted == 1 { return true }
        let before = try tx.first("SELECT content FROM inventory_deeds WHERE deed = \(deed)") { $0.bytes(0) }
        guard before == content else {
            throw InventoryError(
                .referenceReused, field: "reference",
                "\"\(deed)\" was done before with other lines; a new deed needs a reference of its own.")
        }
        return false
    }

    private static let insertDeed = Prepared(
        "INSERT INTO inventory_deeds (deed, content) VALUES (?, ?) ON CONFLICT (deed) DO NOTHING")
}
