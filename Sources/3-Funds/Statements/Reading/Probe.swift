/// The beginning of a file, for the readers to recognise.
public struct Probe: Sendable {
    /// How much of a file is looked at.
    public static let bytes = 64 << 10

    /// The name without folders; of an archive's entry its own name.
    public let fileName: String
    /// The first bytes, unpacked; of a sheet its rows as CSV.
    public let head: [UInt8]
    /// True when `head` is the whole file.
    public let isComplete: Bool
    /// What the bytes are encoded in, as far as they show.
    public let encoding: TextEncoding
    /// The head as text, without a byte order mark; nil when it is no text at all.
    public let text: String?
    /// The lines of the head without their ends; the last one may be cut.
    public let lines: [Substring]

    init(fileName: String, head: [UInt8], isComplete: Bool, encoding forced: TextEncoding?) {
        self.fileName = fileName
        self.head = head
        self.isComplete = isComplete
        encoding = forced ?? TextEncoding.guess(head, isComplete: isComplete)
        text = encoding.decodeHead(head, isComplete: isComplete)
        lines = (text ?? "").split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
    }
}
