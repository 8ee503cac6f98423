/// One unpacked file, as a reader gets it. It is read once: one of `stream`, `lines`, `records` and `xml` is called.
public final class StatementInput {
    public let probe: Probe
    public let encoding: TextEncoding
    public let limits: ReadLimits
    private let counter: CountingStream
    private var isTaken = false
    /// Files of the same archive that belong to this one.
    private let beside: [StatementParts.Part]
    private let options: ReadOptions

    init(
        _ stream: any ByteStream, fileName: String, options: ReadOptions, beside: [StatementParts.Part] = []
    ) throws {
        self.beside = beside
        self.options = options
        let counter = CountingStream(stream, limit: options.limits.maxUnpackedBytes)
        let head = try counter.head(Probe.bytes)
        probe = Probe(
            fileName: fileName, head: head, isComplete: head.count < Probe.bytes, encoding: options.encoding)
        encoding = probe.encoding
        limits = options.limits
        self.counter = counter
    }

    /// How many unpacked bytes were read.
    var bytesRead: Int64 { counter.count }

    /// The unpacked bytes.
    public func stream() throws -> any ByteStream {
        precondition(!isTaken, "an input is read once")
        isTaken = true
        return PrefixedStream(probe.head, counter)
    }

    /// The lines, a byte order mark left out. UTF-16 arrives as UTF-8: ask `decoder()` for what fits.
    public func lines() throws -> LineReader {
        let mark = encoding.mark.isEmpty || !probe.head.starts(with: encoding.mark) ? 0 : encoding.mark.count
        let bytes = try stream()
        _ = try bytes.head(mark)
        let isOld = !probe.head.contains(UInt8(ascii: "\n")) && probe.head.contains(UInt8(ascii: "\r"))
        return LineReader(
            encoding.isWide ? try NarrowingStream(bytes, encoding) : bytes, longest: limits.maxLineBytes,
            terminator: UInt8(ascii: isOld ? "\r" : "\n"), offset: Int64(mark))
    }

    /// The records of separated fields.
    public func records(_ dialect: CSVDialect) throws -> CSVReader {
        var dialect = dialect
        dialect.skipsTrailBytes = encoding.hasASCIITrailBytes && dialect.separator >= UInt8(ascii: "@")
        return CSVReader(try lines(), dialect, limits: limits)
    }

    /// The events of an XML file. The encoding is that of its declaration.
    func xml() throws -> XMLPull { try XMLPull(try stream()) }

    /// What lies beside this file in its archive and was recognised as a companion of it.
    func companions() throws -> [StatementInput] {
        try beside.map { try StatementInput(try $0.open(), fileName: $0.fileName, options: options) }
    }

    /// Decodes what `lines` and `records` deliver.
    public func decoder() throws -> TextDecoder { try TextDecoder(encoding.isWide ? .utf8 : encoding) }
}
