import Testing

@testable import Matching

@Suite("Matching by key") struct ExactStageTests {
    private let rules = MatchRules(tolerant: nil)

    private func outcomes(_ ours: [MatchRow], _ theirs: [MatchRow], _ rules: MatchRules? = nil) throws -> [Outcome] {
        let result = try Matcher(rules: rules ?? self.rules).match(ours: ours, theirs: theirs)
        #expect(isComplete(result, ours: ours, theirs: theirs))
        return result.outcomes
    }

    @Test("one key and nothing else differing is a match; each difference has its class, currency before all others")
    func classes() throws {
        let ours = [
            line(1, "same"), line(2, "amount"), line(3, "status"), line(4, "currency"), line(5, "fee", fee: 6),
            line(6, "theirs lack it"), line(7, "all", fee: 1)
        ]
        let theirs = [
            line(1, "same", fee: 9), line(2, "amount", 1_001), line(3, "status", status: .pending),
            line(4, "currency", 1_000, "USD"), line(5, "fee", fee: 7), line(8, "we lack it"),
            line(7, "all", 5, "USD", fee: 2, status: .failed)
        ]
        #expect(
            try outcomes(ours, theirs) == [
                Outcome(.matched, [1], [1]), Outcome(.amount, [2], [2]), Outcome(.status, [3], [3]),
                Outcome(.currency, [4], [4]), Outcome(.fee, [5], [5]), Outcome(.missingTheirs, [6], []),
                Outcome(.currency, [7], [7]), Outcome(.missingOurs, [], [8])
            ])
    }

    @Test("the second key finds what the first did not")
    func secondKey() throws {
        let ours = [line(1, "M1", channel: "C1"), line(2, "", channel: "C2"), line(3, "M3", channel: "")]
        let theirs = [line(1, "M1", channel: "C1"), line(2, "M9", channel: "C2"), line(3, "M3", channel: "C3")]
        #expect(try outcomes(ours, theirs) == (1...3).map { Outcome(.matched, [$0], [$0]) })
    }

    @Test("a key found again is a duplicate of the line that was matched, on either side")
    func duplicates() throws {
        let ours = [line(1, "a"), line(2, "b"), line(3, "b")]
        let theirs = [line(1, "a"), line(2, "a"), line(3, "a"), line(4, "b")]
        let result = try Matcher(rules: rules).match(ours: ours, theirs: theirs)
        #expect(
            result.outcomes == [
                Outcome(.matched, [1], [1]), Outcome(.matched, [2], [4]), Outcome(.duplicateOurs, [3], []),
                Outcome(.duplicateTheirs, [], [2]), Outcome(.duplicateTheirs, [], [3])
            ])
        #expect(result.findings[2].reason.contains("line 2") && result.findings[3].reason.contains("line 1"))
        #expect(result.findings[2].code == .repeated && result.findings.map(\.original) == [nil, nil, 2, 1, 1])
    }

    @Test("a repetition that only the weaker key shows is a duplicate too")
    func duplicateBySecondKey() throws {
        let ours = [line(1, "M1", channel: "C1")]
        let theirs = [line(1, "M1", channel: "C1"), line(2, "", channel: "C1")]
        #expect(try outcomes(ours, theirs) == [Outcome(.matched, [1], [1]), Outcome(.duplicateTheirs, [], [2])])
    }

    @Test("a line repeated that the other side lacks is missing once and a duplicate once")
    func duplicateOfMissing() throws {
        let theirs = [line(1, "a"), line(2, "a"), line(3, "a", 777)]
        #expect(
            try outcomes([line(1, "x")], theirs) == [
                Outcome(.missingTheirs, [1], []), Outcome(.missingOurs, [], [1]), Outcome(.duplicateTheirs, [], [2]),
                Outcome(.missingOurs, [], [3])
            ])
    }

    @Test("two captures of one order match two captures, whatever order they come in")
    func severalOnBothSides() throws {
        let ours = [line(1, "order", 6_000), line(2, "order", 4_000)]
        let theirs = [line(1, "order", 4_000), line(2, "order", 6_000), line(3, "order", 4_000)]
        #expect(
            try outcomes(ours, theirs) == [
                Outcome(.matched, [1], [2]), Outcome(.matched, [2], [1]), Outcome(.duplicateTheirs, [], [3])
            ])
    }

    @Test("under one order number the channel's reference pairs first, then equal amounts")
    func groupPrefersReferences() throws {
        let ours = [line(1, "order", 5_000, channel: "A"), line(2, "order", 5_000, channel: "B")]
        let theirs = [line(1, "order", 5_000, channel: "B"), line(2, "order", 4_999, channel: "A")]
        #expect(try outcomes(ours, theirs) == [Outcome(.amount, [1], [2]), Outcome(.matched, [2], [1])])
    }

    @Test("one line is matched by several under its key that sum to it, and only if they do")
    func splits() throws {
        let parts = [line(1, "order", 600), line(2, "order", 400)]
        #expect(try outcomes([line(1, "order", 1_000)], parts) == [Outcome(.matched, [1], [1, 2])])
        #expect(try outcomes(parts, [line(1, "order", 1_000)]) == [Outcome(.matched, [1, 2], [1])])
        let fees = [line(1, "order", 600, fee: 3), line(2, "order", 400, fee: 2)]
        #expect(try outcomes([line(1, "order", fee: 5)], fees) == [Outcome(.matched, [1], [1, 2])])
        #expect(try outcomes([line(1, "order", fee: 6)], fees) == [Outcome(.fee, [1], [1, 2])])
        let over = [line(1, "order", 600), line(2, "order", 401)]
        #expect(
            try outcomes([line(1, "order", 1_000)], over) == [
                Outcome(.amount, [1], [2]), Outcome(.duplicateTheirs, [], [1])
            ])
    }

    @Test("a refund and a payment under one order number never match each other")
    func kindsStayApart() throws {
        let ours = [line(1, "order", 1_000), line(2, "order", -1_000, kind: .refund)]
        let theirs = [line(1, "order", -1_000, kind: .refund)]
        #expect(try outcomes(ours, theirs) == [Outcome(.missingTheirs, [1], []), Outcome(.matched, [2], [1])])
        #expect(
            try outcomes([line(1, "order", 1_000)], [line(1, "order", 1_000, kind: .refund)], MatchRules())
                == [Outcome(.missingTheirs, [1], []), Outcome(.missingOurs, [], [1])])
    }

    @Test("empty keys and placeholders match nothing", arguments: ["", "0", "NOTPROVIDED", "NONREF"])
    func unsafeKeys(key: String) throws {
        #expect(
            try outcomes([line(1, key)], [line(1, key)]) == [
                Outcome(.missingTheirs, [1], []), Outcome(.missingOurs, [], [1])
            ])
    }

    @Test("a bank that begins its ids anew each year matches by id and year, over New Year's Eve too")
    func reusedEachYear() throws {
        let rules = MatchRules(keys: [KeyRule(reusedAfterDays: 180)], tolerant: nil)
        let eve = CivilDay(2025, 12, 31)
        let ours = [line(1, "17", day: eve), line(2, "17", 500, day: friday), line(3, "9", day: eve)]
        let theirs = [line(1, "17", 500, day: friday), line(2, "17", day: eve.adding(1)), line(3, "9", day: friday)]
        #expect(
            try outcomes(ours, theirs, rules) == [
                Outcome(.matched, [1], [2]), Outcome(.matched, [2], [1]), Outcome(.missingTheirs, [3], []),
                Outcome(.missingOurs, [], [3])
            ])
        #expect(try outcomes([line(1, "a", day: nil)], [line(1, "a", day: nil)], rules).count == 2)
    }

    @Test("theirs may be ours less the fee, or ours at a rate, where the rules say so")
    func netAndConverted() throws {
        let fees = FeeSchedule([FeeRule(ratePartsPerMillion: 6_000)])
        let rate = try #require(ExchangeRate(from: "EUR", to: "JPY", "1.5025"))
        let rules = MatchRules(
            fees: fees, netOfFee: true, exchangeRates: [rate], exchange: AmountTolerance(basisPoints: 10),
            tolerant: nil)
        let result = try Matcher(rules: rules).match(
            ours: [line(1, "a", 10_000), line(2, "b", 10_000), line(3, "c", 10_000), line(4, "d", 10_000)],
            theirs: [
                line(1, "a", 9_940), line(2, "b", 15_030, "JPY"), line(3, "c", 15_060, "JPY"),
                line(4, "d", 10_000, fee: 61)
            ])
        #expect(result.findings.map(\.code) == [.netOfFee, .converted, .currencyDiffers, .feeDiffers])
    }

    @Test("a rule of the house may tolerate an amount or a fee, and nothing else")
    func houseTolerance() throws {
        let ours = [line(1, "a"), line(2, "b"), line(3, "c", fee: 1), line(4, "d"), line(5, "e"), line(6, "f")]
        let theirs = [
            line(1, "a", 1_002), line(2, "b", 1_003), line(3, "c", fee: 3), line(4, "d", status: .failed),
            line(5, "e", 1_000, "USD"), line(6, "f", 1_002), line(7, "f", 1_002)
        ]
        let result = try Matcher(rules: rules, threads: 2) { pair in
            guard pair.sharesKey else { return nil }
            return Score(ownRule: pair.theirs.amountMinor - pair.ours.amountMinor <= 2 ? 90 : 80)
        }.match(ours: ours, theirs: theirs)
        #expect(
            result.findings.map(\.matchClass) == [
                .matched, .amount, .matched, .status, .currency, .matched, .duplicateTheirs
            ])
        #expect(result.findings[0].code == .ownRule && result.findings[0].confidence == 90)
        #expect(result.findings[0].reason == "theirs is 0.02 EUR more than ours, which a rule of the house tolerates")
    }

    @Test("two lines of one id are refused, because a finding could not say which it means")
    func idsAreUnique() {
        #expect(throws: MatchError.idNotUnique(side: "theirs", id: 2)) {
            try Matcher().match(ours: [], theirs: [line(2, "a"), line(1, "b"), line(2, "c")])
        }
    }
}
