import Foundation
import Testing

@testable import Matching

/// The guide quotes the engine; here the engine is asked.
@Suite("The guide to matching") struct GuideTests {
    private func guide() throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: "docs/guides/matching.md"), encoding: .utf8)
    }

    @Test("its table of keys is what the engine says of those lines")
    func table() throws {
        let ours = [
            line(1, "A-1"), line(2, "A-2"), line(3, "A-3"), line(4, "A-4"), line(5, "A-5", fee: 6), line(6, "A-6"),
            line(7, "A-7")
        ]
        let theirs = [
            line(1, "A-1"), line(2, "A-2", 1_005), line(3, "A-3", status: .pending), line(4, "A-4", 1_000, "USD"),
            line(5, "A-5", fee: 10), line(7, "A-7"), line(17, "A-7"), line(8, "A-8")
        ]
        let guide = try guide()
        let result = try Matcher().match(ours: ours, theirs: theirs)
        #expect(result.findings.count == 9)
        for finding in result.findings {
            let row = guide.split(separator: "\n").first {
                $0.contains("`\(finding.matchClass.code)`") && $0.contains("| \(finding.reason) |")
            }
            #expect(row != nil || finding.matchClass == .matched, "the guide lacks: \(finding.reason)")
        }
    }

    @Test("the reasons it quotes are the engine's")
    func quotes() throws {
        let guide = try guide().replacing("\n", with: " ")
        func quotes(_ findings: [MatchFinding]) -> Bool {
            findings.contains {
                guide.contains("`\($0.reason)`") || guide.contains("`\($0.reason.split(separator: "; ").last ?? "")`")
            }
        }
        let split = try Matcher().match(ours: [line(1, "a")], theirs: [line(1, "a", 600), line(2, "a", 400)])
        #expect(quotes(split.findings))
        let parts = [line(1, "a", 1_000, batch: "PO-1"), line(2, "b", 1_900, batch: "PO-1")]
        #expect(quotes(try Matcher().match(ours: parts, theirs: [line(9, "PO-1", 2_940, kind: .payout)]).findings))
        let many = (1...60).map { line(Int64($0), "o\($0)", 1_000_000_000 + Int64($0)) }
        #expect(quotes(try Matcher().match(ours: many, theirs: [line(9, "", 5_000_000_015, kind: .payout)]).findings))
        let carried = CarriedOver(ours: [.init(line(1, "a"), since: friday)])
        let next = try Matcher(businessDay: friday.adding(1)).match(ours: [], theirs: [], carriedOver: carried)
        #expect(quotes(next.findings))
    }

    @Test("its rule set can be read, is valid and names only settings that exist")
    func ruleSet() throws {
        let guide = try guide()
        let start = try #require(guide.range(of: "```json\n")).upperBound
        let end = try #require(guide[start...].range(of: "\n```")).lowerBound
        let rules = try JSONDecoder().decode(MatchRules.self, from: Data(guide[start..<end].utf8))
        #expect(rules.faults() == [])
        #expect(rules.calendar.cutOffMinute == 1_380 && rules.keys[1].reusedAfterDays == 180)
        #expect(rules.tolerant == TolerantRules())
    }

    @Test("its points are the usual weights")
    func points() throws {
        let guide = try guide()
        let weights = ScoreWeights()
        for (words, points) in [
            ("same reference but for its writing (`ORD-0042`, `ord 42`)", weights.sameReference),
            ("one reference contains the other (a purpose text)", weights.containedReference),
            ("same amount", weights.sameAmount), ("amount less the fee", weights.netAmount),
            ("amount within tolerance, or at the rate of exchange", weights.tolerableAmount),
            ("same day, or the day it is due", weights.sameDay), ("another day within the window", weights.dayInWindow),
            ("neither line has another candidate", weights.onlyCandidate),
            ("both name one payout or batch", weights.sameBatch), ("all that was due on a day", weights.wholeDay)
        ] {
            #expect(guide.contains("\(words) | \(points) |"), "\(words)")
        }
        #expect(guide.contains("contradict each other | −\(-weights.contradictingReference) |"))
        let result = TolerantStage(rules: MatchRules()).match(
            ours: [line(1, "ORD-4711", 2_500)], theirs: [line(1, "Rechnung ORD-4711", 2_500)])
        #expect(result.findings[0].confidence == 95)
    }
}
