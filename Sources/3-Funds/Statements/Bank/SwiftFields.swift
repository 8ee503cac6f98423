/// A tagged field of a SWIFT message of category 9: `:61:` with all lines that belong to it.
struct SwiftField {
    /// The characters between the colons: `61`, `60F`, `28C`.
    let tag: String
    /// The content line by line, without the tag; blank lines are left out.
    var lines: [ArraySlice<UInt8>]
    /// The line of the tag, from 1, and where it begins in the file.
    let number: Int
    let offset: Int64
    /// How many lines of the file it has, without blank ones.
    var count = 1

    /// The first line without the blanks around.
    var first: ArraySlice<UInt8> { FieldText.trimmed(lines[0]) }
}

/// What a file of SWIFT messages consists of.
enum SwiftEvent {
    case field(SwiftField)
    /// The end of a message: `-}`, a line with a single hyphen, or the blocks of the next message.
    case end(line: Int)
}

/// Cuts a file into messages and fields. It takes messages with their blocks (`{1:…}{2:…}{4:` … `-}`) and without,
/// several in a file, and the lines that banks put around them.
final class SwiftFields {
    /// A field has at most six lines of 65 characters; banks send longer ones, and none this long.
    static let mostLines = 1_000
    static let mostBytes = 64 << 10

    private let reader: LineReader
    private let session: ReadSession
    private var pending: SwiftField?
    private var queue: [SwiftEvent] = []
    /// Inside a message lines without a tag continue a field; outside they are the bank's decoration.
    private var isInside = false
    /// A closing balance was seen: what follows with a hyphen is the end and no text.
    private var isClosing = false
    /// The message type of the last application header: `940`.
    private(set) var messageType = ""

    init(_ reader: LineReader, _ session: ReadSession) {
        self.reader = reader
        self.session = session
    }

    func next() throws -> SwiftEvent? {
        while queue.isEmpty {
            guard let line = try reader.next() else {
                try flush()
                guard isInside else { return queue.isEmpty ? nil : queue.removeFirst() }
                isInside = false
                queue.append(.end(line: 0))
                break
            }
            try take(line)
        }
        return queue.isEmpty ? nil : queue.removeFirst()
    }

    private func take(_ line: Line) throws {
        let bytes = line.bytes
        if line.isBlank { return session.blank() }
        if bytes.contains(UInt8(ascii: "{")), let blocks = Self.blocks(bytes) {
            return try takeBlocks(blocks, line)
        }
        if let tag = Self.tag(bytes) { return try begin(tag, bytes.dropFirst(tag.utf8.count + 2), line) }
        if isInside, isEnd(bytes) {
            try flush()
            isInside = false
            session.trailer()
            queue.append(.end(line: line.number))
            return
        }
        guard isInside, pending != nil else { return session.header() }
        try extend(bytes, line)
    }

    private func extend(_ bytes: ArraySlice<UInt8>, _ line: Line) throws {
        pending?.lines.append(bytes)
        pending?.count += 1
        guard pending?.count ?? 0 <= Self.mostLines else {
            throw StatementError(.limit, "a field has more than \(Self.mostLines) lines", line: line.number)
        }
    }

    private func begin(_ tag: String, _ content: ArraySlice<UInt8>, _ line: Line) throws {
        try flush()
        isInside = true
        if tag == "20" { isClosing = false }
        if tag.hasPrefix("62") || tag.hasPrefix("90") { isClosing = true }
        pending = SwiftField(tag: tag, lines: [content], number: line.number, offset: line.offset)
    }

    private func flush() throws {
        guard let field = pending else { return }
        pending = nil
        guard field.lines.reduce(0, { $0 + $1.count }) <= Self.mostBytes else {
            throw StatementError(
                .limit, "field :\(field.tag): has more than \(Self.mostBytes) bytes", line: field.number)
        }
        queue.append(.field(field))
    }

    /// `-`, `-}` and, behind a closing balance, whatever a bank writes after the hyphen (`-XXX`, `-` and a control).
    private func isEnd(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.first == UInt8(ascii: "-") else { return false }
        let rest = FieldText.trimmed(bytes.dropFirst())
        return rest.isEmpty || rest.first == UInt8(ascii: "}") || rest.allSatisfy { $0 < 0x20 } || isClosing
    }

    /// A line of message blocks ends the message before and begins the next, where it opens a text block.
    private func takeBlocks(_ blocks: Blocks, _ line: Line) throws {
        try flush()
        if isInside { queue.append(.end(line: line.number)) }
        isInside = blocks.opensText
        isClosing = false
        if let type = blocks.messageType { messageType = type }
        guard let text = blocks.text, let tag = Self.tag(text) else { return session.header() }
        try begin(tag, text.dropFirst(tag.utf8.count + 2), line)
    }

    struct Blocks {
        var messageType: String?
        var opensText = false
        /// The first field, where it stands on the line of the blocks.
        var text: ArraySlice<UInt8>?
    }

    /// Reads `{1:F01…}{2:O940…}{4:`, also behind the `-}` of the message before; nil for any other line.
    static func blocks(_ bytes: ArraySlice<UInt8>) -> Blocks? {
        var rest = bytes.drop { FieldText.isBlank($0) || $0 < 0x20 }
        if rest.starts(with: Array("-}".utf8)) { rest = rest.dropFirst(2) }
        guard rest.first == UInt8(ascii: "{"), rest.dropFirst(2).first == UInt8(ascii: ":") else { return nil }
        var blocks = Blocks()
        // The blocks' own ends are not looked for: a block within a block (`{3:{108:…}}`) does not matter here.
        while let open = rest.firstIndex(of: UInt8(ascii: "{")), let number = rest[(open + 1)...].first {
            let content = rest[open...].dropFirst(3)
            rest = content
            if number == UInt8(ascii: "2"), content.count >= 4 {
                blocks.messageType = String(decoding: content.dropFirst().prefix(3), as: UTF8.self)
            }
            guard number == UInt8(ascii: "4") else { continue }
            blocks.opensText = true
            let text = FieldText.trimmed(content)
            if !text.isEmpty { blocks.text = text }
            break
        }
        return blocks
    }

    /// The tag that a line begins with; nil when it begins with none of a statement's.
    static func tag(_ bytes: ArraySlice<UInt8>) -> String? {
        guard bytes.first == UInt8(ascii: ":") else { return nil }
        let inside = bytes.dropFirst().prefix(4)
        guard let end = inside.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let tag = inside[..<end]
        guard (2...3).contains(tag.count), let text = String(validating: tag, as: UTF8.self),
            known.contains(String(text.prefix(2))), text.dropFirst(2).allSatisfy({ $0.isASCII && $0.isUppercase })
        else { return nil }
        return text
    }

    /// Fields of MT940, MT941, MT942 and MT950, and `NS`, which Italian banks add. What looks like another tag is text.
    private static let known: Set<String> = [
        "13", "20", "21", "23", "25", "28", "34", "60", "61", "62", "64", "65", "86", "90", "NS"
    ]
}
