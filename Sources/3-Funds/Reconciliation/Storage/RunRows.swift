import Money
import Runtime
import Store

/// The rows of `recon_runs`.
enum RunRows {
    private static let columns: SQL = """
        id, channel, day, number, state, ready, version, statement_id, previous_id, from_us, until_us, currency, shards,
        profile, reason, confirmed_by, counts, opened_at, prepared_at, confirmed_at, settled_at
        """

    static func insert(_ run: Run, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO recon_runs (\(columns)) VALUES (\(run.id), \(run.channel), \(run.day.number), \(run.number),
            \(run.state.rawValue), \(run.isReady), \(run.version), \(run.statement.sqlValue), \(run.previous.sqlValue),
            \(run.from), \(run.until), \(run.currency.code), \(run.shards), \(run.profile), \(run.reason),
            \(run.confirmedBy), \(run.counts.packed), \(run.openedAt), \(run.preparedAt.sqlValue),
            \(run.confirmedAt.sqlValue), \(run.settledAt.sqlValue))
            """)
    }

    static func update(_ run: Run, in tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE recon_runs SET state = \(run.state.rawValue), ready = \(run.isReady), version = \(run.version),
            statement_id = \(run.statement.sqlValue), previous_id = \(run.previous.sqlValue), shards = \(run.shards),
            reason = \(run.reason), confirmed_by = \(run.confirmedBy), counts = \(run.counts.packed),
            prepared_at = \(run.preparedAt.sqlValue), confirmed_at = \(run.confirmedAt.sqlValue),
            settled_at = \(run.settledAt.sqlValue) WHERE id = \(run.id)
            """)
    }

    static func find(_ id: RunID, _ reader: any SQLReader) throws -> Run? {
        try reader.first("SELECT \(columns) FROM recon_runs WHERE id = \(id)", read)
    }

    /// Every run of a day, first to last.
    static func ofDay(_ channel: String, _ day: BusinessDay, _ reader: any SQLReader) throws -> [Run] {
        try reader.query(
            "SELECT \(columns) FROM recon_runs WHERE channel = \(channel) AND day = \(day.number) ORDER BY number", read
        )
    }

    /// Those that wait for a file, are compared, or settle; oldest first.
    static func underWay(_ reader: any SQLReader) throws -> [Run] {
        try reader.query(
            """
            SELECT \(columns) FROM recon_runs WHERE state IN ('pending', 'preparing', 'confirmed')
            ORDER BY day, id LIMIT 10000
            """, read)
    }

    /// Newest first.
    static func page(
        channel: String, day: BusinessDay?, before id: RunID?, limit: Int, _ reader: any SQLReader
    ) throws -> [Run] {
        let ofChannel: SQL = channel.isEmpty ? "" : "AND channel = \(channel)"
        let ofDay: SQL = day.map { "AND day = \($0.number)" } ?? ""
        let earlier: SQL = id.map { "AND id < \($0)" } ?? ""
        return try reader.query(
            """
            SELECT \(columns) FROM recon_runs WHERE 1 = 1 \(ofChannel) \(ofDay) \(earlier) ORDER BY id DESC
            LIMIT \(limit)
            """, read)
    }

    private static func read(_ row: Row) throws -> Run {
        guard let state = RunState(rawValue: row.text(4)) else {
            throw StoreError(.unexpectedValue, "\"\(row.text(4))\" is no state of a run")
        }
        return Run(
            id: try row.get(0), channel: row.text(1), day: BusinessDay(number: row.int64(2)), number: try row.get(3),
            state: state, isReady: try row.get(5), version: row.int64(6), statement: try row.get(7),
            previous: try row.get(8), from: try row.get(9), until: try row.get(10),
            currency: try Currency(code: row.text(11)), shards: try row.get(12), profile: row.bytes(13),
            reason: row.text(14), confirmedBy: row.text(15), counts: try RunCounts(packed: row.bytes(16)),
            openedAt: try row.get(17), preparedAt: try row.get(18), confirmedAt: try row.get(19),
            settledAt: try row.get(20))
    }
}

extension RunCounts {
    var packed: [UInt8] {
        var packer = Packer()
        for value in [ours, theirs, rejected, others, differenceMinor, settledLines, settledNetMinor, settledFeesMinor]
        {
            packer.integer(value)
        }
        for (name, count) in classes.sorted(by: { $0.key < $1.key }) {
            packer.text(name)
            packer.integer(count)
        }
        if suggestions > 0 {
            packer.text(Self.suggestionsName)
            packer.integer(suggestions)
        }
        return packer.bytes
    }

    init(packed bytes: [UInt8]) throws {
        self.init()
        guard !bytes.isEmpty else { return }
        var packed = Unpacker(bytes)
        ours = try packed.integer()
        theirs = try packed.integer()
        rejected = try packed.integer()
        others = try packed.integer()
        differenceMinor = try packed.integer()
        settledLines = try packed.integer()
        settledNetMinor = try packed.integer()
        settledFeesMinor = try packed.integer()
        while !packed.isAtEnd { classes[try packed.text()] = try packed.integer() }
        suggestions = classes.removeValue(forKey: Self.suggestionsName) ?? 0
    }

    /// No class is called so; rows of runs from before suggestions were counted lack it.
    private static let suggestionsName = "+suggestions"

    /// Adds what another task counted.
    mutating func add(_ other: RunCounts) {
        ours += other.ours
        theirs += other.theirs
        rejected += other.rejected
        others += other.others
        differenceMinor += other.differenceMinor
        settledLines += other.settledLines
        settledNetMinor += other.settledNetMinor
        settledFeesMinor += other.settledFeesMinor
        suggestions += other.suggestions
        classes.merge(other.classes, uniquingKeysWith: +)
    }
}
