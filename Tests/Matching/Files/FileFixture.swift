import Foundation
import Matching
import Testing

/// A job on two small texts in a folder of its own. Each is done twice, by a sketch and by entries, which must agree.
final class FileFixture {
    let folder: String
    /// Whether the sketch could tell all differences apart.
    private(set) var wasSketched = false

    init() throws {
        folder = NSTemporaryDirectory() + "matching-files-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    static let header = "order_no,amount,currency,status\n"

    static var profile: ColumnProfile {
        ColumnProfile(
            keys: [[.name("order_no")]], amount: .name("amount"), currency: .name("currency"), status: .name("status"))
    }

    /// Keys alone decide: what a test injects is what it finds.
    static var settings: FileReconciliation.Settings {
        var rules = MatchRules()
        rules.tolerant = nil
        return FileReconciliation.Settings(rules: rules)
    }

    func run(
        _ ours: String, _ theirs: String, profile: ColumnProfile = FileFixture.profile,
        theirsProfile: ColumnProfile? = nil, settings: FileReconciliation.Settings = FileFixture.settings
    ) throws -> FileReconciliationReport {
        try run(
            Array(ours.utf8), Array(theirs.utf8), profile: profile, theirsProfile: theirsProfile, settings: settings)
    }

    func run(
        _ ours: [UInt8], _ theirs: [UInt8], profile: ColumnProfile, theirsProfile: ColumnProfile? = nil,
        settings: FileReconciliation.Settings
    ) throws -> FileReconciliationReport {
        try Data(ours).write(to: URL(fileURLWithPath: folder + "/ours.csv"))
        try Data(theirs).write(to: URL(fileURLWithPath: folder + "/theirs.csv"))
        let job = { (settings: FileReconciliation.Settings, out: String) in
            try FileReconciliation(
                ours: .init(path: self.folder + "/ours.csv", profile: profile),
                theirs: .init(path: self.folder + "/theirs.csv", profile: theirsProfile ?? profile),
                folder: "\(self.folder)/\(out)", settings: settings
            ).run()
        }
        var (bySketch, byEntries) = (settings, settings)
        bySketch.sketchFrom = 0
        byEntries.sketchFrom = .max
        var sketched: FileReconciliationReport?
        do { sketched = try job(bySketch, "sketch") } catch let error as FileReconciliationError {
            // Both ways refuse the same files for the same reason.
            #expect(throws: error) { try job(byEntries, "out") }
            throw error
        }
        let report = try job(byEntries, "out")
        wasSketched = sketched?.isSketched ?? false
        sketched?.spilled = report.spilled
        sketched?.isSketched = report.isSketched
        #expect(sketched == report)
        for name in ["differences", "explained", "suggestions", "rejects"] {
            #expect(try result(name, in: "sketch") == result(name), "both ways write the same \(name)")
        }
        return report
    }

    func result(_ name: String, in out: String = "out") throws -> String {
        try String(contentsOfFile: "\(folder)/\(out)/\(name).csv", encoding: .utf8)
    }

    /// The rows of a result without its header, each cut at commas.
    func rows(_ name: String) throws -> [[String]] {
        try result(name).split(separator: "\n").dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
    }
}

extension FileReconciliationReport {
    /// The classes that occur, by their codes.
    var found: [String: Int] {
        Dictionary(uniqueKeysWithValues: MatchClass.allCases.filter { count($0) > 0 }.map { ($0.code, count($0)) })
    }
}
