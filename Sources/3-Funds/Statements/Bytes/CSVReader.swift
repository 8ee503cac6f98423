import Glibc

/// Cuts lines into fields, before anything is decoded.
public final class CSVReader {
    private let lines: LineReader
    private let dialect: CSVDialect
    private let limits: ReadLimits
    private var fields: [CSVRecord.Field] = []

    init(_ lines: LineReader, _ dialect: CSVDialect, limits: ReadLimits) {
        self.lines = lines
        self.dialect = dialect
        self.limits = limits
    }

    /// The next record, blank ones too, or nil after the last.
    public func next() throws -> CSVRecord? {
        guard let line = try lines.next() else { return nil }
        if dialect.backticks, line.bytes.first == UInt8(ascii: "`") {
            return try record(line, line.bytes, splitBackticks(line.bytes))
        }
        guard let quote = dialect.quote, Self.contains(line.bytes, quote) else {
            return try record(line, line.bytes, split(line.bytes))
        }
        if let whole = splitQuoted(line.bytes, quote, isLast: !dialect.spansLines) {
            return try record(line, line.bytes, whole)
        }
        return try continued(line, quote)
    }

    private static func contains(_ bytes: ArraySlice<UInt8>, _ byte: UInt8) -> Bool {
        bytes.withUnsafeBytes { bytes in
            bytes.baseAddress.map { memchr($0, Int32(byte), bytes.count) != nil } ?? false
        }
    }

    /// A record whose quoted field goes on in the next lines.
    private func continued(_ first: Line, _ quote: UInt8) throws -> CSVRecord {
        var bytes = Array(first.bytes)
        var count = 1
        while let line = try lines.next() {
            bytes.append(UInt8(ascii: "\n"))
            bytes.append(contentsOf: line.bytes)
            count += 1
            guard bytes.count <= limits.maxLineBytes else { break }
            // Only a line with a quote can close the field; others need not be looked at again.
            guard Self.contains(line.bytes, quote), let whole = splitQuoted(bytes[...], quote, isLast: false) else {
                continue
            }
            return try record(first, bytes[...], whole, lines: count)
        }
        throw StatementError.malformed("a quote is opened and never closed", line: first.number)
    }

    private func record(
        _ line: Line, _ bytes: ArraySlice<UInt8>, _ fields: [CSVRecord.Field], lines: Int = 1
    ) throws -> CSVRecord {
        guard fields.count <= limits.maxFields else {
            throw StatementError(
                .limit, "has \(fields.count) fields, \(limits.maxFields) are allowed", line: line.number)
        }
        return CSVRecord(
            line: line.number, lines: lines, offset: line.offset, raw: bytes, fields: fields, dialect: dialect)
    }

    /// Without quotes: separators alone count.
    private func split(_ bytes: ArraySlice<UInt8>) -> [CSVRecord.Field] {
        let first = bytes.startIndex
        let (separator, skips) = (dialect.separator, dialect.skipsTrailBytes)
        var fields: [CSVRecord.Field] = []
        fields.reserveCapacity(32)
        bytes.withUnsafeBufferPointer { bytes in
            var start = 0
            var index = 0
            while index < bytes.count {
                if skips, bytes[index] >= 0x81 {
                    index += 2
                    continue
                }
                if bytes[index] == separator {
                    fields.append(CSVRecord.Field(start: first + start, end: first + index, isEscaped: false))
                    start = index + 1
                }
                index += 1
            }
            fields.append(CSVRecord.Field(start: first + start, end: first + bytes.count, isEscaped: false))
        }
        return fields
    }

    /// A line that begins with a backtick: a comma counts when a backtick follows it.
    private func splitBackticks(_ bytes: ArraySlice<UInt8>) -> [CSVRecord.Field] {
        let first = bytes.startIndex
        let separator = dialect.separator
        var fields: [CSVRecord.Field] = []
        fields.reserveCapacity(32)
        bytes.withUnsafeBufferPointer { bytes in
            var start = 1
            var index = 1
            while index + 1 < bytes.count {
                if bytes[index] == separator, bytes[index + 1] == UInt8(ascii: "`") {
                    fields.append(CSVRecord.Field(start: first + start, end: first + index, isEscaped: false))
                    start = index + 2
                    index = start
                } else {
                    index += 1
                }
            }
            fields.append(CSVRecord.Field(start: first + start, end: first + bytes.count, isEscaped: false))
        }
        return fields
    }

    /// With quotes; nil when the last one is not closed and the record may go on. On the last chance (`isLast`) a
    /// quote that stays open is an ordinary character.
    private func splitQuoted(_ bytes: ArraySlice<UInt8>, _ quote: UInt8, isLast: Bool) -> [CSVRecord.Field]? {
        var fields: [CSVRecord.Field] = []
        var index = bytes.startIndex
        while true {
            var start = index
            while start < bytes.endIndex, bytes[start] == 0x20 || bytes[start] == 0x09,
                bytes[start] != dialect.separator
            {
                start += 1
            }
            let isQuoted = start < bytes.endIndex && bytes[start] == quote
            if isQuoted, let close = closing(bytes, quote, after: start) {
                let end = separator(in: bytes, from: close + 1)
                fields.append(CSVRecord.Field(start: start, end: end, isEscaped: true))
                index = end
            } else {
                if isQuoted, !isLast { return nil }
                let end = separator(in: bytes, from: index)
                fields.append(CSVRecord.Field(start: index, end: end, isEscaped: false))
                index = end
            }
            guard index < bytes.endIndex else { return fields }
            index += 1
        }
    }

    private func separator(in bytes: ArraySlice<UInt8>, from index: Int) -> Int {
        var index = index
        while index < bytes.endIndex, bytes[index] != dialect.separator {
            index += dialect.skipsTrailBytes && bytes[index] >= 0x81 ? 2 : 1
        }
        return min(index, bytes.endIndex)
    }

    /// The quote that closes the one at `open`: the next that is not doubled.
    private func closing(_ bytes: ArraySlice<UInt8>, _ quote: UInt8, after open: Int) -> Int? {
        var index = open + 1
        while index < bytes.endIndex {
            if bytes[index] == quote {
                guard index + 1 < bytes.endIndex, bytes[index + 1] == quote else { return index }
                index += 1
            }
            index += 1
        }
        return nil
    }
}
