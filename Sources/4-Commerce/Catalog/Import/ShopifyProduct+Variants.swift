import Contract
import Money

// What the rows say of the product's variants.

extension ShopifyProduct {
    mutating func readVariants() {
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
            if old.optionValues.count == draft.optionNames.count,
                !variants.contains(where: { $0.optionValues == old.optionValues })
            {
                note(group.rows[0], "the variant \"\(old.title)\" is not in the file; it stays")
                variants.append(old)
                variantLines.append(nil)
            } else {
                note(
                    group.rows[0],
                    "the variant \"\(old.title)\" has no place under the options of the file; it is retired")
            }
        }
        draft.variants = variants
    }

    /// The first row always carries a variant; later rows do when they choose options, else they carry an image.
    func isVariant(_ row: CSVRecord, first: Bool) -> Bool {
        first || ShopifyColumn.optionValues.contains { !header.text($0, row).isEmpty }
            || !header.text(.price, row).isEmpty || !header.text(.sku, row).isEmpty
    }

    mutating func optionValues(_ row: CSVRecord) -> [String] {
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

    func match(_ values: [String], sku: String, excluding used: Set<VariantID>) -> VariantDraft? {
        let free = (existing?.variants ?? []).filter { $0.id.map { !used.contains($0) } ?? false }
        if let same = free.first(where: { $0.optionValues == values }) { return same }
        return sku.isEmpty ? nil : free.first { $0.sku == sku }
    }

    mutating func variant(_ row: CSVRecord, values: [String], old: VariantDraft?) -> VariantDraft? {
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
    mutating func readTracking(_ row: CSVRecord, _ variant: inout VariantDraft) {
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
    mutating func readWeight(_ row: CSVRecord, _ variant: inout VariantDraft) {
        guard header.has(.grams) else { return }
        let text = header.text(.grams, row)
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? parts[1] : ""
        guard !text.isEmpty else {
            variant.weightGrams = 0
            return
        }
        guard parts[0].utf8.allSatisfy(Self.isDigit), fraction.utf8.allSatisfy(Self.isDigit),
            let whole = Int64(parts[0])
        else { return refuse(row, .grams, text, "must be a number of grams, such as 250") }
        guard whole < ProductRules.largestWeight else {
            return refuse(row, .grams, text, "must be at most \(ProductRules.largestWeight) grams")
        }
        let roundsUp = fraction.utf8.first.map { $0 >= UInt8(ascii: "5") } ?? false
        variant.weightGrams = whole + (roundsUp ? 1 : 0)
        let exact = fraction.utf8.contains { $0 != UInt8(ascii: "0") }
        keep(header.name(.grams), exact ? text : "", in: &variant.attributes)
    }

    mutating func readQuantity(_ row: CSVRecord, variant: Int, tracked: Bool) {
        let text = header.text(.quantity, row)
        guard !text.isEmpty else { return }
        guard let quantity = Int64(text), (-1_000_000_000...1_000_000_000).contains(quantity) else {
            return refuse(row, .quantity, text, "must be a whole number of at most a billion")
        }
        if quantity < 0 { note(row, "the quantity \(quantity) is below zero; nothing is on hand") }
        quantities.append(Quantity(variant: variant, quantity: max(0, quantity)))
    }

    mutating func checkAgainst(_ variants: [VariantDraft], _ variant: VariantDraft, _ row: CSVRecord) {
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
    mutating func readLaterRow(_ row: CSVRecord, hasVariant: Bool) -> [String: String] {
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
}
