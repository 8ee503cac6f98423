import Testing

@testable import Matching

@Suite("Matching by likeness") struct TolerantStageTests {
    private func match(
        _ ours: [MatchRow], _ theirs: [MatchRow], _ rules: MatchRules = MatchRules(), scorer: PairScorer? = nil
    ) -> MatchResult {
        let result = TolerantStage(rules: rules, scorer: scorer).match(ours: ours, theirs: theirs)
        #expect(isComplete(result, ours: ours, theirs: theirs))
        return result
    }

    @Test("a reference written otherwise, an equal amount and day are enough")
    func sameReference() {
        let result = match([line(1, "ORD-0042/A")], [line(1, "ord 0042a")])
        #expect(result.outcomes == [Outcome(.matched, [1], [1])])
        #expect(result.findings[0].code == .likeness && result.findings[0].confidence == 100)
        #expect(result.findings[0].grounds.map(\.ground) == [.sameReference, .sameAmount, .sameDay, .onlyCandidate])
    }

    @Test("a purpose text that contains our order number is enough with amount, day and no rival")
    func purposeText() {
        let result = match([line(1, "ORD4711")], [line(1, "RECHNUNG ORD-4711 VIELEN DANK")])
        #expect(result.outcomes == [Outcome(.matched, [1], [1])])
        #expect(result.findings[0].confidence == 95)
    }

    @Test("amount and day alone are a suggestion, and the lines stay differences until a person decides")
    func suggestion() {
        let result = match([line(1)], [line(1)])
        #expect(result.outcomes == [Outcome(.missingTheirs, [1], []), Outcome(.missingOurs, [], [1])])
        #expect(result.suggestions.map(Outcome.init) == [Outcome(.matched, [1], [1])])
        #expect(result.suggestions[0].confidence == 60)
    }

    @Test("references that contradict each other keep equal amounts apart")
    func contradiction() {
        let result = match([line(1, "order-a")], [line(1, "order-b")])
        #expect(result.suggestions.isEmpty && result.count(.matched) == 0)
    }

    @Test("between two equal candidates nobody decides but a person")
    func ties() {
        let result = match([line(1, "ORD-1")], [line(1, "ord1"), line(2, "ord 1")])
        #expect(result.count(.matched) == 0)
        #expect(result.suggestions.count == 1)
    }

    @Test("their day may lie where the calendar lets money arrive, and nowhere else")
    func dateWindow() {
        var rules = MatchRules(calendar: SettlementCalendar(weekend: [6, 7], settlementDays: 1))
        rules.tolerant?.daysBefore = 0
        rules.tolerant?.daysAfter = 1
        // Friday's money is due on Monday and may come on Tuesday.
        for (days, expected) in [(0, 100), (3, 100), (4, 95), (5, nil), (-1, nil)] as [(Int, UInt8?)] {
            let result = match([line(1, "ORD-1")], [line(1, "ord1", day: friday.adding(days))], rules)
            #expect(result.findings.first { $0.matchClass == .matched }?.confidence == expected, "\(days) days")
        }
    }

    @Test("amounts within tolerance, net of fee and converted are found without a key")
    func otherAmounts() throws {
        let rate = try #require(ExchangeRate(from: "EUR", to: "JPY", "1.5025"))
        let rules = MatchRules(
            amount: AmountTolerance(absoluteMinor: 1), fees: FeeSchedule([FeeRule(ratePartsPerMillion: 6_000)]),
            netOfFee: true, exchangeRates: [rate], exchange: AmountTolerance(basisPoints: 10))
        let ours = [line(1, "ORD-1", 10_000), line(2, "ORD-2", 20_000), line(3, "ORD-3", 30_000)]
        let theirs = [line(1, "ord1", 10_001), line(2, "ord2", 19_880), line(3, "ord3", 45_080, "JPY")]
        let result = match(ours, theirs, rules)
        #expect(result.outcomes == (1...3).map { Outcome(.matched, [$0], [$0]) })
        #expect(result.findings.map(\.confidence) == [90, 95, 90])
    }

    @Test("the same reference with another amount is suggested as a difference of amount")
    func referenceAlone() {
        let result = match([line(1, "ORD-1", 1_000)], [line(1, "ord1", 900)])
        #expect(result.suggestions.map(Outcome.init) == [Outcome(.amount, [1], [1])])
    }

    @Test("kinds, currencies and signs stay apart")
    func apart() {
        let ours = [line(1, "", 500), line(2, "", 600), line(3, "", -700)]
        let theirs = [line(1, "", 500, kind: .refund), line(2, "", 600, "MIXED"), line(3, "", 700)]
        let result = match(ours, theirs)
        #expect(result.count(.matched) == 0 && result.suggestions.isEmpty)
    }

    @Test("a rule of the house decides instead of the points")
    func ownRule() {
        let strict = match([line(1, "ORD-1")], [line(1, "ord1")], scorer: { _ in Score(ownRule: 0) })
        #expect(strict.count(.matched) == 0 && strict.suggestions.isEmpty)
        let generous = match([line(1)], [line(1)]) { pair in
            pair.ours.amountMinor == pair.theirs.amountMinor ? Score(ownRule: 90) : nil
        }
        #expect(generous.outcomes == [Outcome(.matched, [1], [1])])
        #expect(generous.findings[0].grounds == [ScoreGround(.ownRule, 90)])
    }

