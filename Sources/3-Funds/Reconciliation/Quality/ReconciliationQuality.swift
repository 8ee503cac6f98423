public import Journal
public import Ledger
public import Runtime
public import Store

/// How well reconciliation does: service levels against objectives, what is open by age, differences by hour.
///
/// The figures follow the journal, so they may be emptied and derived again; what is open is read from the ledger's
/// open items, which add up to the clearing accounts' balances.
public struct ReconciliationQuality: Sendable {
    /// Business days of one report.
    public static let dayLimit: Int64 = 400
    static let usualDays: Int64 = 30

    let ledger: Ledger

    public init(ledger: Ledger) { self.ledger = ledger }

    public var projections: [any Projection] { [QualityFigures()] }

    /// The figures of some days, both included; of one channel when it is not empty.
    func report(
        _ days: ClosedRange<Int64>, channel: String, now: Timestamp, in reader: any SQLReader
    ) throws -> QualityMeasure {
        let objectives = try QualityObjectives.read(reader)
        let runs = try QualityRunRows.between(days, channel: channel, in: reader)
        let live = try QualityCaseRows.live(days, in: reader)
        let classes = try QualityClassRows.sums(days, channel: channel, in: reader)
        return QualityMeasure(objectives: objectives, runs: runs, live: live, classes: classes, now: now)
    }

    /// The zone in whose days the tenant reads its figures.
    public func today(now: Timestamp, in reader: any SQLReader) throws -> BusinessDay {
        QualityZone(try QualityObjectives.read(reader).zone).day(of: now)
    }
}
