internal import Runtime
internal import Store

/// The journal's table and the statements on it.
enum JournalStorage {
    static let migrations = [
        Migration(
            capability: "journal", version: 1, name: "journal and projections",
            statements: [
                """
                CREATE TABLE journal (sequence BIGINT PRIMARY KEY, version BIGINT NOT NULL, time BIGINT NOT NULL,
                type TEXT NOT NULL, payload BYTEA NOT NULL, previous_hash BYTEA NOT NULL, hash BYTEA NOT NULL)
                /* clustered */
                """,
                "CREATE TABLE projection_cursors (name TEXT PRIMARY KEY, sequence BIGINT NOT NULL)",
                """
                CREATE TABLE journal_checkpoints (sequence BIGINT PRIMARY KEY, text TEXT NOT NULL,
                created_at BIGINT NOT NULL)
                """
            ])
    ]

    private static let insertEvent = Prepared("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?)")
    private static let selectHead = Prepared("SELECT sequence, hash FROM journal ORDER BY sequence DESC LIMIT 1")
    private static let selectAfter = Prepared(
        """
        SELECT sequence, version, time, type, payload, previous_hash, hash FROM journal
        WHERE sequence > ? ORDER BY sequence LIMIT ?
        """)

    static func insert(_ events: [JournalEvent], in transaction: Transaction) throws {
        try transaction.execute(each: insertEvent, count: events.count) { index, row in
            let event = events[index]
            row.integer(event.sequence)
            row.integer(Int64(event.version))
            row.integer(event.time.microseconds)
            row.text(event.type)
            row.bytes(event.payload)
            row.bytes(event.previousHash)
            row.bytes(event.hash)
        }
    }

    static func head(_ reader: any SQLReader) throws -> JournalState.Head {
        try reader.first(selectHead, []) { JournalState.Head(sequence: $0.int64(0), hash: $0.bytes(1)) }
            ?? JournalState.Head(sequence: 0, hash: JournalEvent.genesis)
    }

    static func forEach(
        after sequence: Int64, limit: Int, _ reader: any SQLReader, _ body: (JournalEvent) throws -> Void
    ) throws {
        try reader.forEach(selectAfter, [.integer(sequence), .integer(Int64(limit))]) { row in
            try body(
                JournalEvent(
                    version: UInt8(truncatingIfNeeded: row.int64(1)), sequence: row.int64(0),
                    time: Timestamp(microseconds: row.int64(2)), type: row.text(3), payload: row.bytes(4),
                    previousHash: row.bytes(5), hash: row.bytes(6)))
        }
    }
}
