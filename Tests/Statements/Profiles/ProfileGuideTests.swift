import Testing

@testable import Statements

/// The guide of profiles says what the code does.
@Suite("The guide of profiles")
struct ProfileGuideTests {
    private func guide() throws -> [Substring] {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let stream = try FileStream(path: "/\(root)/docs/guides/statement-profiles.md")
        return String(decoding: try stream.head(1 << 20), as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
    }

    @Test("its walk is a profile that reads the sample")
    func walk() throws {
        let lines = try guide()
        let start = try #require(lines.firstIndex(of: "```yaml"))
        let yaml = lines[(start + 1)...].prefix { $0 != "```" }.joined(separator: "\n")
        let profile = try StatementProfile.load(yaml: yaml)
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        var rows: [StatementRow] = []
        let summary = try Statements.read(
            .file("/\(root)/Examples/statements/samples/bank-debit.csv"), reader: profile.reader
        ) { rows.append($0) }
        #expect(rows.count == 3 && summary.checks.count == 3 && summary.isConsistent)
        #expect(rows == (try sampleRows(by: "bank-debit")))
    }

    private func sampleRows(by id: String) throws -> [StatementRow] {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        var rows: [StatementRow] = []
        try Statements.read(
            .file("/\(root)/Examples/statements/samples/bank-debit.csv"), reader: try ProfileFile.example(id).reader
        ) { rows.append($0) }
        return rows
    }

    @Test(
        "it names every column of a row and every profile of the project",
        arguments: [
            "kontor.yaml", "kontor-lines.yaml", "netsunion.yaml", "bank-debit.yaml", "unionpay-acom.yaml"
        ] + ProfileReference.allCases.map(\.rawValue))
    func names(name: String) throws {
        #expect(try guide().contains { $0.contains("`\(name)`") })
    }
}
