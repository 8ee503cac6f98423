public import Contract

/// One row, or cell, that did not come in, and why.
public struct ImportRefusal: Hashable, Sendable, Codable {
    public let line: Int
    public let handle: String
    /// The column's name in the file; empty when the whole row is meant.
    public let column: String
    public let value: String
    public let rule: String

    init(line: Int, handle: String, column: String, value: String, rule: String) {
        self.line = line
        self.handle = handle
        self.column = column
        self.value = value.count <= 80 ? value : value.prefix(80) + "..."
        self.rule = rule
    }
}

/// Something that came in otherwise than it stood there, or that stays though the file does not name it.
public struct ImportNote: Hashable, Sendable, Codable {
    public let line: Int
    public let handle: String
    public let text: String
}

/// What an import did, so that nothing is dropped silently: every row is in a product that came in, or in `refusals`.
public struct ImportReport: Hashable, Sendable, Codable {
    /// Data rows of the file, without the header and empty lines.
    public var rowsIn = 0
    public var rowsRefused = 0
    public var productsCreated = 0
    public var productsUpdated = 0
    public var productsUnchanged = 0
    public var productsRefused = 0
    /// Variants and images that the file brought for the products that were not refused.
    public var variants = 0
    public var images = 0
    /// Quantities that were handed to the stock room: those that differ from the last import's.
    public var stockSet = 0
    public var refusals: [ImportRefusal] = []
    public var notes: [ImportNote] = []
    /// Columns without a field of their own that carried something: it is kept as attributes.
    public var attributeColumns: [String] = []

    public init() {}

    public var productsImported: Int { productsCreated + productsUpdated + productsUnchanged }
}

/// A quantity that a file states for a variant.
public struct ImportedStock: Hashable, Sendable {
    public let variant: VariantID
    public let quantity: Int64
    /// What the last import stated; nil the first time.
    public let previous: Int64?
}
