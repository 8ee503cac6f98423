import Matching
import Runtime
import Testing

@testable import Reconciliation

@Suite("Matching a run, without a book")
struct RunMatchingTests {
    private let day = BusinessDay(number: 20_000)

    private func ours(_ id: Int64, _ merchant: String, _ amount: Int64, fee: Int64? = nil) -> RunLine {
        var line = RunLine(id: id, kind: .payment, currency: "EUR", amountMinor: amount, feeMinor: fee)
        line.merchantReference = merchant
        line.reference = "ord-" + merchant
        line.paymentID = "pay-" + merchant
        line.day = 20_000
        return line
    }

    private func theirs(_ id: Int64, _ merchant: String, _ channel: String, _ amount: Int64, fee: Int64 = 0) -> RunLine
    {
        var line = RunLine(id: id, kind: .payment, currency: "EUR", amountMinor: amount, feeMinor: fee)
        line.merchantReference = merchant
        line.channelReference = channel
        line.day = 20_000
        return line
    }

    @Test("the same lines in any order, however they are cut, give the same outcome", arguments: 1...20)
    func deterministic(seed: UInt64) throws {
        let random = RandomSource(seed: seed)
        var left: [RunLine] = []
        var right: [RunLine] = []
        for id in 1...40 {
            let merchant = "m\(random.integer(in: 0..<25))"
            let amount = Int64(random.integer(in: 1..<6) * 100)
            if random.integer(in: 0..<5) > 0 { left.append(ours(Int64(id), merchant, amount)) }
            if random.integer(in: 0..<5) > 0 {
                right.append(theirs(Int64(id), merchant, "c\(random.integer(in: 0..<30))", amount))
            }
        }
        right = RunMatching.numbered(right)
        let whole = try RunMatching.run(RunInputs(day: day, ours: left, theirs: right), rules: MatchRules())
        let mixed = try RunMatching.run(
            RunInputs(day: day, ours: left.reversed(), theirs: right.reversed()), rules: MatchRules())
        #expect(whole == mixed, "seed \(seed)")
        var findings: [RunFinding] = []
        var rest: (ours: [RunLine], theirs: [RunLine]) = ([], [])
        for shard in 0..<8 {
            let exact = try RunMatching.exact(
                ours: left.filter { Reconciliation.shard($0, of: 8) == shard },
                theirs: right.filter { Reconciliation.shard($0, of: 8) == shard }, rules: MatchRules())
            findings += exact.findings
            rest.ours += exact.oursLeft
            rest.theirs += exact.theirsLeft
        }
        let sharded = try RunMatching.rest(ours: rest.ours, theirs: rest.theirs, day: day, rules: MatchRules())
        #expect(RunMatching.sorted(findings + sharded.findings) == whole.findings, "seed \(seed)")
    }

    @Test("each line is in one finding, and no line is used twice", arguments: 1...20)
    func onlyOnce(seed: UInt64) throws {
        let random = RandomSource(seed: seed)
        let left = (1...60).map { ours(Int64($0), "m\(random.integer(in: 0..<30))", 100) }
        let right = RunMatching.numbered(
            (1...60).map { theirs(Int64($0), "m\(random.integer(in: 0..<30))", "c\($0)", 100) })
        let outcome = try RunMatching.run(RunInputs(day: day, ours: left, theirs: right), rules: MatchRules())
        #expect(outcome.findings.flatMap(\.ours).map(\.id).sorted() == Array(1...60), "seed \(seed)")
        #expect(outcome.findings.flatMap(\.theirs).map(\.id).sorted() == Array(1...60), "seed \(seed)")
    }

    @Test("a line that is over is shown beside what its key was matched with")
    func twins() throws {
        let right = RunMatching.numbered([theirs(1, "m", "c1", 100), theirs(2, "m", "c2", 100)])
        let outcome = try RunMatching.run(
            RunInputs(day: day, ours: [ours(1, "m", 100)], theirs: right), rules: MatchRules())
        let over = try #require(outcome.findings.first { $0.matchClass == .duplicateTheirs })
        #expect(try over.theirs[0].unpackedTwin()?.reference == "ord-m")
    }

    @Test("a weaker key finds what the stronger one does not, and surplus is never explained by likeness")
    func weakerKeys() throws {
        var unnamed = theirs(1, "", "c9", 100)
        unnamed.merchantReference = ""
        var known = ours(1, "m", 100)
        known.channelReference = "c9"
        let found = try RunMatching.run(
            RunInputs(day: day, ours: [known], theirs: [unnamed]), rules: MatchRules())
        #expect(found.findings.map(\.matchClass) == [.matched])
        let surplus = RunMatching.numbered([theirs(1, "m", "c1", 100), theirs(2, "m", "c2", 100)])
        let open = ours(2, "other", 100)
        let outcome = try RunMatching.run(
            RunInputs(day: day, ours: [ours(1, "m", 100), open], theirs: surplus), rules: MatchRules())
        #expect(outcome.count(.duplicateTheirs) == 1 && outcome.count(.missingTheirs) == 1)
    }

