import Contract
import Runtime
import Store
import SwiftProtobuf

enum CartState: Int64 {
    case open = 0
    case checkedOut = 1
    case expired = 2
    case deleted = 3

    var name: String {
        switch self {
        case .open: "open"
        case .checkedOut: "checked_out"
        case .expired: "expired"
        case .deleted: "deleted"
        }
    }
}

struct CartRow {
    let id: CartID
    var version: Int64
    var state: CartState
    var expiresAt: Timestamp
    var order: OrderID?
    var content: V1CartContent
}

enum CartStorage {
    static func insert(_ row: CartRow, in tx: Transaction) throws {
        let content: [UInt8] = try row.content.serializedBytes()
        try tx.execute(
            """
            INSERT INTO carts VALUES (\(row.id), \(row.version), \(row.state.rawValue), \(row.expiresAt), \(row.order.sqlValue),
            \(content))
            """)
    }

    static func update(_ row: CartRow, in tx: Transaction) throws {
        let content: [UInt8] = try row.content.serializedBytes()
        try tx.execute(
            """
            UPDATE carts SET version = \(row.version), state = \(row.state.rawValue), expires_at = \(row.expiresAt),
            order_id = \(row.order.sqlValue), content = \(content) WHERE id = \(row.id)
            """)
    }

    static func find(_ id: CartID, in reader: any SQLReader) throws -> CartRow? {
        try reader.first(
            "SELECT id, version, state, expires_at, order_id, content FROM carts WHERE id = \(id)", row)
    }

    static func due(now: Timestamp, limit: Int, in reader: any SQLReader) throws -> [CartRow] {
        try reader.query(
            """
            SELECT id, version, state, expires_at, order_id, content FROM carts
            WHERE state = 0 AND expires_at <= \(now) ORDER BY expires_at LIMIT \(limit)
            """, row)
    }

    private static func row(_ row: Row) throws -> CartRow {
        guard let state = CartState(rawValue: row.int64(2)) else {
            throw StoreError(.unexpectedValue, "a cart is in a state that this program does not know")
        }
        return CartRow(
            id: try row.get(0), version: row.int64(1), state: state, expiresAt: try row.get(3),
            order: try row.get(4), content: try V1CartContent(serializedBytes: row.bytes(5)))
    }
}
