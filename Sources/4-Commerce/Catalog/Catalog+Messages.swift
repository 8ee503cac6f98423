public import Contract
import Money
import Runtime
import SwiftProtobuf

// Between the contract's messages and the catalogue's values.

extension ProductDraft {
    init(_ request: V1CreateProductRequest) throws {
        self.init()
        title = request.title
        handle = request.handle.isEmpty ? ProductRules.handle(from: request.title) : request.handle
        descriptionHTML = request.descriptionHtml
        vendor = request.vendor
        category = request.category
        collections = request.collections.sorted()
        tags = request.tags
        status = request.status.isEmpty ? .draft : try Catalog.status(request.status, allowed: [.draft, .published])
        taxCategory = request.taxCategory.isEmpty ? "standard" : request.taxCategory
        giftCard = request.giftCard
        seoTitle = request.seoTitle
        seoDescription = request.seoDescription
        optionNames = request.optionNames
        variants = try request.variants.enumerated().map { try VariantDraft($1, index: $0, before: nil) }
        images = request.images.sortedByPosition
        attributes = request.attributes
        try ProductRules.check(self)
    }

    init(_ request: V1UpdateProductRequest, before: ProductDraft) throws {
        self.init()
        title = request.title
        handle = request.handle.isEmpty ? before.handle : request.handle
        descriptionHTML = request.descriptionHtml
        vendor = request.vendor
        category = request.category
        collections = request.collections.sorted()
        tags = request.tags
        status =
            request.status.isEmpty ? before.status : try Catalog.status(request.status, allowed: [.draft, .published])
        taxCategory = request.taxCategory.isEmpty ? "standard" : request.taxCategory
        giftCard = request.giftCard
        seoTitle = request.seoTitle
        seoDescription = request.seoDescription
        optionNames = request.optionNames
        variants = try request.variants.enumerated().map { try VariantDraft($1, index: $0, before: before) }
        images = request.images.sortedByPosition
        attributes = request.attributes
    }
}

extension VariantDraft {
    init(_ input: V1ProductVariantInput, index: Int, before: ProductDraft?) throws {
        let at = "variants[\(index)]"
        guard input.hasPrice else { throw CatalogError.invalid("\(at).price", "", "must be given") }
        self.init(price: try Amount(input.price, field: "\(at).price"))
        if !input.variantID.isEmpty {
            guard let id = VariantID(input.variantID), before != nil else {
                throw CatalogError.invalid("\(at).variant_id", input.variantID, "must name a variant of the product")
            }
            self.id = id
        } else {
            id = before?.variants.first { $0.optionValues == input.optionValues }?.id
        }
        sku = input.sku
        optionValues = input.optionValues
        compareAtPrice =
            input.hasCompareAtPrice ? try Amount(input.compareAtPrice, field: "\(at).compare_at_price") : nil
        costPrice = input.hasCostPrice ? try Amount(input.costPrice, field: "\(at).cost_price") : nil
        barcode = input.barcode
        weightGrams = input.weightGrams
        requiresShipping = input.hasRequiresShipping ? input.requiresShipping : true
        taxable = input.hasTaxable ? input.taxable : true
        tracked = input.hasTracked ? input.tracked : true
        backorder = input.backorder
        imageURL = input.imageURL
        taxCategory = input.taxCategory
        attributes = input.attributes
    }
}

extension [V1ProductImage] {
    /// Those with a position by it, those without after them, as they were sent.
    fileprivate var sortedByPosition: [ImageDraft] {
        let placed = enumerated().map { (place: $1.position > 0 ? Int($1.position) : .max, offset: $0, image: $1) }
        return placed.sorted { ($0.place, $0.offset) < ($1.place, $1.offset) }.map {
            ImageDraft(url: $0.image.url, alt: $0.image.alt)
        }
    }
}

extension V1Product: Versioned {}

extension V1Product {
    init(_ product: StoredProduct) {
        self.init()
        let draft = product.draft
        productID = "\(product.id)"
        handle = draft.handle
        title = draft.title
        descriptionHtml = draft.descriptionHTML
        vendor = draft.vendor
        category = draft.category
        collections = draft.collections
        tags = draft.tags
        status = draft.status.rawValue
        taxCategory = draft.taxCategory
        giftCard = draft.giftCard
        seoTitle = draft.seoTitle
        seoDescription = draft.seoDescription
        options = draft.options.map { option in
            .with {
                $0.name = option.name
                $0.values = option.values
            }
        }
        variants = draft.variants.enumerated().map { V1ProductVariant($1, of: product, position: $0 + 1) }
        images = draft.images.enumerated().map { index, image in
            .with {
                $0.url = image.url
                $0.alt = image.alt
                $0.position = Int32(index + 1)
            }
        }
        attributes = draft.attributes
        version = product.version
        createdAt = product.createdAt.rfc3339
        updatedAt = product.updatedAt.rfc3339
    }
}

extension V1ProductVariant {
    init(_ variant: VariantDraft, of product: StoredProduct, position: Int) {
        self.init()
        variantID = variant.id.map { "\($0)" } ?? ""
        productID = "\(product.id)"
        sku = variant.sku
        title = variant.title
        optionValues = variant.optionValues
        price = V1Amount(variant.price)
        if let amount = variant.compareAtPrice { compareAtPrice = V1Amount(amount) }
        if let amount = variant.costPrice { costPrice = V1Amount(amount) }
        barcode = variant.barcode
        weightGrams = variant.weightGrams
        requiresShipping = variant.requiresShipping
        taxable = variant.taxable
        tracked = variant.tracked
        backorder = variant.backorder
        imageURL = variant.imageURL
        taxCategory = variant.taxCategory
        attributes = variant.attributes
        self.position = Int32(position)
    }
}

extension V1ProductCollection {
    init(_ collection: StoredCollection) {
        self.init()
        handle = collection.handle
        title = collection.title
        descriptionHtml = collection.descriptionHTML
        createdAt = collection.createdAt.rfc3339
    }
}

extension V1ProductImportReport {
    init(_ report: ImportReport) {
        self.init()
        rowsIn = Int64(report.rowsIn)
        rowsRefused = Int64(report.rowsRefused)
        productsCreated = Int64(report.productsCreated)
        productsUpdated = Int64(report.productsUpdated)
        productsUnchanged = Int64(report.productsUnchanged)
        productsRefused = Int64(report.productsRefused)
        variants = Int64(report.variants)
        images = Int64(report.images)
        stockSet = Int64(report.stockSet)
        refusals = report.refusals.map { refusal in
            .with {
                $0.line = Int64(refusal.line)
                $0.handle = refusal.handle
                $0.column = refusal.column
                $0.value = refusal.value
                $0.rule = refusal.rule
            }
        }
        notes = report.notes.map { note in
            .with {
                $0.line = Int64(note.line)
                $0.handle = note.handle
                $0.text = note.text
            }
        }
        attributeColumns = report.attributeColumns
    }
}
