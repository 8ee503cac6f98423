import Contract
import FoundationEssentials
import Runtime
import Store
import SwiftProtobuf

/// Reservations by their reference.
enum ReservationStorage {
    static func find(_ reference: String, in reader: any SQLReader) throws -> Reservation? {
        try reader.first(findReservation, [.text(reference)]) { row in
            guard let state = Reservation.State(rawValue: row.int64(0)) else {
                throw InventoryError(.unknownReservation, "The reservation \"\(reference)\" has an unknown state.")
            }
            return Reservation(
                reference: reference, state: state, lines: try unpack(row.bytes(1)), createdAt: try row.get(2),
                expiresAt: try row.get(3))
        }
    }

    private static let findReservation = Prepared(
        "SELECT state, lines, created_at, expires_at FROM inventory_reservations WHERE reference = ?")

    static func insert(_ reservation: Reservation, in tx: Transaction) throws {
        try tx.execute(
            insertReservation,
            [
                .text(reservation.reference), .integer(reservation.state.rawValue),
                .bytes(try pack(reservation.lines)), reservation.createdAt.sqlValue, reservation.expiresAt.sqlValue
            ])
    }

    private static let insertReservation = Prepared(
        """
        INSERT INTO inventory_reservations (reference, state, lines, created_at, expires_at) VALUES (?, ?, ?, ?, ?)
        """)

    static func update(_ reservation: Reservation, in tx: Transaction) throws {
        try tx.execute(
            updateReservation,
            [
                .integer(reservation.state.rawValue), .bytes(try pack(reservation.lines)),
                reservation.createdAt.sqlValue, reservation.expiresAt.sqlValue, .text(reservation.reference)
            ])
    }

    private static let updateReservation = Prepared(
        "UPDATE inventory_reservations SET state = ?, lines = ?, created_at = ?, expires_at = ? WHERE reference = ?")

    /// References whose time is over, the oldest first.
    static func due(now: Timestamp, limit: Int, in tx: Transaction) throws -> [String] {
        // The state is written out because an index with a condition serves only statements that state it.
        try tx.query(
            """
            SELECT reference FROM inventory_reservations
            WHERE state = 0 AND expires_at IS NOT NULL AND expires_at <= \(now)
            ORDER BY expires_at, reference LIMIT \(limit)
            """
        ) { $0.text(0) }
    }

    /// Every reservation that still binds stock. For checks; it reads the whole table.
    static func active(in reader: any SQLReader) throws -> [Reservation] {
        let references = try reader.query(
            "SELECT reference FROM inventory_reservations WHERE state IN (0, 1) ORDER BY reference"
        ) { $0.text(0) }
        return try references.compactMap { try find($0, in: reader) }
    }

    static func pack(_ lines: [Reservation.Line]) throws -> [UInt8] {
        try V1PackedStockLines.with {
            $0.lines = lines.map { line in
                .with {
                    $0.variant = Data(line.variant.uuid.bytes)
                    $0.location = Data(line.location?.uuid.bytes ?? [])
                    $0.quantity = line.quantity
                    $0.fulfilled = line.fulfilled
                }
            }
        }.serializedBytes()
    }

    static func unpack(_ bytes: [UInt8]) throws -> [Reservation.Line] {
        try V1PackedStockLines(serializedBytes: bytes).lines.map { line in
            guard let variant = UUIDv7(bytes: line.variant) else {
                throw InventoryError(.invalidLine, "A stored reservation line names no variant.")
            }
            return Reservation.Line(
                variant: VariantID(variant), location: UUIDv7(bytes: line.location).map { LocationID($0) },
                quantity: line.quantity, fulfilled: line.fulfilled)
        }
    }
}
