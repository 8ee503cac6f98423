public import Money

/// Bounds of reading: a file that passes one is refused, whatever it claims to be.
public struct ReadLimits: Hashable, Sendable {
    /// How many lines may be bad before the file is refused.
    public var maxRejected = 0
    /// How many rejected lines a summary lists; all are counted.
    public var maxListedRejects = 1000
    /// The longest line or quoted record, in bytes.
    public var maxLineBytes = 1 << 20
    /// The most columns of one record.
    public var maxFields = 4096
    /// The largest unpacked file. A bomb is stopped here, and a real day of any channel is far below.
    public var maxUnpackedBytes: Int64 = 1 << 40
    /// The shared strings of a workbook are all it keeps in memory.
    public var maxWorkbookStringBytes = 256 << 20
    /// The most files of an archive that are looked at.
    public var maxEntries = 256

    public init(maxRejected: Int = 0) { self.maxRejected = maxRejected }
}

/// How to read a statement, where the file itself does not say.
public struct ReadOptions: Hashable, Sendable {
    public var limits = ReadLimits()
    /// Which file of an archive, or sheet of a workbook, to read.
    public var entry: String?
    /// The text's encoding, when it is not to be found from the bytes.
    public var encoding: TextEncoding?
    /// The currency of formats that do not state one.
    public var currency: Currency?
    /// The zone of formats that do not state one, in seconds east of UTC.
    public var offsetSeconds: Int32?
    /// Whether 03/04 is a day of April, for files whose days do not show it themselves.
    public var dayFirst: Bool?
    /// False to be given a contradicting file's summary instead of an error, as `kontor statement inspect` is.
    public var refusesContradictions = true

    public init(limits: ReadLimits = ReadLimits(), entry: String? = nil) {
        self.limits = limits
        self.entry = entry
    }
}
