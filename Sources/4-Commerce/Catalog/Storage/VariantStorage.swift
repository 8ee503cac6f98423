import Contract
import Money
import Runtime
import Store

enum VariantStorage {
    static let columns = """
        id, product, sku, value1, value2, value3, price, currency, compare_at_price, cost_price, barcode, \
        weight_grams, requires_shipping, taxable, tracked, backorder, image_url, tax_category, imported_quantity
        """

    static func draft(_ row: Row) throws -> (draft: VariantDraft, imported: Int64?) {
        let currency = try Currency(code: row.text(7))
        var draft = VariantDraft(id: try row.get(0), price: Amount(minor: row.int64(6), currency))
        draft.sku = row.text(2)
        draft.optionValues = (3...5).map { row.text($0) }.filter { !$0.isEmpty }
        draft.compareAtPrice = row.isNull(8) ? nil : Amount(minor: row.int64(8), currency)
        draft.costPrice = row.isNull(9) ? nil : Amount(minor: row.int64(9), currency)
        draft.barcode = row.text(10)
        draft.weightGrams = row.int64(11)
        draft.requiresShipping = row.int64(12) == 1
        draft.taxable = row.int64(13) == 1
        draft.tracked = row.int64(14) == 1
        draft.backorder = row.int64(15) == 1
        draft.imageURL = row.text(16)
        draft.taxCategory = row.text(17)
        return (draft, row.isNull(18) ? nil : row.int64(18))
    }

    /// What orders read, of many variants in one statement for each eight: this is on every order's path.
    static func snapshots(_ ids: [VariantID], in reader: any SQLReader) throws -> [VariantID: VariantSnapshot] {
        if let tx = reader as? Transaction { return try VariantMemory.snapshots(ids, in: tx) }
        return try read(ids, in: reader)
    }

    static func read(_ ids: [VariantID], in reader: any SQLReader) throws -> [VariantID: VariantSnapshot] {
        var found: [VariantID: VariantSnapshot] = [:]
        found.reserveCapacity(ids.count)
        for start in stride(from: 0, to: ids.count, by: snapshotsOf.count) {
            let part = ids[start..<min(start + snapshotsOf.count, ids.count)].map(\.sqlValue)
            try reader.forEach(snapshotsOf[part.count - 1], part) { row in
                let snapshot = try snapshot(row)
                found[snapshot.id] = snapshot
            }
        }
        return found
    }

    private static let snapshotsOf: [Prepared] = (1...8).map { count in
        Prepared(
            """
            SELECT v.id, v.product, v.sku, p.title, v.value1, v.value2, v.value3, v.price, v.currency, v.cost_price,
                v.tax_category, p.tax_category, v.taxable, v.requires_shipping, v.tracked, v.backorder,
                v.weight_grams, p.gift_card, p.status, v.retired
            FROM catalog_variants v JOIN catalog_products p ON p.id = v.product
            WHERE v.id IN (\(Array(repeating: "?", count: count).joined(separator: ", ")))
            """)
    }

    private static func snapshot(_ row: Row) throws -> VariantSnapshot {
        let currency = try Currency(code: row.text(8))
        var title = row.text(3)
        for (index, separator) in [(4, " – "), (5, " / "), (6, " / ")] {
            let value = row.text(index)
            if !value.isEmpty { title += separator + value }
        }
        let ownTax = row.text(10)
        return VariantSnapshot(
            id: try row.get(0), productID: try row.get(1), sku: row.text(2), title: title,
            price: Amount(minor: row.int64(7), currency),
            cost: row.isNull(9) ? nil : Amount(minor: row.int64(9), currency),
            taxCategory: row.int64(12) == 0 ? "exempt" : ownTax.isEmpty ? row.text(11) : ownTax,
            requiresShipping: row.int64(13) == 1, tracked: row.int64(14) == 1, backorder: row.int64(15) == 1,
            weightGrams: row.int64(16), giftCard: row.int64(17) == 1,
            sellable: row.text(18) == ProductStatus.published.rawValue && row.int64(19) == 0)
    }

