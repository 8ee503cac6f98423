/// Walks a document element by element: entered ones child by child, small ones whole.
///
/// What an entered element is not asked for is passed over, so memory is that of the largest part read whole.
final class XMLWalk {
    /// The longest text of one element: the longest field of ISO 20022 has 500 characters, supplements a few thousand.
    static let maximumText = 64 * 1_024
    /// Elements of one part that is held as a tree.
    static let maximumElements = 20_000

    /// An element that was entered.
    struct Cursor {
        let name: String
        /// The root is 1.
        let level: Int
    }

    private let pull: XMLPull
    /// How many elements are open.
    private var level = 0

    init(_ pull: XMLPull) { self.pull = pull }

    /// Of the element that was entered last.
    var line: Int { pull.line }
    /// Where the parser is, which is behind whatever was read.
    var reachedLine: Int { pull.reachedLine }
    var offset: Int64 { pull.offset }
    /// Of the element that was entered last.
    var namespace: String { pull.namespace }

    /// Enters the root element.
    func root() throws -> Cursor {
        while let event = try next() {
            if case .start(let name) = event { return Cursor(name: name, level: level) }
        }
        throw StatementError.malformed("the document has no element", line: line)
    }

    /// Enters the next child of an entered element; nil at that element's end.
    func child(of parent: Cursor) throws -> Cursor? {
        while let event = try next() {
            switch event {
            case .start(let name) where level == parent.level + 1: return Cursor(name: name, level: level)
            case .end where level == parent.level - 1: return nil
            default: break
            }
        }
        throw StatementError.truncated("the document ends inside <\(parent.name)>", line: line)
    }

    /// Reads an entered element whole, with the attributes that are asked for.
    func fragment(_ cursor: Cursor, attributes: [String] = []) throws -> XMLElement {
        var open = [element(cursor.name, attributes)]
        var count = 1
        while let event = try next() {
            switch event {
            case .start(let name):
                count += 1
                guard count <= Self.maximumElements else {
                    throw StatementError(
                        .limit, "<\(cursor.name)> holds more than \(Self.maximumElements) elements", line: line)
                }
                open.append(element(name, attributes))
            case .text(let text):
                let last = open.count - 1
                guard open[last].text.utf8.count + text.utf8.count <= Self.maximumText else {
                    throw StatementError(
                        .limit, "<\(open[last].name)> holds more than \(Self.maximumText) bytes of text", line: line)
                }
                open[last].text += text
            case .end:
                guard var done = open.popLast() else { break }
                done.trimText()
                guard !open.isEmpty else { return done }
                open[open.count - 1].children.append(done)
            }
        }
        throw StatementError.truncated("the document ends inside <\(cursor.name)>", line: line)
    }

    /// Reads to the end: what follows the root element must be well formed, too.
    func finish() throws {
        while try next() != nil {}
    }

    private func element(_ name: String, _ attributes: [String]) -> XMLElement {
        var element = XMLElement(name: name)
        for attribute in attributes {
            if let value = pull.attribute(attribute) { element.attributes[attribute] = value }
        }
        return element
    }

    private func next() throws -> XMLEvent? {
        guard let event = try pull.next() else { return nil }
        switch event {
        case .start: level += 1
        case .end: level -= 1
        case .text: break
        }
        return event
    }
}

/// Leaves out blanks before a document, which some banks send and XML forbids, and counts what passes.
final class DocumentStream: ByteStream {
    private let inner: any ByteStream
    private var hasBegun = false
    private var feeds = 0
    private var returns = 0
    private var last: UInt8 = 0
    /// Blanks that were left out.
    private(set) var leading = 0
    private(set) var bytes: Int64 = 0

    init(_ inner: any ByteStream) { self.inner = inner }

    /// Lines so far, as every other reader counts them: they end with `\n`, or all with `\r`.
    var lines: Int {
        let ends = feeds > 0 ? feeds : returns
        let isEnded = last == 10 || feeds == 0 && last == 13
        return bytes == 0 ? 0 : ends + (isEnded ? 0 : 1)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            let count = try inner.read(into: buffer)
            tally(buffer[..<count])
            guard !hasBegun, count > 0 else { return count }
            let blanks = buffer[..<count].prefix { FieldText.isBlank($0) }.count
            leading += blanks
            if blanks == count { continue }
            hasBegun = true
            guard blanks > 0 else { return count }
            // The two ranges may overlap, which `copyMemory` allows.
            let rest = UnsafeRawBufferPointer(rebasing: buffer[blanks..<count])
            UnsafeMutableRawBufferPointer(rebasing: buffer[..<rest.count]).copyMemory(from: rest)
            return rest.count
        }
    }

    private func tally(_ part: Slice<UnsafeMutableRawBufferPointer>) {
        for byte in part {
            if byte == 10 { feeds += 1 } else if byte == 13 { returns += 1 }
        }
        if let end = part.last { last = end }
        bytes += Int64(part.count)
    }
}
