public import Runtime

// Identifiers that more than one capability names.

public enum ProductTag: IdentifierTag { public static let prefix = "prd" }
public typealias ProductID = Identifier<ProductTag>

public enum VariantTag: IdentifierTag { public static let prefix = "var" }
public typealias VariantID = Identifier<VariantTag>

public enum OrderTag: IdentifierTag { public static let prefix = "ord" }
public typealias OrderID = Identifier<OrderTag>

public enum PaymentTag: IdentifierTag { public static let prefix = "pay" }
public typealias PaymentID = Identifier<PaymentTag>

public enum PersonTag: IdentifierTag { public static let prefix = "per" }
public typealias PersonID = Identifier<PersonTag>

public enum TenantTag: IdentifierTag { public static let prefix = "ten" }
public typealias TenantID = Identifier<TenantTag>

extension Identifier {
    /// Reads an identifier from a request; throws `Problem` 422 naming the field.
    public init(_ text: String, field: String) throws {
        guard let id = Self(text) else {
            throw Problem.invalid(
                field: field, value: text,
                rule: "is no identifier of this kind: it looks like \(Tag.prefix)_01h455vb4pex5vsknk084sn02q")
        }
        self = id
    }
}
