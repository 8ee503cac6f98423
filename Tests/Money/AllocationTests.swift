import Money
import Testing

@Suite("An allocation never loses a unit")
struct AllocationTests {
    private func split(_ minor: Int64, _ weights: [Int64]) throws -> [Int64] {
        try Amount(minor: minor, .eur).allocate(weights: weights).map(\.minor)
    }

    @Test("[100, 100, 100] sharing one cent gives it to exactly one share")
    func oneCent() throws {
        #expect(try split(1, [100, 100, 100]) == [1, 0, 0])
        #expect(try split(2, [100, 100, 100]) == [1, 1, 0])
        #expect(try split(-1, [100, 100, 100]) == [-1, 0, 0])
    }

    @Test("a discount of 10.00 over three lines goes by their prices")
    func discount() throws {
        #expect(try split(1000, [1999, 4999, 501]) == [266, 667, 67])
        #expect(try split(-1000, [1999, 4999, 501]) == [-266, -667, -67])
    }

    @Test("the largest remainder takes the unit; ties go to the larger weight, then to the earlier")
    func ties() throws {
        #expect(try split(100, [1, 1, 1]) == [34, 33, 33])
        #expect(try split(10, [45, 15, 40]) == [5, 1, 4])
        #expect(try split(2, [1, 3]) == [0, 2])
        #expect(try split(2, [3, 1]) == [2, 0])
    }

    @Test("zero weights get nothing, and zero is split into zeros")
    func zeros() throws {
        #expect(try split(7, [0, 1, 0, 1, 0]) == [0, 4, 0, 3, 0])
        #expect(try split(0, [1, 2]) == [0, 0])
        #expect(try split(5, [9]) == [5])
    }

    @Test("the widest amount over the widest weights neither traps nor loses")
    func extremes() throws {
        #expect(try split(.max, [.max, .max]) == [.max / 2 + 1, .max / 2])
        #expect(try split(.min, [.max, .max]) == [.min / 2, .min / 2])
        #expect(try split(.min, [0, .max]) == [0, .min])
        #expect(try split(.min, [1]) == [.min])
    }

    @Test("weights that mean nothing are refused", arguments: [[], [0], [0, 0], [1, -1], [.min, .max]] as [[Int64]])
    func refused(weights: [Int64]) throws {
        let error = try #require(throws: MoneyError.self) { try Amount(minor: 1, .eur).allocate(weights: weights) }
        #expect(error.code == .invalidWeights)
    }

    @Test("the number of parts is bounded")
    func bounded() throws {
        let euro = Amount(minor: 100, .eur)
        for parts in [0, -1, Amount.maximumParts + 1, .max, .min] {
            #expect(outcome { () throws(MoneyError) in try euro.allocateEvenly(parts: parts) }.code == .invalidWeights)
        }
        #expect(try euro.allocateEvenly(parts: Amount.maximumParts).count == Amount.maximumParts)
        let tooMany = [Int64](repeating: 1, count: Amount.maximumParts + 1)
        #expect(outcome { () throws(MoneyError) in try euro.allocate(weights: tooMany) }.code == .invalidWeights)
    }

    @Test("10.00 EUR in three instalments are 3.34, 3.33 and 3.33")
    func instalments() throws {
        let parts = try Amount(minor: 1000, .eur).allocateEvenly(parts: 3)
        #expect(parts.map(\.decimalText) == ["3.34", "3.33", "3.33"])
        #expect(try Amount(minor: -1000, .eur).allocateEvenly(parts: 3).map(\.minor) == [-334, -333, -333])
    }

    @Test("parts sum to the whole, lie within a unit of their exact share, and follow the weights")
    func sums() {
        forAll(cases: 10_000) { random in
            let (minor, weights) = (random.int64(), Self.weights(&random))
            let parts = try split(minor, weights)
            let total = weights.reduce(Int128(0)) { $0 + Int128($1) }
            let values = "\(minor) by \(weights) gave \(parts)"
            try claim(parts.reduce(Int128(0)) { $0 + Int128($1) } == Int128(minor), values)
            for (part, weight) in zip(parts, weights) {
                // |part - minor × weight / total| < 1, without dividing. A part times a total of many huge weights may
                // need more than 128 bits; such a case is left to the other claims.
                let (left, wide) = Int128(part).multipliedReportingOverflow(by: total)
                if !wide {
                    let distance = left.subtractingReportingOverflow(Int128(minor) * Int128(weight))
                    try claim(!distance.overflow && distance.partialValue.magnitude < total.magnitude, values)
                }
                try claim(weight > 0 || part == 0, values)
                try claim(part == 0 || part.signum() == minor.signum(), values)
            }
            let ordered = zip(weights, parts).sorted { $0.0 < $1.0 }
            for (smaller, larger) in zip(ordered, ordered.dropFirst()) where smaller.0 < larger.0 {
                try claim(smaller.1.magnitude <= larger.1.magnitude, values)
            }
            let byWeight = Dictionary(grouping: zip(weights, parts), by: \.0).values.map { $0.map(\.1.magnitude) }
            for equal in byWeight { try claim((equal.max() ?? 0) - (equal.min() ?? 0) <= 1, values) }
        }
    }

    @Test("the order of the weights does not matter")
    func order() {
        forAll(cases: 10_000) { random in
            let (minor, weights) = (random.int64(), Self.weights(&random))
            let shuffled = weights.shuffled(using: &random)
            let before = try Self.pairs(weights, split(minor, weights))
            let after = try Self.pairs(shuffled, split(minor, shuffled))
            try claim(before == after, "\(minor) by \(weights) and by \(shuffled)")
        }
    }

    @Test("a negative amount is split into the negatives of the parts of its opposite")
    func mirrored() {
        forAll { random in
            let (minor, weights) = (max(random.int64(), -.max), Self.weights(&random))
            try claim(split(-minor, weights) == split(minor, weights).map { -$0 }, "\(minor) by \(weights)")
        }
    }

    @Test("even parts are the parts by equal weights")
    func even() {
        forAll { random in
            let amount = Amount(minor: random.int64(), .jpy)
            let parts = Int.random(in: 1...40, using: &random)
            let weight = max(1, random.weight())
            let even = try amount.allocateEvenly(parts: parts)
            try claim(Amount.sum(even, currency: .jpy) == amount, "\(amount) in \(parts)")
            let byWeight = try amount.allocate(weights: Array(repeating: weight, count: parts))
            try claim(even == byWeight, "\(amount) in \(parts), weight \(weight)")
        }
    }

    /// One to twelve weights, at least one of them above zero, with equal ones among them.
    private static func weights(_ random: inout Seeded) -> [Int64] {
        var weights = (0..<Int.random(in: 1...12, using: &random)).map { _ in random.weight() }
        if Bool.random(using: &random) { weights.append(random.pick(weights)) }
        if weights.allSatisfy({ $0 == 0 }) { weights.append(1) }
        return weights
    }

    /// The shares with their weights, without their places.
    private static func pairs(_ weights: [Int64], _ parts: [Int64]) -> [[Int64]] {
        zip(weights, parts).map { [$0, $1] }.sorted { $0.lexicographicallyPrecedes($1) }
    }
}
