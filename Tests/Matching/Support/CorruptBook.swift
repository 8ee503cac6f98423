@testable import Matching

/// A random book, the same book as the channel tells it, and differences injected on purpose.
///
/// Payments and refunds share order numbers; channel references are unique. Every injected difference is of another
/// line, so that what must be found is known without a second engine.
struct CorruptBook {
    private(set) var ours: [MatchRow] = []
    private(set) var theirs: [MatchRow] = []
    /// Every difference that must be found, as its story.
    private(set) var expected: Set<String> = []
    let rules = MatchRules(
        calendar: SettlementCalendar(cutOffMinute: 1_380), books: SettlementCalendar(),
        late: LateRules(slackSeconds: 30))
    private var random: Seeded
    private var nextId: Int64 = 100_000

    init(seed: UInt64, lines: Int) {
        random = Seeded(seed: seed)
        for index in 0..<lines {
            let isRefund = index > 0 && random.chance(15)
            // A refund carries the number of an earlier order: the kinds must keep them apart.
            let order = isRefund ? "order-\(index / 2)" : "order-\(index)"
            let amount = random.int(1...5) * random.int(1...40) * 10
            ours.append(
                line(
                    Int64(index), isRefund ? order + "-r\(index)" : order, isRefund ? -amount : amount,
                    channel: random.chance(90) ? "ch-\(index)" : "", random.chance(80) ? "EUR" : "USD",
                    fee: random.chance(50) ? amount / 100 : nil, kind: isRefund ? .refund : .payment,
                    time: friday.at(0) + random.int(0...80_000)))
        }
        theirs = ours.map { row in
            var row = row
            row.id += 10_000
            return row
        }
        theirs.shuffle(using: &random)
    }

    /// A finding told by what its lines say and not by their numbers.
    func story(of finding: MatchFinding) -> String { story(of: Outcome(finding)) }

    func story(of finding: Outcome) -> String {
        func words(_ ids: [Int64], _ rows: [MatchRow]) -> String {
            ids.compactMap { id in rows.first { $0.id == id } }.map(Self.words).sorted().joined(separator: " + ")
        }
        return "\(finding.matchClass.code): \(words(finding.ours, ours)) | \(words(finding.theirs, theirs))"
    }

    private static func words(_ row: MatchRow) -> String {
        "\(row.keys) \(row.amountMinor) \(row.currency) \(row.status.code) \(row.kind.code) fee \(row.feeMinor ?? -1)"
    }

    mutating func shuffleAndNumberAnew() {
        ours.shuffle(using: &random)
        theirs.shuffle(using: &random)
        for index in ours.indices { ours[index].id = Int64(index) }
        for index in theirs.indices { theirs[index].id = Int64(index) }
    }

    /// About one line in eight is touched, each by one kind of difference.
    mutating func corrupt() {
        for row in ours where random.chance(12) {
            guard let other = theirs.firstIndex(where: { $0.keys == row.keys }) else { continue }
            inject(MatchClass.allCases[Int(random.int(1...9))], row, other)
        }
    }

    private mutating func expect(_ matchClass: MatchClass, _ left: MatchRow?, _ right: MatchRow?) {
        let words = "\(left.map(Self.words) ?? "") | \(right.map(Self.words) ?? "")"
        expected.insert("\(matchClass.code): \(words)")
    }

    private mutating func inject(_ matchClass: MatchClass, _ row: MatchRow, _ other: Int) {
        switch matchClass {
        case .missingOurs:
            ours.removeAll { $0.id == row.id }
            expect(.missingOurs, nil, theirs[other])
        case .missingTheirs:
            theirs.remove(at: other)
            expect(.missingTheirs, row, nil)
        case .amount:
            // Surplus as often as lack.
            theirs[other].amountMinor += random.chance(50) ? random.int(1...500) : -random.int(1...500)
            expect(.amount, row, theirs[other])
        case .status:
            theirs[other].status = .failed
            expect(.status, row, theirs[other])
        case .currency:
            theirs[other].currency = "MIXED"
            expect(.currency, row, theirs[other])
        case .fee:
            theirs[other].feeMinor = (row.feeMinor ?? 0) + 1
            if row.feeMinor != nil { expect(.fee, row, theirs[other]) }
        case .duplicateOurs:
            ours.append(copy(of: row))
            expect(.duplicateOurs, row, nil)
        case .duplicateTheirs:
            theirs.append(copy(of: theirs[other]))
            expect(.duplicateTheirs, nil, theirs[other])
        default:
            // It happened at 23:30, half an hour after the channel's day: theirs comes tomorrow.
            theirs.remove(at: other)
            guard let index = ours.firstIndex(where: { $0.id == row.id }) else { return }
            ours[index].time = friday.at(23, 30)
            expect(.late, ours[index], nil)
        }
    }

    private mutating func copy(of row: MatchRow) -> MatchRow {
        var copy = row
        copy.id = nextId
        nextId += 1
        return copy
    }
}
