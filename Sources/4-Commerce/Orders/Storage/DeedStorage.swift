import Contract
import Payments
import Runtime
import Store
import SwiftProtobuf

/// What was done with an order, number by number: parcels, returns, refunds.
enum DeedStorage {
    struct Fulfilment {
        var number: Int64
        var lines: [V1FulfilledLine]
        var carrier: String
        var trackingNumber: String
        var at: Timestamp
    }

    struct Return {
        var number: Int64
        var lines: [V1FulfilledLine]
        var restocked: Bool
        var reason: String
        var at: Timestamp
    }

    enum RefundState: Int64 {
        case requested = 0
        case done = 1
        case failed = 2

        var name: String {
            switch self {
            case .requested: "requested"
            case .done: "done"
            case .failed: "failed"
            }
        }
    }

    struct Refund {
        var order: OrderID
        var number: Int64
        var payment: PaymentID
        /// As Payments knows it.
        var refund: PaymentRefundID
        var amount: Int64
        var state: RefundState
        /// False for money that came too late and was never the order's.
        var counted: Bool
        var reason: String
        var at: Timestamp
    }

    static func fulfilments(of order: OrderID, in reader: any SQLReader) throws -> [Fulfilment] {
        try reader.query(
            """
            SELECT number, lines, carrier, tracking_number, at FROM order_fulfilments WHERE order_id = \(order)
            ORDER BY number
            """
        ) { row in
            Fulfilment(
                number: row.int64(0), lines: try V1LineQuantities(serializedBytes: row.bytes(1)).lines,
                carrier: row.text(2), trackingNumber: row.text(3), at: try row.get(4))
        }
    }

    static func insert(_ deed: Fulfilment, of order: OrderID, in tx: Transaction) throws {
        let lines: [UInt8] = try V1LineQuantities.with { $0.lines = deed.lines }.serializedBytes()
        try tx.execute(
            """
            INSERT INTO order_fulfilments VALUES (\(order), \(deed.number), \(lines), \(deed.carrier),
            \(deed.trackingNumber), \(deed.at))
            """)
    }

    static func returns(of order: OrderID, in reader: any SQLReader) throws -> [Return] {
        try reader.query(
            "SELECT number, lines, restocked, reason, at FROM order_returns WHERE order_id = \(order) ORDER BY number"
        ) { row in
            Return(
                number: row.int64(0), lines: try V1LineQuantities(serializedBytes: row.bytes(1)).lines,
                restocked: row.int64(2) != 0, reason: row.text(3), at: try row.get(4))
        }
    }

    static func insert(_ deed: Return, of order: OrderID, in tx: Transaction) throws {
        let lines: [UInt8] = try V1LineQuantities.with { $0.lines = deed.lines }.serializedBytes()
        try tx.execute(
            """
            INSERT INTO order_returns VALUES (\(order), \(deed.number), \(lines), \(deed.restocked), \(deed.reason),
            \(deed.at))
            """)
    }

    static func refunds(of order: OrderID, in reader: any SQLReader) throws -> [Refund] {
        try reader.query(
            """
            SELECT order_id, number, payment, refund, amount, state, counted, reason, at FROM order_refunds
            WHERE order_id = \(order) ORDER BY number
            """, refund)
    }

    static func insert(_ refund: Refund, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO order_refunds (order_id, number, payment, refund, amount, state, counted, reason, at)
            VALUES (\(refund.order), \(refund.number), \(refund.payment), \(refund.refund), \(refund.amount),
            \(refund.state.rawValue), \(refund.counted), \(refund.reason), \(refund.at))
            """)
    }

    static func close(_ refund: Refund, as state: RefundState, in tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE order_refunds SET state = \(state.rawValue) WHERE order_id = \(refund.order)
            AND number = \(refund.number)
            """)
    }

    private static func refund(_ row: Row) throws -> Refund {
        guard let state = RefundState(rawValue: row.int64(5)) else {
            throw StoreError(.unexpectedValue, "a refund is in a state that this program does not know")
        }
        return Refund(
            order: try row.get(0), number: row.int64(1), payment: try row.get(2), refund: try row.get(3),
            amount: row.int64(4), state: state, counted: row.int64(6) != 0, reason: row.text(7), at: try row.get(8))
    }
}
