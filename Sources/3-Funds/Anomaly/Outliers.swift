/// What separates the rows that a person should see from the others.
public enum Outliers {
    /// The score above which a row counts as an anomaly when `contaminationBasisPoints` of 10,000 rows are expected to be
    /// one: the quantile between the two nearest scores, in proportion, as scikit-learn takes it.
    ///
    /// Throws `badOption` outside 0...5,000 (more than half cannot be the exception) and `badShape` without scores.
    public static func threshold(
        scores: [Double], contaminationBasisPoints: Int
    ) throws(AnomalyError) -> Double {
        guard (0...5000).contains(contaminationBasisPoints) else {
            throw AnomalyError(
                .badOption, "contamination must be from 0 to 5000 basis points, not \(contaminationBasisPoints)")
        }
        let sorted = scores.sorted()
        guard let highest = sorted.last else { throw AnomalyError(.badShape, "there are no scores") }
        let position = Double(sorted.count - 1) * Double(10_000 - contaminationBasisPoints) / 10_000
        let below = Int(position)
        guard below + 1 < sorted.count else { return highest }
        return sorted[below] + (sorted[below + 1] - sorted[below]) * (position - Double(below))
    }

    /// The rows whose score is above the threshold, the oddest first; rows of one score in their order.
    public static func rows(scores: [Double], above threshold: Double) -> [Int] {
        scores.indices.filter { scores[$0] > threshold }.sorted {
            scores[$0] == scores[$1] ? $0 < $1 : scores[$0] > scores[$1]
        }
    }
}

/// How well scores agree with what is known.
public enum Ranking {
    /// The area under the receiver operating characteristic: the chance that an outlier scores above an ordinary row,
    /// ties counted as half (Mann-Whitney's U). Nil when one of the two kinds is missing.
    public static func areaUnderCurve(scores: [Double], isOutlier: [Bool]) -> Double? {
        precondition(scores.count == isOutlier.count, "each score has a label")
        let order = scores.indices.sorted { scores[$0] < scores[$1] }
        let outliers = isOutlier.count { $0 }
        let ordinary = scores.count - outliers
        guard outliers > 0, ordinary > 0 else { return nil }
        var rankSum = 0.0
        var start = 0
        while start < order.count {
            var end = start
            while end < order.count, scores[order[end]] == scores[order[start]] { end += 1 }
            // Ranks count from 1; rows of one score share the mean of theirs.
            let sharedRank = Double(start + 1 + end) / 2
            for place in start..<end where isOutlier[order[place]] { rankSum += sharedRank }
            start = end
        }
        let least = Double(outliers) * Double(outliers + 1) / 2
        return (rankSum - least) / (Double(outliers) * Double(ordinary))
    }
}
