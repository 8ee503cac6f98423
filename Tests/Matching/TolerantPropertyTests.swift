import Testing

@testable import Matching

/// Books whose lines lost their keys on the way, as banks lose them, and what must still be found.
@Suite("Properties of matching by likeness") struct TolerantPropertyTests {
    private let rules = MatchRules(
        amount: AmountTolerance(absoluteMinor: 1), fees: FeeSchedule([FeeRule(ratePartsPerMillion: 6_000)]),
        netOfFee: true, calendar: SettlementCalendar(weekend: [6, 7], settlementDays: 1))

    /// What happened to a line on its way through the bank.
    private enum Way: CaseIterable { case rewritten, purpose, rounded, net, later, missing }

    @Test("lines whose references a bank rewrote are found, missing ones stay missing", arguments: 0..<25)
    func rewrittenReferences(round: UInt64) throws {
        let seed = Seeded.base &+ round
        var random = Seeded(seed: seed)
        var (ours, theirs): ([MatchRow], [MatchRow]) = ([], [])
        var expected: Set<Outcome> = []
        for index in 1...120 as ClosedRange<Int64> {
            // Amounts are their own and far from each other, also less their fees; six digits stand in every reference.
            let amount = index * 1_000 + 500
            ours.append(line(index, "ORD-\(100_000 + index)", amount))
            let way = Way.allCases[Int(random.int(0...5))]
            if way == .missing {
                expected.insert(Outcome(.missingTheirs, [index], []))
                continue
            }
            theirs.append(sent(ours[ours.count - 1], way, &random))
            expected.insert(Outcome(.matched, [index], [index]))
        }
        for index in 201...210 as ClosedRange<Int64> {
            theirs.append(line(index, "FOREIGN-\(index)", index * 1_000 + 250))
            expected.insert(Outcome(.missingOurs, [], [index]))
        }
        theirs.shuffle(using: &random)
        let result = try Matcher(rules: rules).match(ours: ours, theirs: theirs)
        #expect(isComplete(result, ours: ours, theirs: theirs), "seed \(seed)")
        #expect(expected.symmetricDifference(result.outcomes) == [], "seed \(seed)")
    }

    private func sent(_ row: MatchRow, _ way: Way, _ random: inout Seeded) -> MatchRow {
        var sent = row
        sent.keys = ["ord \(100_000 + row.id)"]
        switch way {
        case .purpose: sent.keys = ["SALE ORD\(100_000 + row.id) THANK YOU"]
        case .rounded: sent.amountMinor += random.chance(50) ? 1 : -1
        case .net: sent.amountMinor -= row.amountMinor * 6 / 1_000
        case .later: sent.day = friday.adding(3).number
        default: break
        }
        return sent
    }

    @Test("payouts find their days, gross or net, whatever else is open", arguments: 0..<10)
    func payouts(round: UInt64) throws {
        let seed = Seeded.base &+ round
        var random = Seeded(seed: seed)
        var (ours, theirs): ([MatchRow], [MatchRow]) = ([], [])
        var expected: Set<Outcome> = []
        for day in 0..<5 {
            let isNet = random.chance(50)
            let count = random.int(2...60)
            var ids: [Int64] = []
            var paid: Int64 = 0
            for _ in 0..<count {
                let id = Int64(ours.count + 1)
                let amount = random.int(100...9_999)
                // Monday to Friday, each settled the next working day.
                ours.append(line(id, "o\(id)", amount, fee: 3, day: friday.adding(day - 4)))
                ids.append(id)
                paid += amount - (isNet ? 3 : 0)
            }
            let due = rules.calendar.settlementDay(of: friday.adding(day - 4))
            let wrong = random.chance(20)
            theirs.append(line(Int64(day + 1), "", wrong ? paid + 50_000_000 : paid, kind: .payout, day: due))
            if wrong {
                expected.insert(Outcome(.missingOurs, [], [Int64(day + 1)]))
                expected.formUnion(ids.map { Outcome(.missingTheirs, [$0], []) })
            } else {
                expected.insert(Outcome(.matched, ids, [Int64(day + 1)]))
            }
        }
        let result = try Matcher(rules: rules).match(
            ours: ours.shuffled(using: &random), theirs: theirs.shuffled(using: &random))
        #expect(expected.symmetricDifference(result.outcomes) == [], "seed \(seed)")
    }

