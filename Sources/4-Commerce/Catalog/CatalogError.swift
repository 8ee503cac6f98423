public import Contract
import Glibc

/// Why the catalogue refused, naming the field, its value and the rule.
public struct CatalogError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of refusal it is. A struct over a hidden enum, so that a new kind breaks nobody's `switch`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case invalid, unknownProduct, unknownVariant, notForSale, handleTaken, skuTaken, collectionExists
            case versionMismatch, archived, unreadableFile, malformedFile
        }

        private let kind: Kind

        /// A field breaks its rule.
        public static let invalid = Code(kind: .invalid)
        public static let unknownProduct = Code(kind: .unknownProduct)
        public static let unknownVariant = Code(kind: .unknownVariant)
        /// The variant exists, but its product is not published, or it was retired.
        public static let notForSale = Code(kind: .notForSale)
        public static let handleTaken = Code(kind: .handleTaken)
        public static let skuTaken = Code(kind: .skuTaken)
        public static let collectionExists = Code(kind: .collectionExists)
        /// Somebody changed the product since it was read.
        public static let versionMismatch = Code(kind: .versionMismatch)
        /// An archived product takes no changes.
        public static let archived = Code(kind: .archived)
        public static let unreadableFile = Code(kind: .unreadableFile)
        /// The file to import is not CSV or not a product file; nothing of it came in.
        public static let malformedFile = Code(kind: .malformedFile)

        public var description: String { kind.rawValue }
    }

    public let code: Code
    public let field: String?
    public let value: String?
    /// The rule, as a half sentence: "must be …".
    public let rule: String
    let status: Int

    init(_ code: Code, field: String? = nil, value: String? = nil, _ rule: String, status: Int? = nil) {
        self.code = code
        self.field = field
        self.value = value.map { $0.count <= 80 ? $0 : $0.prefix(80) + "..." }
        self.rule = rule
        self.status = status ?? Self.statuses[code] ?? 422
    }

    public var description: String {
        switch (field, value) {
        case (let field?, let value?): "\(field) \"\(value)\" \(rule)."
        case (let field?, nil): "\(field) \(rule)."
        default: "\(rule)."
        }
    }

    private static let statuses: [Code: Int] = [
        .invalid: 422, .unknownProduct: 404, .unknownVariant: 404, .notForSale: 409, .handleTaken: 409,
        .skuTaken: 409, .collectionExists: 409, .versionMismatch: 409, .archived: 409, .unreadableFile: 422,
        .malformedFile: 422
    ]
}

extension CatalogError {
    static func invalid(_ field: String, _ value: String, _ rule: String) -> CatalogError {
        CatalogError(.invalid, field: field, value: value, rule)
    }

    static func unreadable(_ path: String, _ code: Int32) -> CatalogError {
        CatalogError(.unreadableFile, field: "file", value: path, "cannot be read: \(String(cString: strerror(code)))")
    }

    static func unknownVariant(_ id: String) -> CatalogError {
        CatalogError(.unknownVariant, field: "variant_id", value: id, "names no variant")
    }

    static func unknownProduct(_ id: String) -> CatalogError {
        CatalogError(.unknownProduct, field: "product_id", value: id, "names no product")
    }
}

extension CatalogError: ProblemConvertible {
    public var problem: Problem {
        let (type, title) = Self.names[code] ?? ("invalid-field", "Invalid field")
        return Problem(type: type, title: title, status: status, detail: description, field: field)
    }

    private static let names: [Code: (String, String)] = [
        .unknownProduct: ("not-found", "Not found"),
        .unknownVariant: ("not-found", "Not found"),
        .notForSale: ("not-for-sale", "Not for sale"),
        .handleTaken: ("handle-taken", "The handle is taken"),
        .skuTaken: ("sku-taken", "The SKU is taken"),
        .collectionExists: ("collection-exists", "The collection exists"),
        .versionMismatch: ("version-mismatch", "Changed meanwhile"),
        .archived: ("product-archived", "The product is archived"),
        .malformedFile: ("malformed-csv", "Not a product CSV")
    ]
}
