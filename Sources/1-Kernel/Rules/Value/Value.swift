/// A value of the language.
///
/// Scalars stand inline; everything else is one or two words that share their storage, so that copying a value
/// costs at most one reference count.
public enum Value: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    case list(ListValue)
    case map(MapValue)
    case timestamp(Timestamp)
    case duration(Duration)
    case type(Type)
    case optional(OptionalValue)
    case object(any ObjectValue)
}

extension Value {
    /// The kinds of values, for dispatch without looking at the payload.
    public enum Kind: UInt8, Sendable {
        case null, bool, int, uint, double, string, bytes, list, map, timestamp, duration, type, optional, object
    }

    public var kind: Kind {
        switch self {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .uint: .uint
        case .double: .double
        case .string: .string
        case .bytes: .bytes
        case .list: .list
        case .map: .map
        case .timestamp: .timestamp
        case .duration: .duration
        case .type: .type
        case .optional: .optional
        case .object: .object
        }
    }

    /// The type that `type(x)` gives: containers without their parameters.
    public var type: Type {
        switch self {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .uint: .uint
        case .double: .double
        case .string: .string
        case .bytes: .bytes
        case .list: .list(.dynamic)
        case .map: .map(.dynamic, .dynamic)
        case .timestamp: .timestamp
        case .duration: .duration
        case .type: .type(.dynamic)
        case .optional: .optional(.dynamic)
        case .object(let object): object.type
        }
    }

    /// The name of the type, for messages: `int`, `list`, `shop.Cart`.
    public var typeName: String { type.runtimeName }

    /// A list of values.
    public static func list(_ elements: [Value]) -> Value { .list(ListValue(elements)) }

    /// `optional.of(value)`.
    public static func some(_ value: Value) -> Value { .optional(OptionalValue(value)) }

    /// `optional.none()`.
    public static let none = Value.optional(OptionalValue.none)
}

/// A value that may be absent, as `optional.of(x)` and `optional.none()` make it.
public final class OptionalValue: Sendable {
    public let wrapped: Value?
    let depth: Int32

    /// The absent value.
    public static let none = OptionalValue(nil)

    public init(_ wrapped: Value?) {
        self.wrapped = wrapped
        depth = 1 + (wrapped?.depth ?? 0)
    }
}

extension Value {
    /// How many lists, maps and optionals stand in one another. It is written down when one is made, because a walk
    /// to find it could take longer than everything else.
    var depth: Int32 {
        switch self {
        case .list(let list): list.depth
        case .map(let map): map.depth
        case .optional(let optional): optional.depth
        case .object: 1
        default: 0
        }
    }
}

extension [Value] {
    var greatestDepth: Int32 {
        var greatest: Int32 = 0
        for value in self { greatest = Swift.max(greatest, value.depth) }
        return greatest
    }
}

// There is no literal `nil` for null: in `condition ? value : nil` it would hide an absent value.
extension Value: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByStringLiteral, ExpressibleByArrayLiteral
{
    public init(integerLiteral value: Int64) { self = .int(value) }
    public init(floatLiteral value: Double) { self = .double(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: Value...) { self = .list(elements) }
}