    @Test("whatever valid rules say, each line comes out once and the order changes nothing", arguments: 0..<60)
    func anyRules(round: UInt64) throws {
        let seed = Seeded.base &+ round
        var random = Seeded(seed: seed)
        let rules = anyRules(&random)
        #expect(rules.faults() == [], "seed \(seed)")
        let (ours, theirs) = (anyRows(&random), anyRows(&random))
        let first = try Matcher(rules: rules, businessDay: friday).match(ours: ours, theirs: theirs)
        #expect(isComplete(first, ours: ours, theirs: theirs), "seed \(seed)")
        let second = try Matcher(rules: rules, businessDay: friday, threads: 3).match(
            ours: ours.shuffled(using: &random), theirs: theirs.shuffled(using: &random))
        #expect(first == second, "seed \(seed)")
        let lateIds = first.findings.filter { $0.matchClass == .late }
        #expect(lateIds.flatMap(\.ours) == first.carriedOver.ours.map(\.row.id).sorted(), "seed \(seed)")
        let (left, right) = (byId(ours), byId(theirs))
        for finding in first.findings + first.suggestions {
            let kinds = Set(finding.ours.compactMap { left[$0]?.kind } + finding.theirs.compactMap { right[$0]?.kind })
            #expect(kinds.count == 1 || kinds.contains(.payout), "seed \(seed): \(finding)")
        }
    }

    private func byId(_ rows: [MatchRow]) -> [Int64: MatchRow] {
        Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) })
    }

    private func anyRules(_ random: inout Seeded) -> MatchRules {
        func tolerance() -> AmountTolerance {
            AmountTolerance(
                absoluteMinor: random.int(0...5), basisPoints: Int32(random.int(0...200)),
                roundingUnitMinor: random.chance(20) ? 10 : 1)
        }
        var rules = MatchRules(
            amount: tolerance(), amountByCurrency: random.chance(30) ? ["USD": tolerance()] : [:], fee: tolerance(),
            keys: random.chance(40) ? [KeyRule(reusedAfterDays: Int(random.int(0...5)))] : [],
            splits: random.chance(50),
            fees: random.chance(50) ? FeeSchedule([FeeRule(ratePartsPerMillion: 20_000, leastMinor: 1)]) : nil,
            netOfFee: random.chance(50),
            exchangeRates: random.chance(50) ? [ExchangeRate(from: "EUR", to: "USD", scaled: 2_000_000_000_000)] : [],
            exchange: tolerance(),
            calendar: SettlementCalendar(
                weekend: random.chance(50) ? [6, 7] : [], cutOffMinute: Int(random.int(1_200...1_440)),
                settlementDays: Int(random.int(0...3))),
            late: LateRules(slackSeconds: random.int(0...3_600), carryDays: Int(random.int(0...3))))
        rules.tolerant?.automaticScore = Int(random.int(40...101))
        rules.tolerant?.suggestionScore = Int(random.int(0...40))
        rules.tolerant?.maximumCandidates = Int(random.int(1...20))
        rules.tolerant?.batches?.maximumCandidates = Int(random.int(2...12))
        rules.tolerant?.batches?.maximumSearches = Int(random.int(0...20))
        return rules
    }

    private func anyRows(_ random: inout Seeded) -> [MatchRow] {
        (1...50).map { id in
            line(
                id, random.chance(60) ? "ORDER\(random.int(1...25))" : "", random.int(-20...60),
                channel: random.chance(50) ? "CH\(random.int(1...40))" : "", random.chance(80) ? "EUR" : "USD",
                fee: random.chance(30) ? random.int(0...3) : nil,
                status: random.chance(90) ? .succeeded : .failed,
                kind: random.chance(70) ? .payment : random.chance(50) ? .refund : .payout,
                day: random.chance(90) ? friday.adding(Int(random.int(-6...6))) : nil,
                time: random.chance(30) ? friday.at(random.int(0...30)) : nil,
                batch: random.chance(20) ? "B\(random.int(1...4))" : "")
        }
    }
}
