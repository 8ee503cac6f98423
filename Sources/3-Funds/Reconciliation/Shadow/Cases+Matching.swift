import Contract
import Foundation
import Matching
import Store

// Candidates for what counts as the same on a channel.
extension Cases {
    func requireChannel(_ channel: String, _ reader: any SQLReader) throws {
        _ = try Reconciliation(ledger: ledger).requiredProfile(channel, reader)
    }

    /// Makes matching rules live: the next version of the channel's profile.
    func putRules(_ rules: MatchRules, channel: String, in tx: Transaction) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let json = String(decoding: try encoder.encode(rules), as: UTF8.self)
        try Reconciliation(ledger: ledger).putMatchRules(json, channel: channel, in: tx)
    }

    /// Matches the lines of a run once more with the profile's rules, and with a candidate's, through the same pure
    /// function that runs use. Nothing is written.
    func compareMatching(
        _ channel: String, _ candidate: MatchRules, _ run: RunID, _ reader: any SQLReader
    ) throws -> ShadowComparison {
        let reconciliation = Reconciliation(ledger: ledger)
        guard let found = try reconciliation.run(run, in: reader) else { throw CasesError.notFound("run", "\(run)") }
        guard found.channel == channel else {
            throw CasesError.invalid("run_id", "\(run)", "is of \(found.channel) and the rules are for \(channel)")
        }
        guard max(found.counts.ours, found.counts.theirs) <= Self.shadowLines else {
            throw CasesError(
                .overLimit,
                "run \(run) has \(max(found.counts.ours, found.counts.theirs)) lines and a comparison takes at most "
                    + "\(Self.shadowLines): choose a smaller day")
        }
        let profile = try reconciliation.requiredProfile(channel, reader)
        let inputs = try reconciliation.inputs(of: found, in: reader)
        let live = try RunMatching.run(inputs, rules: try profile.matchRules(on: found.day))
        let other = try RunMatching.run(inputs, rules: profile.calendared(candidate, on: found.day))
        return Self.compared(live, other)
    }

    /// Lines of a side that a comparison takes: both sides are held in memory.
    static let shadowLines: Int64 = 500_000

    /// Each line with what both made of it: a line has one class on each side of the comparison.
    static func compared(_ live: RunOutcome, _ other: RunOutcome) -> ShadowComparison {
        let (before, after) = (verdicts(live), verdicts(other))
        var comparison = ShadowComparison()
        for line in Set(before.keys).union(after.keys).sorted() {
            let (one, two) = (before[line], after[line])
            comparison.add(
                line.words, live: one?.matchClass ?? "", candidate: two?.matchClass ?? "",
                reason: two?.reason ?? one?.reason ?? "")
        }
        return comparison
    }

    private struct LineName: Hashable, Comparable {
        let side: Int
        let id: Int64

        var words: String { side == 0 ? "our line \(id)" : "their line \(id)" }

        static func < (left: LineName, right: LineName) -> Bool { (left.side, left.id) < (right.side, right.id) }
    }

    private static func verdicts(_ outcome: RunOutcome) -> [LineName: (matchClass: String, reason: String)] {
        var verdicts: [LineName: (matchClass: String, reason: String)] = [:]
        for finding in outcome.findings {
            let verdict = (finding.matchClass.code, finding.reason)
            for line in finding.ours { verdicts[LineName(side: 0, id: line.id)] = verdict }
            for line in finding.theirs { verdicts[LineName(side: 1, id: line.id)] = verdict }
        }
        return verdicts
    }
}
