/// A format by its name, as `kontor statement formats` lists it.
public struct StatementFormat: Hashable, Sendable {
    /// What `--format` takes: `wechat-trade`.
    public let id: String
    /// What people call it: "WeChat Pay trade bill".
    public let name: String
    /// The channel of its rows: `wechat`.
    public let channel: String

    public init(id: String, name: String, channel: String) {
        self.id = id
        self.name = name
        self.channel = channel
    }
}

/// What a reader makes of the beginning of a file.
public enum Recognition: Hashable, Sendable {
    case no
    /// The beginning proves the format.
    case yes
    /// A file that belongs to one of this format and has no rows of its own, such as a summary in the same archive.
    case companion
    /// It may be this format and the bytes cannot prove it; the text says what would.
    case maybe(needs: String)
}

/// Reads one format. A reader is a value without state: one serves any number of files at once.
///
/// Adding a format is adding a file with a reader and its line in `StatementFormats.all`.
public protocol StatementReader: Sendable {
    var format: StatementFormat { get }

    /// Whether the beginning of a file (64 KiB at most, unpacked) is of this format. It must be cheap, must not
    /// throw, and must say yes only for what no other format could claim.
    func recognise(_ probe: Probe) -> Recognition

    /// Reads all of it: rows through `session.row`, and what the file says of itself through `session.check`.
    ///
    /// Memory must not grow with the file. Every line that is not blank is counted as a row, a header, a comment, a
    /// trailer or a reject. Throws `StatementError` for a file that is to be refused, and passes on what the
    /// session throws.
    func read(_ input: StatementInput, _ session: ReadSession) throws
}
