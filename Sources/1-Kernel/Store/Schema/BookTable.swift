/// A table of a book as its database describes it: what a copy of the book needs to know.
public struct BookTable: Sendable, Hashable {
    public enum Kind: Sendable, Hashable { case integer, text, bytes }

    public struct Column: Sendable, Hashable {
        public let name: String
        public let kind: Kind

        public init(name: String, kind: Kind) {
            self.name = name
            self.kind = kind
        }
    }

    public let name: String
    public let columns: [Column]
    /// The columns of the primary key, in order.
    public let key: [String]
    /// A full-text index: its columns are the key and the tokens.
    public let isTextIndex: Bool

    public init(name: String, columns: [Column], key: [String], isTextIndex: Bool = false) {
        self.name = name
        self.columns = columns
        self.key = key
        self.isTextIndex = isTextIndex
    }
}
