import Runtime
import Store

/// An open book's place in its database, as every connection that serves it must know it.
final class BookSite: Sendable {
    let schema: BookSchema
    /// The role that owns the schema; nil when roles cannot be created.
    let role: String?
    let mark: WriterMark

    init(schema: BookSchema, role: String?, writer: [UInt8]) {
        self.schema = schema
        self.role = role
        mark = WriterMark(writer: writer)
    }
}

/// Proof that a batch was committed: a row of this writer that every batch moves on, in the batch's transaction.
///
/// It answers the question that a connection leaves open which breaks during COMMIT. The server's own transaction
/// numbers cannot, because after a crash one that was never written may be given again.
///
/// `@unchecked Sendable` because a book's batches run one at a time.
final class WriterMark: @unchecked Sendable {
    static let table = "store_writers"

    private let writer: [UInt8]
    private var last: Int64 = 0

    init(writer: [UInt8]) { self.writer = writer }

    /// `schema` is quoted. Half of each page stays free, so that a row moves on in its page.
    static func definition(in schema: String) -> String {
        """
        CREATE TABLE \(schema).store_writers (writer BYTEA PRIMARY KEY, batch BIGINT NOT NULL,
        begun_at BIGINT NOT NULL) WITH (fillfactor = 50)
        """
    }

    private static let upsert = Prepared(
        """
        INSERT INTO store_writers VALUES (?, ?, ?) ON CONFLICT (writer) DO UPDATE SET batch = excluded.batch
        """)
    private static let select = Prepared("SELECT batch FROM store_writers WHERE writer = ?")
    private static let forget = Prepared("DELETE FROM store_writers WHERE begun_at < ?")
    /// Marks of processes that ended are of use only to them.
    private static let lifetimeUs: Int64 = 7 * 86_400 * 1_000_000

    func write(_ connection: PostgreSQLConnection) throws {
        let now = Timestamp.ofSystem.microseconds
        if last == 0 { try connection.execute(Self.forget, [.integer(now - Self.lifetimeUs)]) }
        try connection.execute(Self.upsert, [.bytes(writer), .integer(last + 1), .integer(now)])
    }

    func committed() { last += 1 }

    func isThere(_ connection: PostgreSQLConnection) throws -> Bool {
        try connection.first(Self.select, [.bytes(writer)]) { $0.int64(0) } == last + 1
    }
}

extension Timestamp {
    fileprivate static var ofSystem: Timestamp { SystemClock().now() }
}
