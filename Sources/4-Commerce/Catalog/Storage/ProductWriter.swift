import Contract
import Runtime
import Store
import SwiftProtobuf

/// Writes products whole, after every check: a refusal leaves nothing, because it comes before the first write.
enum ProductWriter {
    /// `makingCollections`: collections that do not exist yet are made; otherwise they are refused.
    static func create(
        _ draft: ProductDraft, makingCollections: Bool = false, in tx: Transaction
    ) throws -> StoredProduct {
        try ProductRules.check(draft)
        try checkNeighbours(draft, product: nil, in: tx)
        try settleCollections(draft, make: makingCollections, in: tx)
        let number = try tx.first("SELECT COALESCE(MAX(number), 0) + 1 FROM catalog_products") { $0.int64(0) } ?? 1
        var stored = StoredProduct(
            id: tx.newID(), number: number, version: 1, createdAt: tx.now, updatedAt: tx.now, draft: draft)
        let options = draft.optionNames + ["", "", ""]
        try tx.changed(VariantMemory.topic)
        try tx.execute(
            """
            INSERT INTO catalog_products (id, number, handle, title, description, vendor, category, status,
                tax_category, gift_card, seo_title, seo_description, option1, option2, option3, version,
                created_at, updated_at)
            VALUES (\(stored.id), \(number), \(draft.handle), \(draft.title), \(draft.descriptionHTML),
                \(draft.vendor), \(draft.category), \(draft.status.rawValue), \(draft.taxCategory),
                \(draft.giftCard), \(draft.seoTitle), \(draft.seoDescription), \(options[0]), \(options[1]),
                \(options[2]), 1, \(tx.now), \(tx.now))
            """)
        for index in draft.variants.indices {
            let id: VariantID = tx.newID()
            stored.draft.variants[index].id = id
            try VariantStorage.insert(draft.variants[index], id: id, product: stored.id, position: index + 1, in: tx)
        }
        try writeSurroundings(stored, in: tx)
        try tx.record(
            V1ProductCreated.with {
                $0.productID = "\(stored.id)"
                $0.handle = draft.handle
                $0.status = draft.status.rawValue
                $0.variantIds = stored.draft.variants.compactMap { $0.id.map { "\($0)" } }
                $0.version = 1
                $0.atUs = tx.now.microseconds
            })
        return stored
    }

    /// Replaces the product's content. Variants with an id that the product has are changed, those without are new,
    /// and those that are not named any more are retired. Writes nothing when nothing differs.
    static func update(
        _ before: StoredProduct, to draft: ProductDraft, makingCollections: Bool = false, in tx: Transaction
    ) throws -> StoredProduct {
        guard draft != before.draft else { return before }
        guard before.draft.status != .archived else {
            throw CatalogError(
                .archived, field: "product_id", value: "\(before.id)", "is archived and takes no changes")
        }
        try ProductRules.check(draft)
        let known = Dictionary(
            uniqueKeysWithValues: before.draft.variants.compactMap { old in old.id.map { ($0, old) } })
        let named = draft.variants.compactMap(\.id)
        guard Set(named).count == named.count, named.allSatisfy({ known[$0] != nil }) else {
            throw CatalogError.invalid(
                "variants.variant_id", named.map { "\($0)" }.joined(separator: ", "),
                "must each name one of the product's variants, once")
        }
        try checkNeighbours(draft, product: before, in: tx)
        try settleCollections(draft, make: makingCollections, in: tx)
        var after = before
        after.draft = draft
        after.version += 1
        after.updatedAt = tx.now
        try updateProduct(after, in: tx)
        let retired = known.keys.filter { !named.contains($0) }.sorted()
        try writeVariants(&after, known: known, retired: retired, in: tx)
        try clearSurroundings(before, in: tx)
        try writeSurroundings(after, in: tx)
        try tx.record(
            V1ProductUpdated.with {
                $0.productID = "\(after.id)"
                $0.handle = draft.handle
                $0.status = draft.status.rawValue
                $0.variantIds = after.draft.variants.compactMap { $0.id.map { "\($0)" } }
                $0.retiredVariantIds = retired.map { "\($0)" }
                $0.version = after.version
                $0.atUs = tx.now.microseconds
            })
        return after
    }

    static func archive(_ before: StoredProduct, in tx: Transaction) throws -> StoredProduct {
        guard before.draft.status != .archived else { return before }
        var after = before
        after.draft.status = .archived
        after.version += 1
        after.updatedAt = tx.now
        try updateProduct(after, in: tx)
        try tx.textIndex(CatalogTables.textIndex).remove(key: after.number)
        try tx.record(
            V1ProductArchived.with {
                $0.productID = "\(after.id)"
                $0.version = after.version
                $0.atUs = tx.now.microseconds
            })
        return after
    }

    /// What only the other rows can tell: handles and SKUs are unique.
    private static func checkNeighbours(_ draft: ProductDraft, product: StoredProduct?, in tx: Transaction) throws {
        if draft.handle != product?.draft.handle {
            let taken = try tx.first("SELECT 1 FROM catalog_products WHERE handle = \(draft.handle)") { _ in true }
            guard taken == nil else {
                throw CatalogError(.handleTaken, field: "handle", value: draft.handle, "belongs to another product")
            }
        }
        let taken = try VariantStorage.takenSKUs(draft.variants.map(\.sku), except: product?.id, in: tx)
        if let first = taken.first {
            throw CatalogError(.skuTaken, field: "sku", value: first.sku, "belongs to the product \"\(first.handle)\"")
        }
    }

