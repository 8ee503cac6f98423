/// A logical record of a BAI2 file: one physical record with all continuations (88) behind it.
struct BaiRecord {
    /// `01` file, `02` group, `03` account, `16` transaction, and the trailers `49`, `98`, `99`.
    let code: String
    /// The fields, one piece a physical record, without the code and the slash at the end.
    var pieces: [ArraySlice<UInt8>]
    let line: Int
    let offset: Int64
    /// How many physical records it has, which is what trailers count.
    var records = 1
    /// How many lines of the file begin in it.
    var lines: Int

    var fields: BaiFields { BaiFields(pieces) }
}

/// The fields of a record one after the other. A continuation begins a new field.
struct BaiFields {
    private let pieces: [ArraySlice<UInt8>]
    private var piece = 0
    /// What is left of the current piece; nil behind its last field.
    private var rest: ArraySlice<UInt8>?

    init(_ pieces: [ArraySlice<UInt8>]) {
        self.pieces = pieces
        rest = pieces.first
    }

    /// The next field without blanks around; nil behind the last.
    mutating func next() -> ArraySlice<UInt8>? {
        if rest == nil, piece + 1 < pieces.count {
            piece += 1
            rest = pieces[piece]
        }
        guard let current = rest else { return nil }
        guard let comma = current.firstIndex(of: UInt8(ascii: ",")) else {
            rest = nil
            return FieldText.trimmed(current)
        }
        rest = current[(comma + 1)...]
        return FieldText.trimmed(current[..<comma])
    }

    /// True when the field taken last was the last of its piece.
    var isAtPieceEnd: Bool { rest == nil }

    /// Everything that is left: a text may have commas.
    mutating func text() -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        if let rest { parts.append(FieldText.trimmed(rest)) }
        parts += pieces.dropFirst(piece + 1).map(FieldText.trimmed)
        (rest, piece) = (nil, pieces.count)
        return parts.filter { !$0.isEmpty }
    }
}

/// Cuts a file into logical records.
///
/// The standard ends each physical record with a slash; banks end texts with the line alone, write several records on
/// a line, and break long texts over lines without a code. What was cut wrongly does not pass the trailers' sums.
final class BaiRecords {
    /// A record with more continuations than this is refused: memory is bounded.
    static let mostPieces = 10_000
    static let mostBytes = 1 << 20

    private let reader: LineReader
    private let session: ReadSession
    private var pending: BaiRecord?
    private var bytes = 0
    /// The last piece had no slash, so a line without a code may go on with its text.
    private var isOpen = false
    private var queue: [BaiRecord] = []

    init(_ reader: LineReader, _ session: ReadSession) {
        self.reader = reader
        self.session = session
    }

    func next() throws -> BaiRecord? {
        while queue.isEmpty {
            guard let line = try reader.next() else {
                guard let last = pending else { return nil }
                pending = nil
                return last
            }
            if line.isBlank { session.blank() } else { try take(line) }
        }
        return queue.removeFirst()
    }

    private func take(_ line: Line) throws {
        var isFirst = true
        for part in Self.parts(line.bytes) {
            let lines = isFirst ? 1 : 0
            isFirst = false
            if let code = Self.code(part) {
                try take(code, part.dropFirst(3), line, lines: lines)
            } else if isOpen, pending?.code == "16" {
                try extend(part, lines: lines, asText: true, line)
            } else {
                try reject(part, line, lines: lines)
            }
        }
    }

    private func take(_ code: String, _ content: ArraySlice<UInt8>, _ line: Line, lines: Int) throws {
        guard code != "88" else {
            guard pending != nil else { return try reject(content, line, lines: lines) }
            return try extend(content, lines: lines, asText: false, line)
        }
        if let record = pending { queue.append(record) }
        let (body, isEnded) = Self.ended(content)
        bytes = body.count
        isOpen = !isEnded
        pending = BaiRecord(code: code, pieces: [body], line: line.number, offset: line.offset, lines: lines)
    }

    private func extend(_ content: ArraySlice<UInt8>, lines: Int, asText: Bool, _ line: Line) throws {
        let (body, isEnded) = Self.ended(content)
        isOpen = !isEnded
        bytes += body.count
        pending?.pieces.append(body)
        pending?.records += asText ? 0 : 1
        pending?.lines += lines
        guard bytes <= Self.mostBytes, pending?.pieces.count ?? 0 <= Self.mostPieces else {
            throw StatementError(
                .limit, "a record has more than \(Self.mostPieces) continuations or \(Self.mostBytes) bytes",
                line: line.number)
        }
    }

    private func reject(_ part: ArraySlice<UInt8>, _ line: Line, lines: Int) throws {
        try session.reject(
            line: line.number, field: "record code", "is no record of BAI2: \(FieldText.shown(part))", lines: lines)
    }

    /// Without the slash at the end, and whether there was one.
    private static func ended(_ bytes: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, Bool) {
        let trimmed = FieldText.trimmed(bytes)
        guard trimmed.last == UInt8(ascii: "/") else { return (trimmed, false) }
        return (trimmed.dropLast(), true)
    }

    static let codes: Set<String> = ["01", "02", "03", "16", "49", "88", "98", "99"]

    /// The code that a record begins with; nil for anything else.
    static func code(_ bytes: ArraySlice<UInt8>) -> String? {
        let head = bytes.prefix(3)
        guard head.last == UInt8(ascii: ","), head.count == 3 else { return nil }
        let code = String(decoding: head.dropLast(), as: UTF8.self)
        return codes.contains(code) ? code : nil
    }

    /// The records of a line: a slash, at least one blank and a record's code with its comma begin another one.
    static func parts(_ line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var start = line.startIndex
        var index = start
        while let slash = line[index...].firstIndex(of: UInt8(ascii: "/")) {
            index = slash + 1
            let rest = line[index...].drop(while: FieldText.isBlank)
            guard rest.startIndex > index, code(rest) != nil else { continue }
            parts.append(FieldText.trimmed(line[start..<index]))
            start = rest.startIndex
            index = start
        }
        parts.append(FieldText.trimmed(line[start...]))
        return parts
    }
}
