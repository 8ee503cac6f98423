import Testing

@testable import Matching

@Suite("Properties of matching") struct MatcherPropertyTests {
    @Test("the engine finds exactly the injected differences", arguments: 0..<40)
    func findsExactlyWhatWasInjected(round: UInt64) throws {
        let seed = Seeded.base &+ round
        var book = CorruptBook(seed: seed, lines: 400)
        book.corrupt()
        let result = try Matcher(rules: book.rules, businessDay: friday).match(ours: book.ours, theirs: book.theirs)
        #expect(isComplete(result, ours: book.ours, theirs: book.theirs), "seed \(seed)")
        let found = Set(result.differences.map { book.story(of: $0) })
        #expect(found.subtracting(book.expected) == [], "seed \(seed): too much")
        #expect(book.expected.subtracting(found) == [], "seed \(seed): not found")
        #expect(result.differences.reduce(0) { count, _ in count + 1 } == book.expected.count, "seed \(seed)")
    }

    @Test("the lines' order and the number of threads change nothing", arguments: 0..<12)
    func orderAndThreads(round: UInt64) throws {
        let seed = Seeded.base &+ round
        var book = CorruptBook(seed: seed, lines: 200)
        book.corrupt()
        var random = Seeded(seed: seed)
        let first = try Matcher(rules: book.rules, businessDay: friday).match(ours: book.ours, theirs: book.theirs)
        for threads in 1...5 {
            let again = try Matcher(rules: book.rules, businessDay: friday, threads: threads).match(
                ours: book.ours.shuffled(using: &random), theirs: book.theirs.shuffled(using: &random))
            #expect(again == first, "seed \(seed), \(threads) threads")
        }
    }

    @Test("lines numbered anew by their place in the file come to the same stories", arguments: 0..<12)
    func numberedAnew(round: UInt64) throws {
        let seed = Seeded.base &+ round
        var book = CorruptBook(seed: seed, lines: 200)
        book.corrupt()
        let first = try Matcher(rules: book.rules, businessDay: friday).match(ours: book.ours, theirs: book.theirs)
        let stories = Set(first.findings.map { book.story(of: $0) })
        book.shuffleAndNumberAnew()
        let second = try Matcher(rules: book.rules, businessDay: friday).match(ours: book.ours, theirs: book.theirs)
        #expect(Set(second.findings.map { book.story(of: $0) }) == stories, "seed \(seed)")
    }

    @Test("lines without keys, few amounts and batches: any order, one result, each line once", arguments: 0..<30)
    func tolerantOrder(round: UInt64) throws {
        let seed = Seeded.base &+ round
        var random = Seeded(seed: seed)
        func rows(_ count: Int) -> [MatchRow] {
            (1...count).map { index in
                line(
                    Int64(index), random.chance(40) ? "o\(random.int(1...20))" : "", random.int(1...30),
                    random.chance(90) ? "EUR" : "USD", fee: random.chance(20) ? 1 : nil,
                    kind: random.chance(10) ? .payout : .payment, day: friday.adding(Int(random.int(-2...2))),
                    batch: random.chance(15) ? "b\(random.int(1...3))" : "")
            }
        }
        let (ours, theirs) = (rows(60), rows(60))
        let rules = MatchRules(amount: AmountTolerance(absoluteMinor: 1))
        let first = try Matcher(rules: rules, businessDay: friday).match(ours: ours, theirs: theirs)
        #expect(isComplete(first, ours: ours, theirs: theirs), "seed \(seed)")
        let again = try Matcher(rules: rules, businessDay: friday, threads: 3).match(
            ours: ours.shuffled(using: &random), theirs: theirs.shuffled(using: &random))
        #expect(again == first, "seed \(seed)")
        let kinds = Dictionary(uniqueKeysWithValues: ours.map { ($0.id, $0) })
        let others = Dictionary(uniqueKeysWithValues: theirs.map { ($0.id, $0) })
        for finding in first.findings + first.suggestions where finding.matchClass == .matched {
            let left = finding.ours.compactMap { kinds[$0] }
            let right = finding.theirs.compactMap { others[$0] }
            #expect(Set((left + right).map(\.currency)).count == 1, "seed \(seed): \(finding)")
        }
    }
}
