import Foundation
import Testing

@testable import Matching

@Suite("Rules of matching") struct MatchRulesTests {
    @Test("a rule set survives being written and read")
    func roundTrip() throws {
        var rules = MatchRules(
            amount: AmountTolerance(absoluteMinor: 1, basisPoints: 5, roundingUnitMinor: 100),
            amountByCurrency: ["JPY": .none], keys: [KeyRule(), KeyRule(reusedAfterDays: 180)],
            fees: FeeSchedule([FeeRule(currency: "CNY", ratePartsPerMillion: 6_000, mostMinor: 500)]), netOfFee: true,
            calendar: SettlementCalendar(weekend: [6, 7], holidays: [friday], settlementDays: 1))
        rules.exchangeRates = [try #require(ExchangeRate(from: "EUR", to: "JPY", "1.5025"))]
        let data = try JSONEncoder().encode(rules)
        #expect(try JSONDecoder().decode(MatchRules.self, from: data) == rules)
        rules.tolerant = nil
        let without = try JSONEncoder().encode(rules)
        #expect(try JSONDecoder().decode(MatchRules.self, from: without) == rules)
    }

    @Test("what is left out has its usual value")
    func defaults() throws {
        #expect(try JSONDecoder().decode(MatchRules.self, from: Data("{}".utf8)) == MatchRules())
        let text = #"{"amount": {"absoluteMinor": 2}, "tolerant": {"automaticScore": 90}}"#
        let rules = try JSONDecoder().decode(MatchRules.self, from: Data(text.utf8))
        #expect(rules.amountsAgree(100, 102) && !rules.amountsAgree(100, 103))
        #expect(rules.tolerant?.automaticScore == 90 && rules.tolerant?.suggestionScore == 50)
    }

    @Test(
        "a misspelt setting is refused",
        arguments: [
            #"{"amonut": {}}"#, #"{"amount": {"absolute": 1}}"#, #"{"tolerant": {"weights": {"sameAmuont": 1}}}"#,
            #"{"exchangeRates": [{"from": "EUR", "to": "JPY", "rate": "1.5e3"}]}"#,
            #"{"calendar": {"holidays": ["2026-02-30"]}}"#, #"{"fees": [{"kinds": ["paymnet"]}]}"#
        ])
    func misspelt(text: String) {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(MatchRules.self, from: Data(text.utf8))
        }
    }

