/// One record of a CSV file.
public struct CSVRecord: Hashable, Sendable {
    /// The line of the file on which the record begins, from 1.
    public let line: Int
    public let fields: [String]
}

/// Why a file is not CSV, and where.
public struct CSVError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        case unclosedQuote, strayQuote, textAfterQuote, invalidUTF8, nulCharacter, fieldTooLarge, recordTooLarge
        case tooManyFields
    }

    public let code: Code
    /// The line of the file, from 1.
    public let line: Int
    /// The field within its record, from 1.
    public let field: Int
    public let rule: String

    public var description: String { "line \(line), field \(field): \(rule)" }
}

/// Reads CSV as RFC 4180 writes it, record by record from chunks of bytes, in bounded memory.
///
/// Beyond the RFC it takes a UTF-8 byte order mark and lone line feeds or carriage returns as ends of lines, and skips
/// empty lines. What is not UTF-8, holds NUL, breaks the rules of quoting or exceeds a limit throws with its line.
/// After an error the reader yields nothing more.
public struct CSVReader {
    public struct Limits: Sendable {
        public var fieldBytes = 1 << 20
        public var recordBytes = 4 << 20
        public var fields = 1_024

        public init() {}
    }

    private enum State { case fieldStart, plain, quoted, afterQuote }

    private let limits: Limits
    private let read: () throws -> [UInt8]?
    private var chunk: [UInt8] = []
    private var position = 0
    private var line = 1
    private var started = false
    private var ended = false

    /// `read` gives the next bytes of the file, nil at its end; empty chunks are allowed.
    public init(limits: Limits = Limits(), read: @escaping () throws -> [UInt8]?) {
        self.limits = limits
        self.read = read
    }

    /// The next record, or nil at the end of the file.
    public mutating func next() throws -> CSVRecord? {
        while !ended {
            do {
                if let record = try record() { return record }
            } catch {
                ended = true
                throw error
            }
        }
        return nil
    }

    /// One record, or nil for an empty line or the end of the file.
    private mutating func record() throws -> CSVRecord? {
        if !started {
            started = true
            try skipByteOrderMark()
        }
        var work = Work(line: line, fieldLine: line)
        var state = State.fieldStart
        while true {
            guard try fill() else {
                ended = true
                guard state != .quoted else {
                    throw error(.unclosedQuote, work, "a quote is opened here and never closed")
                }
                return try work.isEmptyLine ? nil : finish(&work)
            }
            switch state {
            case .fieldStart where chunk[position] == Byte.quote:
                position += 1
                work.fieldLine = line
                work.wasQuoted = true
                state = .quoted
            case .fieldStart, .plain:
                try takeText(&work) { $0 == Byte.comma || $0 == Byte.lineFeed || $0 == Byte.return || $0 == Byte.quote }
                guard position < chunk.count else {
                    state = .plain
                    continue
                }
                if chunk[position] == Byte.quote {
                    work.fieldLine = line
                    throw error(.strayQuote, work, "a quote stands inside a field that does not begin with one")
                }
                if try endField(&work) { return try work.isEmptyLine ? nil : finish(&work) }
                state = .fieldStart
            case .quoted:
                try takeText(&work) { $0 == Byte.quote }
                guard position < chunk.count else { continue }
                position += 1
                state = .afterQuote
            case .afterQuote:
                if chunk[position] == Byte.quote {
                    work.bytes.append(Byte.quote)
                    position += 1
                    state = .quoted
                } else {
                    guard [Byte.comma, Byte.lineFeed, Byte.return].contains(chunk[position]) else {
                        work.fieldLine = line
                        throw error(.textAfterQuote, work, "text follows a closing quote; quotes inside are doubled")
                    }
                    if try endField(&work) { return try finish(&work) }
                    state = .fieldStart
                }
            }
        }
    }

    /// Appends bytes up to the first that `stops`, counting lines and watching the limits.
    private mutating func takeText(_ work: inout Work, until stops: (UInt8) -> Bool) throws {
        var end = position
        var lines = 0
        chunk.withUnsafeBufferPointer { bytes in
            while end < bytes.count, !stops(bytes[end]) {
                if bytes[end] == Byte.lineFeed { lines += 1 }
                end += 1
            }
        }
        let size = work.bytes.count + end - position
        guard size <= limits.fieldBytes else {
            let cause = work.wasQuoted ? "; the quote that opens it may never be closed" : ""
            throw error(.fieldTooLarge, work, "a field is longer than \(limits.fieldBytes) bytes\(cause)")
        }
        guard work.recordBytes + size <= limits.recordBytes else {
            throw error(.recordTooLarge, work, "a record is longer than \(limits.recordBytes) bytes")
        }
        work.bytes.append(contentsOf: chunk[position..<end])
        position = end
        line += lines
    }

    /// Ends the field at a comma or a line's end; true when the record has ended with it.
    private mutating func endField(_ work: inout Work) throws -> Bool {
        let end = chunk[position]
        position += 1
        if end == Byte.comma {
            try close(&work)
            work.fieldLine = line
            return false
        }
        if end == Byte.return, try fill(), chunk[position] == Byte.lineFeed { position += 1 }
        line += 1
        return true
    }

    private func finish(_ work: inout Work) throws -> CSVRecord {
        try close(&work)
        return CSVRecord(line: work.line, fields: work.fields)
    }

    private func close(_ work: inout Work) throws {
        guard work.fields.count < limits.fields else {
            throw error(.tooManyFields, work, "a record has more than \(limits.fields) fields")
        }
        guard let text = String(validating: work.bytes, as: UTF8.self) else {
            // A line feed is never part of a longer UTF-8 sequence, so the first bad line can be told apart.
            let lines = work.bytes.split(separator: Byte.lineFeed, omittingEmptySubsequences: false)
            let bad = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
            work.fieldLine += bad
            throw error(.invalidUTF8, work, "the text is not UTF-8; save the file as CSV UTF-8")
        }
        guard !work.bytes.contains(0) else {
            throw error(.nulCharacter, work, "the text holds a NUL character; is the file UTF-16?")
        }
        work.fields.append(text)
        work.recordBytes += work.bytes.count
        work.bytes.removeAll(keepingCapacity: true)
        work.wasQuoted = false
    }

    /// Makes sure that a byte is at `position`; false at the end of the file.
    private mutating func fill() throws -> Bool {
        while position >= chunk.count {
            guard let next = try read() else { return false }
            chunk = next
            position = 0
        }
        return true
    }

    private mutating func skipByteOrderMark() throws {
        while chunk.count < 3, let more = try read() { chunk += more }
        if chunk.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        if chunk.starts(with: [0xFF, 0xFE]) || chunk.starts(with: [0xFE, 0xFF]) {
            throw CSVError(
                code: .invalidUTF8, line: 1, field: 1, rule: "the file is UTF-16; save it as CSV UTF-8")
        }
    }

    private func error(_ code: CSVError.Code, _ work: Work, _ rule: String) -> CSVError {
        CSVError(code: code, line: work.fieldLine, field: work.fields.count + 1, rule: rule)
    }

    /// The record being read.
    private struct Work {
        let line: Int
        var fieldLine: Int
        var fields: [String] = []
        var bytes: [UInt8] = []
        var recordBytes = 0
        var wasQuoted = false

        var isEmptyLine: Bool { fields.isEmpty && bytes.isEmpty && !wasQuoted }
    }

    private enum Byte {
        static let quote = UInt8(ascii: "\"")
        static let comma = UInt8(ascii: ",")
        static let lineFeed = UInt8(ascii: "\n")
        static let `return` = UInt8(ascii: "\r")
    }
}
