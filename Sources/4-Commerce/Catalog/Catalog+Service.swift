public import Contract
import Money
import Runtime
import Store
import SwiftProtobuf

// The calls of the contract: each reads its request, decides nothing that a pure part could, and answers.

extension Catalog: CatalogService {
    static let pageSize = 50
    static let largestPage = 200

    public func createProduct(_ request: V1CreateProductRequest, _ context: CallContext) async throws -> V1Product {
        let draft = try ProductDraft(request)
        return try await context.book.perform(context, request) { tx in
            V1Product(try ProductWriter.create(draft, in: tx))
        }
    }

    public func updateProduct(_ request: V1UpdateProductRequest, _ context: CallContext) async throws -> V1Product {
        let id = try Self.productID(request.productID)
        let expected = try Self.expectedVersion(request.version, ifMatch: context.header("if-match"))
        return try await context.book.perform(context, request) { tx in
            guard let before = try ProductStorage.find(id, in: tx) else {
                throw CatalogError.unknownProduct(request.productID)
            }
            guard before.version == expected.version else {
                throw CatalogError(
                    .versionMismatch, field: expected.byHeader ? "If-Match" : "version", value: "\(expected.version)",
                    "is not the product's version \(before.version); read it again and repeat the change",
                    status: expected.byHeader ? 412 : 409)
            }
            return V1Product(try ProductWriter.update(before, to: ProductDraft(request, before: before.draft), in: tx))
        }
    }

    public func archiveProduct(_ request: V1ArchiveProductRequest, _ context: CallContext) async throws -> V1Product {
        let id = try Self.productID(request.productID)
        return try await context.book.perform(context, request) { tx in
            guard let before = try ProductStorage.find(id, in: tx) else {
                throw CatalogError.unknownProduct(request.productID)
            }
            return V1Product(try ProductWriter.archive(before, in: tx))
        }
    }

    public func getProduct(_ request: V1GetProductRequest, _ context: CallContext) async throws -> V1Product {
        let id = try Self.productID(request.productID)
        return try await context.book.read { reader in
            guard let product = try ProductStorage.find(id, in: reader) else {
                throw CatalogError.unknownProduct(request.productID)
            }
            return V1Product(product)
        }
    }

    public func listProducts(
        _ request: V1ListProductsRequest, _ context: CallContext
    ) async throws -> V1ListProductsReply {
        let size = try Self.pageSize(request.pageSize)
        let last = request.pageToken.isEmpty ? nil : try Self.productID(request.pageToken, field: "page_token")
        var filter = ProductQueries.Filter(
            category: request.category, collection: request.collection, tag: request.tag, vendor: request.vendor,
            handle: request.handle)
        if !request.status.isEmpty { filter.status = try Self.status(request.status, allowed: ProductStatus.allCases) }
        let wanted = filter
        return try await context.book.read { reader in
            let ids = try ProductQueries.ids(wanted, after: last, limit: size + 1, in: reader)
            let page = Array(ids.prefix(size))
            let products = try ProductStorage.load(page, in: reader).map { V1Product($0) }
            return .with {
                $0.products = products
                if ids.count > size, let end = page.last { $0.nextPageToken = "\(end)" }
            }
        }
    }

    public func searchProducts(
        _ request: V1SearchProductsRequest, _ context: CallContext
    ) async throws -> V1SearchProductsReply {
        let size = try Self.pageSize(request.pageSize)
        guard !request.q.isEmpty, request.q.count <= 200, !request.q.utf8.contains(0) else {
            throw CatalogError.invalid("q", request.q, "must have 1 to 200 characters")
        }
        return try await context.book.read { reader in
            let ids = try ProductQueries.search(request.q, limit: size, in: reader)
            let products = try ProductStorage.load(ids, in: reader).map { V1Product($0) }
            return .with { $0.products = products }
        }
    }

    public func getVariant(_ request: V1GetVariantRequest, _ context: CallContext) async throws -> V1ProductVariant {
        guard let id = VariantID(request.variantID) else {
            throw CatalogError.invalid("variant_id", request.variantID, "must be a variant's id such as var_01h…")
        }
        return try await context.book.read { reader in
            let snapshot = try variant(id, reader: reader)
            guard let product = try ProductStorage.find(snapshot.productID, in: reader),
                let index = product.draft.variants.firstIndex(where: { $0.id == id })
            else { throw CatalogError.unknownVariant(request.variantID) }
            return V1ProductVariant(product.draft.variants[index], of: product, position: index + 1)
        }
    }