    @Test("every bound is told with its field")
    func validation() throws {
        #expect(MatchRules().faults().isEmpty)
        var rules = MatchRules(
            amount: AmountTolerance(absoluteMinor: -1, basisPoints: 6_000, roundingUnitMinor: 0),
            keys: [KeyRule(reusedAfterDays: -1)], fees: FeeSchedule([FeeRule(ratePartsPerMillion: 2_000_000)]),
            exchangeRates: [ExchangeRate(from: "EUR", to: "EUR", scaled: 0)],
            calendar: SettlementCalendar(weekend: Set(1...7)), late: LateRules(carryDays: 99))
        rules.tolerant?.automaticScore = 0
        rules.tolerant?.batches?.maximumCandidates = 60
        let fields = Set(rules.faults().map(\.field))
        #expect(
            fields.isSuperset(of: [
                "amount.absoluteMinor", "amount.basisPoints", "amount.roundingUnitMinor", "keys[0].reusedAfterDays",
                "fees[0].ratePartsPerMillion", "exchangeRates[0]", "exchangeRates[0].rate", "calendar.weekend",
                "late.carryDays", "tolerant.automaticScore", "tolerant.batches.maximumCandidates"
            ]))
        #expect(throws: MatchRulesFault.self) { try rules.validate() }
    }

    @Test("amounts agree by distance, by share or by rounding, and never across zero")
    func amounts() {
        #expect(AmountTolerance(absoluteMinor: 5).agrees(-100, -105))
        #expect(!AmountTolerance(absoluteMinor: 5).agrees(-2, 2))
        #expect(AmountTolerance(basisPoints: 10).agrees(10_000, 9_990))
        #expect(!AmountTolerance(basisPoints: 10).agrees(10_000, 9_989))
        let yuan = AmountTolerance(roundingUnitMinor: 100)
        #expect(yuan.agrees(1_999, 2_000) && yuan.agrees(1_999, 1_900))
        #expect(!yuan.agrees(1_999, 1_998) && !yuan.agrees(1_999, 2_100))
        #expect(!AmountTolerance(absoluteMinor: .max, basisPoints: 5_000).agrees(.min, .max))
        #expect(!AmountTolerance(basisPoints: 1).agrees(.max, 1) && !AmountTolerance.none.agrees(.min, .min + 1))
    }

    @Test("what agrees with an amount is never further than its reach")
    func reach() {
        var random = Seeded(seed: Seeded.base)
        for _ in 0..<5_000 {
            let tolerance = AmountTolerance(
                absoluteMinor: random.int(0...20), basisPoints: Int32(random.int(0...5_000)),
                roundingUnitMinor: random.int(1...100))
            let amount = random.int(-100_000...100_000)
            let other = amount + random.int(-60_000...60_000)
            if tolerance.agrees(amount, other) {
                #expect(
                    (amount - other).magnitude <= tolerance.reach(around: amount), "\(tolerance) \(amount) \(other)")
            }
        }
    }

    @Test("a fee is a share and a fixed part within its bounds, given back with a refund")
    func fees() throws {
        let rule = FeeRule(kinds: [.payment, .refund], ratePartsPerMillion: 6_000, leastMinor: 1, mostMinor: 500)
        let schedule = FeeSchedule([rule])
        #expect(schedule.fee(of: line(1, "a", 10_000)) == 60)
        #expect(schedule.fee(of: line(1, "a", 84)) == 1)
        #expect(schedule.fee(of: line(1, "a", .max)) == 500)
        #expect(schedule.fee(of: line(1, "a", -10_000, kind: .refund)) == -60)
        #expect(schedule.fee(of: line(1, "a", 10_000, kind: .payout)) == nil)
        let half = FeeRule(ratePartsPerMillion: 5_000)
        #expect(half.fee(of: 100) == 1 && half.fee(of: 99) == 0)
        #expect(FeeRule(ratePartsPerMillion: 5_000, rounding: .halfEven).fee(of: 100) == 0)
        #expect(FeeRule(ratePartsPerMillion: 5_000, rounding: .up).fee(of: 1) == 1)
        #expect(FeeRule(ratePartsPerMillion: 1_000_000, fixedMinor: .max).fee(of: .min) == -.max)
        let steps = FeeSchedule([
            FeeRule(belowMinor: 1_000, fixedMinor: 5), FeeRule(currency: "EUR", fixedMinor: 9), FeeRule(fixedMinor: 11)
        ])
        #expect(steps.fee(of: line(1, "a", 999)) == 5 && steps.fee(of: line(1, "a", 1_000)) == 9)
        #expect(steps.fee(of: line(1, "a", 1_000, "USD")) == 11)
    }

    @Test("a rate is exact to twelve decimals and written as it was read")
    func rates() throws {
        let rate = try #require(ExchangeRate(from: "EUR", to: "JPY", "1.502500000001"))
        #expect(rate.converted(1_000_000_000_000) == 1_502_500_000_001)
        #expect(rate.converted(-1) == -2 && rate.text == "1.502500000001")
        #expect(rate.converted(.max) == .max && rate.converted(.min) == .min)
        for text in ["", ".5", "1.", "1,5", "1.5.5", "-1", "1e3", "1.1234567890123", String(repeating: "9", count: 31)]
        {
            #expect(ExchangeRate(from: "EUR", to: "JPY", text) == nil, "\(text)")
        }
    }
}
