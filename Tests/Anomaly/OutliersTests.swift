import Testing

@testable import Anomaly

@Suite("Outliers and rankings") struct OutliersTests {
    @Test("the threshold lies between the two nearest scores, in proportion")
    func thresholdIsAQuantile() throws {
        let scores = [0.4, 0.1, 0.3, 0.2, 0.5]
        // numpy.percentile([.1, .2, .3, .4, .5], 90) = 0.46
        #expect(abs(try Outliers.threshold(scores: scores, contaminationBasisPoints: 1000) - 0.46) < 1e-12)
        #expect(try Outliers.threshold(scores: scores, contaminationBasisPoints: 0) == 0.5)
        #expect(abs(try Outliers.threshold(scores: scores, contaminationBasisPoints: 5000) - 0.3) < 1e-12)
    }

    @Test("the oddest row comes first, rows of one score in their order")
    func orderOfOutliers() {
        #expect(Outliers.rows(scores: [0.6, 0.2, 0.9, 0.6], above: 0.5) == [2, 0, 3])
    }

    @Test("a share beyond half and an empty list are refused")
    func badShares() {
        #expect(throws: AnomalyError.self) { try Outliers.threshold(scores: [1], contaminationBasisPoints: 5001) }
        #expect(throws: AnomalyError.self) { try Outliers.threshold(scores: [1], contaminationBasisPoints: -1) }
        #expect(throws: AnomalyError.self) { try Outliers.threshold(scores: [], contaminationBasisPoints: 1) }
    }

    @Test("the area under the curve is one for a perfect order, a half for ties, nothing for one kind alone")
    func areas() {
        #expect(Ranking.areaUnderCurve(scores: [1, 2, 3, 4], isOutlier: [false, false, true, true]) == 1)
        #expect(Ranking.areaUnderCurve(scores: [4, 3, 2, 1], isOutlier: [false, false, true, true]) == 0)
        #expect(Ranking.areaUnderCurve(scores: [1, 1, 1, 1], isOutlier: [false, true, false, true]) == 0.5)
        #expect(Ranking.areaUnderCurve(scores: [1, 2, 2, 3], isOutlier: [false, true, false, true]) == 0.875)
        #expect(Ranking.areaUnderCurve(scores: [1, 2], isOutlier: [true, true]) == nil)
    }
}
