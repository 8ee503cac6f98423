import Contract
public import Journal
import Money
import Payments
import Runtime
import Store
import SwiftProtobuf

/// Keeps what the three-way check needs of orders and their payments, from what the journal tells of them. Reconciliation
/// stands below Orders and knows of it by its events alone. It can be dropped and derived again.
struct OrdersSeen: Projection {
    private static let placed = "kontor.orders.v1.OrderPlaced"
    private static let moved = "kontor.orders.v1.OrderMoved"

    var name: String { "reconciliation.orders" }

    var types: Set<String> {
        [
            Self.placed, Self.moved, V1PaymentCaptured.protoMessageName, V1ChannelFeeCharged.protoMessageName,
            V1PaymentRefunded.protoMessageName
        ]
    }

    func apply(_ event: JournalEvent, in tx: Transaction) throws {
        switch event.type {
        case Self.placed:
            let told = try V1SeenOrderPlaced(serializedBytes: event.payload)
            try tx.execute(
                """
                INSERT INTO recon_orders (reference, state, currency, total_minor, captured_minor, refunded_minor,
                fee_minor, placed_at) VALUES (\(try Self.reference(told.order)), 'placed', \(told.currency),
                \(told.totalMinor), 0, 0, 0, \(told.atUs)) ON CONFLICT (reference) DO NOTHING
                """)
        case Self.moved:
            let told = try V1SeenOrderMoved(serializedBytes: event.payload)
            try tx.execute(
                "UPDATE recon_orders SET state = \(told.to) WHERE reference = \(try Self.reference(told.order))")
        case V1PaymentCaptured.protoMessageName:
            let told = try V1PaymentCaptured(serializedBytes: event.payload)
            try tx.execute(
                """
                UPDATE recon_orders SET captured_minor = captured_minor + \(told.amount.minor),
                fee_minor = fee_minor + \(told.channelFee.minor) WHERE reference = \(told.reference)
                """)
        case V1ChannelFeeCharged.protoMessageName:
            let told = try V1ChannelFeeCharged(serializedBytes: event.payload)
            try tx.execute(
                """
                UPDATE recon_orders SET fee_minor = fee_minor + \(told.fee.minor)
                WHERE reference = \(told.reference)
                """)
        case V1PaymentRefunded.protoMessageName:
            let told = try V1PaymentRefunded(serializedBytes: event.payload)
            try tx.execute(
                """
                UPDATE recon_orders SET refunded_minor = refunded_minor + \(told.amount.minor)
                WHERE reference = \(told.reference)
                """)
        default: return
        }
    }

    func reset(in tx: Transaction) throws { try tx.execute("DELETE FROM recon_orders") }

    private static func reference(_ order: some Sequence<UInt8>) throws -> String {
        guard let uuid = UUIDv7(bytes: Array(order)) else {
            throw StoreError(.unexpectedValue, "an order's identifier has 16 bytes")
        }
        return "\(OrderID(uuid))"
    }
}

/// A row of `recon_orders`.
struct SeenOrder: Sendable {
    let reference: String
    let state: String
    let currency: Currency
    let totalMinor: Int64
    let capturedMinor: Int64
    let refundedMinor: Int64
    let feeMinor: Int64
    let placedAt: Timestamp

    private static let columns: SQL = """
        reference, state, currency, total_minor, captured_minor, refunded_minor, fee_minor, placed_at
        """

    static func find(_ reference: String, _ reader: any SQLReader) throws -> SeenOrder? {
        try reader.first("SELECT \(columns) FROM recon_orders WHERE reference = \(reference)", read)
    }

    /// Orders placed in a span of time, oldest first, after the one that the last page ended with.
    static func page(
        from: Timestamp, until: Timestamp, after: (placedAt: Timestamp, reference: String)?, limit: Int,
        _ reader: any SQLReader
    ) throws -> [SeenOrder] {
        var condition: SQL = "placed_at >= \(from) AND placed_at < \(until)"
        if let after {
            condition = condition + " AND (placed_at, reference) > (\(after.placedAt), \(after.reference))"
        }
        return try reader.query(
            "SELECT \(columns) FROM recon_orders WHERE \(condition) ORDER BY placed_at, reference LIMIT \(limit)", read)
    }

    private static func read(_ row: Row) throws -> SeenOrder {
        SeenOrder(
            reference: row.text(0), state: row.text(1), currency: try Currency(code: row.text(2)),
            totalMinor: row.int64(3), capturedMinor: row.int64(4), refundedMinor: row.int64(5),
            feeMinor: row.int64(6), placedAt: try row.get(7))
    }
}

extension Cases {
    /// What the book has to run for the three-way check.
    public var projections: [any Projection] { [OrdersSeen()] }
}
