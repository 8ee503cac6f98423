import Contract
import Money
import Runtime
import Store

/// A product as it stands in the tables.
struct StoredProduct: Hashable {
    var id: ProductID
    var number: Int64
    var version: Int64
    var createdAt: Timestamp
    var updatedAt: Timestamp
    var draft: ProductDraft
    /// What the last import said of each variant's stock.
    var importedQuantities: [VariantID: Int64] = [:]
}

/// Reads products whole: seven statements for a page of any size.
enum ProductStorage {
    /// How many products one statement names, so that lists stay inside what the stores bind.
    static let chunk = 200

    static func find(_ id: ProductID, in reader: any SQLReader) throws -> StoredProduct? {
        try load([id], in: reader).first
    }

    static func find(handle: String, in reader: any SQLReader) throws -> StoredProduct? {
        let id: ProductID? = try reader.first(
            "SELECT id FROM catalog_products WHERE handle = \(handle)"
        ) { try $0.get(0) }
        return try id.flatMap { try find($0, in: reader) }
    }

    /// The products with these ids, in their order; ids that name none are left out.
    static func load(_ ids: [ProductID], in reader: any SQLReader) throws -> [StoredProduct] {
        var found: [ProductID: StoredProduct] = [:]
        for start in stride(from: 0, to: ids.count, by: chunk) {
            let part = Array(ids[start..<min(start + chunk, ids.count)])
            try loadProducts(part, into: &found, from: reader)
            try loadVariants(part, into: &found, from: reader)
            try loadLists(part, into: &found, from: reader)
            try loadAttributes(of: part, into: &found, from: reader)
        }
        return ids.compactMap { found[$0] }
    }

    private static func loadProducts(
        _ ids: [ProductID], into found: inout [ProductID: StoredProduct], from reader: any SQLReader
    ) throws {
        try reader.forEach(
            """
            SELECT id, number, version, created_at, updated_at, handle, title, description, vendor, category, status,
                tax_category, gift_card, seo_title, seo_description, option1, option2, option3
            FROM catalog_products WHERE id IN (\(list: ids))
            """
        ) { row in
            var draft = ProductDraft()
            draft.handle = row.text(5)
            draft.title = row.text(6)
            draft.descriptionHTML = row.text(7)
            draft.vendor = row.text(8)
            draft.category = row.text(9)
            draft.status = ProductStatus(rawValue: row.text(10)) ?? .draft
            draft.taxCategory = row.text(11)
            draft.giftCard = row.int64(12) == 1
            draft.seoTitle = row.text(13)
            draft.seoDescription = row.text(14)
            draft.optionNames = (15...17).map { row.text($0) }.filter { !$0.isEmpty }
            let id: ProductID = try row.get(0)
            found[id] = StoredProduct(
                id: id, number: row.int64(1), version: row.int64(2), createdAt: try row.get(3),
                updatedAt: try row.get(4), draft: draft)
        }
    }

    private static func loadVariants(
        _ ids: [ProductID], into found: inout [ProductID: StoredProduct], from reader: any SQLReader
    ) throws {
        try reader.forEach(
            """
            SELECT \(raw: VariantStorage.columns) FROM catalog_variants
            WHERE product IN (\(list: ids)) AND retired = 0 ORDER BY product, position
            """
        ) { row in
            let variant = try VariantStorage.draft(row)
            let product: ProductID = try row.get(1)
            found[product]?.draft.variants.append(variant.draft)
            if let quantity = variant.imported, let id = variant.draft.id {
                found[product]?.importedQuantities[id] = quantity
            }
        }
    }

    private static func loadLists(
        _ ids: [ProductID], into found: inout [ProductID: StoredProduct], from reader: any SQLReader
    ) throws {
        try reader.forEach(
            """
            SELECT product, url, alt FROM catalog_images WHERE product IN (\(list: ids)) ORDER BY product, position
            """
        ) { row in
            found[try row.get(0)]?.draft.images.append(ImageDraft(url: row.text(1), alt: row.text(2)))
        }
        try reader.forEach(
            "SELECT product, tag FROM catalog_tags WHERE product IN (\(list: ids)) ORDER BY product, position"
        ) { row in
            found[try row.get(0)]?.draft.tags.append(row.text(1))
        }
        try reader.forEach(
            """
            SELECT product, collection FROM catalog_memberships
            WHERE product IN (\(list: ids)) ORDER BY product, collection
            """
        ) { row in
            found[try row.get(0)]?.draft.collections.append(row.text(1))
        }
    }

    private static func loadAttributes(
        of ids: [ProductID], into found: inout [ProductID: StoredProduct], from reader: any SQLReader
    ) throws {
        var owners: [UUIDv7: (product: ProductID, variant: Int?)] = [:]
        for id in ids {
            owners[id.uuid] = (id, nil)
            for (index, variant) in (found[id]?.draft.variants ?? []).enumerated() {
                if let uuid = variant.id?.uuid { owners[uuid] = (id, index) }
            }
        }
        let keys = owners.keys.sorted()
        for start in stride(from: 0, to: keys.count, by: chunk * 2) {
            let part = keys[start..<min(start + chunk * 2, keys.count)]
            try reader.forEach(
                "SELECT owner, name, value FROM catalog_attributes WHERE owner IN (\(list: part))"
            ) { row in
                guard let owner = owners[try row.get(0)] else { return }
                if let variant = owner.variant {
                    found[owner.product]?.draft.variants[variant].attributes[row.text(1)] = row.text(2)
                } else {
                    found[owner.product]?.draft.attributes[row.text(1)] = row.text(2)
                }
            }
        }
    }
}
