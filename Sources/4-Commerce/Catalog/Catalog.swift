public import Contract
public import Runtime
public import Store

/// What the mall sells: products with their variants, options, images, categories and collections.
///
/// The methods here are for capabilities above, which read inside their own transaction, and for the wiring. The calls
/// of the contract are in `Catalog+Service.swift`, the import in `Import/CatalogImport.swift`.
public struct Catalog: Sendable {
    /// The most variants one call asks for: those of the largest product.
    public static let mostVariants = ProductRules.mostVariants

    /// Where the quantities of an imported file go.
    public let onStock: CatalogImport.OnStock?

    /// `onStock` takes the quantities of an imported file over into the stock room, in the import's transaction.
    public init(onStock: CatalogImport.OnStock? = nil) { self.onStock = onStock }

    public static var migrations: [Migration] { CatalogTables.migrations }

    /// What an order needs to know of a variant, sellable or not. Throws `unknownVariant`.
    public func variant(_ id: VariantID, reader: any SQLReader) throws -> VariantSnapshot {
        guard let snapshot = try VariantStorage.snapshots([id], in: reader)[id] else {
            throw CatalogError.unknownVariant("\(id)")
        }
        return snapshot
    }

    /// The variants with these ids in one statement for each eight; ids that name none are missing in the answer.
    public func variants(_ ids: [VariantID], reader: any SQLReader) throws -> [VariantID: VariantSnapshot] {
        guard ids.count <= Self.mostVariants else {
            throw CatalogError.invalid("variants", "\(ids.count)", "must be at most \(Self.mostVariants)")
        }
        return try VariantStorage.snapshots(ids, in: reader)
    }

    /// The variants with these ids, all of which must be for sale now. Throws `unknownVariant` or `notForSale`.
    public func sellable(_ ids: [VariantID], reader: any SQLReader) throws -> [VariantID: VariantSnapshot] {
        let found = try variants(ids, reader: reader)
        for id in ids {
            guard let variant = found[id] else { throw CatalogError.unknownVariant("\(id)") }
            guard variant.sellable else {
                throw CatalogError(.notForSale, field: "variant_id", value: "\(id)", "is not for sale")
            }
        }
        return found
    }

    /// Published variants in the order their products were created, for a demo's or a test's shoppers.
    public func sellableVariants(limit: Int, reader: any SQLReader) throws -> [VariantID] {
        try reader.query(
            """
            SELECT v.id FROM catalog_variants v JOIN catalog_products p ON p.id = v.product
            WHERE p.status = 'published' AND v.retired = 0 ORDER BY p.number, v.position LIMIT \(limit)
            """
        ) { try $0.get(0) }
    }
}