    /// Which of these SKUs another product's variant carries.
    static func takenSKUs(
        _ skus: [String], except product: ProductID?, in reader: any SQLReader
    ) throws -> [(sku: String, handle: String)] {
        var taken: [(sku: String, handle: String)] = []
        let skus = skus.filter { !$0.isEmpty }
        for start in stride(from: 0, to: skus.count, by: ProductStorage.chunk) {
            let part = skus[start..<min(start + ProductStorage.chunk, skus.count)]
            // The index on SKUs serves only statements that repeat its condition.
            try reader.forEach(
                """
                SELECT v.sku, v.product, p.handle FROM catalog_variants v JOIN catalog_products p ON p.id = v.product
                WHERE v.sku IN (\(list: part)) AND v.sku <> '' AND v.retired = 0 ORDER BY v.sku
                """
            ) { row in
                let owner: ProductID = try row.get(1)
                if owner != product { taken.append((row.text(0), row.text(2))) }
            }
        }
        return taken
    }

    static func insert(
        _ variant: VariantDraft, id: VariantID, product: ProductID, position: Int, in tx: Transaction
    ) throws {
        let values = variant.optionValues + ["", "", ""]
        let compareAt = variant.compareAtPrice?.minor.sqlValue ?? .null
        let cost = variant.costPrice?.minor.sqlValue ?? .null
        try tx.changed(VariantMemory.topic)
        try tx.execute(
            """
            INSERT INTO catalog_variants (\(raw: columns), position, retired)
            VALUES (\(id), \(product), \(variant.sku), \(values[0]), \(values[1]), \(values[2]),
                \(variant.price.minor), \(variant.price.currency.code), \(compareAt),
                \(cost), \(variant.barcode), \(variant.weightGrams),
                \(variant.requiresShipping), \(variant.taxable), \(variant.tracked), \(variant.backorder),
                \(variant.imageURL), \(variant.taxCategory), NULL, \(position), 0)
            """)
    }

    static func update(_ variant: VariantDraft, id: VariantID, position: Int, in tx: Transaction) throws {
        let values = variant.optionValues + ["", "", ""]
        let compareAt = variant.compareAtPrice?.minor.sqlValue ?? .null
        let cost = variant.costPrice?.minor.sqlValue ?? .null
        try tx.changed(VariantMemory.topic)
        try tx.execute(
            """
            UPDATE catalog_variants SET sku = \(variant.sku), value1 = \(values[0]), value2 = \(values[1]),
                value3 = \(values[2]), price = \(variant.price.minor), currency = \(variant.price.currency.code),
                compare_at_price = \(compareAt), cost_price = \(cost),
                barcode = \(variant.barcode), weight_grams = \(variant.weightGrams),
                requires_shipping = \(variant.requiresShipping), taxable = \(variant.taxable),
                tracked = \(variant.tracked), backorder = \(variant.backorder), image_url = \(variant.imageURL),
                tax_category = \(variant.taxCategory), position = \(position)
            WHERE id = \(id)
            """)
    }

    static func retire(_ id: VariantID, in tx: Transaction) throws {
        try tx.changed(VariantMemory.topic)
        try tx.execute("UPDATE catalog_variants SET retired = 1 WHERE id = \(id)")
    }

    /// Frees SKUs that are about to change hands inside a product.
    static func clearSKU(_ id: VariantID, in tx: Transaction) throws {
        try tx.changed(VariantMemory.topic)
        try tx.execute("UPDATE catalog_variants SET sku = '' WHERE id = \(id)")
    }

    static func remember(importedQuantity: Int64, of id: VariantID, in tx: Transaction) throws {
        try tx.execute("UPDATE catalog_variants SET imported_quantity = \(importedQuantity) WHERE id = \(id)")
    }
}
