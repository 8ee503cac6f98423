@testable import Statements

/// A file that a profile describes.
struct ProfileFile {
    var yaml: String
    var name = "file.csv"
    var bytes: [UInt8]

    init(_ yaml: String, name: String = "file.csv", _ text: String) {
        self.yaml = yaml
        self.name = name
        bytes = Array(text.utf8)
    }

    /// One of the project's own profiles.
    static func example(_ id: String) throws -> StatementProfile {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        return try StatementProfile.load(path: "/\(root)/Examples/statements/\(id).yaml")
    }

    func read(maxRejected: Int = 0) throws -> (summary: StatementSummary, rows: [StatementRow]) {
        try Self.read(bytes, name: name, try StatementProfile.load(yaml: yaml), maxRejected: maxRejected)
    }

    static func read(
        _ bytes: [UInt8], name: String = "file.csv", _ profile: StatementProfile, maxRejected: Int = 0
    ) throws -> (summary: StatementSummary, rows: [StatementRow]) {
        var rows: [StatementRow] = []
        let options = ReadOptions(limits: ReadLimits(maxRejected: maxRejected))
        let summary = try Statements.read(.bytes(bytes, name: name), reader: profile.reader, options: options) {
            rows.append($0)
        }
        return (summary, rows)
    }
}
