public import Matching
public import Runtime
public import Store

/// Lines that the matcher holds likely to belong together and leaves to a person: their confidence is below the
/// automatic score, or there are two that are equally good. Each line stands in a difference of its own as well.
public struct Suggestion: Hashable, Sendable {
    public let run: RunID
    /// Its place in the run, from 1; the surest is first.
    public let number: Int64
    /// What the lines would be together: matched, amount, fee …
    public let matchClass: MatchClass
    /// 0–100.
    public let confidence: UInt8
    /// What speaks for it, in words a person reads.
    public let reason: String
    public let ours: DifferenceSide
    public let theirs: DifferenceSide
    /// The differences that its lines stand in, at most `Reconciliation.suggestionLinks`.
    public let differences: [DifferenceID]
}

extension Reconciliation {
    /// Suggestions that are kept of one run, the surest ones; the run's counts say how many there were.
    public static let suggestionLimit = 1_000
    /// Differences that one suggestion names, and suggestions that one difference is told.
    public static let suggestionLinks = 20

    /// The suggestions of a run, surest first, after the one with that number.
    public func suggestions(
        of run: RunID, after number: Int64 = 0, limit: Int, in reader: any SQLReader
    ) throws -> [Suggestion] {
        try SuggestionRows.page(of: run, after: number, limit: limit, reader)
    }
}

/// Picks what is kept of a run's suggestions. Pure.
enum SuggestionChoice {
    /// - Parameter rows: the differences of the same run, in which most of the lines stand; carried lines name their own.
    static func surest(
        of findings: [RunFinding], run: RunID, standingIn rows: [DifferenceRow],
        limit: Int = Reconciliation.suggestionLimit
    ) -> [Suggestion] {
        var ours: [Int64: DifferenceID] = [:]
        var theirs: [Int64: DifferenceID] = [:]
        for row in rows {
            for line in row.finding.ours { ours[line.id] = row.id }
            for line in row.finding.theirs { theirs[line.id] = row.id }
        }
        let order = findings.indices.filter { !findings[$0].ours.isEmpty && !findings[$0].theirs.isEmpty }
            .sorted { (findings[$1].confidence, $0) < (findings[$0].confidence, $1) }
        return order.prefix(limit).enumerated().map { place, index in
            let finding = findings[index]
            let standing =
                finding.ours.compactMap { $0.carried?.difference ?? ours[$0.id] }
                + finding.theirs.compactMap { $0.carried?.difference ?? theirs[$0.id] }
            return Suggestion(
                run: run, number: Int64(place + 1), matchClass: finding.matchClass, confidence: finding.confidence,
                reason: String(finding.reason.prefix(400)), ours: DifferenceSide(finding.ours),
                theirs: DifferenceSide(finding.theirs),
                differences: Array(standing.prefix(Reconciliation.suggestionLinks)))
        }
    }
}
