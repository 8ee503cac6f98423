internal import Runtime

/// The seal of a book that is being carried elsewhere: while it is there, no process can commit anything.
///
/// It stands in the book itself, because only that is seen by whoever writes there. Each batch looks for it inside its
/// own transaction, so a batch either commits before the seal or is refused.
enum BookSeal {
    static let migration = Migration(
        capability: "store", version: 2, name: "seal",
        statements: [
            """
            CREATE TABLE book_seal (id BIGINT PRIMARY KEY, mark BYTEA NOT NULL, reason TEXT NOT NULL,
            sealed_at BIGINT NOT NULL)
            """
        ])

    private static let select = Prepared("SELECT mark, reason FROM book_seal WHERE id = 1")
    private static let retryAfter = Duration.seconds(2)

    /// Throws `busy` when the book is sealed.
    static func check(_ reader: any SQLReader) throws {
        guard let seal = try find(reader) else { return }
        throw StoreError(.busy, seal.reason, retryAfter: retryAfter)
    }

    static func find(_ reader: any SQLReader) throws -> (mark: [UInt8], reason: String)? {
        try reader.first(select, []) { ($0.bytes(0), $0.text(1)) }
    }

    static func put(_ mark: [UInt8], reason: String, now: Timestamp, _ connection: any Connection) throws {
        try connection.execute(
            """
            INSERT INTO book_seal (id, mark, reason, sealed_at) VALUES (?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET mark = excluded.mark, reason = excluded.reason,
            sealed_at = excluded.sealed_at WHERE book_seal.mark <= excluded.mark
            """, [.integer(1), .bytes(mark), .text(reason), now.sqlValue])
        guard let seal = try find(connection), seal.mark == mark else {
            throw StoreError(.busy, "the book was sealed by a later worker", retryAfter: retryAfter)
        }
    }

    static func lift(_ mark: [UInt8], _ connection: any Connection) throws -> Bool {
        try connection.executeCounted("DELETE FROM book_seal WHERE mark <= ?", [.bytes(mark)]) > 0
    }
}

extension Book {
    /// Ends all writing to this book, in every process: what was committed stays, every further command is refused
    /// with `busy` and `reason`.
    ///
    /// Marks are ordered by their bytes, and whoever comes later has a greater one: a seal replaces a smaller one, and
    /// throws `busy` under a greater one, so that a worker who was overtaken does not open what his successor closed.
    public func seal(_ mark: [UInt8], reason: String) async throws {
        let now = world.now()
        try await alone { try BookSeal.put(mark, reason: reason, now: now, $0) }
    }

    /// Takes away a seal of this mark or a smaller one; false when it is a greater one's, or there is none.
    @discardableResult
    public func unseal(_ mark: [UInt8]) async throws -> Bool {
        try await alone { try BookSeal.lift(mark, $0) }
    }

    /// Throws `busy` with the seal's reason when the book is sealed.
    public func checkSeal() async throws { try await read { try BookSeal.check($0) } }

    /// The mark of the seal, or nil when the book is open for writing.
    public func sealMark() async throws -> [UInt8]? { try await read { try BookSeal.find($0)?.mark } }
}
