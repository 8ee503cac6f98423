import Contract
import Money
import Runtime
import Store
import SwiftProtobuf
import Vault

/// The table of orders.
enum OrderStorage {
    private static let insertRow = Prepared(
        """
        INSERT INTO orders (id, version, state, payment_state, currency, total, person, line_count, reserved_until,
        updated_at, fact) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)

    private static let updateRow = Prepared(
        """
        UPDATE orders SET version = ?, state = ?, payment_state = ?, captured = ?, refunded = ?, refunding = ?,
        corrected_revenue = ?, corrected_tax = ?, reserved_until = ?, updated_at = ?, cancel_reason = ?, progress = ?
        WHERE id = ?
        """)

    private static let columns = """
        id, version, state, payment_state, currency, total, captured, refunded, refunding, corrected_revenue,
        corrected_tax, person, line_count, reserved_until, updated_at, cancel_reason, progress, fact
        """

    private static let selectRow = Prepared("SELECT \(columns) FROM orders WHERE id = ?")

    static func insert(_ row: OrderRow, in tx: Transaction) throws {
        try tx.execute(
            insertRow,
            [
                row.id.sqlValue, .integer(row.version), .integer(row.state.rawValue),
                .integer(row.paymentState.rawValue), .text(row.currency.code), .integer(row.total),
                row.person.sqlValue, .integer(row.lineCount), row.reservedUntil.sqlValue, row.updatedAt.sqlValue,
                .bytes(row.fact)
            ])
    }

    static func update(_ row: OrderRow, in tx: Transaction) throws {
        let progress: [UInt8]? = try row.progress?.serializedBytes()
        try tx.execute(
            updateRow,
            [
                .integer(row.version), .integer(row.state.rawValue), .integer(row.paymentState.rawValue),
                .integer(row.captured), .integer(row.refunded), .integer(row.refunding),
                .integer(row.correctedRevenue), .integer(row.correctedTax), row.reservedUntil.sqlValue,
                row.updatedAt.sqlValue, .text(row.cancelReason), progress.sqlValue, row.id.sqlValue
            ])
    }

    static func find(_ id: OrderID, in reader: any SQLReader) throws -> OrderRow? {
        try reader.first(selectRow, [id.sqlValue], row)
    }

    /// Orders before `cursor`, newest first; with a lower bound when only one day is asked for.
    static func newest(
        before cursor: UUIDv7?, from lower: UUIDv7?, limit: Int, in reader: any SQLReader
    ) throws -> [OrderRow] {
        let bounds: SQL = "\(before(cursor, "id")) AND \(atLeast(lower, "id"))"
        return try reader.query(
            "SELECT \(raw: columns) FROM orders WHERE \(bounds) ORDER BY id DESC LIMIT \(limit)", row)
    }

    static func newest(
        of state: OrderState, before cursor: UUIDv7?, from lower: UUIDv7?, limit: Int, in reader: any SQLReader
    ) throws -> [OrderID] {
        try reader.query(
            """
            SELECT order_id FROM order_states WHERE state = \(state.rawValue) AND \(before(cursor, "order_id"))
            AND \(atLeast(lower, "order_id")) ORDER BY order_id DESC LIMIT \(limit)
            """
        ) { try $0.get(0) }
    }

    static func newest(
        of person: PersonID, in state: OrderState?, before cursor: UUIDv7?, from lower: UUIDv7?, limit: Int,
        in reader: any SQLReader
    ) throws -> [OrderID] {
        let inState: SQL = state.map { "o.state = \($0.rawValue)" } ?? "1 = 1"
        return try reader.query(
            """
            SELECT p.order_id FROM order_people p JOIN orders o ON o.id = p.order_id WHERE p.person = \(person)
            AND \(inState) AND \(before(cursor, "p.order_id")) AND \(atLeast(lower, "p.order_id"))
            ORDER BY p.order_id DESC LIMIT \(limit)
            """
        ) { try $0.get(0) }
    }

    /// Orders that wait for money although their time is over. The oldest come first, so `placedBefore` ends the search.
    static func lapsed(now: Timestamp, placedBefore: UUIDv7, limit: Int, in reader: any SQLReader) throws -> [OrderID] {
        try reader.query(
            """
            SELECT s.order_id FROM order_states s JOIN orders o ON o.id = s.order_id
            WHERE s.state = \(OrderState.placed.rawValue) AND s.order_id <= \(placedBefore)
            AND o.state = \(OrderState.placed.rawValue) AND o.reserved_until <= \(now)
            ORDER BY s.order_id LIMIT \(limit)
            """
        ) { try $0.get(0) }
    }

    /// Orders whose goods are with the shopper and were not touched since `moment`.
    static func settled(_ state: OrderState, before moment: Timestamp, limit: Int, in reader: any SQLReader) throws
        -> [OrderID]
    {
        try reader.query(
            """
            SELECT s.order_id FROM order_states s JOIN orders o ON o.id = s.order_id
            WHERE s.state = \(state.rawValue) AND o.state = \(state.rawValue) AND o.updated_at <= \(moment)
            ORDER BY s.order_id LIMIT \(limit)
            """
        ) { try $0.get(0) }
    }

    private static func before(_ cursor: UUIDv7?, _ column: String) -> SQL {
        guard let cursor else { return "1 = 1" }
        return "\(raw: column) < \(cursor)"
    }

    private static func atLeast(_ lower: UUIDv7?, _ column: String) -> SQL {
        guard let lower else { return "1 = 1" }
        return "\(raw: column) >= \(lower)"
    }

    private static func row(_ row: Row) throws -> OrderRow {
        guard let state = OrderState(rawValue: row.int64(2)), let payment = OrderPaymentState(rawValue: row.int64(3))
        else { throw StoreError(.unexpectedValue, "an order is in a state that this program does not know") }
        let progress: [UInt8]? = try row.get(16)
        return OrderRow(
            id: try row.get(0), version: row.int64(1), state: state, paymentState: payment,
            currency: try Currency(code: row.text(4)), total: row.int64(5), captured: row.int64(6),
            refunded: row.int64(7), refunding: row.int64(8), correctedRevenue: row.int64(9),
            correctedTax: row.int64(10), person: try row.get(11), lineCount: row.int64(12),
            reservedUntil: try row.get(13), updatedAt: try row.get(14), cancelReason: row.text(15),
            progress: try progress.map { try V1OrderProgress(serializedBytes: $0) }, fact: row.bytes(17))
    }
}

extension UUIDv7 {
    /// The lowest identifier of a moment: those made earlier are below it, those made later above.
    static func lowest(at moment: Timestamp) -> UUIDv7 {
        UUIDv7(high: (UInt64(max(0, moment.microseconds)) / 1_000) << 16, low: 0)
    }

    /// When it was made, to the millisecond.
    var madeAt: Timestamp { Timestamp(microseconds: Int64(high >> 16) * 1_000) }
}
