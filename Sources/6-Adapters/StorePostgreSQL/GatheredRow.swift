import Store

/// Collects a row's values where they cannot be sent as they are bound.
final class GatheredRow: RowBinder {
    var values: [SQLValue] = []

    func integer(_ value: Int64) { values.append(.integer(value)) }
    func text(_ value: String) { values.append(.text(value)) }
    func bytes(_ value: [UInt8]) { values.append(.bytes(value)) }
    func null() { values.append(.null) }
}
