internal import CScan
internal import Glibc

/// The CSV files that a job leaves. They are written beside their places and renamed when all is done, so that a job
/// that ends early leaves none that looks complete.
///
/// Unchecked, because only the thread that runs the job writes them.
final class ResultFiles: @unchecked Sendable {
    private let folder: String
    private let differences: CSVWriter
    private let explained: CSVWriter
    private let suggestions: CSVWriter
    private let rejects: CSVWriter
    private var numbers = [0, 0, 0]

    enum Kind: Int { case difference, explained, suggestion }

    init(folder: String) throws(FileReconciliationError) {
        self.folder = folder
        differences = try CSVWriter("\(folder)/differences.csv")
        explained = try CSVWriter("\(folder)/explained.csv")
        suggestions = try CSVWriter("\(folder)/suggestions.csv")
        rejects = try CSVWriter("\(folder)/rejects.csv")
        for writer in [differences, explained, suggestions] { try writer.row(Self.header) }
        try rejects.row(["side", "line", "field", "reason"])
    }

    private static let side = ["line", "keys", "amount_minor", "currency", "status", "fee_minor", "day"]
    static let header =
        ["finding", "class", "code", "confidence", "reason"] + side.map { "ours_" + $0 } + side.map { "theirs_" + $0 }

    /// A line of a finding: the row and the number a person finds it by.
    struct Line {
        var row: MatchRow
        var shown: Int64
    }

    /// One row of the file for a pair; a finding of more lines has as many rows, all with its number.
    func write(_ finding: MatchFinding, _ ours: [Line], _ theirs: [Line], to kind: Kind) throws(FileReconciliationError)
    {
        numbers[kind.rawValue] += 1
        let writer = kind == .difference ? differences : kind == .explained ? explained : suggestions
        for place in 0..<max(ours.count, theirs.count, 1) {
            var fields = [
                String(numbers[kind.rawValue]), finding.matchClass.code, finding.code.rawValue,
                String(finding.confidence), finding.reason
            ]
            for lines in [ours, theirs] {
                fields += place < lines.count ? Self.fields(lines[place]) : Array(repeating: "", count: Self.side.count)
            }
            try writer.row(fields)
        }
    }

    private static func fields(_ line: Line) -> [String] {
        let row = line.row
        return [
            String(line.shown), row.keys.map(KeyText.shown).joined(separator: ";"), String(row.amountMinor),
            row.currency, row.status.code, row.feeMinor.map(String.init) ?? "",
            row.day.map { CivilDay($0).description } ?? ""
        ]
    }

    func reject(_ reject: cscan_reject, of side: FileSide) throws(FileReconciliationError) {
        try rejects.row([
            side.name, String(reject.line), RejectText.field(reject, of: side), RejectText.reason(reject, of: side)
        ])
    }

    func commit() throws(FileReconciliationError) {
        for writer in [differences, explained, suggestions, rejects] { try writer.commit() }
    }

    func commitRejects() throws(FileReconciliationError) { try rejects.commit() }
}

/// What is wrong with a line, in words.
enum RejectText {
    static func reason(_ reject: cscan_reject, of side: FileSide) -> String {
        switch Int(reject.code) {
        case CSCAN_REJECT_FIELDS: "has \(reject.detail) fields, \(side.layout.fields) are expected"
        case CSCAN_REJECT_LONG: "is longer than \(CSCAN_WINDOW) bytes"
        case CSCAN_REJECT_QUOTE: "opens a quote that is never closed"
        case CSCAN_REJECT_KEY_LONG: "has a key of more than \(CSCAN_KEY_BYTES) bytes"
        case CSCAN_REJECT_AMOUNT: "has no amount, or one with more decimals than its currency"
        case CSCAN_REJECT_AMOUNT_RANGE: "has an amount beyond 64 bits"
        case CSCAN_REJECT_FEE: "has a fee that is none, or with more decimals than its currency"
        case CSCAN_REJECT_FEE_RANGE: "has a fee beyond 64 bits"
        case CSCAN_REJECT_CURRENCY: "has no currency, or one of more than \(CSCAN_WORD_BYTES) letters"
        case CSCAN_REJECT_STATUS: "has a status that the profile does not map"
        default: "has a kind that the profile does not map"
        }
    }

    static func field(_ reject: cscan_reject, of side: FileSide) -> String {
        let layout = side.layout
        let column: Int16 =
            switch Int(reject.code) {
            case CSCAN_REJECT_KEY_LONG: layout.key.0
            case CSCAN_REJECT_AMOUNT, CSCAN_REJECT_AMOUNT_RANGE: layout.amount
            case CSCAN_REJECT_FEE, CSCAN_REJECT_FEE_RANGE: layout.fee
            case CSCAN_REJECT_CURRENCY: layout.currency
            case CSCAN_REJECT_STATUS: layout.status
            case CSCAN_REJECT_KIND: layout.kind
            default: -1
            }
        return side.columns.indices.contains(Int(column)) ? side.columns[Int(column)] : ""
    }
}

/// Writes a CSV file in portions.
final class CSVWriter {
    private let path: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    init(_ path: String) throws(FileReconciliationError) {
        self.path = path
        descriptor = open(path + ".part", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .system(path, "write it") }
        buffer.reserveCapacity(1 << 18)
    }

    deinit {
        close(descriptor)
        // What was not committed is of no use; after a commit there is no such file.
        unlink(path + ".part")
    }

    func row(_ fields: [String]) throws(FileReconciliationError) {
        for (place, field) in fields.enumerated() {
            if place > 0 { buffer.append(UInt8(ascii: ",")) }
            append(field)
        }
        buffer.append(UInt8(ascii: "\n"))
        if buffer.count >= 1 << 18 { try flush() }
    }

    private func append(_ field: String) {
        let needsQuotes = field.utf8.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
        guard needsQuotes else { return buffer.append(contentsOf: field.utf8) }
        buffer.append(0x22)
        for byte in field.utf8 {
            if byte == 0x22 { buffer.append(0x22) }
            buffer.append(byte)
        }
        buffer.append(0x22)
    }

    private func flush() throws(FileReconciliationError) {
        var done = 0
        while done < buffer.count {
            let count = buffer.withUnsafeBytes { bytes in
                write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .system(path, "write it") }
            done += count
        }
        buffer.removeAll(keepingCapacity: true)
    }

    func commit() throws(FileReconciliationError) {
        try flush()
        guard rename(path + ".part", path) == 0 else { throw .system(path, "put it in its place") }
    }
}
