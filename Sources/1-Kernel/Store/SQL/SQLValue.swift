/// A value as both stores keep it.
public enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case text(String)
    case bytes([UInt8])
}

extension SQLValue {
    /// Thrown when a column holds another kind of value than the code that reads it expects: a broken schema.
    func mismatch(_ expected: String) -> StoreError {
        StoreError(.unexpectedValue, "expected \(expected), found \(self)")
    }
}