    public func listCategories(
        _ request: V1ListCategoriesRequest, _ context: CallContext
    ) async throws -> V1ListCategoriesReply {
        try await context.book.read { reader in
            let categories = try ProductQueries.categories(in: reader).map { category in
                V1ProductCategory.with {
                    $0.path = category.path
                    $0.name = String(category.path.split(separator: "/").last ?? "")
                    $0.products = category.products
                }
            }
            return .with { $0.categories = categories }
        }
    }

    public func createCollection(
        _ request: V1CreateCollectionRequest, _ context: CallContext
    ) async throws -> V1ProductCollection {
        guard !request.title.isEmpty, request.title.count <= ProductRules.longestName, !request.title.utf8.contains(0),
            !request.descriptionHtml.utf8.contains(0)
        else {
            throw CatalogError.invalid("title", request.title, "must have 1 to \(ProductRules.longestName) characters")
        }
        let handle = request.handle.isEmpty ? ProductRules.handle(from: request.title) : request.handle
        try ProductRules.handle(handle, field: "handle")
        return try await context.book.perform(context, request) { tx in
            let collection = StoredCollection(
                handle: handle, title: request.title, descriptionHTML: request.descriptionHtml, createdAt: tx.now)
            guard try CollectionStorage.insert(collection, in: tx) else {
                throw CatalogError(.collectionExists, field: "handle", value: handle, "belongs to another collection")
            }
            return V1ProductCollection(collection)
        }
    }

    public func listCollections(
        _ request: V1ListCollectionsRequest, _ context: CallContext
    ) async throws -> V1ListCollectionsReply {
        let size = try Self.pageSize(request.pageSize)
        if !request.pageToken.isEmpty { try ProductRules.handle(request.pageToken, field: "page_token") }
        return try await context.book.read { reader in
            let found = try CollectionStorage.list(after: request.pageToken, limit: size + 1, in: reader)
            let page = found.prefix(size)
            return .with {
                $0.collections = page.map { V1ProductCollection($0) }
                if found.count > size, let end = page.last { $0.nextPageToken = end.handle }
            }
        }
    }

    public func importProducts(
        _ request: V1ImportProductsRequest, _ context: CallContext
    ) async throws -> V1ProductImportReport {
        let currency: Currency
        do throws(MoneyError) {
            currency = try Currency(code: request.currency)
        } catch {
            throw CatalogError.invalid("currency", request.currency, error.rule)
        }
        var options = CatalogImport.Options(currency: currency)
        options.trackAll = request.trackAll
        let job = CatalogImport(options, onStock: onStock)
        let file = try job.prepare(.bytes([UInt8](request.csv)))
        return try await context.book.perform(context, request) { tx in
            V1ProductImportReport(try job.run(file, in: tx))
        }
    }
}

extension Catalog {
    static func pageSize(_ asked: Int32) throws(CatalogError) -> Int {
        guard (0...Int32(largestPage)).contains(asked) else {
            throw .invalid("page_size", "\(asked)", "must be 1 to \(largestPage), or 0 for \(pageSize)")
        }
        return asked == 0 ? pageSize : Int(asked)
    }

    static func productID(_ text: String, field: String = "product_id") throws(CatalogError) -> ProductID {
        guard let id = ProductID(text) else { throw .invalid(field, text, "must be a product's id such as prd_01h…") }
        return id
    }

    static func status(_ text: String, allowed: [ProductStatus]) throws(CatalogError) -> ProductStatus {
        guard let status = ProductStatus(rawValue: text), allowed.contains(status) else {
            throw .invalid("status", text, "must be one of \(allowed.map(\.rawValue).joined(separator: ", "))")
        }
        return status
    }

    /// The version that the caller read, from the field or from `If-Match: "3"`.
    static func expectedVersion(_ field: Int64, ifMatch: String?) throws -> (version: Int64, byHeader: Bool) {
        if field > 0 { return (field, false) }
        guard let ifMatch else {
            throw CatalogError.invalid("version", "\(field)", "must be the version that was read (or send If-Match)")
        }
        let digits = ifMatch.drop { $0 == "W" || $0 == "/" }.filter { $0 != "\"" && $0 != " " }
        guard let version = Int64(digits), version > 0 else {
            throw CatalogError.invalid("If-Match", ifMatch, "must be the product's version in quotes, such as \"3\"")
        }
        return (version, true)
    }
}
