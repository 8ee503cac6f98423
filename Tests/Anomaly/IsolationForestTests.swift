import Testing

@testable import Anomaly

@Suite("Isolation forest") struct IsolationForestTests {
    /// A crowd on a square and one row far away, the last.
    private func crowd(seed: UInt64, rows: Int = 500) throws -> FeatureTable {
        var random = SplitMix64(state: seed)
        let crowd = (0..<rows).map { _ in
            [Int64.random(in: 0...1_000, using: &random), Int64.random(in: 0...1_000, using: &random)]
        }
        return try FeatureTable(rows: crowd + [[9_000, -9_000]])
    }

    @Test("c(n) is the mean path of an unsuccessful search", arguments: [(0, 0.0), (1, 0.0), (2, 1.0)])
    func averagePathOfFewRows(count: Int, length: Double) {
        #expect(IsolationForest.averagePathLength(count) == length)
    }

    @Test("c(256) is the paper's 10.24")
    func averagePathOfTheUsualSample() {
        #expect(abs(IsolationForest.averagePathLength(256) - 10.244_770_920) < 1e-8)
    }

    @Test("a row far from all others has the highest score", arguments: [1, 2, 3] as [UInt64])
    func farRowStandsOut(seed: UInt64) throws {
        let table = try crowd(seed: seed)
        let forest = try IsolationForest(fitting: table)
        let scores = try forest.scores(table)
        #expect(scores.max() == scores[500])
        #expect(scores[500] > 0.7)
        #expect(scores.dropLast().allSatisfy { $0 < 0.7 })
        #expect(try forest.scoreBasisPoints([9_000, -9_000]) == Int((scores[500] * 10_000).rounded()))
    }

    @Test("the same seed grows the same forest, another seed another one")
    func seedDecides() throws {
        let table = try crowd(seed: 4)
        var options = IsolationForest.Options()
        options.seed = 42
        let first = try IsolationForest(fitting: table, options: options).scores(table)
        #expect(try IsolationForest(fitting: table, options: options).scores(table) == first)
        options.seed = 43
        #expect(try IsolationForest(fitting: table, options: options).scores(table) != first)
    }

    @Test("rows that are all alike are all ordinary")
    func alikeRowsAreOrdinary() throws {
        let table = try FeatureTable(rows: Array(repeating: [5, 5], count: 300) as [[Int64]])
        let scores = try IsolationForest(fitting: table).scores(table)
        #expect(scores.allSatisfy { abs($0 - 0.5) < 1e-12 })
    }

    @Test("one row alone is neither ordinary nor odd")
    func oneRowScoresHalf() throws {
        let table = try FeatureTable(rows: [[1, 2]] as [[Int64]])
        #expect(try IsolationForest(fitting: table).score([1, 2]) == 0.5)
    }

    @Test("a tree is a sample without repetition, cut until rows stand alone or a balanced tree would be done")
    func treesHoldTheSample() throws {
        let table = try FeatureTable(rows: (0..<1_000).map { [Int64($0)] })
        var options = IsolationForest.Options()
        options.trees = 20
        options.sampleSize = 64
        let forest = try IsolationForest(fitting: table, options: options)
        for tree in forest.trees {
            let leaves = tree.nodes.filter { $0.feature < 0 }
            let cuts = tree.nodes.filter { $0.feature >= 0 }
            #expect(leaves.count == cuts.count + 1)
            // 64 rows take 6 levels at least; a deeper leaf would have a path without an expected rest.
            #expect(leaves.allSatisfy { $0.length <= 6 + IsolationForest.averagePathLength(64) })
        }
    }

    @Test("the ends of the floating point range are cut without an infinite distance")
    func hugeNumbers() throws {
        let far = Double.greatestFiniteMagnitude
        let table = try FeatureTable(rows: (0..<64).map { [$0 == 0 ? -far : far * (Double($0) / 64)] })
        let scores = try IsolationForest(fitting: table).scores(table)
        #expect(scores.allSatisfy { $0 > 0 && $0 < 1 })
    }

    @Test("what cannot be scored is refused with its reason")
    func badInputIsRefused() throws {
        #expect(throws: AnomalyError.self) { try FeatureTable(rows: [[1], [1, 2]] as [[Int64]]) }
        #expect(throws: AnomalyError.self) { try FeatureTable(rows: [[.nan]] as [[Double]]) }
        #expect(throws: AnomalyError.self) { try FeatureTable(rows: [] as [[Int64]]) }
        let table = try FeatureTable(rows: [[1, 2], [3, 4]] as [[Int64]])
        var options = IsolationForest.Options()
        options.trees = IsolationForest.Options.maximumTrees + 1
        #expect(throws: AnomalyError.self) { try IsolationForest(fitting: table, options: options) }
        options.trees = 1
        options.sampleSize = IsolationForest.Options.maximumSampleSize + 1
        #expect(throws: AnomalyError.self) { try IsolationForest(fitting: table, options: options) }
        #expect(throws: AnomalyError.self) { try IsolationForest(fitting: table).score([1]) }
    }
}
