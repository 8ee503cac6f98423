import Foundation
import Testing

@testable import Anomaly

@Suite("Exported forests") struct ExportedForestTests {
    private func forest(left: String = "[1,-1,-1]", features: String = "[1]") throws -> ExportedForest {
        let text = """
            {"max_samples": 4, "trees": [{"features": \(features), "left": \(left), "right": [2,-1,-1],
              "feature": [0,-2,-2], "threshold": [0.5,-2,-2], "n_node_samples": [4,1,3]}]}
            """
        return try JSONDecoder().decode(ExportedForest.self, from: Data(text.utf8))
    }

    @Test("a tree's columns are mapped to the row's, and a path is its edges plus the rest of its leaf")
    func pathByHand() throws {
        let forest = try IsolationForest(try forest(), columns: 2)
        let rest = IsolationForest.averagePathLength(3)
        let normal = IsolationForest.averagePathLength(4)
        #expect(abs(try forest.score([9, 0.5]) - exp2(-1 / normal)) < 1e-12)
        #expect(abs(try forest.score([0, 0.6]) - exp2(-(1 + rest) / normal)) < 1e-12)
    }

    @Test("features are compared as 24-bit numbers, as scikit-learn keeps them")
    func featuresAreSingle() throws {
        let forest = try IsolationForest(try forest(), columns: 2)
        // Just above the threshold, but the same when rounded: it goes left.
        #expect(try forest.score([0, 0.5 + 1e-12]) == forest.score([0, 0.5]))
    }

    @Test("a tree that does not hang together is refused", arguments: ["[0,-1,-1]", "[3,-1,-1]", "[1,-1]", "[]"])
    func brokenTreesAreRefused(left: String) throws {
        let broken = try forest(left: left)
        #expect(throws: AnomalyError.self) { try IsolationForest(broken, columns: 2) }
    }

    @Test("a column that rows do not have is refused")
    func missingColumnIsRefused() throws {
        let exported = try forest(features: "[2]")
        #expect(throws: AnomalyError.self) { try IsolationForest(exported, columns: 2) }
    }
}
