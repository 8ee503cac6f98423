import Foundation
import Matching

/// A job on two small texts in a folder of its own.
final class FileFixture {
    let folder: String

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
        return try FileReconciliation(
            ours: .init(path: folder + "/ours.csv", profile: profile),
            theirs: .init(path: folder + "/theirs.csv", profile: theirsProfile ?? profile), folder: folder + "/out",
            settings: settings
        ).run()
    }

    func result(_ name: String) throws -> String {
        try String(contentsOfFile: "\(folder)/out/\(name).csv", encoding: .utf8)
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
