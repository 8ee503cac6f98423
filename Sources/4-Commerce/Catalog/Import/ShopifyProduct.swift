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

    private(set) var draft: ProductDraft
    private(set) var quantities: [Quantity] = []
    private(set) var refusals: [ImportRefusal] = []
    private(set) var notes: [ImportNote] = []
    private(set) var attributeColumns: Set<String> = []
    /// The line that each variant of the draft came from; nil for those the file does not name.
    private(set) var variantLines: [Int?] = []
    private(set) var fileVariants = 0
    private(set) var fileImages = 0

    private let existing: ProductDraft?

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
            if !handle.isEmpty, !draft.collections.contains(handle) { draft.collections = (draft.collections + [handle]).sorted() }
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
        if names == ["Title"], group.rows.allSatisfy({ ["", "Default Title"].contains(header.text(.option1Value, $0)) }) {
            names = []
        }
        draft.optionNames = names
    }

    // MARK: Variants

    private mutating func readVariants() {
        var variants: [VariantDraft] = []
        var matched: Set<VariantID> = []
        for (index, row) in group.rows.enumerated() {
            guard isVariant(row, first: index == 0) else {
                _ = readLaterRow(row, hasVariant: false)
                continue
            }
            let values = optionValues(row)
            let old = match(values, sku: header.text(.sku, row), excluding: matched)
            if let id = old?.id { matched.insert(id) }
            guard var variant = variant(row, values: values, old: old) else { continue }
            checkAgainst(variants, variant, row)
            if index > 0 { variant.attributes.merge(readLaterRow(row, hasVariant: true)) { _, own in own } }
            readQuantity(row, variant: variants.count, tracked: variant.tracked)
            variants.append(variant)
            variantLines.append(row.line)
        }
        fileVariants = variants.count
        for old in existing?.variants ?? [] where old.id.map({ !matched.contains($0) }) ?? false {
            if old.optionValues.count == draft.optionNames.count, !variants.contains(where: { $0.optionValues == old.optionValues }) {
                note(group.rows[0], "the variant \"\(old.title)\" is not in the file; it stays")
                variants.append(old)
                variantLines.append(nil)
            } else {
                note(group.rows[0], "the variant \"\(old.title)\" has no place under the options of the file; it is retired")
            }
        }
        draft.variants = variants
    }

    /// The first row always carries a variant; later rows do when they choose options, else they carry an image.
    private func isVariant(_ row: CSVRecord, first: Bool) -> Bool {
        first || ShopifyColumn.optionValues.contains { !header.text($0, row).isEmpty }
            || !header.text(.price, row).isEmpty || !header.text(.sku, row).isEmpty
    }

    private mutating func optionValues(_ row: CSVRecord) -> [String] {
        var values: [String] = []
        for (index, column) in ShopifyColumn.optionValues.enumerated() {
            let value = header.text(column, row)
            if index < draft.optionNames.count {
                if value.isEmpty { refuse(row, column, "", "must choose a value of \"\(draft.optionNames[index])\"") }
                values.append(value)
            } else if !value.isEmpty, !(index == 0 && value == "Default Title") {
                refuse(row, column, value, "belongs to an option without a name")
            }
        }
        return values
    }

    private func match(_ values: [String], sku: String, excluding used: Set<VariantID>) -> VariantDraft? {
        let free = (existing?.variants ?? []).filter { $0.id.map { !used.contains($0) } ?? false }
        if let same = free.first(where: { $0.optionValues == values }) { return same }
        return sku.isEmpty ? nil : free.first { $0.sku == sku }
    }

    private mutating func variant(_ row: CSVRecord, values: [String], old: VariantDraft?) -> VariantDraft? {
        let given = header.text(.price, row).isEmpty ? nil : money(.price, row)
        if header.text(.price, row).isEmpty, old == nil {
            refuse(row, .price, "", "must not be empty for a new variant")
        }
        guard let price = given ?? old?.price else { return nil }
        var variant = old ?? VariantDraft(price: price)
        variant.price = price
        variant.optionValues = values
        if header.has(.sku) { variant.sku = header.text(.sku, row) }
        if header.has(.compareAtPrice) { variant.compareAtPrice = money(.compareAtPrice, row) }
        if header.has(.cost) { variant.costPrice = money(.cost, row) }
        if header.has(.barcode) { variant.barcode = header.text(.barcode, row) }
        if header.has(.requiresShipping) { variant.requiresShipping = flag(.requiresShipping, row, whenEmpty: false) }
        if header.has(.taxable) { variant.taxable = flag(.taxable, row, whenEmpty: false) }
        if header.has(.taxCode) { variant.taxCategory = header.text(.taxCode, row) }
        if header.has(.variantImage) { variant.imageURL = header.text(.variantImage, row) }
        readTracking(row, &variant)
        readWeight(row, &variant)
        for other in header.others where other.ofVariant {
            keep(other.name, String(row.fields[other.place].trimmingSpaces()), in: &variant.attributes)
        }
        return variant
    }

    /// An empty tracker means that stock is not counted, says Shopify; `trackAll` counts it all the same.
    private mutating func readTracking(_ row: CSVRecord, _ variant: inout VariantDraft) {
        if header.has(.tracker) {
            let tracker = header.text(.tracker, row)
            variant.tracked = trackAll || !tracker.isEmpty
            keep(header.name(.tracker), tracker, in: &variant.attributes)
        } else if trackAll {
            variant.tracked = true
        }
        guard header.has(.policy) else { return }
        let policy = header.text(.policy, row).lowercased()
        switch policy {
        case "", "deny": variant.backorder = false
        case "continue": variant.backorder = true
        default: refuse(row, .policy, policy, "must be deny or continue")
        }
    }

    /// Grams may come with decimals; whole grams are counted, and the exact text is kept beside.
    private mutating func readWeight(_ row: CSVRecord, _ variant: inout VariantDraft) {
        guard header.has(.grams) else { return }
        let text = header.text(.grams, row)
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? parts[1] : ""
        guard !text.isEmpty else {
            variant.weightGrams = 0
            return
        }
        guard parts[0].utf8.allSatisfy(Self.isDigit), fraction.utf8.allSatisfy(Self.isDigit), let whole = Int64(parts[0])
        else { return refuse(row, .grams, text, "must be a number of grams, such as 250") }
        guard whole < ProductRules.largestWeight else {
            return refuse(row, .grams, text, "must be at most \(ProductRules.largestWeight) grams")
        }
        let roundsUp = fraction.utf8.first.map { $0 >= UInt8(ascii: "5") } ?? false
        variant.weightGrams = whole + (roundsUp ? 1 : 0)
        let exact = fraction.utf8.contains { $0 != UInt8(ascii: "0") }
        keep(header.name(.grams), exact ? text : "", in: &variant.attributes)
    }

    private mutating func readQuantity(_ row: CSVRecord, variant: Int, tracked: Bool) {
        let text = header.text(.quantity, row)
        guard !text.isEmpty else { return }
        guard let quantity = Int64(text), (-1_000_000_000...1_000_000_000).contains(quantity) else {
            return refuse(row, .quantity, text, "must be a whole number of at most a billion")
        }
        if quantity < 0 { note(row, "the quantity \(quantity) is below zero; nothing is on hand") }
        quantities.append(Quantity(variant: variant, quantity: max(0, quantity)))
    }

    private mutating func checkAgainst(_ variants: [VariantDraft], _ variant: VariantDraft, _ row: CSVRecord) {
        if let twin = variants.firstIndex(where: { $0.optionValues == variant.optionValues }) {
            let line = variantLines[twin].map { " (line \($0))" } ?? ""
            refuse(row, .option1Value, variant.title, "must differ from the product's other variants\(line)")
        }
        if !variant.sku.isEmpty, let twin = variants.firstIndex(where: { $0.sku == variant.sku }) {
            let line = variantLines[twin].map { " (line \($0))" } ?? ""
            refuse(row, .sku, variant.sku, "must differ from the product's other variants\(line)")
        }
    }

    /// What a row after the first says beside its variant: unknown columns that differ from the first row's belong to
    /// the variant and are returned; a field of the product that differs is named in a note.
    private mutating func readLaterRow(_ row: CSVRecord, hasVariant: Bool) -> [String: String] {
        var own: [String: String] = [:]
        for column in [ShopifyColumn.title, .body, .vendor, .type, .tags, .seoTitle, .seoDescription] {
            let text = header.text(column, row)
            if !text.isEmpty, text != header.text(column, group.rows[0]) {
                note(row, "\(header.name(column)) differs from the product's first row, which counts")
            }
        }
        for other in header.others {
            let text = String(row.fields[other.place].trimmingSpaces())
            let first = String(group.rows[0].fields[other.place].trimmingSpaces())
            guard !text.isEmpty, other.ofVariant ? !hasVariant : text != first else { continue }
            if hasVariant {
                own[other.name] = text
                attributeColumns.insert(other.name)
            } else {
                note(row, "\(other.name) \"\(text.prefix(80))\" stands in a row without a variant; it is not kept")
            }
        }
        return own
    }

    // MARK: Images

    private mutating func readImages() {
        guard header.has(.imageSource) else { return }
        var found: [(position: Int, image: ImageDraft)] = []
        for row in group.rows {
            let url = header.text(.imageSource, row)
            guard !url.isEmpty else {
                if !isVariant(row, first: row == group.rows[0]) { note(row, "the row carries neither a variant nor an image") }
                continue
            }
            let image = ImageDraft(url: url, alt: header.text(.imageAlt, row))
            do throws(CatalogError) {
                try ProductRules.url(url, field: "")
            } catch {
                refuse(row, .imageSource, url, error.rule)
            }
            if found.contains(where: { $0.image.url == url }) {
                note(row, "the image \(url) stands twice; it is kept once")
                continue
            }
            found.append((position(row), image))
        }
        fileImages = found.count
        // Sorting is stable by the order in the file where positions are equal or missing.
        let sorted = found.enumerated().sorted { ($0.element.position, $0.offset) < ($1.element.position, $1.offset) }
        var images = sorted.map(\.element.image)
        for old in existing?.images ?? [] where !images.contains(where: { $0.url == old.url }) {
            note(group.rows[0], "the image \(old.url) is not in the file; it stays")
            images.append(old)
        }
        draft.images = images
    }

    private mutating func position(_ row: CSVRecord) -> Int {
        let text = header.text(.imagePosition, row)
        if text.isEmpty { return .max }
        guard let position = Int(text), position >= 0 else {
            refuse(row, .imagePosition, text, "must be a whole number from 1")
            return .max
        }
        return position
    }
}

