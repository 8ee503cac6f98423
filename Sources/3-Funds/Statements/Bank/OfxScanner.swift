/// What a file of OFX consists of, in either of its syntaxes.
enum OfxEvent: Equatable {
    /// An aggregate begins: it has elements within.
    case open(String)
    /// An element with its text, which may be empty.
    case value(String, String)
    case close(String)
}

/// Where events come from, and where in the file they stand.
protocol OfxSource: AnyObject {
    func next() throws -> OfxEvent?
    /// The line of the last event's tag, from 1.
    var line: Int { get }
    /// Where that tag begins in the file, as nearly as the parser tells.
    var offset: Int64 { get }
}

/// OFX 2: well-formed XML, read by libxml2.
final class OfxXML: OfxSource {
    private let xml: XMLPull
    private let stream: DocumentStream
    private var current: (name: String, text: String)?
    private var queue: [OfxEvent] = []

    init(_ xml: XMLPull, _ stream: DocumentStream) {
        self.xml = xml
        self.stream = stream
    }

    var line: Int { min(xml.line, stream.lines) }
    var offset: Int64 { min(xml.offset + Int64(stream.leading), max(0, stream.bytes - 1)) }

    func next() throws -> OfxEvent? {
        while queue.isEmpty {
            switch try xml.next() {
            case .start(let name):
                if let parent = current { queue.append(.open(parent.name)) }
                current = (name, "")
            case .text(let text):
                current?.text += text
                guard current?.text.utf8.count ?? 0 <= OfxScanner.longestText else {
                    throw StatementError(.limit, "an element has too long a text", line: line)
                }
            case .end(let name):
                if let leaf = current {
                    queue.append(.value(leaf.name, leaf.text.trimmingSpace()))
                    current = nil
                } else {
                    queue.append(.close(name))
                }
            case nil: return nil
            }
        }
        return queue.removeFirst()
    }
}

/// OFX 1: SGML whose elements need no end. What has a text is an element; which of the others are aggregates is known
/// from the specification, because an empty element looks like the beginning of one.
final class OfxScanner: OfxSource {
    /// No text of the specification is longer than 390 characters.
    static let longestText = 64 << 10
    private static let longestTag = 1 << 10

