import Contract
import Payments
import Runtime
import Store

/// Which payments an order has and how far they are, as their events told.
struct OrderPaymentRow {
    let payment: PaymentID
    let order: OrderID
    let channel: String
    var state: OrderPaymentState
    let amount: Int64
    var captured: Int64 = 0
    var refunded: Int64 = 0
    /// False for a payment whose money came when the order did not wait for it any more.
    var counted = false
    let at: Timestamp
}

enum OrderPaymentStorage {
    private static let columns = "payment, order_id, channel, state, amount, captured, refunded, counted, at"

    static func insert(_ row: OrderPaymentRow, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO order_payments (payment, order_id, channel, state, amount, at) VALUES (\(row.payment),
            \(row.order), \(row.channel), \(row.state.rawValue), \(row.amount), \(row.at))
            """)
    }

    static func update(_ row: OrderPaymentRow, in tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE order_payments SET state = \(row.state.rawValue), captured = \(row.captured),
            refunded = \(row.refunded), counted = \(row.counted) WHERE payment = \(row.payment)
            """)
    }

    static func find(_ payment: PaymentID, in reader: any SQLReader) throws -> OrderPaymentRow? {
        try reader.first("SELECT \(raw: columns) FROM order_payments WHERE payment = \(payment)", row)
    }

    /// Oldest first.
    static func all(of order: OrderID, in reader: any SQLReader) throws -> [OrderPaymentRow] {
        try reader.query("SELECT \(raw: columns) FROM order_payments WHERE order_id = \(order) ORDER BY payment", row)
    }

    private static func row(_ row: Row) throws -> OrderPaymentRow {
        guard let state = OrderPaymentState(rawValue: row.int64(3)) else {
            throw StoreError(.unexpectedValue, "a payment is in a state that this program does not know")
        }
        return OrderPaymentRow(
            payment: try row.get(0), order: try row.get(1), channel: row.text(2), state: state, amount: row.int64(4),
            captured: row.int64(5), refunded: row.int64(6), counted: row.int64(7) != 0, at: try row.get(8))
    }
}
