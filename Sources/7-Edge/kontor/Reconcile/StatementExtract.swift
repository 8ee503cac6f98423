import Foundation
import Matching
import Money
import Statements

/// Writes the rows of a statement as a plain table that the file core reads, one row at a time.
///
/// Archives, encodings and fixed widths have no lines to come back to; the extract has, and says where each came from.
enum StatementExtract {
    private static let columns = [
        "line", "kind", "order", "channel", "amount_minor", "fee_minor", "currency", "status", "time"
    ]

    static var profile: ColumnProfile {
        var profile = ColumnProfile(
            keys: [[.name("order")], [.name("channel")]], amount: .name("amount_minor"), unit: .minor,
            currency: .name("currency"), status: .name("status"), fee: .name("fee_minor"), time: .name("time"),
            kind: .name("kind"), line: .name("line"))
        profile.keyNames = ["order", "channel"]
        return profile
    }

    /// Reads `source` by a format, a profile or what it is recognised as.
    static func write(_ source: ReconcileSource, to path: String, maxRejected: Int) throws -> StatementSummary {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else { throw ReconcileFailure("\(path): cannot write it") }
        defer { try? file.close() }
        let reader = try source.profile.map { try StatementProfile.load(path: $0).reader }
        var text = columns.joined(separator: ",") + "\n"
        let options = ReadOptions(limits: ReadLimits(maxRejected: maxRejected))
        let summary = try Statements.read(
            .file(source.path), format: source.format, reader: reader, options: options
        ) { row in
            text += line(of: row)
            if text.utf8.count > 1 << 18 {
                try file.write(contentsOf: Data(text.utf8))
                text.removeAll(keepingCapacity: true)
            }
        }
        try file.write(contentsOf: Data(text.utf8))
        return summary
    }

    private static func line(of row: StatementRow) -> String {
        let fields = [
            String(row.line), row.kind.rawValue, row.merchantReference, row.channelReference,
            String(row.amountMinor), String(row.feeMinor), row.currency.code, row.status.rawValue,
            row.time.map(\.description) ?? row.valueDate.map(\.description) ?? ""
        ]
        return fields.map(escaped).joined(separator: ",") + "\n"
    }

    private static func escaped(_ field: String) -> String {
        let needsQuotes = field.utf8.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
        return needsQuotes ? "\"" + field.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : field
    }
}

/// One side of the job as the command line names it.
struct ReconcileSource {
    var path: String
    var format: String?
    var profile: String?
}

struct ReconcileFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