    @Test("packed lines are the lines that were packed")
    func packing() throws {
        var line = theirs(-7, "商户单号", "c", -12_345, fee: -6)
        line.timeUs = -1
        line.note = "over"
        line.carried = RunLine.Carried(
            day: day, difference: DifferenceID(UUIDv7(high: 1, low: 2)), isLate: true, lastDay: day.adding(days: 3),
            bookedReference: "c", bookedMinor: .min)
        line.twin = ours(1, "m", 100).asTwin
        var packer = Packer()
        line.pack(into: &packer)
        var packed = Unpacker(packer.bytes)
        #expect(try RunLine(from: &packed) == line)
        #expect(packed.isAtEnd)
        for length in 0..<packer.bytes.count {
            var cut = Unpacker(Array(packer.bytes.prefix(length)))
            #expect(throws: (any Error).self) { try RunLine(from: &cut) }
        }
    }
}

@Suite("What is booked, without a book")
struct PostingTests {
    private func posting(_ name: String, _ net: Int64, fee: Int64 = 0, reference: String = "r") -> Posting {
        Posting(
            key: Posting.Key([name]), kind: .settlement, reference: reference, currency: "EUR", netMinor: net,
            feeMinor: fee)
    }

    @Test("a corrected run books the difference: new, changed, gone, moved; nothing for what stayed")
    func delta() {
        let before = [posting("same", 10), posting("less", 10, fee: 1), posting("gone", 7), posting("moved", 5)]
        let now = [
            posting("same", 10), posting("less", 8, fee: 2), posting("new", 3), posting("moved", 5, reference: "x")
        ]
        let delta = PostingDelta.between(now, before)
        #expect(
            Set(delta) == [
                posting("less", -2, fee: 1), posting("gone", -7), posting("new", 3), posting("moved", -5),
                posting("moved", 5, reference: "x")
            ])
        #expect(PostingDelta.between(now, now).isEmpty)
        #expect(PostingDelta.between([], before, frozen: Set(before.map(\.key))).isEmpty)
        #expect(PostingDelta.between(now.reversed(), before) == delta)
    }

    @Test("one payout for many orders closes each of them, and the last takes what remains")
    func batch() {
        let day = BusinessDay(number: 1)
        let ours = (1...3).map { number in
            var line = RunLine(id: Int64(number), kind: .payment, currency: "EUR", amountMinor: 100)
            line.reference = "o\(number)"
            return line
        }
        let paid = RunLine(id: 1, kind: .payment, currency: "EUR", amountMinor: 300, feeMinor: 6)
        let conclusion = Concluding(channel: "card", day: day).conclude(
            RunFinding(
                matchClass: .matched, reason: "", code: .subsetSum, confidence: 90, ours: ours, theirs: [paid]))
        #expect(conclusion.openMinor == 0)
        #expect(conclusion.postings.map(\.reference) == ["o1", "o2", "o3"])
        #expect(conclusion.postings.map(\.netMinor) == [100, 100, 94])
        #expect(conclusion.postings.map(\.feeMinor) == [0, 0, 6])
    }

    @Test("what the rules tolerate closes the item as a cost of the channel")
    func tolerance() {
        var ours = RunLine(id: 1, kind: .payment, currency: "EUR", amountMinor: 1_000, feeMinor: 6)
        ours.reference = "o"
        let theirs = RunLine(id: 1, kind: .payment, currency: "EUR", amountMinor: 999, feeMinor: 6)
        let conclusion = Concluding(channel: "card", day: BusinessDay(number: 1)).conclude(
            RunFinding(
                matchClass: .matched, reason: "", code: .withinTolerance, confidence: 100, ours: [ours],
                theirs: [theirs]))
        #expect(conclusion.openMinor == 0 && conclusion.postings.map(\.feeMinor) == [1])
    }
}

@Suite("Which tasks follow which")
struct TaskPlanTests {
    private func seen(_ kind: TaskKind, _ state: TaskState, _ count: Int = 1) -> [TaskPlan.Seen] {
        Array(repeating: TaskPlan.Seen(kind: kind, state: state), count: count)
    }

    @Test("both sides are read before anything is matched, and every shard before the rest")
    func order() {
        func next(_ tasks: [TaskPlan.Seen], _ state: RunState = .preparing) -> [TaskKind] {
            TaskPlan.next(after: tasks, shards: 2, state: state).map(\.kind)
        }
        #expect(next([]) == [.parse, .collect])
        let read = seen(.parse, .done) + seen(.collect, .done)
        #expect(next(seen(.parse, .done) + seen(.collect, .claimed)).isEmpty)
        #expect(next(read) == [.match, .match])
        #expect(next(read + seen(.match, .done) + seen(.match, .waiting)).isEmpty)
        let matched = read + seen(.match, .done, 2)
        #expect(next(matched) == [.rest])
        #expect(next(matched + seen(.rest, .done)) == [.propose])
        let told = matched + seen(.rest, .done) + seen(.propose, .done)
        #expect(next(told).isEmpty)
        #expect(next(told, .confirmed) == [.settle, .settle])
        #expect(next(told + seen(.settle, .done, 2), .confirmed) == [.finish])
        #expect(next(told + seen(.settle, .done, 2) + seen(.finish, .done), .confirmed).isEmpty)
        for state in [RunState.pending, .settled, .aborted] { #expect(next([], state).isEmpty) }
    }

    @Test("a failed task stops its run")
    func failure() {
        let tasks = seen(.parse, .failed) + seen(.collect, .done)
        #expect(TaskPlan.next(after: tasks, shards: 1, state: .preparing).isEmpty)
    }
}