    /// The last check, because making a collection is already a write.
    private static func settleCollections(_ draft: ProductDraft, make: Bool, in tx: Transaction) throws {
        for handle in draft.collections {
            let known = try tx.first("SELECT 1 FROM catalog_collections WHERE handle = \(handle)") { _ in true }
            if known != nil { continue }
            guard make else { throw CatalogError.invalid("collections", handle, "must name a collection") }
            _ = try CollectionStorage.insert(
                StoredCollection(handle: handle, title: handle, descriptionHTML: "", createdAt: tx.now), in: tx)
        }
    }

    private static func updateProduct(_ product: StoredProduct, in tx: Transaction) throws {
        let draft = product.draft
        let options = draft.optionNames + ["", "", ""]
        try tx.changed(VariantMemory.topic)
        try tx.execute(
            """
            UPDATE catalog_products SET handle = \(draft.handle), title = \(draft.title),
                description = \(draft.descriptionHTML), vendor = \(draft.vendor), category = \(draft.category),
                status = \(draft.status.rawValue), tax_category = \(draft.taxCategory),
                gift_card = \(draft.giftCard), seo_title = \(draft.seoTitle),
                seo_description = \(draft.seoDescription), option1 = \(options[0]), option2 = \(options[1]),
                option3 = \(options[2]), version = \(product.version), updated_at = \(product.updatedAt)
            WHERE id = \(product.id)
            """)
    }

    private static func writeVariants(
        _ product: inout StoredProduct, known: [VariantID: VariantDraft], retired: [VariantID], in tx: Transaction
    ) throws {
        for id in retired { try VariantStorage.retire(id, in: tx) }
        // Two variants may swap their SKUs, which the unique index would refuse one after the other.
        for variant in product.draft.variants {
            if let id = variant.id, known[id]?.sku != variant.sku { try VariantStorage.clearSKU(id, in: tx) }
        }
        for (index, variant) in product.draft.variants.enumerated() {
            if let id = variant.id {
                try VariantStorage.update(variant, id: id, position: index + 1, in: tx)
            } else {
                let id: VariantID = tx.newID()
                product.draft.variants[index].id = id
                try VariantStorage.insert(variant, id: id, product: product.id, position: index + 1, in: tx)
            }
        }
    }

    private static func clearSurroundings(_ product: StoredProduct, in tx: Transaction) throws {
        for table in ["catalog_images", "catalog_tags", "catalog_memberships"] {
            try tx.execute("DELETE FROM \(raw: table) WHERE product = \(product.id)")
        }
        try tx.execute("DELETE FROM catalog_attributes WHERE owner = \(product.id)")
        for variant in product.draft.variants {
            if let id = variant.id { try tx.execute("DELETE FROM catalog_attributes WHERE owner = \(id)") }
        }
    }

    private static func writeSurroundings(_ product: StoredProduct, in tx: Transaction) throws {
        let draft = product.draft
        for (index, image) in draft.images.enumerated() {
            try tx.execute(
                """
                INSERT INTO catalog_images (product, position, url, alt)
                VALUES (\(product.id), \(index + 1), \(image.url), \(image.alt))
                """)
        }
        for (index, tag) in draft.tags.enumerated() {
            try tx.execute(
                "INSERT INTO catalog_tags (product, position, tag) VALUES (\(product.id), \(index + 1), \(tag))")
        }
        for handle in draft.collections {
            try tx.execute(
                "INSERT INTO catalog_memberships (product, collection) VALUES (\(product.id), \(handle))")
        }
        try writeAttributes(draft.attributes, owner: product.id.uuid, in: tx)
        for variant in draft.variants {
            if let id = variant.id { try writeAttributes(variant.attributes, owner: id.uuid, in: tx) }
        }
        // Only what shoppers may see is found, so a search never has to skip over drafts.
        let index = tx.textIndex(CatalogTables.textIndex)
        if draft.status == .published {
            try index.put(key: product.number, text: words(of: draft))
        } else {
            try index.remove(key: product.number)
        }
    }

    private static func writeAttributes(_ attributes: [String: String], owner: UUIDv7, in tx: Transaction) throws {
        for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
            try tx.execute(
                "INSERT INTO catalog_attributes (owner, name, value) VALUES (\(owner), \(name), \(value))")
        }
    }

    /// What a search finds the product by.
    private static func words(of draft: ProductDraft) -> String {
        var parts = [draft.title, draft.vendor, draft.category] + draft.tags
        parts += draft.variants.flatMap { [$0.sku, $0.barcode] + $0.optionValues }
        parts.append(withoutMarkup(draft.descriptionHTML))
        return parts.joined(separator: " ")
    }

    /// The text between the tags; good enough for an index of words, and no sanitizer.
    private static func withoutMarkup(_ html: String) -> String {
        var text = ""
        var inTag = false
        for character in html {
            switch character {
            case "<": inTag = true
            case ">":
                inTag = false
                text.append(" ")
            default: if !inTag { text.append(character) }
            }
        }
        return text
    }
}
