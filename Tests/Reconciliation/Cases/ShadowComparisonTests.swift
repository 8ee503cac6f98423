import Matching
import Testing

@testable import Reconciliation

@Suite("Matching rules beside each other")
struct ShadowComparisonTests {
    private func line(_ id: Int64, _ minor: Int64, _ reference: String) -> RunLine {
        var line = RunLine(id: id, kind: .payment, currency: "EUR", amountMinor: minor)
        line.merchantReference = reference
        line.day = 20_454
        return line
    }

    @Test("a line that a tolerance lets through is shown with what both make of it, and nothing else is")
    func tolerance() throws {
        let inputs = RunInputs(
            day: BusinessDay(number: 20_454), ours: [line(1, 100, "a"), line(2, 200, "b"), line(3, 300, "c")],
            theirs: [line(1, 100, "a"), line(2, 201, "b"), line(3, 350, "c")])
        let live = try RunMatching.run(inputs, rules: MatchRules())
        let candidate = try RunMatching.run(inputs, rules: MatchRules(amount: AmountTolerance(absoluteMinor: 1)))
        let comparison = Cases.compared(live, candidate)
        #expect(comparison.changes.map(\.about) == ["our line 2", "their line 2"])
        #expect(comparison.changes.map(\.live) == ["amount", "amount"])
        #expect(comparison.changes.map(\.candidate) == ["matched", "matched"])
        #expect(comparison.same == 4)
        let same = Cases.compared(live, live)
        #expect(same.changes.isEmpty)
        #expect(same.same == 6)
    }

    @Test("changes that are kept are bounded, and all are counted")
    func bounded() {
        var comparison = ShadowComparison()
        for index in 0..<(ShadowComparison.kept + 5) {
            comparison.add("line \(index)", live: "amount", candidate: "matched")
        }
        #expect(comparison.changes.count == ShadowComparison.kept)
        #expect(comparison.onlyLive == Int64(ShadowComparison.kept + 5))
    }
}