    @Test("too many candidates are said, not silently dropped")
    func tooMany() {
        let ours = (1...40).map { line(Int64($0)) }
        let result = match(ours, ours)
        #expect(result.count(.missingOurs) == 40 && result.count(.missingTheirs) == 40)
        #expect(result.findings.allSatisfy { $0.code == .notTried && $0.reason.contains("more than 16") })
    }

    // MARK: Batches

    private var payout: MatchRow { line(9, "PO-1", 2_940, kind: .payout) }

    @Test("a payout is matched with the lines that name it, gross or net of their fees")
    func namedBatch() {
        let parts = [
            line(1, "a", 1_000, fee: 10, batch: "PO-1"), line(2, "b", 2_500, fee: 50, batch: "PO-1"),
            line(3, "c", -500, kind: .refund, batch: "PO-1"), line(4, "d", 77, batch: "PO-2")
        ]
        let result = match(parts, [payout])
        #expect(result.outcomes == [Outcome(.matched, [1, 2, 3], [9]), Outcome(.missingTheirs, [4], [])])
        #expect(result.findings[0].code == .sameBatch)
        #expect(match([payout], parts).outcomes == [Outcome(.matched, [9], [1, 2, 3]), Outcome(.missingOurs, [], [4])])
    }

    @Test("a payout that differs from its batch is one difference that names both sums")
    func batchDiffers() {
        let parts = [line(1, "a", 1_000, batch: "PO-1"), line(2, "b", 1_900, batch: "PO-1")]
        let result = match(parts, [payout])
        #expect(result.outcomes == [Outcome(.amount, [1, 2], [9])])
        #expect(
            result.findings[0].reason.contains("29.00 EUR")
                && result.findings[0].reason.contains("29.40 EUR"))
    }

    @Test("a payout of a batch that keys have begun is not compared with what they left")
    func batchBegun() throws {
        let ours = [line(1, "a", 1_000, batch: "PO-1"), line(2, "b", 1_940, batch: "PO-1")]
        let theirs = [line(1, "a", 1_000), payout]
        let result = try Matcher().match(ours: ours, theirs: theirs)
        #expect(
            result.outcomes == [
                Outcome(.matched, [1], [1]), Outcome(.missingTheirs, [2], []), Outcome(.missingOurs, [], [9])
            ])
    }

    @Test("a payout that is all that was due on its day is matched, whatever number of lines that is")
    func wholeDay() {
        let rules = MatchRules(calendar: SettlementCalendar(weekend: [6, 7], settlementDays: 1))
        let parts = (1...500).map { line(Int64($0), "order-\($0)", Int64($0)) }
        let other = line(501, "order-501", 9, day: friday.adding(-1))
        let sum = line(1, "", 125_250, kind: .payout, day: friday.adding(3))
        let result = match(parts + [other], [sum], rules)
        #expect(result.findings[0].ours.count == 500 && result.findings[0].code == .wholeDay)
        #expect(result.count(.missingTheirs) == 1)
    }

    @Test("a set that sums to a payout is suggested when it is the only one, and not when there are two")
    func subset() {
        let parts = [line(1, "a", 700), line(2, "b", 1_240), line(3, "c", 1_000), line(4, "d", 3)]
        let result = match(parts, [payout])
        #expect(result.suggestions.map(Outcome.init) == [Outcome(.matched, [1, 2, 3], [9])])
        #expect(result.count(.matched) == 0)
        let two = match(parts + [line(5, "e", 1_000)], [payout])
        #expect(two.suggestions.isEmpty)
        #expect(two.findings.contains { $0.theirs == [9] && $0.reason.contains("several sets") })
    }

    @Test("a set whose orders a payout's text names is matched alone")
    func subsetByReference() {
        let text = "SETTLEMENT ORDER-1001 ORDER-1002"
        let parts = [line(1, "ORDER-1001", 700), line(2, "ORDER-1002", 2_240), line(3, "ORDER-1003", 5)]
        let result = match(parts, [line(9, text, 2_940, kind: .payout)])
        #expect(result.outcomes.first == Outcome(.matched, [1, 2], [9]))
    }

    @Test("above the limit the reason says how many candidates were not tried")
    func subsetTooLarge() {
        let parts = (1...60).map { line(Int64($0), "o\($0)", 1_000_000_000 + Int64($0)) }
        let result = match(parts, [line(9, "", 5_000_000_015, kind: .payout)])
        let reason = result.findings.first { $0.theirs == [9] }?.reason ?? ""
        #expect(reason.contains("not tried: more than 28 lines"))
    }

    @Test("several of theirs may be several of ours")
    func manyToMany() {
        let result = match([line(1, "", 610), line(2, "", 390)], [line(1, "", 555), line(2, "", 445)])
        #expect(result.suggestions.map(Outcome.init) == [Outcome(.matched, [1, 2], [1, 2])])
    }

    @Test("lines of one batch on both sides match by their sums")
    func batchesOfOneKind() {
        let ours = [line(1, "", 600, batch: "B"), line(2, "", 400, batch: "B")]
        let theirs = [line(1, "", 300, batch: "B"), line(2, "", 300, batch: "B"), line(3, "", 400, batch: "B")]
        #expect(match(ours, theirs).outcomes == [Outcome(.matched, [1, 2], [1, 2, 3])])
    }
}
