import Anomaly
import Matching
import Store
import Synchronization

/// How unusual lines are among those of their day, for differences that no rule knows.
///
/// An isolation forest over features of lines. Scores say nothing about money: they are shown to the person who looks at
/// the case, and decide nothing.
struct Oddities: Sendable {
    /// With fewer lines there is nothing that could be usual.
    static let fewest = 32
    /// Lines that a forest is built from; each of its trees takes 256 of them.
    static let most = 4_096
    static let trees = 50

    static let features = ["amount", "fee_ratio", "hour", "kind", "status", "lines"]

    private let forest: IsolationForest?
    /// The middle of each feature: what a line would have if it were not unusual.
    private let middle: [Int64]

    /// The forest of a run's lines; nil where too few of them are at hand.
    static func ofLines(_ run: RunID, _ reader: any SQLReader) throws -> Oddities? {
        // One shard is as good as all: lines are spread over them by their keys.
        let lines = try BlockRows.lines(.theirs, run: run, shard: 0, reader)
        let step = max(1, lines.count / most)
        let rows = stride(from: 0, to: lines.count, by: step).map { row(DifferenceSide(features: lines[$0])) }
        return rows.count >= fewest ? Oddities(rows: rows) : nil
    }

    /// The forest of differences, where the lines of their run are not at hand.
    init(_ evidence: [CaseEvidence]) {
        self.init(rows: evidence.compactMap { $0.record.theirs ?? $0.record.ours }.map(Self.row))
    }

    /// - Parameter rows: the features of the day's lines, or of as many of them as `most`.
    init(rows: [[Int64]]) {
        let rows = rows.prefix(Self.most)
        guard rows.count >= Self.fewest, let table = try? FeatureTable(rows: Array(rows)) else {
            forest = nil
            middle = []
            return
        }
        var options = IsolationForest.Options()
        options.trees = Self.trees
        forest = try? IsolationForest(fitting: table, options: options)
        middle = Self.features.indices.map { column in
            let values = rows.map { $0[column] }.sorted()
            return values[values.count / 2]
        }
    }

    /// Nil where too little is known of the day.
    func oddity(of record: CaseRecord) -> CaseRecord.Oddity? {
        guard let forest, let line = record.theirs ?? record.ours else { return nil }
        let row = Self.row(line)
        guard let score = try? forest.scoreBasisPoints(row) else { return nil }
        // The feature without which the line would be most ordinary.
        var best = (score: score, feature: "")
        for column in row.indices where row[column] != middle[column] {
            var other = row
            other[column] = middle[column]
            guard let without = try? forest.scoreBasisPoints(other), without < best.score else { continue }
            best = (without, Self.features[column])
        }
        return CaseRecord.Oddity(basisPoints: score, feature: best.feature)
    }

    static func row(_ line: DifferenceSide) -> [Int64] {
        var facts = CauseLine(line)
        if facts.feeMinor == nil { facts.feeMinor = 0 }
        return [
            bucket(line.amountMinor), facts.feeBasisPoints, facts.hour, place(line.kind, in: kinds),
            place(line.status, in: statuses), Int64(line.lines)
        ]
    }

    /// Eight steps for each doubling of the amount, so that a cent more is nothing and ten times more is much.
    private static func bucket(_ amount: Int64) -> Int64 {
        let magnitude = amount.magnitude
        guard magnitude > 0 else { return 0 }
        let doublings = Int64(63 - magnitude.leadingZeroBitCount)
        let rest = Int64(clamping: (magnitude << UInt64(magnitude.leadingZeroBitCount)) >> 60 & 7)
        let steps = 1 + doublings * 8 + rest
        return amount < 0 ? -steps : steps
    }

    private static let kinds = ["payment", "refund", "fee", "payout", "chargeback", "adjustment", "fx"]
    private static let statuses = ["succeeded", "pending", "failed", "reversed"]

    private static func place(_ word: String, in words: [String]) -> Int64 {
        Int64(words.firstIndex(of: word) ?? words.count)
    }
}

extension DifferenceSide {
    /// A line as far as its features need it.
    fileprivate init(features line: RunLine) {
        self.init(
            kind: line.kind.code, merchantReference: "", channelReference: "", reference: "", paymentID: "",
            currency: line.currency, amountMinor: line.amountMinor, feeMinor: line.feeMinor, status: line.status.code,
            rawStatus: "", timeUs: line.timeUs, line: line.line, lines: 1)
    }
}

/// The forests of the runs that are being looked at. A run's lines do not change, so neither does its forest; a process
/// that forgets one grows the same again.
final class OddityMemory: Sendable {
    static let remembered = 8
    private let forests = Mutex<[RunID: Oddities]>([:])

    func of(_ run: RunID, or evidence: [CaseEvidence], _ reader: any SQLReader) throws -> Oddities {
        if let known = forests.withLock({ $0[run] }) { return known }
        guard let grown = try Oddities.ofLines(run, reader) else { return Oddities(evidence) }
        forests.withLock { forests in
            if forests.count >= Self.remembered { forests.removeAll() }
            forests[run] = grown
        }
        return grown
    }
}
