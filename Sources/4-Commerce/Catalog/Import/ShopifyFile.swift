/// The rows of one product: they share a handle and follow each other.
struct ShopifyGroup: Sendable {
    var handle: String
    var rows: [CSVRecord]

    var lines: [Int] { rows.map(\.line) }
}

/// A Shopify product CSV read product by product.
struct ShopifyFile {
    /// The most rows of one product: 2,048 variants and 250 images on rows of their own.
    static let mostRows = ProductRules.mostVariants + ProductRules.mostImages

    let header: ShopifyHeader
    private var reader: CSVReader
    private var ahead: CSVRecord?

    /// Reads the header. Throws `CatalogError` `malformedFile` when there is none.
    init(_ source: ImportSource, limits: CSVReader.Limits) throws {
        reader = CSVReader(limits: limits, read: try source.open())
        guard let first = try Self.next(&reader) else {
            throw CatalogError(.malformedFile, field: "file", value: "", "is empty")
        }
        header = try ShopifyHeader(first)
        ahead = try Self.next(&reader)
    }

    /// The rows of the next product. A product of more than `mostRows` rows comes in pieces, so that memory stays
    /// bounded; the importer refuses such a product, because its handle appears again.
    mutating func nextGroup() throws -> ShopifyGroup? {
        guard let first = ahead else { return nil }
        var group = ShopifyGroup(handle: header.text(.handle, first), rows: [first])
        ahead = try Self.next(&reader)
        while let row = ahead, header.text(.handle, row) == group.handle, group.rows.count < Self.mostRows {
            group.rows.append(row)
            ahead = try Self.next(&reader)
        }
        return group
    }

    private static func next(_ reader: inout CSVReader) throws -> CSVRecord? {
        do {
            return try reader.next()
        } catch let error as CSVError {
            throw CatalogError(
                .malformedFile, field: "line \(error.line), column \(error.field)", "cannot be read: \(error.rule)")
        }
    }
}
