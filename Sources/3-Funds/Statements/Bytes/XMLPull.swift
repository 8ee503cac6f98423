import Clibxml2

/// What a streaming XML parser meets.
enum XMLEvent: Hashable, Sendable {
    /// An element begins; the name is without its prefix.
    case start(String)
    /// Text between tags, CDATA included; blanks alone between elements are left out.
    case text(String)
    case end(String)
}

/// Pulls XML through libxml2's streaming reader. Entities, document types and the network are out of the question.
final class XMLPull {
    /// Deeper nesting than any statement has.
    static let deepest = 100

    private let reader: xmlTextReaderPtr
    private let source: Source
    private var pendingEnd: String?
    private var names: [UnsafePointer<xmlChar>: String] = [:]

    /// Reads from a stream. The encoding is the XML declaration's, or the one given.
    init(_ stream: any ByteStream, encoding: TextEncoding? = nil) throws(StatementError) {
        source = Source(stream)
        let context = Unmanaged.passUnretained(source).toOpaque()
        // NONET: no network. NOENT, DTDLOAD and DTDATTR are left out: nothing is substituted and nothing is loaded.
        let options = Int32(XML_PARSE_NONET.rawValue | XML_PARSE_COMPACT.rawValue)
        // `source` outlives the reader: both are freed with this object, the reader first.
        guard
            let opened = xmlReaderForIO(
                { context, buffer, count in
                    guard let context, let buffer else { return -1 }
                    return Unmanaged<Source>.fromOpaque(context).takeUnretainedValue().read(buffer, count)
                }, { _ in 0 }, context, nil, encoding?.name, options)
        else { throw StatementError(.limit, "no memory for an XML parser") }
        reader = opened
        xmlTextReaderSetStructuredErrorHandler(
            reader,
            { context, error in
                guard let context, let error else { return }
                Unmanaged<Source>.fromOpaque(context).takeUnretainedValue().note(error.pointee)
            }, context)
    }

    deinit { xmlFreeTextReader(reader) }

    /// The line of the current element's start tag, from 1. libxml2 keeps 16 bits of it; behind line 65,534 it is that
    /// of the parser, which may be half a kilobyte ahead.
    var line: Int {
        if let node = xmlTextReaderCurrentNode(reader) {
            let own = Int(xmlGetLineNo(node))
            if (1..<65_535).contains(own) { return own }
        }
        return reachedLine
    }
    /// The line that the parser has reached.
    var reachedLine: Int { max(1, Int(xmlTextReaderGetParserLineNumber(reader))) }
    /// How many bytes the parser has taken: the current element begins before.
    var offset: Int64 { max(0, Int64(xmlTextReaderByteConsumed(reader))) }
    /// The namespace of the current element; empty without one.
    var namespace: String { xmlTextReaderConstNamespaceUri(reader).map { String(cString: $0) } ?? "" }
    /// How deep the current element lies: 0 is the root.
    var depth: Int { Int(xmlTextReaderDepth(reader)) }

    /// An attribute of the element that has just begun, by its name as it is written.
    func attribute(_ name: String) -> String? {
        guard xmlTextReaderMoveToAttribute(reader, name) == 1 else { return nil }
        defer { xmlTextReaderMoveToElement(reader) }
        return xmlTextReaderConstValue(reader).map { String(cString: $0) }
    }

    /// The next event, or nil after the last. Throws `malformed` or `truncated` for what is not XML.
    func next() throws -> XMLEvent? {
        if let name = pendingEnd {
            pendingEnd = nil
            return .end(name)
        }
        while true {
            let result = xmlTextReaderRead(reader)
            if let failure = source.failure { throw failure }
            guard result >= 0 else { throw failure() }
            guard result == 1 else { return nil }
            guard xmlTextReaderDepth(reader) <= Self.deepest else {
                throw StatementError(.limit, "XML nested deeper than \(Self.deepest)", line: line)
            }
            if let event = try event() { return event }
        }
    }

    private func event() throws -> XMLEvent? {
        switch UInt32(xmlTextReaderNodeType(reader)) {
        case XML_READER_TYPE_ELEMENT.rawValue:
            let name = currentName()
            if xmlTextReaderIsEmptyElement(reader) == 1 { pendingEnd = name }
            return .start(name)
        case XML_READER_TYPE_END_ELEMENT.rawValue:
            return .end(currentName())
        case XML_READER_TYPE_TEXT.rawValue, XML_READER_TYPE_CDATA.rawValue,
            XML_READER_TYPE_SIGNIFICANT_WHITESPACE.rawValue:
            return xmlTextReaderConstValue(reader).map { .text(String(cString: $0)) }
        case XML_READER_TYPE_DOCUMENT_TYPE.rawValue, XML_READER_TYPE_ENTITY_REFERENCE.rawValue:
            throw StatementError.malformed("a statement has no document type and no entities of its own", line: line)
        default:
            return nil
        }
    }

    /// libxml2 keeps each name once, so that its address stands for it.
    private func currentName() -> String {
        guard let pointer = xmlTextReaderConstLocalName(reader) else { return "" }
        if let known = names[pointer] { return known }
        let name = String(cString: pointer)
        if names.count < 10_000 { names[pointer] = name }
        return name
    }

    private func failure() -> StatementError {
        let text = "the XML cannot be read: \(source.complaint ?? "it is not well formed")"
        let place = source.complaintLine ?? line
        return source.isEndMissing ? .truncated(text, line: place) : .malformed(text, line: place)
    }

    /// Where libxml2's callbacks find the stream; it remembers what went wrong, because C cannot throw.
    private final class Source {
        let stream: any ByteStream
        var failure: (any Error)?
        var complaint: String?
        var complaintLine: Int?
        var isEndMissing = false

        init(_ stream: any ByteStream) { self.stream = stream }

        func read(_ buffer: UnsafeMutablePointer<CChar>, _ count: Int32) -> Int32 {
            guard count > 0, failure == nil else { return failure == nil ? 0 : -1 }
            do {
                return Int32(
                    try stream.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: Int(count))))
            } catch {
                failure = error
                return -1
            }
        }

        /// Keeps the first error. Warnings, of an odd namespace for one, are no reason to refuse a document.
        func note(_ error: xmlError) {
            guard complaint == nil, error.level.rawValue >= XML_ERR_ERROR.rawValue else { return }
            let message = error.message.map { String(cString: $0) } ?? "it is not well formed"
            complaint = message.split(whereSeparator: \.isNewline).first.map(String.init) ?? message
            complaintLine = Int(error.line)
            isEndMissing =
                error.code == Int32(XML_ERR_TAG_NOT_FINISHED.rawValue)
                || error.code == Int32(XML_ERR_DOCUMENT_END.rawValue)
        }
    }
}
