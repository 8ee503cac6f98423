/// What a person may do in a tenant. The one table of roles and their scopes.
public enum Role: String, Sendable, CaseIterable {
    case owner
    case manager
    case clerk
    case auditor
    case support

    public var scopes: Set<String> {
        switch self {
        case .owner:
            ["*"]
        case .manager:
            [
                "identity:read", "tenant:read", "catalog:*", "inventory:*", "orders:*", "payments:*", "carts:*",
                "ledger:read", "reconciliation:*", "journal:read", "people:read", "personal:read", "users:read",
                "keys:read"
            ]
        case .clerk:
            [
                "identity:read", "tenant:read", "catalog:read", "inventory:*", "orders:*", "carts:*", "payments:read",
                "reconciliation:read", "reconciliation:write", "people:read"
            ]
        case .auditor:
            // Sees every number and no person.
            [
                "identity:read", "tenant:read", "ledger:read", "journal:read", "audit:read", "orders:read",
                "payments:read", "reconciliation:read", "catalog:read", "inventory:read", "users:read", "keys:read"
            ]
        case .support:
            [
                "identity:read", "tenant:read", "catalog:read", "inventory:read", "orders:read", "payments:read",
                "people:read", "personal:read"
            ]
        }
    }
}

/// Permissions as text: `orders:write`, all of a capability `orders:*`, all of a tenant `*`.
public enum Scope {
    /// Whether one of the granted scopes contains the wanted one, which may itself be a pattern.
    public static func allows(_ granted: Set<String>, _ wanted: String) -> Bool {
        if granted.contains(wanted) || granted.contains("*") { return true }
        guard let colon = wanted.firstIndex(of: ":") else { return false }
        return granted.contains(wanted[..<colon] + ":*")
    }

    static func allows(_ granted: Set<String>, all wanted: some Sequence<String>) -> Bool {
        wanted.allSatisfy { allows(granted, $0) }
    }

    /// `*`, or two words of a-z, `_`, `-` around a colon, of which the second may be `*`.
    static func isScope(_ text: String) -> Bool {
        if text == "*" { return true }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, text.utf8.count <= 64 else { return false }
        return isWord(parts[0]) && (parts[1] == "*" || isWord(parts[1]))
    }

    static func isOfPlatform(_ text: String) -> Bool { text.hasPrefix("platform:") }

    private static func isWord(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (97...122).contains($0) || $0 == 45 || $0 == 95 }
    }
}
