public import Runtime
import Store

/// A channel's file of one business day.
public struct Statement: Hashable, Sendable {
    public enum State: String, Hashable, Sendable {
        /// The day's file as it now is.
        case active
        /// A later file of the same day has taken its place; it is kept.
        case superseded
        /// It contradicts itself or cannot be read.
        case refused
    }

    public let id: StatementID
    public let channel: String
    public let day: BusinessDay
    /// Which file of the day it is, from 1.
    public let revision: Int
    public let name: String
    public let sha256: [UInt8]
    public let size: Int64
    public let pieces: Int
    public internal(set) var state: State
    public internal(set) var refusal: String
    public let receivedAt: Timestamp
}

/// The rows of `recon_statements`.
enum StatementRows {
    private static let columns: SQL =
        "id, channel, day, revision, name, sha256, size, pieces, state, refusal, received_at"

    static func insert(_ statement: Statement, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO recon_statements (\(columns)) VALUES (\(statement.id), \(statement.channel),
            \(statement.day.number), \(statement.revision), \(statement.name), \(statement.sha256), \(statement.size),
            \(statement.pieces), \(statement.state.rawValue), \(statement.refusal), \(statement.receivedAt))
            """)
    }

    static func update(_ statement: Statement, in tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE recon_statements SET state = \(statement.state.rawValue), refusal = \(statement.refusal)
            WHERE id = \(statement.id)
            """)
    }

    static func find(_ id: StatementID, _ reader: any SQLReader) throws -> Statement? {
        try reader.first("SELECT \(columns) FROM recon_statements WHERE id = \(id)", read)
    }

    /// Every file of a day, first to last.
    static func ofDay(_ channel: String, _ day: BusinessDay, _ reader: any SQLReader) throws -> [Statement] {
        try reader.query(
            """
            SELECT \(columns) FROM recon_statements WHERE channel = \(channel) AND day = \(day.number)
            ORDER BY revision
            """, read)
    }

    /// Newest first.
    static func page(
        channel: String, day: BusinessDay?, before id: StatementID?, limit: Int, _ reader: any SQLReader
    ) throws -> [Statement] {
        let ofChannel: SQL = channel.isEmpty ? "" : "AND channel = \(channel)"
        let ofDay: SQL = day.map { "AND day = \($0.number)" } ?? ""
        let earlier: SQL = id.map { "AND id < \($0)" } ?? ""
        return try reader.query(
            """
            SELECT \(columns) FROM recon_statements WHERE 1 = 1 \(ofChannel) \(ofDay) \(earlier)
            ORDER BY id DESC LIMIT \(limit)
            """, read)
    }

    private static func read(_ row: Row) throws -> Statement {
        guard let state = Statement.State(rawValue: row.text(8)) else {
            throw StoreError(.unexpectedValue, "\"\(row.text(8))\" is no state of a statement")
        }
        return Statement(
            id: try row.get(0), channel: row.text(1), day: BusinessDay(number: row.int64(2)), revision: try row.get(3),
            name: row.text(4), sha256: row.bytes(5), size: row.int64(6), pieces: try row.get(7), state: state,
            refusal: row.text(9), receivedAt: try row.get(10))
    }
}
