internal import Money

/// Reads what a profile describes.
public struct ProfileReader: StatementReader {
    public let profile: StatementProfile
    public let format: StatementFormat

    public init(_ profile: StatementProfile) {
        self.profile = profile
        format = StatementFormat(id: profile.id, name: profile.name, channel: profile.channel)
    }

    /// A reader of a profile's YAML; throws `malformed` with the line and the key at fault.
    public init(yaml: String) throws(StatementError) { self.init(try StatementProfile.load(yaml: yaml)) }

    /// Everything that `detect` names has to be there. A profile that names nothing recognises nothing for certain.
    public func recognise(_ probe: Probe) -> Recognition {
        let isNamed = profile.fileNames.contains { Glob.matches(probe.fileName, $0) }
        guard profile.fileNames.isEmpty || isNamed else { return .no }
        guard !profile.headerColumns.isEmpty else {
            return isNamed ? .yes : .maybe(needs: "--profile of \(profile.id)")
        }
        return hasHeader(probe) ? .yes : .no
    }

    private func hasHeader(_ probe: Probe) -> Bool {
        guard case .separated(let dialect) = profile.layout else { return false }
        let separator = Character(Unicode.Scalar(dialect.separator))
        let wanted = Set(profile.headerColumns.map { HeaderMap.normalised($0) })
        return probe.lines.prefix(profile.skippedLines + 32).contains { line in
            let names = line.split(separator: separator, omittingEmptySubsequences: false)
                .map { HeaderMap.normalised($0.filter { $0 != "\"" }) }
            return wanted.isSubset(of: names)
        }
    }

    public func read(_ input: StatementInput, _ session: ReadSession) throws {
        let reading = try ProfileReading(profile, input, session)
        try reading.read()
    }
}

/// One pass over one file.
private final class ProfileReading {
    private let profile: StatementProfile
    private let session: ReadSession
    private let records: ProfileRecords
    private let decoder: TextDecoder
    private let fileName: String
    private var columns: ProfileColumns?
    private var trailers: ProfileTrailers
    private var seen = 0
    private var skipped = 0
    private let comment: [UInt8]?

    init(_ profile: StatementProfile, _ input: StatementInput, _ session: ReadSession) throws {
        self.profile = profile
        self.session = session
        fileName = input.probe.fileName
        records = try ProfileRecords(input, profile.layout)
        if let encoding = profile.encoding, session.options.encoding == nil, !encoding.isWide, !input.encoding.isWide {
            decoder = try TextDecoder(encoding)
        } else {
            decoder = try input.decoder()
        }
        trailers = ProfileTrailers(profile, decoder)
        comment = profile.comment.map { Array($0.utf8) }
        if !profile.hasHeader { columns = try ProfileColumns(profile, header: nil, fileName: fileName) }
    }

    func read() throws {
        // The last line may be a trailer, and only the end of the file shows which one it is.
        var held: ProfileRecord?
        while let record = try next() {
            if let held { try take(held, isLast: false) }
            held = record
        }
        if let held { try take(held, isLast: true) }
        guard columns != nil else { throw StatementError.truncated("the file has no header line") }
        try trailers.finish(session)
    }

    /// The next line that says something.
    private func next() throws -> ProfileRecord? {
        while let record = try records.next() {
            if skipped < profile.skippedLines {
                skipped += record.lines
                session.header(lines: record.lines)
            } else if record.isEmpty {
                session.blank(lines: record.lines)
            } else if let comment, record.raw.starts(with: comment) {
                session.comment(lines: record.lines)
            } else {
                return record
            }
        }
        return nil
    }

    private func take(_ record: ProfileRecord, isLast: Bool) throws {
        seen += 1
        if try trailers.take(record, isFirst: seen == 1, isLast: isLast, columns, session) { return }
        guard let columns else { return try header(record) }
        if profile.passed.contains(where: { columns.matches($0, record, decoder) }) {
            session.comment(lines: record.lines)
            return
        }
        try session.row(at: record.line, lines: record.lines) {
            try record.checkShape(columns: columns.width)
            let row = try columns.row(record, decoder)
            if !row.account.isEmpty { session.account(row.account) }
            trailers.add(row)
            return row
        }
    }

    private func header(_ record: ProfileRecord) throws {
        var names: [String] = []
        do {
            for place in 0..<record.count {
                names.append(HeaderMap.normalised(try decoder.string(record.bytes(place))))
            }
        } catch {
            throw StatementError.malformed("the header cannot be read: \(error)", line: record.line)
        }
        columns = try ProfileColumns(profile, header: HeaderMap(names: names), fileName: fileName)
        session.header(lines: record.lines)
    }
}