// MARK: Cells

extension ShopifyProduct {
    private mutating func set(_ column: ShopifyColumn, _ row: CSVRecord, _ change: (inout ProductDraft, String) -> Void) {
        if header.has(column) { change(&draft, header.text(column, row)) }
    }

    private mutating func money(_ column: ShopifyColumn, _ row: CSVRecord) -> Amount? {
        let text = header.text(column, row)
        guard !text.isEmpty else { return nil }
        do throws(MoneyError) {
            let amount = try Amount(decimalText: text, currency: currency)
            if amount.isNegative { refuse(row, column, text, "must not be negative") }
            return amount
        } catch {
            refuse(row, column, text, error.rule)
            return nil
        }
    }

    private mutating func flag(_ column: ShopifyColumn, _ row: CSVRecord, whenEmpty: Bool) -> Bool {
        let text = header.text(column, row)
        switch text.lowercased() {
        case "": return whenEmpty
        case "true", "yes", "1": return true
        case "false", "no", "0": return false
        default:
            refuse(row, column, text, "must be true or false")
            return whenEmpty
        }
    }

    private func list(_ text: String, separator: Character = ",") -> [String] {
        var items: [String] = []
        for part in text.split(separator: separator) {
            let item = String(part.trimmingSpaces())
            if !item.isEmpty, !items.contains(item) || separator != "," { items.append(item) }
        }
        return items
    }

    private mutating func keep(_ name: String, _ text: String, in path: WritableKeyPath<ProductDraft, [String: String]>) {
        draft[keyPath: path][name] = text.isEmpty ? nil : text
        if !text.isEmpty { attributeColumns.insert(name) }
    }

    private mutating func keep(_ name: String, _ text: String, in attributes: inout [String: String]) {
        attributes[name] = text.isEmpty ? nil : text
        if !text.isEmpty { attributeColumns.insert(name) }
    }

    private mutating func refuse(_ row: CSVRecord, _ column: ShopifyColumn, _ value: String, _ rule: String) {
        refuse(row, header.name(column), value, rule)
    }

    private mutating func refuse(_ row: CSVRecord, _ column: String, _ value: String, _ rule: String) {
        refusals.append(
            ImportRefusal(line: row.line, handle: group.handle, column: column, value: value, rule: rule))
    }

    private mutating func note(_ row: CSVRecord, _ text: String) {
        notes.append(ImportNote(line: row.line, handle: group.handle, text: text))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
