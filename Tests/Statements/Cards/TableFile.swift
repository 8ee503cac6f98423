@testable import Statements

/// A table of a card report: a header and lines.
struct TableFile {
    var name = "report.csv"
    var header: String
    var lines: [String]

    func read(
        refusing: Bool = true, maxRejected: Int = 0, _ change: (inout ReadOptions) -> Void = { _ in }
    ) throws -> (summary: StatementSummary, rows: [StatementRow]) {
        var options = ReadOptions(limits: ReadLimits(maxRejected: maxRejected))
        options.refusesContradictions = refusing
        change(&options)
        var rows: [StatementRow] = []
        let text = ([header] + lines).joined(separator: "\n") + "\n"
        let summary = try Statements.read(.bytes(Array(text.utf8), name: name), options: options) { rows.append($0) }
        return (summary, rows)
    }
}
