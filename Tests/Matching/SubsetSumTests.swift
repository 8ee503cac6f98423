import Testing

@testable import Matching

@Suite("Subset sum") struct SubsetSumTests {
    /// All that brute force finds: how near the nearest set is, and how many sets lie within tolerance.
    private func brute(_ target: Int64, _ tolerance: UInt64, _ amounts: [Int64]) -> (nearest: UInt128, ways: Int)? {
        var nearest: UInt128?
        var ways = 0
        for mask in 1..<(1 << amounts.count) {
            let sum = amounts.indices.reduce(Int128(0)) { mask >> $1 & 1 == 1 ? $0 + Int128(amounts[$1]) : $0 }
            let distance = (sum - Int128(target)).magnitude
            guard distance <= UInt128(tolerance) else { continue }
            ways += 1
            nearest = min(nearest ?? distance, distance)
        }
        return nearest.map { ($0, ways) }
    }

    @Test("it finds what brute force finds, and knows whether it is the only set", arguments: [true, false])
    func againstBruteForce(byTable: Bool) throws {
        var random = Seeded(seed: Seeded.base)
        let finder = byTable ? SubsetSum(maximumCandidates: 0) : SubsetSum()
        var found = 0
        for round in 0..<600 {
            let count = Int(random.int(1...11))
            let low: Int64 = byTable ? 1 : -40
            let amounts = (0..<count).map { _ in random.int(low...60) }
            let target = random.int(1...200)
            let tolerance = UInt64(random.int(0...2))
            let context: Comment = "seed \(Seeded.base), round \(round): \(target) ± \(tolerance) of \(amounts)"
            let expected = target.magnitude > tolerance ? brute(target, tolerance, amounts) : nil
            let usable = byTable ? amounts.allSatisfy { $0 > 0 } : true
            guard usable else { continue }
            switch finder.find(target, tolerance: tolerance, in: amounts) {
            case .found(let indexes, let isOnly):
                let expected = try #require(expected, context)
                let sum = indexes.reduce(Int128(0)) { $0 + Int128(amounts[$1]) }
                #expect((sum - Int128(target)).magnitude == expected.nearest, context)
                #expect(indexes == Set(indexes).sorted(), context)
                // Zeros may be left out or taken: both are sets.
                #expect(isOnly == (expected.ways == 1), context)
                found += 1
            case .none: #expect(expected == nil, context)
            case .notTried: Issue.record("was not tried: \(context)")
            }
        }
        #expect(found > 100, "the rounds were too hard to mean anything")
    }

    @Test("negative targets are reached by negative amounts")
    func negative() {
        #expect(SubsetSum().find(-30, in: [-10, -20, -5]) == .found([0, 1], isOnly: true))
        #expect(SubsetSum(maximumCandidates: 0).find(-30, in: [-10, -20, -5]) == .found([0, 1], isOnly: true))
    }

    @Test("of several sets the smallest and first is given, and said not to be the only one")
    func deterministic() {
        #expect(SubsetSum().find(30, in: [10, 20, 30, 30]) == .found([2], isOnly: false))
        #expect(SubsetSum().find(20, in: [10, 10, 10]) == .found([0, 1], isOnly: false))
    }

    @Test("what is too much is not tried, and says so")
    func tooMuch() {
        let many = Array(repeating: Int64(1_000_000_007), count: 40)
        #expect(SubsetSum().find(5_000_000_035, in: many) == .notTried(candidates: 40, limit: 28))
        let mixed = Array(repeating: Int64(1), count: 39) + [-1]
        #expect(SubsetSum().find(5, in: mixed) == .notTried(candidates: 40, limit: 28))
    }

    @Test("hundreds of small amounts are searched by the table")
    func table() throws {
        let amounts = (1...300).map { Int64($0) * 2 }
        guard case .found(let indexes, let isOnly) = SubsetSum().find(90_300, in: amounts) else {
            Issue.record("the whole was not found")
            return
        }
        #expect(indexes.count == 300 && isOnly)
        #expect(SubsetSum().find(90_299, in: amounts) == .none)
    }

    @Test("the ends of 64 bits do not trap")
    func extremes() {
        let ends: [Int64] = [.max, .max, .min, .min, 0, 1, -1]
        #expect(SubsetSum().find(.max, in: ends) == .found([0], isOnly: false))
        #expect(SubsetSum().find(.min, in: ends) == .found([2], isOnly: false))
        #expect(SubsetSum().find(.min, tolerance: .max, in: ends) == .none)
        #expect(SubsetSum(maximumCandidates: 0).find(.max, in: [.max, .max]) == .notTried(candidates: 2, limit: 0))
    }

    @Test("28 amounts are searched whole")
    func whole() {
        // Powers of two have every sum exactly once; the last must be found among 2^28 sets.
        let amounts = (0..<28).map { Int64(1) << $0 }
        let target = (Int64(1) << 28) - 1
        #expect(SubsetSum().find(target, in: amounts) == .found(Array(0..<28), isOnly: true))
    }
}
