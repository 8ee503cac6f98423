import Ledger
import Store

/// What quality remembers of a case.
struct QualityCase: Hashable, Sendable {
    /// Whose work ended it.
    enum Ending: String, Hashable, Sendable { case policy, match, person }

    let id: String
    let day: BusinessDay
    let channel: String
    let matchClass: String
    let currency: String
    let amountMinor: Int64
    /// Microseconds since 1970.
    let openedAt: Int64
    var endedAt: Int64?
    var ending: Ending?

    var repairSeconds: Int64 { max(0, ((endedAt ?? openedAt) - openedAt) / 1_000_000) }
}

enum QualityCaseRows {
    private static let select = Prepared(
        """
        SELECT day, channel, class, currency, amount_minor, opened_at, ended_at, ending FROM recon_quality_cases
        WHERE case_id = ?
        """)

    static func insert(_ item: QualityCase, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO recon_quality_cases (case_id, day, channel, class, currency, amount_minor, opened_at, ended_at,
            ending) VALUES (\(item.id), \(item.day.number), \(item.channel), \(item.matchClass), \(item.currency),
            \(item.amountMinor), \(item.openedAt), NULL, '')
            """)
    }

    static func find(_ id: String, in reader: any SQLReader) throws -> QualityCase? {
        try reader.first(select, [.text(id)]) { row in
            QualityCase(
                id: id, day: BusinessDay(number: row.int64(0)), channel: row.text(1), matchClass: row.text(2),
                currency: row.text(3), amountMinor: row.int64(4), openedAt: row.int64(5),
                endedAt: row.isNull(6) ? nil : row.int64(6), ending: QualityCase.Ending(rawValue: row.text(7)))
        }
    }

    static func update(_ item: QualityCase, in tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE recon_quality_cases SET ended_at = \(item.endedAt.sqlValue), ending = \(item.ending?.rawValue ?? "")
            WHERE case_id = \(item.id)
            """)
    }

    /// Live cases of the days, by day, channel and whether the next day's file is expected to end them.
    static func live(
        _ days: ClosedRange<Int64>, in reader: any SQLReader
    ) throws -> [(day: Int64, channel: String, isLate: Bool, count: Int64)] {
        try reader.query(
            """
            SELECT day, channel, CASE WHEN class = 'late' THEN 1 ELSE 0 END AS late, COUNT(*) FROM recon_quality_cases
            WHERE ended_at IS NULL AND day BETWEEN \(days.lowerBound) AND \(days.upperBound)
            GROUP BY day, channel, CASE WHEN class = 'late' THEN 1 ELSE 0 END
            """
        ) { ($0.int64(0), $0.text(1), $0.int64(2) == 1, $0.int64(3)) }
    }

    /// Live cases by channel, currency and age bucket.
    static func ageing(
        today: Int64, in reader: any SQLReader
    ) throws -> [OpenAge] {
        let bucket = Ageing.bucket(of: "day", firstDays: today, unit: 1)
        return try reader.query(
            """
            SELECT channel, currency, \(bucket) AS bucket, COUNT(*), CAST(SUM(ABS(amount_minor)) AS BIGINT),
            CAST(SUM(amount_minor) AS BIGINT)
            FROM recon_quality_cases WHERE ended_at IS NULL
            GROUP BY channel, currency, \(bucket) ORDER BY channel, currency
            """
        ) { row in
            OpenAge(
                channel: row.text(0), currency: row.text(1), bucket: Int(row.int64(2)), count: row.int64(3),
                amountMinor: row.int64(4), netMinor: row.int64(5))
        }
    }
}

/// A change to the figures of one day, channel and class.
struct QualityClassChange: Sendable {
    var found: Int64 = 0
    var live: Int64 = 0
    var byPolicy: Int64 = 0
    var byMatch: Int64 = 0
    var byPerson: Int64 = 0
    var detected: Int64 = 0
    var detectSeconds: Int64 = 0
    var repairSeconds: Int64 = 0

    init(found: Int64 = 0, live: Int64 = 0) {
        self.found = found
        self.live = live
    }

    mutating func add(_ ending: QualityCase.Ending?, seconds: Int64, sign: Int64) {
        switch ending {
        case .policy: byPolicy += sign
        case .match: byMatch += sign
        case .person: byPerson += sign
        case nil: return
        }
        repairSeconds += sign * seconds
    }
}

enum QualityClassRows {
    private static let upsert = Prepared(
        """
        INSERT INTO recon_quality_classes (day, channel, class, found, live, by_policy, by_match, by_person, detected,
        detect_seconds, repair_seconds) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (day, channel, class) DO UPDATE SET found = recon_quality_classes.found + excluded.found,
        live = recon_quality_classes.live + excluded.live,
        by_policy = recon_quality_classes.by_policy + excluded.by_policy,
        by_match = recon_quality_classes.by_match + excluded.by_match,
        by_person = recon_quality_classes.by_person + excluded.by_person,
        detected = recon_quality_classes.detected + excluded.detected,
        detect_seconds = recon_quality_classes.detect_seconds + excluded.detect_seconds,
        repair_seconds = recon_quality_classes.repair_seconds + excluded.repair_seconds
        """)

