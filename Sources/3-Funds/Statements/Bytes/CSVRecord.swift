/// How fields are separated, quoted and decorated.
public struct CSVDialect: Hashable, Sendable {
    public var separator = UInt8(ascii: ",")
    /// RFC 4180: quotes count at the beginning of a field, two within are one. Nil: they are ordinary characters.
    public var quote: UInt8? = UInt8(ascii: "\"")
    /// Whether a quoted field may reach over several lines. When not, a quote that is not closed is ordinary.
    public var spansLines = true
    /// Blanks around a field are decoration.
    public var trims = true
    /// WeChat's bills: in a line that begins with a backtick, fields are separated by a comma and a backtick.
    public var backticks = false
    /// The second byte of a character may look like a separator from `@` upwards (a `|` in GBK).
    var skipsTrailBytes = false

    public init(separator: UInt8 = UInt8(ascii: ","), quote: UInt8? = UInt8(ascii: "\"")) {
        self.separator = separator
        self.quote = quote
    }

    public static let csv = CSVDialect()
    public static let tsv = CSVDialect(separator: UInt8(ascii: "\t"))
    public static let wechat: CSVDialect = {
        var dialect = CSVDialect()
        dialect.backticks = true
        dialect.spansLines = false
        return dialect
    }()
    /// Alipay's exports: quotes are rare and stay within a line.
    public static let oneLine: CSVDialect = {
        var dialect = CSVDialect()
        dialect.spansLines = false
        return dialect
    }()
}

/// One record of separated fields, still undecoded.
public struct CSVRecord {
    struct Field {
        var start: Int
        var end: Int
        /// Quotes stand within: they have to be taken out.
        var isEscaped: Bool
    }

    /// The first line of the record, from 1, and how many it has.
    public let line: Int
    public let lines: Int
    /// Where it begins in the unpacked file, in bytes.
    public let offset: Int64
    /// All bytes of the record, as they stand.
    public let raw: ArraySlice<UInt8>
    let fields: [Field]
    let dialect: CSVDialect

    public var count: Int { fields.count }

    /// Nothing but blanks.
    public var isBlank: Bool { raw.allSatisfy(FieldText.isBlank) }

    /// Nothing but blanks and separators: what a spreadsheet makes of an empty line.
    public var isEmpty: Bool {
        let separator = dialect.separator
        return raw.allSatisfy { FieldText.isBlank($0) || $0 == separator }
    }

    /// A field without quotes and without the blanks around it. `index` must be below `count`.
    public func bytes(_ index: Int) -> ArraySlice<UInt8> {
        let field = fields[index]
        var content = raw[field.start..<field.end]
        if field.isEscaped, let quote = dialect.quote { content = Self.unescaped(content, quote) }
        if dialect.trims { content = FieldText.trimmed(content) }
        return dialect.backticks && content.first == UInt8(ascii: "`") ? content.dropFirst() : content
    }

    /// Whether a field has nothing in it.
    func isEmpty(_ index: Int) -> Bool {
        let field = fields[index]
        if field.start == field.end { return true }
        // Most fields begin with what they hold.
        if !field.isEscaped, !FieldText.isBlank(raw[field.start]), raw[field.start] != UInt8(ascii: "`") {
            return false
        }
        return bytes(index).isEmpty
    }

    /// The same bytes in place, for as long as `body` runs: no slice is made.
    func withBytes<Value>(
        _ index: Int, _ body: (UnsafeBufferPointer<UInt8>) throws(FieldProblem) -> Value
    ) throws(FieldProblem) -> Value {
        let field = fields[index]
        guard !field.isEscaped else {
            return try bytes(index).withUnsafeBufferPointer { (bytes) throws(FieldProblem) in try body(bytes) }
        }
        let first = raw.startIndex
        let dialect = dialect
        return try raw.withUnsafeBufferPointer { (whole) throws(FieldProblem) in
            var start = field.start - first
            var end = field.end - first
            if dialect.trims {
                while start < end, FieldText.isBlank(whole[start]) { start += 1 }
                while start < end, FieldText.isBlank(whole[end - 1]) { end -= 1 }
            }
            if dialect.backticks, start < end, whole[start] == UInt8(ascii: "`") { start += 1 }
            return try body(UnsafeBufferPointer(rebasing: whole[start..<end]))
        }
    }

    /// The same record cut at every separator, for lines whose decoration is missing in places.
    func plain() -> CSVRecord {
        var fields: [Field] = []
        var start = raw.startIndex
        for index in raw.indices where raw[index] == dialect.separator {
            fields.append(Field(start: start, end: index, isEscaped: false))
            start = index + 1
        }
        fields.append(Field(start: start, end: raw.endIndex, isEscaped: false))
        return CSVRecord(line: line, lines: lines, offset: offset, raw: raw, fields: fields, dialect: dialect)
    }

    private static func unescaped(_ content: ArraySlice<UInt8>, _ quote: UInt8) -> ArraySlice<UInt8> {
        var plain: [UInt8] = []
        plain.reserveCapacity(content.count)
        var isQuoted = false
        var index = content.startIndex
        while index < content.endIndex {
            let byte = content[index]
            if byte != quote {
                plain.append(byte)
            } else if isQuoted, index + 1 < content.endIndex, content[index + 1] == quote {
                plain.append(quote)
                index += 1
            } else {
                isQuoted.toggle()
            }
            index += 1
        }
        return plain[...]
    }
}
