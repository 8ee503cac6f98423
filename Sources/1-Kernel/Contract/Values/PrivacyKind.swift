/// What a personal field tells about a person; such a field is kept in the vault only.
public enum PrivacyKind: String, Sendable, Hashable, CaseIterable, Codable {
    case email
    case phone
    case name
    case address
    case governmentID = "government_id"
    case bankAccount = "bank_account"
    case birthDate = "birth_date"
}

/// A field that the contract marks as personal.
public struct PrivacyField: Sendable, Hashable {
    /// The message's full name, e.g. `kontor.orders.v1.Address`.
    public let message: String
    public let field: String
    public let kind: PrivacyKind

    public init(message: String, field: String, kind: PrivacyKind) {
        self.message = message
        self.field = field
        self.kind = kind
    }
}