    static func add(
        _ change: QualityClassChange, _ day: BusinessDay, _ channel: String, _ matchClass: String, in tx: Transaction
    ) throws {
        try tx.execute(
            upsert,
            [
                .integer(day.number), .text(channel), .text(matchClass), .integer(change.found),
                .integer(change.live), .integer(change.byPolicy), .integer(change.byMatch),
                .integer(change.byPerson), .integer(change.detected), .integer(change.detectSeconds),
                .integer(change.repairSeconds)
            ])
    }

    /// Sums over days, by class; of one channel when it is not empty.
    static func sums(
        _ days: ClosedRange<Int64>, channel: String, in reader: any SQLReader
    ) throws -> [(matchClass: String, sums: QualityClassChange)] {
        let only: SQL = channel.isEmpty ? "" : "AND channel = \(channel)"
        func sum(_ name: String) -> SQL { SQL(text: "CAST(SUM(\(name)) AS BIGINT)", values: []) }
        return try reader.query(
            """
            SELECT class, \(sum("found")), \(sum("live")), \(sum("by_policy")), \(sum("by_match")),
            \(sum("by_person")), \(sum("detected")), \(sum("detect_seconds")), \(sum("repair_seconds"))
            FROM recon_quality_classes WHERE day BETWEEN \(days.lowerBound) AND \(days.upperBound) \(only)
            GROUP BY class ORDER BY class
            """
        ) { row in
            var sums = QualityClassChange(found: row.int64(1), live: row.int64(2))
            sums.byPolicy = row.int64(3)
            sums.byMatch = row.int64(4)
            sums.byPerson = row.int64(5)
            sums.detected = row.int64(6)
            sums.detectSeconds = row.int64(7)
            sums.repairSeconds = row.int64(8)
            return (row.text(0), sums)
        }
    }
}

enum QualitySlotRows {
    private static let upsert = Prepared(
        """
        INSERT INTO recon_quality_slots (slot, channel, found) VALUES (?, ?, 1)
        ON CONFLICT (slot, channel) DO UPDATE SET found = recon_quality_slots.found + 1
        """)

    static func add(_ slot: Int64, _ channel: String, in tx: Transaction) throws {
        try tx.execute(upsert, [.integer(slot), .text(channel)])
    }

    static func between(
        _ slots: Range<Int64>, in reader: any SQLReader
    ) throws -> [(slot: Int64, channel: String, found: Int64)] {
        try reader.query(
            """
            SELECT slot, channel, found FROM recon_quality_slots
            WHERE slot >= \(slots.lowerBound) AND slot < \(slots.upperBound) ORDER BY channel, slot
            """
        ) { ($0.int64(0), $0.text(1), $0.int64(2)) }
    }
}

/// What quality remembers of a run.
struct QualityRun: Hashable, Sendable {
    let day: BusinessDay
    let channel: String
    let number: Int64
    let id: String
    let state: String
    let lines: Int64
    let matched: Int64
    let settledAt: Int64?
}

enum QualityRunRows {
    static func opened(
        _ id: String, _ channel: String, _ day: BusinessDay, number: Int64, in tx: Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO recon_quality_runs (day, channel, number, run_id, state, lines, matched, settled_at)
            VALUES (\(day.number), \(channel), \(number), \(id), 'pending', 0, 0, NULL)
            ON CONFLICT (day, channel, number) DO NOTHING
            """)
    }

    static func prepared(_ id: String, lines: Int64, matched: Int64, in tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE recon_quality_runs SET state = 'preparing', lines = \(lines), matched = \(matched)
            WHERE run_id = \(id)
            """)
    }

    static func moved(_ id: String, to state: String, in tx: Transaction) throws {
        try tx.execute("UPDATE recon_quality_runs SET state = \(state) WHERE run_id = \(id)")
    }

    static func settled(_ id: String, at: Int64, in tx: Transaction) throws {
        try tx.execute("UPDATE recon_quality_runs SET state = 'settled', settled_at = \(at) WHERE run_id = \(id)")
    }

    /// In the order of day, channel and number; of one channel when it is not empty.
    static func between(
        _ days: ClosedRange<Int64>, channel: String, in reader: any SQLReader
    ) throws -> [QualityRun] {
        let only: SQL = channel.isEmpty ? "" : "AND channel = \(channel)"
        return try reader.query(
            """
            SELECT day, channel, number, run_id, state, lines, matched, settled_at FROM recon_quality_runs
            WHERE day BETWEEN \(days.lowerBound) AND \(days.upperBound) \(only) ORDER BY day, channel, number
            """
        ) { row in
            QualityRun(
                day: BusinessDay(number: row.int64(0)), channel: row.text(1), number: row.int64(2), id: row.text(3),
                state: row.text(4), lines: row.int64(5), matched: row.int64(6),
                settledAt: row.isNull(7) ? nil : row.int64(7))
        }
    }
}
