import Testing

@testable import Statements

/// Broken copies of good files: whatever is not refused accounts for each of its lines.
@Suite("Broken copies of the samples")
struct MutationTests {
    /// A small generator with a seed, so that a failure can be repeated.
    struct Dice: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 31)
        }
    }

    static let samples: [(file: String, profile: String?)] = [
        ("camt053.xml", nil), ("STL-20260301.01.009.CSV", nil), ("stripe-payout.csv", nil),
        ("sandbox-2026-03-01.csv", "kontor"), ("bank-debit.csv", "bank-debit"), ("NUCC_20260301.txt", "netsunion")
    ]

    @Test("nothing ends the process, no reason is missing, no line is lost", arguments: samples)
    func mutations(sample: (file: String, profile: String?)) throws {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let good = try FileStream(path: "/\(root)/Examples/statements/samples/\(sample.file)").head(1 << 20)
        let reader = try sample.profile.map { try ProfileFile.example($0).reader }
        var accepted = 0
        for seed in 0..<300 as Range<UInt64> {
            var dice = Dice(state: seed &* 7_919 &+ 17)
            let bytes = Self.mutated(good, &dice)
            var options = ReadOptions(limits: ReadLimits(maxRejected: seed % 2 == 0 ? 1_000 : 0))
            options.refusesContradictions = seed % 3 == 0
            let format = sample.profile == nil ? try Statements.detect(.bytes(good, name: sample.file)).format.id : nil
            var rows = 0
            do {
                let summary = try Statements.read(
                    .bytes(bytes, name: sample.file), format: format, reader: reader, options: options
                ) { _ in rows += 1 }
                accepted += 1
                #expect(summary.rows == rows, "seed \(seed)")
                guard !bytes.contains(0), bytes.contains(10) else { continue }
                let lines = bytes.count { $0 == 10 } + (bytes.last == 10 ? 0 : 1)
                #expect(summary.lines.total == lines, "seed \(seed): \(summary.lines)")
            } catch {
                #expect(error is StatementError, "seed \(seed): \(error)")
            }
        }
        #expect(accepted > 10, "the copies are broken past all use")
    }

    private static func mutated(_ good: [UInt8], _ dice: inout Dice) -> [UInt8] {
        var bytes = good
        for _ in 0..<Int.random(in: 1...4, using: &dice) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &dice)
            switch Int.random(in: 0..<6, using: &dice) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &dice)
            case 1: bytes[place] = Array("0123456789,;\"<>\n-.".utf8).randomElement(using: &dice) ?? 0x30
            case 2: bytes.remove(at: place)
            case 3: bytes.insert(Array("9\n<,\"\r".utf8).randomElement(using: &dice) ?? 0x39, at: place)
            case 4: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...60, using: &dice)))
            default:
                let end = min(bytes.count, place + Int.random(in: 1...80, using: &dice))
                bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &dice))
            }
        }
        return bytes
    }

    @Test(
        "a broken profile is refused with a reason",
        arguments: [
            "kontor", "netsunion", "bank-debit", "unionpay-acom"
        ])
    func profiles(id: String) throws {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let good = try FileStream(path: "/\(root)/Examples/statements/\(id).yaml").head(1 << 20)
        for seed in 0..<200 as Range<UInt64> {
            var dice = Dice(state: seed &* 104_729 &+ 3)
            let text = String(decoding: Self.mutated(good, &dice), as: UTF8.self)
            do {
                _ = try StatementProfile.load(yaml: text)
            } catch {
                #expect(!error.message.isEmpty, "seed \(seed)")
            }
        }
    }
}
