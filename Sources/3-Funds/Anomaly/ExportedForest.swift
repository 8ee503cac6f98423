/// A forest that scikit-learn built, in the form that `Scripts/anomaly-compare.py` exports: per tree the arrays
/// `left`, `right`, `feature`, `threshold` and `n_node_samples`, and `features`, which maps a tree's columns to the row's.
public struct ExportedForest: Decodable, Sendable {
    public struct Tree: Decodable, Sendable {
        public let features: [Int]
        public let left: [Int]
        public let right: [Int]
        public let feature: [Int]
        public let threshold: [Double]
        public let nodeSamples: [Int]

        private enum CodingKeys: String, CodingKey {
            case features, left, right, feature, threshold
            case nodeSamples = "n_node_samples"
        }
    }

    public let maximumSamples: Int
    public let trees: [Tree]

    private enum CodingKeys: String, CodingKey {
        case trees
        case maximumSamples = "max_samples"
    }
}

extension IsolationForest {
    /// Takes over an exported forest for rows of `columns` numbers. It scores as scikit-learn does.
    ///
    /// Throws `badForest` when a tree does not hang together: arrays of different lengths, a child that does not come
    /// after its parent (so no walk can go in circles), or a column that a row does not have.
    public init(_ exported: ExportedForest, columns: Int) throws(AnomalyError) {
        guard !exported.trees.isEmpty, exported.maximumSamples > 0 else {
            throw AnomalyError(.badForest, "a forest has at least one tree and one sample")
        }
        var trees: [IsolationTree] = []
        for (number, tree) in exported.trees.enumerated() {
            trees.append(try Self.tree(tree, number: number, columns: columns))
        }
        self.init(trees: trees, sampleSize: exported.maximumSamples, columns: columns, roundsToSingle: true)
    }

    private static func tree(
        _ tree: ExportedForest.Tree, number: Int, columns: Int
    ) throws(AnomalyError) -> IsolationTree {
        let count = tree.left.count
        let lengths = [tree.right.count, tree.feature.count, tree.threshold.count, tree.nodeSamples.count]
        guard count > 0, lengths.allSatisfy({ $0 == count }) else {
            throw AnomalyError(.badForest, "tree \(number) has arrays of different lengths")
        }
        var depths = [Int](repeating: 0, count: count)
        var nodes: [IsolationTree.Node] = []
        for node in 0..<count {
            let left = tree.left[node]
            let right = tree.right[node]
            let length = Double(depths[node]) + averagePathLength(tree.nodeSamples[node])
            // scikit-learn marks a leaf by a left child of -1.
            guard left >= 0 else {
                nodes.append(IsolationTree.Node(feature: -1, threshold: 0, left: 0, right: 0, length: length))
                continue
            }
            guard left > node, right > node, left < count, right < count else {
                throw AnomalyError(.badForest, "tree \(number), node \(node) has a child that does not come after it")
            }
            let feature = tree.feature[node]
            guard tree.features.indices.contains(feature), (0..<columns).contains(tree.features[feature]) else {
                throw AnomalyError(.badForest, "tree \(number), node \(node) compares a column that rows do not have")
            }
            depths[left] = depths[node] + 1
            depths[right] = depths[node] + 1
            nodes.append(
                IsolationTree.Node(
                    feature: tree.features[feature], threshold: tree.threshold[node], left: left, right: right,
                    length: length))
        }
        return IsolationTree(nodes: nodes)
    }
}
