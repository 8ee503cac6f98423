/// What a field of a dynamic message holds.
///
/// Integers of every width share one case: the field's kind knows the width, and it was enforced when the value came
/// in.
indirect enum ProtobufValue: Sendable {
    case int(Int64)
    case uint(UInt64)
    case double(Double)
    case bool(Bool)
    case string(String)
    case bytes([UInt8])
    case message(DynamicMessage)
    case list([ProtobufValue])
    case map([Key: ProtobufValue])
    /// The default of a proto2 enum field by the names of the enum and of its constant.
    case enumName(String, String)

    /// A map's key: protocol buffers allow integers, bools and strings.
    enum Key: Hashable, Sendable {
        case int(Int64)
        case uint(UInt64)
        case bool(Bool)
        case string(String)
    }

    /// Whether a field without presence counts as unset: zero, empty, false.
    var isZero: Bool {
        switch self {
        case .int(let value): value == 0
        case .uint(let value): value == 0
        // Minus zero is a value that was set: only the bits of plus zero are left out on the wire.
        case .double(let value): value.bitPattern == 0
        case .bool(let value): !value
        case .string(let value): value.isEmpty
        case .bytes(let value): value.isEmpty
        case .list(let values): values.isEmpty
        case .map(let entries): entries.isEmpty
        case .message, .enumName: false
        }
    }

    var asMessage: DynamicMessage? {
        if case .message(let message) = self { message } else { nil }
    }
}

extension ProtobufValue: Equatable {
    /// Equality as CEL defines it for fields: a NaN equals nothing, not even itself; maps ignore order.
    static func == (left: ProtobufValue, right: ProtobufValue) -> Bool {
        switch (left, right) {
        case (.int(let a), .int(let b)): a == b
        case (.uint(let a), .uint(let b)): a == b
        case (.double(let a), .double(let b)): a == b
        case (.bool(let a), .bool(let b)): a == b
        case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
        case (.bytes(let a), .bytes(let b)): a == b
        case (.message(let a), .message(let b)): a == b
        case (.list(let a), .list(let b)): a == b
        case (.map(let a), .map(let b)): a == b
        case (.enumName(let a, let b), .enumName(let c, let d)): a == c && b == d
        default: false
        }
    }
}

extension ProtobufValue.Key {
    var asValue: ProtobufValue {
        switch self {
        case .int(let value): .int(value)
        case .uint(let value): .uint(value)
        case .bool(let value): .bool(value)
        case .string(let value): .string(value)
        }
    }

    init?(_ value: ProtobufValue) {
        switch value {
        case .int(let value): self = .int(value)
        case .uint(let value): self = .uint(value)
        case .bool(let value): self = .bool(value)
        case .string(let value): self = .string(value)
        default: return nil
        }
    }
}
