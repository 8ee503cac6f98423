import Foundation
import Matching
import Testing

/// Random books with random corruption: what the job finds is what a dictionary says, however it is done.
@Suite("Files: random books")
struct FilePropertyTests {
    /// A line of a book, before it is text.
    private struct Line: Hashable {
        var key: String
        var amount: Int
        var currency: String
        var status: String
    }

    private struct Books {
        var ours: [Line] = []
        var theirs: [Line] = []

        /// Orders of both sides, some of them corrupted on one, both shuffled.
        init(_ orders: Int, seed: UInt64) {
            var random = SplitMix(state: seed)
            for order in 0..<orders {
                let line = Line(
                    key: "O\(order)-\(random.next() % 1000)", amount: Int(random.next() % 1_000_000),
                    currency: ["CNY", "USD", "EUR"][Int(random.next() % 3)],
                    status: ["paid", "failed"][Int(random.next() % 2)])
                var other = line
                switch random.next() % 20 {
                case 0: other.amount += 1 + Int(random.next() % 5)
                case 1: other.status = line.status == "paid" ? "failed" : "paid"
                case 2: other.currency = line.currency == "CNY" ? "USD" : "CNY"
                case 3: ours.append(line)
                case 4: theirs.append(line)
                case 5:
                    ours.append(line)
                    continue
                case 6:
                    theirs.append(line)
                    continue
                default: break
                }
                ours.append(line)
                theirs.append(other)
            }
            ours.shuffle(using: &random)
            theirs.shuffle(using: &random)
        }

        static func text(_ lines: [Line], quoted: Bool) -> String {
            FileFixture.header
                + lines.map { line in
                    let digits = "\(line.amount / 100).\(line.amount % 100 < 10 ? "0" : "")\(line.amount % 100)"
                    let key = quoted ? "\"\(line.key)\"" : line.key
                    return "\(key),\(digits),\(line.currency),\(line.status)\n"
                }.joined()
        }

        /// The classes by a dictionary from keys to both sides' lines.
        var expected: [String: Int] {
            var sides: [String: (ours: [Line], theirs: [Line])] = [:]
            for line in ours { sides[line.key, default: ([], [])].ours.append(line) }
            for line in theirs { sides[line.key, default: ([], [])].theirs.append(line) }
            var counts: [String: Int] = [:]
            for (ours, theirs) in sides.values {
                if ours.count > 1 { counts["duplicate_ours", default: 0] += ours.count - 1 }
                if theirs.count > 1 { counts["duplicate_theirs", default: 0] += theirs.count - 1 }
                counts[Self.verdict(ours.first, theirs.first), default: 0] += 1
            }
            return counts
        }

        private static func verdict(_ ours: Line?, _ theirs: Line?) -> String {
            guard let ours else { return "missing_ours" }
            guard let theirs else { return "missing_theirs" }
            if ours.currency != theirs.currency { return "currency" }
            if ours.amount != theirs.amount { return "amount" }
            return ours.status == theirs.status ? "matched" : "status"
        }
    }

    private struct SplitMix: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    @Test("the job finds exactly what a dictionary finds, in memory and by keys alone")
    func dictionary() throws {
        for round in 0..<12 as Range<UInt64> {
            let seed = UInt64.random(in: 1...UInt64.max)
            let books = Books(200 + Int(round) * 150, seed: seed)
            for lines in [0, 1_000_000] {
                var settings = FileFixture.settings
                settings.linesInMemory = lines
                settings.threads = 1 + Int(round % 3)
                settings.chunkBytes = 64 << (round % 8)
                let files = try FileFixture()
                let report = try files.run(
                    Books.text(books.ours, quoted: round % 2 == 1), Books.text(books.theirs, quoted: false),
                    settings: settings)
                #expect(report.found == books.expected, "seed \(seed), lines in memory \(lines)")
                #expect(try files.rows("differences").count == report.differences, "seed \(seed)")
            }
        }
    }

    @Test("any number of threads, any chunks, memory or disk: the results are the same bytes")
    func deterministic() throws {
        let seed = UInt64.random(in: 1...UInt64.max)
        let books = Books(30_000, seed: seed)
        for lines in [0, 1_000_000] {
            var results: Set<String> = []
            var spilled: Set<Bool> = []
            for (threads, chunk, memory) in [(1, 4 << 20, 1 << 30), (2, 10_000, 1 << 20), (5, 65_536, 1 << 20)] {
                var settings = FileFixture.settings
                settings.linesInMemory = lines
                settings.threads = threads
                settings.chunkBytes = chunk
                settings.memoryBytes = memory
                let files = try FileFixture()
                let report = try files.run(
                    Books.text(books.ours, quoted: false), Books.text(books.theirs, quoted: true), settings: settings)
                #expect(report.found == books.expected, "seed \(seed), \(threads) threads")
                results.insert(try files.result("differences"))
                spilled.insert(report.spilled)
            }
            #expect(results.count == 1, "seed \(seed)")
            #expect(spilled == [false, true])
        }
    }

    @Test("the order of a file's lines changes no count")
    func anyOrder() throws {
        let seed = UInt64.random(in: 1...UInt64.max)
        var books = Books(2_000, seed: seed)
        let files = try FileFixture()
        var random = SplitMix(state: seed)
        for _ in 0..<3 {
            books.ours.shuffle(using: &random)
            books.theirs.shuffle(using: &random)
            let report = try files.run(Books.text(books.ours, quoted: false), Books.text(books.theirs, quoted: false))
            #expect(report.found == books.expected, "seed \(seed)")
        }
    }

    @Test("the wide and the narrow instructions read the same")
    func instructions() throws {
        let seed = UInt64.random(in: 1...UInt64.max)
        let books = Books(3_000, seed: seed)
        defer { FileReconciliation.allowWideInstructions(true) }
        for isWide in [true, false] {
            FileReconciliation.allowWideInstructions(isWide)
            let files = try FileFixture()
            let report = try files.run(Books.text(books.ours, quoted: false), Books.text(books.theirs, quoted: false))
            #expect(report.found == books.expected, "seed \(seed)")
        }
    }

    @Test("a file of one key only is no trap: one line stands for it, all others are over")
    func oneKey() throws {
        let line = "A,1.00,CNY,paid\n"
        for (count, lines) in [(50_000, 1_000_000), (50_000, 0)] {
            var settings = FileFixture.settings
            settings.linesInMemory = lines
            settings.threads = 2
            let files = try FileFixture()
            let report = try files.run(
                FileFixture.header + String(repeating: line, count: count), FileFixture.header + line,
                settings: settings)
            #expect(report.found == ["matched": 1, "duplicate_ours": count - 1])
        }
    }

    @Test("weaker keys find what stronger ones left, in memory and by passes over single lines")
    func weakerKeys() throws {
        var profile = FileFixture.profile
        profile.keys = [[.name("order_no")], [.name("ref")]]
        let header = "order_no,ref,amount,currency,status\n"
        var (ours, theirs) = (header, header)
        for number in 0..<3_000 {
            ours += "\(number % 3 == 0 ? "" : "O\(number)"),R\(number),1.\(10 + number % 90),CNY,paid\n"
            theirs += "\(number % 3 == 1 ? "" : "O\(number)"),R\(number),1.\(10 + number % 90),CNY,paid\n"
        }
        for lines in [0, 1_000_000] {
            var settings = FileFixture.settings
            settings.linesInMemory = lines
            let files = try FileFixture()
            let report = try files.run(ours, theirs, profile: profile, settings: settings)
            #expect(report.found == ["matched": 3_000], "lines in memory \(lines)")
        }
    }
}
