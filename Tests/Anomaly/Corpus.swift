import Foundation

@testable import Anomaly

/// The data sets that the project did not write: in the folder that KONTOR_CORPUS names, or in `../shared/corpus`
/// beside the checkout. Where neither is there, what needs them is skipped and says so.
enum Corpus {
    static let folder: String? = {
        let named = ProcessInfo.processInfo.environment["KONTOR_CORPUS"]
        let beside = URL(filePath: #filePath).appending(path: "../../../../shared/corpus").standardized.path
        let folder = (named ?? beside) + "/anomaly"
        return FileManager.default.fileExists(atPath: folder) ? folder : nil
    }()

    struct DataSet {
        var table: FeatureTable
        var isOutlier: [Bool]
    }

    /// A CSV file whose last column is 1 for an outlier.
    static func dataSet(_ name: String) throws -> DataSet {
        let text = try String(contentsOfFile: (folder ?? "") + "/\(name).csv", encoding: .utf8)
        let rows = text.split(separator: "\n").dropFirst().map { $0.split(separator: ",").compactMap { Double($0) } }
        return DataSet(
            table: try FeatureTable(rows: rows.map { Array($0.dropLast()) }), isOutlier: rows.map { $0.last == 1 })
    }

    static func exportedForest() throws -> ExportedForest {
        let data = try Data(contentsOf: URL(filePath: (folder ?? "") + "/fixed-forest.json"))
        return try JSONDecoder().decode(ExportedForest.self, from: data)
    }

    static func publishedAreaUnderCurve() throws -> Double {
        struct Published: Decodable { var auc: Double }
        let data = try Data(contentsOf: URL(filePath: (folder ?? "") + "/fixed-forest.json"))
        return try JSONDecoder().decode(Published.self, from: data).auc
    }
}
