import Matching
import Money
import Runtime
import Store

/// Turns findings into what is kept of them: postings and taken lines in blocks, differences in rows, and counts.
struct Recorder {
    let concluding: Concluding
    let shards: Int
    /// The number of the first difference.
    private let first: Int64
    private let currency: String
    private var writer: BlockWriter
    private(set) var differences: [DifferenceRow] = []
    private(set) var counts = RunCounts()
    /// Findings by class, until `finish` adds them to the counts.
    private var classes = [Int64](repeating: 0, count: MatchClass.allCases.count)
    /// Differences that look alike get different identifiers, in their order.
    private var seen: [DifferenceID: UInt64] = [:]

    init(run: Run, task: Int, _ onBlock: @escaping (Block) throws -> Void) {
        concluding = Concluding(channel: run.channel, day: run.day)
        shards = run.shards
        first = DifferenceRows.first(ofTask: task)
        currency = run.currency.code
        writer = BlockWriter(onBlock)
    }

    mutating func record(_ findings: [RunFinding]) throws {
        for finding in findings { try record(finding) }
    }

    mutating func record(_ finding: RunFinding) throws {
        classes[Int(finding.matchClass.rawValue)] += 1
        let conclusion = concluding.conclude(finding)
        for posting in conclusion.postings { try post(posting) }
        for line in finding.ours where line.carried != nil {
            try take(line, .ours, concluding.ourKey(line), finding)
        }
        for line in finding.theirs where line.carried != nil {
            try take(line, .theirs, concluding.key(line), finding)
        }
        guard finding.matchClass != .matched else { return }
        if conclusion.currency == currency {
            let weight = Int64(clamping: conclusion.openMinor.magnitude)
            counts.differenceMinor = counts.differenceMinor.addingReportingOverflow(weight).partialValue
        }
        differences.append(
            DifferenceRow(
                finding, conclusion, id: identifier(finding), number: first + Int64(differences.count) + 1))
    }

    /// Lines that need no match: payouts, own fees, and what moved no money.
    mutating func recordOthers(_ lines: [RunLine], books: Bool) throws {
        counts.others += Int64(lines.count)
        guard books else { return }
        for line in lines {
            if let posting = concluding.bookOther(line) { try post(posting) }
        }
    }

    mutating func leave(_ lines: [RunLine], _ kind: BlockKind) throws {
        for line in lines { try writer.add(kind, shard: 0) { line.pack(into: &$0) } }
    }

    mutating func finish() throws {
        for matchClass in MatchClass.allCases where classes[Int(matchClass.rawValue)] > 0 {
            counts.classes[matchClass.code, default: 0] += classes[Int(matchClass.rawValue)]
        }
        try writer.finish()
    }

    private mutating func post(_ posting: Posting) throws {
        guard !posting.isNothing else { return }
        try writer.add(.postings, shard: Int(posting.key.low % UInt64(shards))) { posting.pack(into: &$0) }
    }

    private mutating func take(
        _ line: RunLine, _ side: RunSide, _ key: Posting.Key, _ finding: RunFinding
    ) throws {
        guard let carried = line.carried else { return }
        let isMissing = finding.ours.isEmpty || finding.theirs.isEmpty
        let taken = TakenLine(
            side: side, key: key, day: carried.day, difference: carried.difference, becameMissing: isMissing)
        try writer.add(.taken, shard: 0) { taken.pack(into: &$0) }
    }

    private mutating func identifier(_ finding: RunFinding) -> DifferenceID {
        let id = concluding.identifier(finding)
        let repetition = seen[id, default: 0]
        seen[id] = repetition + 1
        guard repetition > 0 else { return id }
        return DifferenceID(UUIDv7(high: id.uuid.high, low: id.uuid.low ^ repetition))
    }
}

/// A line of an earlier day that this run has found, or that is missing from now on.
struct TakenLine: Hashable, Sendable {
    let side: RunSide
    let key: Posting.Key
    let day: BusinessDay
    let difference: DifferenceID
    let becameMissing: Bool

    func pack(into packer: inout Packer) {
        packer.unsigned(UInt64(side.rawValue))
        packer.unsigned(key.high)
        packer.unsigned(key.low)
        packer.integer(day.number)
        packer.raw(difference.uuid.bytes)
        packer.unsigned(becameMissing ? 1 : 0)
    }
}

extension TakenLine {
    init(from packed: inout Unpacker) throws {
        guard let side = RunSide(rawValue: Int64(clamping: try packed.unsigned())) else {
            throw StoreError(.unexpectedValue, "a taken line is of no side")
        }
        let key = Posting.Key(high: try packed.unsigned(), low: try packed.unsigned())
        let day = BusinessDay(number: try packed.integer())
        guard let difference = UUIDv7(bytes: try packed.raw()) else {
            throw StoreError(.unexpectedValue, "a taken line names no difference")
        }
        self.init(
            side: side, key: key, day: day, difference: DifferenceID(difference),
            becameMissing: try packed.unsigned() == 1)
    }
}
