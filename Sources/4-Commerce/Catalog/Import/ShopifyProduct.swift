import Contract
import Money

/// Turns the rows of one product into what the catalogue shall hold. Pure: it reads cells and reads no table.
///
/// What the file has no column for stays as it is; what it leaves empty becomes empty. Variants and images that the
/// file does not name stay, with a note, because leaving out is not deleting.
struct ShopifyProduct {
    /// What one row says of a variant's stock.
    struct Quantity: Hashable {
        var variant: Int
        var quantity: Int64
    }

    let header: ShopifyHeader
    let group: ShopifyGroup
    let currency: Currency
    let trackAll: Bool

    var draft: ProductDraft
    var quantities: [Quantity] = []
    var refusals: [ImportRefusal] = []
    var notes: [ImportNote] = []
    var attributeColumns: Set<String> = []
    /// The line that each variant of the draft came from; nil for those the file does not name.
    var variantLines: [Int?] = []
    var fileVariants = 0
    var fileImages = 0

    let existing: ProductDraft?

    init(_ group: ShopifyGroup, header: ShopifyHeader, existing: ProductDraft?, currency: Currency, trackAll: Bool) {
        self.group = group
        self.header = header
        self.existing = existing
        self.currency = currency
        self.trackAll = trackAll
        draft = existing ?? ProductDraft()
        draft.handle = group.handle
        readUnevenRows()
        guard refusals.isEmpty else { return }
        readProduct(group.rows[0])
        readOptions(group.rows[0])
        readVariants()
        readImages()
    }

    private mutating func readUnevenRows() {
        for row in group.rows where row.fields.count != header.names.count {
            refuse(row, "", "\(row.fields.count) fields", "must have \(header.names.count) fields, as the header has")
        }
    }

    // MARK: The product

    private mutating func readProduct(_ row: CSVRecord) {
        set(.title, row) { $0.title = $1.isEmpty ? $0.title : $1 }
        if draft.title.isEmpty { refuse(row, .title, "", "must not be empty for a new product") }
        set(.body, row) { $0.descriptionHTML = $1 }
        set(.vendor, row) { $0.vendor = $1 }
        set(.seoTitle, row) { $0.seoTitle = $1 }
        set(.seoDescription, row) { $0.seoDescription = $1 }
        if header.has(.tags) { draft.tags = list(header.text(.tags, row)) }
        if header.has(.collection) {
            let handle = ProductRules.handle(from: header.text(.collection, row))
            if !handle.isEmpty, !draft.collections.contains(handle) {
                draft.collections = (draft.collections + [handle]).sorted()
            }
        }
        if header.has(.giftCard) { draft.giftCard = flag(.giftCard, row, whenEmpty: false) }
        readCategory(row)
        readStatus(row)
        for other in header.others where !other.ofVariant {
            keep(other.name, String(row.fields[other.place].trimmingSpaces()), in: \.attributes)
        }
    }

    /// The type is the category; Shopify's own taxonomy is, where there is no type, and is kept beside it otherwise.
    private mutating func readCategory(_ row: CSVRecord) {
        let type = header.text(.type, row)
        let taxonomy = header.text(.productCategory, row)
        let path = list(type.isEmpty ? taxonomy : type, separator: type.isEmpty ? ">" : "/").joined(separator: "/")
        if header.has(.type) || header.has(.productCategory) { draft.category = path }
        if header.has(.productCategory) { keep(header.name(.productCategory), taxonomy, in: \.attributes) }
    }

    private mutating func readStatus(_ row: CSVRecord) {
        guard header.has(.status) || header.has(.published) else {
            if existing == nil { draft.status = .published }
            return
        }
        let published = header.has(.published) ? flag(.published, row, whenEmpty: true) : true
        let status = header.text(.status, row).lowercased()
        switch status {
        case "", "active": draft.status = published ? .published : .draft
        case "draft", "unlisted": draft.status = .draft
        case "archived": draft.status = .archived
        default: refuse(row, .status, status, "must be active, draft or archived")
        }
    }

    private mutating func readOptions(_ row: CSVRecord) {
        guard header.has(.option1Name) else { return }
        var names = ShopifyColumn.optionNames.map { header.text($0, row) }
        while names.last == "" { names.removeLast() }
        if let gap = names.firstIndex(of: "") {
            refuse(row, ShopifyColumn.optionNames[gap], "", "must not be empty when a later option has a name")
        }
        if names == ["Title"], group.rows.allSatisfy({ ["", "Default Title"].contains(header.text(.option1Value, $0)) })
        {
            names = []
        }
        draft.optionNames = names
    }
}
