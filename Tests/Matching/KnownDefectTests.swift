import Testing

@testable import Matching

/// Defects of other engines that a matcher of money must not have, each as its case.
@Suite("Known defects of others") struct KnownDefectTests {
    private func outcomes(_ ours: [MatchRow], _ theirs: [MatchRow]) throws -> [Outcome] {
        let result = try Matcher().match(ours: ours, theirs: theirs)
        #expect(isComplete(result, ours: ours, theirs: theirs))
        return result.outcomes
    }

    @Test("surplus money is as much a difference as lacking money (formance/reconciliation accepts positive drift)")
    func surplus() throws {
        #expect(try outcomes([line(1, "a", 1_000)], [line(1, "a", 1_001)]) == [Outcome(.amount, [1], [1])])
        #expect(try outcomes([line(1, "a", 1_000)], [line(1, "a", 999)]) == [Outcome(.amount, [1], [1])])
        #expect(try outcomes([], [line(1, "a", 1)]) == [Outcome(.missingOurs, [], [1])])
    }

    @Test("two outside lines never claim one of ours (blnk lets them)")
    func oneClaim() throws {
        let result = try outcomes([line(1, "a")], [line(1, "a"), line(2, "a")])
        #expect(result == [Outcome(.matched, [1], [1]), Outcome(.duplicateTheirs, [], [2])])
        // Not by two keys and not by likeness either.
        let ours = [line(1, "ORD-100001", channel: "C1")]
        let theirs = [line(1, "ORD-100001", channel: ""), line(2, "", channel: "C1"), line(3, "ord 100001")]
        let claims = try outcomes(ours, theirs).filter { $0.ours.contains(1) }
        #expect(claims.count == 1 && claims[0].theirs.count == 1)
    }

    @Test("there is no currency that matches every other (blnk's MIXED)")
    func mixedCurrency() throws {
        #expect(try outcomes([line(1, "a", 5, "EUR")], [line(1, "a", 5, "MIXED")]) == [Outcome(.currency, [1], [1])])
        #expect(try outcomes([line(1, "a", 5, "MIXED")], [line(1, "a", 5, "EUR")]) == [Outcome(.currency, [1], [1])])
        #expect(try outcomes([line(1, "a", 5, "")], [line(1, "a", 5, "EUR")]) == [Outcome(.currency, [1], [1])])
    }

    @Test("no cap drops lines silently (Lerian's matcher stops at 5,000 candidates)")
    func noSilentCap() throws {
        let many = (1...6_000).map { line(Int64($0), "k\($0)", 100) }
        let result = try Matcher().match(ours: many, theirs: many.reversed())
        #expect(result.count(.matched) == 6_000 && result.findings.count == 6_000)
    }

    @Test("an entry's total repeated on each of its details does not pass for the details (OCA 157)")
    func repeatedTotal() throws {
        let ours = [line(1, "d1", 100), line(2, "d2", 250), line(3, "d3", 650)]
        let theirs = (1...3).map { line(Int64($0), "d\($0)", 1_000) }
        #expect(try outcomes(ours, theirs) == (1...3).map { Outcome(.amount, [$0], [$0]) })
        let batch = try outcomes(
            [line(1, "", 1_000, kind: .payout, batch: "B")],
            theirs.map { row in
                var row = row
                row.batch = "B"
                return row
            })
        #expect(batch == [Outcome(.amount, [1], [1, 2, 3])])
    }

    @Test("a bank that reuses its ids each year does not match last year's line (OCA 65)")
    func reusedIds() throws {
        let rules = MatchRules(keys: [KeyRule(reusedAfterDays: 180)], tolerant: nil)
        let result = try Matcher(rules: rules).match(
            ours: [line(1, "000123", day: friday)], theirs: [line(1, "000123", day: CivilDay(2025, 11, 20))])
        #expect(result.outcomes == [Outcome(.missingTheirs, [1], []), Outcome(.missingOurs, [], [1])])
    }

    @Test("a refund is not its payment, although both carry the order's number and the amounts cancel out")
    func refundIsNoPayment() throws {
        let ours = [line(1, "a", 1_000), line(2, "a", -1_000, kind: .refund)]
        let theirs = [line(1, "a", -1_000, kind: .payment), line(2, "a", 1_000, kind: .refund)]
        #expect(try outcomes(ours, theirs) == [Outcome(.amount, [1], [1]), Outcome(.amount, [2], [2])])
    }
}
