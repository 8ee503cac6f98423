import Glibc

/// Two seeded files of which it is known how they differ: ours and theirs, each shuffled in its own way.
///
/// Of 10,000 orders 5 are only ours, 5 only theirs, 3 differ in the amount, 2 in the status, and 1 stands twice in one
/// of both files.
struct ReconcileData {
    /// What a run must find.
    struct Expected: Equatable {
        var matched = 0
        var missingOurs = 0
        var missingTheirs = 0
        var amount = 0
        var status = 0
        var duplicateOurs = 0
        var duplicateTheirs = 0
    }

    private enum Fate { case equal, onlyOurs, onlyTheirs, amount, status, twiceOurs, twiceTheirs }

    let rows: Int
    let seed: UInt64

    /// Writes both files and returns what they hold.
    func write(ours: String, theirs: String) throws -> Expected {
        try write(to: ours, isOurs: true)
        try write(to: theirs, isOurs: false)
        var expected = Expected()
        for order in 0..<UInt64(rows) {
            switch fate(order) {
            case .equal: expected.matched += 1
            case .onlyOurs: expected.missingTheirs += 1
            case .onlyTheirs: expected.missingOurs += 1
            case .amount: expected.amount += 1
            case .status: expected.status += 1
            case .twiceOurs:
                expected.matched += 1
                expected.duplicateOurs += 1
            case .twiceTheirs:
                expected.matched += 1
                expected.duplicateTheirs += 1
            }
        }
        return expected
    }

    private func fate(_ order: UInt64) -> Fate {
        let luck = mix(order ^ seed)
        switch luck % 10_000 {
        case 0..<5: return .onlyOurs
        case 5..<10: return .onlyTheirs
        case 10..<13: return .amount
        case 13..<15: return .status
        case 15: return luck >> 40 & 1 == 0 ? .twiceOurs : .twiceTheirs
        default: return .equal
        }
    }

    private func write(to path: String, isOurs: Bool) throws {
        guard let file = fopen(path, "w") else { throw ReconcileBench.Failure.file(path, errno) }
        defer { fclose(file) }
        var text: [UInt8] = Array("order_no,amount,currency,status\n".utf8)
        text.reserveCapacity(1 << 20 + 256)
        let shuffle = Shuffle(count: UInt64(rows), seed: seed &+ (isOurs ? 1 : 2))
        for place in 0..<UInt64(rows) {
            let order = shuffle[place]
            let fate = fate(order)
            if fate == (isOurs ? .onlyTheirs : .onlyOurs) { continue }
            append(order, fate, isOurs, &text)
            if fate == (isOurs ? .twiceOurs : .twiceTheirs) { append(order, fate, isOurs, &text) }
            if text.count >= 1 << 20 {
                guard fwrite(text, 1, text.count, file) == text.count else {
                    throw ReconcileBench.Failure.file(path, errno)
                }
                text.removeAll(keepingCapacity: true)
            }
        }
        guard fwrite(text, 1, text.count, file) == text.count, fflush(file) == 0 else {
            throw ReconcileBench.Failure.file(path, errno)
        }
    }

    private static let currencies = ["CNY", "CNY", "CNY", "CNY", "CNY", "USD", "EUR", "HKD"].map { Array($0.utf8) }
    private static let words = ["SUCCESS", "SUCCESS", "SUCCESS", "REFUNDED"].map { Array($0.utf8) }

    private func append(_ order: UInt64, _ fate: Fate, _ isOurs: Bool, _ text: inout [UInt8]) {
        let figures = mix(order &+ seed &* 31)
        var amount = 100 + figures % 999_900
        var word = Int(figures >> 32 & 3)
        if !isOurs, fate == .amount { amount += 1 }
        if !isOurs, fate == .status { word = word == 3 ? 0 : 3 }
        text += "20261120".utf8
        // A number without a common divisor with 10^12 makes every order's number different and none of them follow.
        digits(order &* 736_338_717 % 1_000_000_000_000, 12, &text)
        text.append(0x2C)
        digits(amount / 100, 0, &text)
        text.append(0x2E)
        digits(amount % 100, 2, &text)
        text.append(0x2C)
        text += Self.currencies[Int(figures >> 48 & 7)]
        text.append(0x2C)
        text += Self.words[word]
        text.append(0x0A)
    }

    private func digits(_ value: UInt64, _ width: Int, _ text: inout [UInt8]) {
        var left = value
        let start = text.count
        repeat {
            text.append(UInt8(48 + left % 10))
            left /= 10
        } while left > 0 || text.count - start < width
        text[start...].reverse()
    }

    private func mix(_ value: UInt64) -> UInt64 {
        // SplitMix64's finaliser.
        var z = value &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// A permutation of `0..<count` without a list of it: a Feistel network on the next power of four, walked until it falls
/// within.
struct Shuffle {
    private let count: UInt64
    private let half: UInt64
    private let seed: UInt64

    init(count: UInt64, seed: UInt64) {
        self.count = count
        self.seed = seed
        var bits: UInt64 = 1
        while 1 << (2 * bits) < count { bits += 1 }
        half = bits
    }

    subscript(place: UInt64) -> UInt64 {
        var value = place
        let mask = (1 as UInt64) << half - 1
        repeat {
            var (left, right) = (value >> half, value & mask)
            for round in 0..<3 as Range<UInt64> {
                var mixed = (right ^ seed &+ round) &* 0x9E37_79B9_7F4A_7C15
                mixed = (mixed ^ mixed >> 29) &* 0xBF58_476D_1CE4_E5B9
                (left, right) = (right, left ^ (mixed >> 32 & mask))
            }
            value = left << half | right
        } while value >= count
        return value
    }
}
