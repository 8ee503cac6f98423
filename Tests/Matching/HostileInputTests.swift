import Testing

@testable import Matching

@Suite("Hostile input of the matcher") struct HostileInputTests {
    @Test("ten thousand lines of one amount without keys end soon, and say what was not tried")
    func equalAmounts() throws {
        let rows = (1...10_000).map { line(Int64($0)) }
        let result = try Matcher().match(ours: rows, theirs: rows)
        #expect(isComplete(result, ours: rows, theirs: rows))
        #expect(result.findings.allSatisfy { $0.code == .notTried })
    }

    @Test("ten thousand lines of one key on both sides make ten thousand pairs")
    func equalKeys() throws {
        let rows = (1...10_000).map { line(Int64($0), "k", Int64($0)) }
        let result = try Matcher().match(ours: rows, theirs: rows.shuffled())
        #expect(result.count(.matched) == 10_000)
        let surplus = try Matcher().match(ours: [line(1, "k", 7)], theirs: rows)
        #expect(surplus.count(.matched) == 1 && surplus.count(.duplicateTheirs) == 9_999)
    }

    @Test("half the lines of one key used and half over do not multiply")
    func surplusOfOneKey() throws {
        let ours = (1...5_000).map { line(Int64($0), "k", channel: "c") }
        let theirs = (1...10_000).map { line(Int64($0), "k", channel: "c") }
        let result = try Matcher().match(ours: ours, theirs: theirs)
        #expect(result.count(.matched) == 5_000 && result.count(.duplicateTheirs) == 5_000)
    }

    @Test("amounts an atom apart within a wide tolerance are bounded")
    func wideTolerance() throws {
        let rules = MatchRules(amount: AmountTolerance(absoluteMinor: 1_000_000, basisPoints: 5_000))
        let rows = (1...5_000).map { line(Int64($0), "", Int64($0)) }
        let result = try Matcher(rules: rules).match(ours: rows, theirs: rows)
        #expect(isComplete(result, ours: rows, theirs: rows))
    }

    @Test("the ends of 64 bits in every field neither trap nor agree")
    func extremes() throws {
        let ends: [Int64] = [.min, .min + 1, -1, 0, 1, .max - 1, .max]
        var rows: [MatchRow] = []
        for (index, amount) in ends.enumerated() {
            for (step, kind) in MatchKind.allCases.enumerated() {
                var row = line(
                    Int64(rows.count), step % 2 == 0 ? "k\(index)" : "", amount, fee: ends[(index + step) % 7],
                    kind: kind)
                row.day = step % 3 == 0 ? .min : .max
                row.time = ends[step % 7]
                row.batch = step % 2 == 0 ? "b" : ""
                rows.append(row)
            }
        }
        let rate = try #require(ExchangeRate(from: "EUR", to: "USD", "1000000"))
        let rules = MatchRules(
            amount: AmountTolerance(absoluteMinor: .max, basisPoints: 5_000, roundingUnitMinor: 1_000_000_000),
            fee: AmountTolerance(absoluteMinor: .max), fees: FeeSchedule([FeeRule(ratePartsPerMillion: 1_000_000)]),
            netOfFee: true, exchangeRates: [rate], exchange: AmountTolerance(basisPoints: 5_000),
            calendar: SettlementCalendar(weekend: [6, 7], cutOffMinute: 1, settlementDays: 60),
            late: LateRules(slackSeconds: 86_400))
        for day in [CivilDay(.min), friday, CivilDay(.max)] {
            let result = try Matcher(rules: rules, businessDay: day).match(ours: rows, theirs: rows.reversed())
            #expect(isComplete(result, ours: rows, theirs: rows))
        }
        let strict = try Matcher().match(ours: [line(1, "a", .min)], theirs: [line(1, "a", .max)])
        #expect(strict.outcomes == [Outcome(.amount, [1], [1])])
    }

    @Test("keys of any length, of many positions and of none are read")
    func oddKeys() throws {
        let long = String(repeating: "é", count: 100_000)
        var ours = [line(1, long), line(2, "\u{0}"), line(3, "ключ"), line(4)]
        ours[3].keys = []
        var many = line(5)
        many.keys = (0..<100).map { "p\($0)" }
        ours.append(many)
        let result = try Matcher().match(ours: ours, theirs: ours)
        #expect(result.count(.matched) == 4 && isComplete(result, ours: ours, theirs: ours))
    }

    @Test("many payouts and many parts end within the searches allowed")
    func manyPayouts() throws {
        var random = Seeded(seed: Seeded.base)
        let payouts = (1...1_000).map { line(Int64($0), "", random.int(1...1_000_000_000), kind: .payout) }
        let parts = (1...25).map { line(Int64($0), "o\($0)", random.int(1...1_000_000_000)) }
        let result = try Matcher().match(ours: parts, theirs: payouts)
        #expect(isComplete(result, ours: parts, theirs: payouts))
        #expect(result.findings.contains { $0.reason.contains("200 searches") })
    }
}