    private let stream: any ByteStream
    private let text: BankText
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)
    private var start = 0
    private var end = 0
    private var pushed: [UInt8] = []

    /// The line and the place that the next byte has.
    private(set) var lineAhead = 1
    private var offsetAhead: Int64 = 0
    private(set) var line = 1
    private(set) var offset: Int64 = 0
    /// True when the last byte ended a line, so that no line is open.
    private var isAtLineStart = true

    private var current: (name: String, text: [UInt8])?
    private var queue: [(event: OfxEvent, line: Int, offset: Int64)] = []
    private var tagLine = 1
    private var tagOffset: Int64 = 0
    private var isAtEnd = false

    init(_ stream: any ByteStream, _ text: BankText) {
        self.stream = stream
        self.text = text
    }

    /// How many lines the file has so far.
    var lines: Int { isAtLineStart ? lineAhead - 1 : lineAhead }

    func next() throws -> OfxEvent? {
        while queue.isEmpty {
            if isAtEnd { return nil }
            try step()
        }
        let first = queue.removeFirst()
        (line, offset) = (first.line, first.offset)
        return first.event
    }

    private func emit(_ event: OfxEvent) { queue.append((event, tagLine, tagOffset)) }

    /// Reads text up to a tag, and the tag.
    private func step() throws {
        try takeText()
        guard let byte = try take() else {
            isAtEnd = true
            return try flush()
        }
        guard byte == UInt8(ascii: "<") else { return try append([byte]) }
        let (line, offset) = (lineAhead, offsetAhead - 1)
        guard let tag = try tag() else { return }
        if tag.hasPrefix("/") {
            try close(String(tag.dropFirst()), line, offset)
        } else {
            try flush()
            (tagLine, tagOffset) = (line, offset)
            current = (tag, [])
        }
    }

    /// Text as far as it is in the buffer, at once.
    private func takeText() throws {
        guard pushed.isEmpty, start < end else { return }
        let stop = buffer[start..<end].firstIndex(of: UInt8(ascii: "<")) ?? end
        guard stop > start else { return }
        let run = buffer[start..<stop]
        offsetAhead += Int64(run.count)
        lineAhead += run.count { $0 == 0x0A }
        isAtLineStart = run.last == 0x0A
        start = stop
        try append(run)
    }

    private func close(_ name: String, _ line: Int, _ offset: Int64) throws {
        if let leaf = current, leaf.name == name {
            let isEmpty = leaf.text.allSatisfy(FieldText.isBlank)
            if isEmpty, Self.aggregates.contains(name) {
                emit(.open(name))
                (tagLine, tagOffset) = (line, offset)
                emit(.close(name))
            } else {
                emit(.value(name, try value(leaf.text)))
            }
            current = nil
            return
        }
        try flush()
        (tagLine, tagOffset) = (line, offset)
        emit(.close(name))
    }

    /// A tag that needed no end is over when the next one begins.
    private func flush() throws {
        guard let leaf = current else { return }
        current = nil
        if leaf.text.allSatisfy(FieldText.isBlank), Self.aggregates.contains(leaf.name) {
            emit(.open(leaf.name))
        } else {
            emit(.value(leaf.name, try value(leaf.text)))
        }
    }

    private func append(_ bytes: some Sequence<UInt8>) throws {
        guard current != nil else { return }
        current?.text.append(contentsOf: bytes)
        guard current?.text.count ?? 0 <= Self.longestText else {
            throw StatementError(
                .limit, "<\(current?.name ?? "")> has more than \(Self.longestText) bytes", line: lineAhead)
        }
    }

    private func value(_ bytes: [UInt8]) throws -> String {
        do {
            return OfxText.unescaped(try text.string(FieldText.trimmed(bytes[...])))
        } catch {
            throw StatementError(.encoding, error.reason, line: tagLine)
        }
    }

    // MARK: Tags

    /// The name in a tag; nil when it was none: an instruction, a comment, or a `<` of the text, which is kept.
    private func tag() throws -> String? {
        var bytes: [UInt8] = []
        while let byte = try take() {
            if byte == UInt8(ascii: ">") { break }
            // A tag never holds another one: the first `<` was text.
            if byte == UInt8(ascii: "<") || bytes.count >= Self.longestTag {
                pushed.append(byte)
                unread(byte)
                try append([UInt8(ascii: "<")] + bytes)
                return nil
            }
            bytes.append(byte)
            if bytes.elementsEqual("![CDATA[".utf8) {
                try append(try through("]]>"))
                return nil
            }
            if bytes.elementsEqual("!--".utf8) {
                _ = try through("-->")
                return nil
            }
        }
        if bytes.first == UInt8(ascii: "?") || bytes.first == UInt8(ascii: "!") { return nil }
        guard let name = OfxText.name(bytes) else {
            try append([UInt8(ascii: "<")] + bytes + [UInt8(ascii: ">")])
            return nil
        }
        return name
    }

    private func through(_ mark: String) throws -> [UInt8] {
        let mark = Array(mark.utf8)
        var bytes: [UInt8] = []
        while let byte = try take() {
            bytes.append(byte)
            if bytes.suffix(mark.count) == mark[...] { return bytes.dropLast(mark.count) }
            guard bytes.count <= Self.longestText else {
                throw StatementError(
                    .limit, "a marked section has more than \(Self.longestText) bytes", line: lineAhead)
            }
        }
        throw StatementError.truncated("the file ends inside a marked section", line: lineAhead)
    }

    // MARK: Bytes

    private func take() throws -> UInt8? {
        let byte: UInt8
        if let again = pushed.popLast() {
            byte = again
        } else {
            if start == end {
                start = 0
                end = try buffer.withUnsafeMutableBytes { try stream.read(into: $0) }
                if end == 0 { return nil }
            }
            byte = buffer[start]
            start += 1
        }
        offsetAhead += 1
        isAtLineStart = byte == 0x0A
        if isAtLineStart { lineAhead += 1 }
        return byte
    }

    /// Only `<` and the byte after a very long tag are given back.
    private func unread(_ byte: UInt8) {
        offsetAhead -= 1
        if byte == 0x0A { lineAhead -= 1 }
    }
}
