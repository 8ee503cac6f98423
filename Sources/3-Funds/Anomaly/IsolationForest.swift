import Glibc

/// An isolation forest: random trees that set rows apart; the fewer cuts a row needs, the odder it is.
///
/// Source: F. T. Liu, K. M. Ting, Z.-H. Zhou, "Isolation Forest", ICDM 2008. The details follow scikit-learn's
/// IsolationForest, so that a forest exported from there gives the same scores here: a path is its edges plus the
/// expected rest c(n) of its leaf, a score is 2^(-mean path / c(sample size)).
public struct IsolationForest: Sendable {
    let trees: [IsolationTree]
    /// How many rows each tree was built from.
    public let sampleSize: Int
    /// How many numbers a row has.
    public let columns: Int
    /// scikit-learn compares features rounded to 24 bits; our own forests compare them as they are.
    let roundsToSingle: Bool

    /// How odd a row is, from 0 to 1: near 1 is an anomaly, about 0.5 and below is ordinary. O(trees × depth).
    ///
    /// Throws `badShape` when the row has another length than the rows that the forest was built from.
    public func score(_ row: some RandomAccessCollection<Double>) throws(AnomalyError) -> Double {
        guard row.count == columns else {
            throw AnomalyError(.badShape, "a row has \(row.count) numbers instead of \(columns)")
        }
        let values = roundsToSingle ? row.map { Double(Float($0)) } : Array(row)
        let total = trees.reduce(0.0) { $0 + $1.pathLength(values) }
        let normal = Double(trees.count) * Self.averagePathLength(sampleSize)
        // One row in the sample tells nothing about others: every path is then as long as expected, as scikit-learn has it.
        return exp2(normal == 0 ? -1 : -total / normal)
    }

    /// The scores of all rows, in their order.
    public func scores(_ table: FeatureTable) throws(AnomalyError) -> [Double] {
        var scores: [Double] = []
        scores.reserveCapacity(table.count)
        for row in 0..<table.count { scores.append(try score(table[row])) }
        return scores
    }

    /// The score of whole numbers in basis points, 0 to 10,000, for rows and messages that carry no floating point.
    public func scoreBasisPoints(_ row: [Int64]) throws(AnomalyError) -> Int {
        Int((try score(row.map(Double.init)) * 10_000).rounded())
    }

    /// c(n): the mean path of an unsuccessful search in a binary tree of n rows (equation 1 of the paper):
    /// 2 H(n - 1) - 2 (n - 1) / n, with H(i) ≈ ln i + Euler's constant.
    public static func averagePathLength(_ count: Int) -> Double {
        if count <= 1 { return 0 }
        if count == 2 { return 1 }
        let eulerGamma = 0.577_215_664_901_532_860_6
        let rows = Double(count)
        return 2 * (log(rows - 1) + eulerGamma) - 2 * (rows - 1) / rows
    }
}

/// One tree in an array of nodes; the first is the root.
struct IsolationTree: Sendable {
    struct Node: Sendable {
        /// The column that is compared; negative at a leaf.
        var feature: Int
        var threshold: Double
        var left: Int
        var right: Int
        /// What the path is worth at a leaf: its edges and the expected rest.
        var length: Double
    }

    var nodes: [Node]

    func pathLength(_ row: [Double]) -> Double {
        var node = nodes[0]
        while node.feature >= 0 {
            node = nodes[row[node.feature] <= node.threshold ? node.left : node.right]
        }
        return node.length
    }
}
