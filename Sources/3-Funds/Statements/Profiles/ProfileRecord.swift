/// One line as a profile cuts it: separated fields, or slices of fixed widths before anything is decoded.
struct ProfileRecord {
    private enum Source {
        case separated(CSVRecord)
        case fixed(Line, FixedLayout)
    }

    private let source: Source
    let line: Int
    let lines: Int
    let offset: Int64

    init(_ record: CSVRecord) {
        source = .separated(record)
        line = record.line
        lines = record.lines
        offset = record.offset
    }

    init(_ line: Line, _ layout: FixedLayout) {
        source = .fixed(line, layout)
        self.line = line.number
        lines = 1
        offset = line.offset
    }

    var raw: ArraySlice<UInt8> {
        switch source {
        case .separated(let record): record.raw
        case .fixed(let line, _): line.bytes
        }
    }

    var isEmpty: Bool {
        switch source {
        case .separated(let record): record.isEmpty
        case .fixed(let line, _): line.isBlank
        }
    }

    var count: Int {
        switch source {
        case .separated(let record): record.count
        case .fixed(_, let layout): layout.widths.count
        }
    }

    /// A field by its place from 0; empty behind the last one, and where a line of fixed widths is too short.
    func bytes(_ place: Int) -> ArraySlice<UInt8> {
        guard place < count else { return [] }
        switch source {
        case .separated(let record): return record.bytes(place)
        case .fixed(let line, let layout):
            let start = layout.widths[..<place].reduce(0, +) + layout.gap * place
            guard start < line.bytes.count else { return [] }
            let end = min(line.bytes.count, start + layout.widths[place])
            return FieldText.trimmed(line.bytes[line.bytes.startIndex + start..<line.bytes.startIndex + end])
        }
    }

    /// Refuses a line that does not fit: values in wrong columns are worse than none.
    func checkShape(columns: Int?) throws(FieldProblem) {
        switch source {
        case .separated(let record):
            guard let columns, record.count != columns else { return }
            let surplus = columns..<max(columns, record.count)
            guard record.count > columns, surplus.allSatisfy({ record.bytes($0).isEmpty }) else {
                throw FieldProblem("has \(record.count) fields, the header has \(columns)")
            }
        case .fixed(let line, let layout):
            let fits = layout.allowsTail ? line.bytes.count >= layout.length : line.bytes.count == layout.length
            guard fits else {
                throw FieldProblem("has \(line.bytes.count) bytes, the profile's fields have \(layout.length)")
            }
            guard layout.gap > 0 else { return }
            var end = line.bytes.startIndex
            for width in layout.widths.dropLast() {
                end += width
                // What stands between two fields is no part of a value; a letter there means the widths are others.
                for byte in line.bytes[end..<end + layout.gap]
                where FieldText.digitValue(byte) != nil || byte >= 0x41 && byte != 0x7C {
                    throw FieldProblem(
                        "has no separator at byte \(end - line.bytes.startIndex + 1): the widths are others")
                }
                end += layout.gap
            }
        }
    }

    /// The same bytes cut at another separator.
    func recut(_ separator: UInt8) -> [ArraySlice<UInt8>] {
        raw.split(separator: separator, omittingEmptySubsequences: false).map(FieldText.trimmed)
    }
}

/// Lines of either layout, one after another.
struct ProfileRecords {
    private enum Source {
        case separated(CSVReader)
        case fixed(LineReader, FixedLayout)
    }

    private let source: Source

    init(_ input: StatementInput, _ layout: ProfileLayout) throws {
        switch layout {
        case .separated(let dialect): source = .separated(try input.records(dialect))
        case .fixed(let layout): source = .fixed(try input.lines(), layout)
        }
    }

    func next() throws -> ProfileRecord? {
        switch source {
        case .separated(let reader): try reader.next().map(ProfileRecord.init)
        case .fixed(let reader, let layout): try reader.next().map { ProfileRecord($0, layout) }
        }
    }
}
