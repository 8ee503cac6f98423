/// The columns of Shopify's product CSV that have a field in the catalogue, in the older and the newer spelling.
///
/// Source: help.shopify.com/en/manual/products/import-export/using-csv. Names are compared without regard to case.
enum ShopifyColumn: Int, CaseIterable {
    case handle, title, body, vendor, type, productCategory, tags, published, status, collection
    case giftCard, seoTitle, seoDescription
    case option1Name, option1Value, option2Name, option2Value, option3Name, option3Value
    case sku, grams, tracker, quantity, policy, price, compareAtPrice, requiresShipping, taxable, barcode, taxCode, cost
    case variantImage, imageSource, imagePosition, imageAlt

    var names: [String] {
        switch self {
        case .handle: ["Handle", "URL handle"]
        case .title: ["Title"]
        case .body: ["Body (HTML)", "Body HTML", "Description"]
        case .vendor: ["Vendor"]
        case .type: ["Type", "Custom Product Type"]
        case .productCategory: ["Product Category", "Standard Product Type"]
        case .tags: ["Tags"]
        case .published: ["Published", "Published on online store"]
        case .status: ["Status"]
        case .collection: ["Collection"]
        case .giftCard: ["Gift Card"]
        case .seoTitle: ["SEO Title"]
        case .seoDescription: ["SEO Description"]
        case .option1Name: ["Option1 Name"]
        case .option1Value: ["Option1 Value"]
        case .option2Name: ["Option2 Name"]
        case .option2Value: ["Option2 Value"]
        case .option3Name: ["Option3 Name"]
        case .option3Value: ["Option3 Value"]
        case .sku: ["Variant SKU", "SKU"]
        case .grams: ["Variant Grams", "Weight value (grams)"]
        case .tracker: ["Variant Inventory Tracker", "Inventory tracker"]
        case .quantity: ["Variant Inventory Qty", "Inventory quantity"]
        case .policy: ["Variant Inventory Policy", "Continue selling when out of stock"]
        case .price: ["Variant Price", "Price"]
        case .compareAtPrice: ["Variant Compare At Price", "Compare-at price"]
        case .requiresShipping: ["Variant Requires Shipping", "Requires shipping"]
        case .taxable: ["Variant Taxable", "Charge tax"]
        case .barcode: ["Variant Barcode", "Barcode"]
        case .taxCode: ["Variant Tax Code", "Tax code"]
        case .cost: ["Cost per item", "Variant Cost"]
        case .variantImage: ["Variant Image", "Variant image URL"]
        case .imageSource: ["Image Src", "Product image URL"]
        case .imagePosition: ["Image Position"]
        case .imageAlt: ["Image Alt Text"]
        }
    }

    static let byName: [String: ShopifyColumn] = {
        var columns: [String: ShopifyColumn] = [:]
        for column in allCases {
            for name in column.names { columns[name.lowercased()] = column }
        }
        return columns
    }()

    static let optionNames: [ShopifyColumn] = [.option1Name, .option2Name, .option3Name]
    static let optionValues: [ShopifyColumn] = [.option1Value, .option2Value, .option3Value]
}

/// Where each column stands in one file.
struct ShopifyHeader {
    let names: [String]
    private let places: [Int?]
    /// Columns without a field, which are kept as attributes.
    let others: [(place: Int, name: String, ofVariant: Bool)]

    init(_ record: CSVRecord) throws(CatalogError) {
        names = record.fields.map { String($0.trimmingSpaces()) }
        var places = [Int?](repeating: nil, count: ShopifyColumn.allCases.count)
        var others: [(place: Int, name: String, ofVariant: Bool)] = []
        var seen: Set<String> = []
        for (place, name) in names.enumerated() {
            guard !name.isEmpty else {
                throw Self.refused(record.line, "", "column \(place + 1) has no name")
            }
            guard seen.insert(name.lowercased()).inserted else {
                throw Self.refused(record.line, name, "stands in the header twice")
            }
            if let column = ShopifyColumn.byName[name.lowercased()] {
                guard places[column.rawValue] == nil else {
                    throw Self.refused(record.line, name, "means the same as another column")
                }
                places[column.rawValue] = place
            } else {
                others.append((place, name, name.lowercased().hasPrefix("variant ")))
            }
        }
        guard places[ShopifyColumn.handle.rawValue] != nil else {
            throw Self.refused(
                record.line, names.first ?? "", "the header has no column \"Handle\"; is this a product CSV?")
        }
        self.places = places
        self.others = others
    }

    func has(_ column: ShopifyColumn) -> Bool { places[column.rawValue] != nil }

    /// The column's name as the file writes it.
    func name(_ column: ShopifyColumn) -> String { places[column.rawValue].map { names[$0] } ?? column.names[0] }

    /// The cell without spaces around it; empty when the file has no such column.
    func text(_ column: ShopifyColumn, _ record: CSVRecord) -> String {
        guard let place = places[column.rawValue], place < record.fields.count else { return "" }
        return String(record.fields[place].trimmingSpaces())
    }

    private static func refused(_ line: Int, _ value: String, _ rule: String) -> CatalogError {
        CatalogError(.malformedFile, field: "line \(line)", value: value, rule)
    }
}

extension StringProtocol {
    /// Without spaces and line ends on both sides. Foundation is not needed for that.
    func trimmingSpaces() -> SubSequence {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return self[endIndex...] }
        return self[first...last]
    }
}
