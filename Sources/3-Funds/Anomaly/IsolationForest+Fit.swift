import Glibc

extension IsolationForest {
    /// How a forest is grown. The defaults are the paper's: a hundred trees of 256 rows each.
    public struct Options: Sendable {
        public var trees = 100
        public var sampleSize = 256
        public var seed: UInt64 = 1

        public init() {}

        /// What keeps a forest small: 100,000 trees of a million rows would be 100 GB.
        public static let maximumTrees = 10_000
        public static let maximumSampleSize = 65_536
    }

    /// Grows a forest over the rows. The same rows, options and seed give the same forest everywhere.
    ///
    /// Throws `badShape` for a table without rows and `badOption` for an option outside its range.
    /// O(trees × sample × log sample), whatever the number of rows.
    public init(fitting table: FeatureTable, options: Options = Options()) throws(AnomalyError) {
        guard table.count > 0 else { throw AnomalyError(.badShape, "a forest needs at least one row") }
        guard (1...Options.maximumTrees).contains(options.trees) else {
            throw AnomalyError(.badOption, "trees must be from 1 to \(Options.maximumTrees), not \(options.trees)")
        }
        guard (1...Options.maximumSampleSize).contains(options.sampleSize) else {
            throw AnomalyError(
                .badOption, "the sample must be from 1 to \(Options.maximumSampleSize), not \(options.sampleSize)")
        }
        let size = min(options.sampleSize, table.count)
        // Each tree has a stream of its own, so that growing them in parallel would give the same forest.
        let trees = (0..<options.trees).map { index in
            var grower = TreeGrower(table: table, sampleSize: size, seed: options.seed, tree: index)
            return grower.grow()
        }
        self.init(trees: trees, sampleSize: size, columns: table.columns, roundsToSingle: false)
    }
}

/// Grows one tree: a random sample, then random cuts until each row stands alone or the tree is as deep as a balanced
/// one would be; deeper cuts would only tell ordinary rows apart.
private struct TreeGrower {
    private let table: FeatureTable
    private let maximumDepth: Int
    private var random: SplitMix64
    private var rows: [Int]
    private var nodes: [IsolationTree.Node] = []

    init(table: FeatureTable, sampleSize: Int, seed: UInt64, tree: Int) {
        self.table = table
        var mixer = SplitMix64(state: seed)
        random = SplitMix64(state: mixer.next() ^ (UInt64(tree) &* 0x9E37_79B9_7F4A_7C15))
        maximumDepth = Int(ceil(log2(Double(max(sampleSize, 2)))))
        rows = Self.sample(sampleSize, of: table.count, &random)
    }

    mutating func grow() -> IsolationTree {
        nodes.reserveCapacity(2 * rows.count)
        _ = grow(0..<rows.count, depth: 0)
        return IsolationTree(nodes: nodes)
    }

    /// Adds the tree of a range of rows and answers where it stands. No deeper than `maximumDepth`, which is at most 16.
    private mutating func grow(_ range: Range<Int>, depth: Int) -> Int {
        let place = nodes.count
        let length = Double(depth) + IsolationForest.averagePathLength(range.count)
        nodes.append(IsolationTree.Node(feature: -1, threshold: 0, left: 0, right: 0, length: length))
        guard range.count > 1, depth < maximumDepth, let cut = randomCut(range) else { return place }
        let middle = divide(range, by: cut)
        let left = grow(range.lowerBound..<middle, depth: depth + 1)
        let right = grow(middle..<range.upperBound, depth: depth + 1)
        nodes[place] = IsolationTree.Node(
            feature: cut.feature, threshold: cut.threshold, left: left, right: right, length: length)
        return place
    }

    private struct Cut {
        var feature: Int
        var threshold: Double
    }

    /// A random column that is not constant here, cut at a random place between its ends; nil when all rows are alike.
    private mutating func randomCut(_ range: Range<Int>) -> Cut? {
        var untried = Array(0..<table.columns)
        while !untried.isEmpty {
            let feature = untried.remove(at: Int.random(in: 0..<untried.count, using: &random))
            var low = Double.infinity
            var high = -Double.infinity
            for row in rows[range] {
                low = min(low, table[row, feature])
                high = max(high, table[row, feature])
            }
            guard low < high else { continue }
            // A share of each end, because the distance of two finite numbers may be infinite.
            let share = Double(random.next() >> 11) * 0x1p-53
            let threshold = low * (1 - share) + high * share
            // Rounding must never leave one side empty.
            return Cut(feature: feature, threshold: threshold < low || threshold >= high ? low : threshold)
        }
        return nil
    }

    /// Moves the rows up to the threshold before the others and answers where the others begin.
    private mutating func divide(_ range: Range<Int>, by cut: Cut) -> Int {
        var middle = range.lowerBound
        for index in range where table[rows[index], cut.feature] <= cut.threshold {
            rows.swapAt(index, middle)
            middle += 1
        }
        return middle
    }

    /// `size` different rows of `count` (Floyd's algorithm: no array of all rows is needed).
    private static func sample(_ size: Int, of count: Int, _ random: inout SplitMix64) -> [Int] {
        var chosen: Set<Int> = []
        var order: [Int] = []
        for last in (count - size)..<count {
            let candidate = Int.random(in: 0...last, using: &random)
            let row = chosen.insert(candidate).inserted ? candidate : last
            if row == last { chosen.insert(last) }
            order.append(row)
        }
        return order
    }
}

/// Sebastiano Vigna's splitmix64: a number of 64 bits decides everything that follows.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
