import Runtime
import Store

/// What reconciliation has to reach, and the zone in whose nights it is measured.
public struct QualityObjectives: Hashable, Sendable {
    /// The tenant's own zone: an IANA name, or a distance from UTC such as `+08:00`; empty is UTC.
    public var zone = ""
    /// Minutes after midnight of the day after: 120 is 02:00.
    public var finishByMinute: Int64 = 120
    /// Lines that may be left wrong: 10 ppm is 0.001 %, the published figure to beat.
    public var wrongPpm: Int64 = 10
    public var onTimePpm: Int64 = 990_000
    public var automaticPpm: Int64 = 800_000

    public init() {}

    /// By when a business day has to be settled.
    func deadline(of day: BusinessDay) -> Timestamp {
        QualityZone(zone).moment(day.adding(days: 1), minute: finishByMinute)
    }

    static func read(_ reader: any SQLReader) throws -> QualityObjectives {
        try reader.first(
            "SELECT zone, finish_by, wrong_ppm, on_time_ppm, automatic_ppm FROM recon_quality_objectives WHERE id = 1"
        ) { row in
            var known = QualityObjectives()
            known.zone = row.text(0)
            known.finishByMinute = row.int64(1)
            known.wrongPpm = row.int64(2)
            known.onTimePpm = row.int64(3)
            known.automaticPpm = row.int64(4)
            return known
        } ?? QualityObjectives()
    }

    func write(in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO recon_quality_objectives (id, zone, finish_by, wrong_ppm, on_time_ppm, automatic_ppm)
            VALUES (1, \(zone), \(finishByMinute), \(wrongPpm), \(onTimePpm), \(automaticPpm))
            ON CONFLICT (id) DO UPDATE SET zone = excluded.zone, finish_by = excluded.finish_by,
            wrong_ppm = excluded.wrong_ppm, on_time_ppm = excluded.on_time_ppm, automatic_ppm = excluded.automatic_ppm
            """)
    }
}

/// A tenant's zone; UTC for a name that this machine does not know. What is written down was known.
struct QualityZone: Sendable {
    private let zone: ChannelZone?

    init(_ name: String) { zone = ChannelZone(name) }

    static func isKnown(_ name: String) -> Bool { ChannelZone(name) != nil }

    func offsetSeconds(at moment: Timestamp) -> Int { Int(zone?.offset(at: moment) ?? 0) }

    /// So many minutes after a day's midnight.
    func moment(_ day: BusinessDay, minute: Int64) -> Timestamp {
        zone?.moment(day, minute: Int(minute))
            ?? Timestamp(microseconds: (day.number * 86_400 + minute * 60) * 1_000_000)
    }

    func day(of moment: Timestamp) -> BusinessDay {
        let local = Timestamp(microseconds: moment.microseconds + Int64(offsetSeconds(at: moment)) * 1_000_000)
        return BusinessDay(local.civilDay) ?? BusinessDay(number: 0)
    }
}
