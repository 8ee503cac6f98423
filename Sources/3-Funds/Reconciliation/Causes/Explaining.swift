import Matching
import Money
import Runtime
import Store

/// One case with what it may be mistaken for.
struct CaseEvidence: Sendable {
    let record: CaseRecord
    /// What a line that the other side lacks may be there; of a duplicate, the line that it repeats.
    let twin: DifferenceSide?
    let minutesToCutoff: Int64

    /// - Parameters:
    ///   - runEnd: the end of the business day, in microseconds since 1970; nil where it is not known.
    ///   - original: of a duplicate, the line that it repeats.
    init(_ record: CaseRecord, runEnd: Int64?, original: DifferenceSide? = nil, _ reader: any SQLReader) throws {
        self.record = record
        twin = try original ?? Twins.find(record, reader)
        if let runEnd, let time = record.ours?.timeUs {
            minutesToCutoff = max(-1, Ratio.difference(runEnd, time) / 60_000_000)
        } else {
            minutesToCutoff = -1
        }
    }

    /// The facts without those of the run.
    var facts: CauseFacts {
        CauseFacts(
            matchClass: record.matchClass.code, channel: record.channel, currency: record.open.currency.code,
            unit: record.open.currency.unit, ours: record.ours.map(CauseLine.init) ?? .absent,
            theirs: record.theirs.map(CauseLine.init) ?? .absent, twin: twin.map(CauseLine.init) ?? .absent,
            minutesToCutoff: minutesToCutoff)
    }
}

/// What is common in a run: counted over its differences, or over the first of them where it has very many.
struct RunProfile: Sendable {
    /// Differences that are counted; a share of so many is a share of all.
    static let sample = 20_000

    private var lines: Int64
    private var differences: Int64 = 0
    private var classes: [String: Int64] = [:]
    private var deltas: [Int64: Int64] = [:]
    private var feeRatios: [Int64: Int64] = [:]
    private var shifts: [Int64: Int64] = [:]

    /// - Parameter lines: how many lines their side has in the run.
    init(lines: Int64) { self.lines = lines }

    mutating func add(_ facts: CauseFacts) {
        differences += 1
        classes[facts.matchClass, default: 0] += 1
        if facts.matchClass == MatchClass.amount.code { deltas[facts.delta, default: 0] += 1 }
        if facts.matchClass == MatchClass.fee.code { feeRatios[facts.theirs.feeBasisPoints, default: 0] += 1 }
        if let shift = Self.halfHours(facts) { shifts[shift, default: 0] += 1 }
    }

    /// The facts with how common they are.
    func completed(_ facts: CauseFacts) -> CauseFacts {
        var facts = facts
        facts.run.lines = lines
        facts.run.differences = differences
        facts.run.sameClass = classes[facts.matchClass] ?? 0
        if facts.matchClass == MatchClass.amount.code { facts.run.sameDelta = deltas[facts.delta] ?? 0 }
        if facts.matchClass == MatchClass.fee.code {
            facts.run.sameFeeRatio = feeRatios[facts.theirs.feeBasisPoints] ?? 0
        }
        if let shift = Self.halfHours(facts) { facts.run.sameShift = shifts[shift] ?? 0 }
        return facts
    }

    /// How many whole half hours their clock is ahead of ours; nil when they are not whole, or none.
    private static func halfHours(_ facts: CauseFacts) -> Int64? {
        let minutes = facts.shiftMinutes
        let nearest = Ratio.floorDivide(minutes + 15, 30)
        guard nearest != 0, Ratio.magnitude(minutes - nearest * 30) <= 2 else { return nil }
        return nearest
    }
}

/// The line of the other side that a one-sided line may be: the same amount (or its negative), and of those the one
/// whose number is most alike, then the nearest in time.
enum Twins {
    /// Lines that are compared; an amount that is more common than that says nothing about whose it is.
    static let candidates = 20

    static func find(_ record: CaseRecord, _ reader: any SQLReader) throws -> DifferenceSide? {
        guard let line = record.oneSided, line.amountMinor != 0, line.amountMinor != .min,
            record.matchClass != .duplicateOurs, record.matchClass != .duplicateTheirs
        else { return nil }
        let found = try CaseStorage.oneSided(
            channel: record.channel, currency: line.currency, amounts: [line.amountMinor, -line.amountMinor],
            limit: candidates, reader)
        let isOurs = record.ours != nil
        let others = found.filter { ($0.ours == nil) == isOurs && $0.id != record.id }.compactMap(\.oneSided)
        return others.min { rank($0, line) < rank($1, line) }
    }

    private static func rank(_ other: DifferenceSide, _ line: DifferenceSide) -> (Int, Int, Int64, String) {
        let isNamedAlike = IdentifierRelation.of(other.merchantReference, line.merchantReference) != .none
        let apart: Int64 =
            if let one = other.timeUs, let two = line.timeUs { Ratio.magnitude(Ratio.difference(one, two)) } else {
                .max
            }
        return (
            isNamedAlike ? 0 : 1, other.amountMinor == line.amountMinor ? 0 : 1, apart, other.channelReference
        )
    }
}

extension CauseLine {
    init(_ side: DifferenceSide) {
        self.init()
        reference = side.merchantReference
        channelReference = side.channelReference
        kind = side.kind
        status = side.status
        currency = side.currency
        amountMinor = side.amountMinor
        feeMinor = side.feeMinor
        time = side.timeUs.map { Ratio.floorDivide($0, 1_000_000) }
    }
}

extension Currency {
    /// Minor units in one unit.
    var unit: Int64 { (0..<minorUnits).reduce(1) { unit, _ in unit * 10 } }
}

extension [CaseRecord] {
    /// What is known of cases of one run that are not ended.
    func evidence(of run: Run?, _ reader: any SQLReader) throws -> [CaseEvidence] {
        let live = filter { !$0.state.isEnded }
        let originals = try run.map { try Originals.find(live, of: $0, reader) } ?? [:]
        return try live.map {
            try CaseEvidence($0, runEnd: run?.until.microseconds, original: originals[$0.id], reader)
        }
    }
}
