/// A type of the language, as the checker sees it and as `type(x)` gives it.
///
/// At run time only the outer name counts: `type([1])` and `type(["a"])` are the same value, `list`.
public indirect enum Type: Sendable, Hashable {
    /// Checked when it is evaluated: the gradual part of the type system.
    case dynamic
    case null, bool, int, uint, double, string, bytes, timestamp, duration
    case list(Type)
    case map(Type, Type)
    case optional(Type)
    /// The type of types: `type(1)` has the type `type(int)`.
    case type(Type)
    /// A protocol-buffer message or a host's object, by its full name.
    case message(String)
    /// A primitive that may be null (`google.protobuf.Int64Value` and its kin).
    case wrapper(Type)
    /// `google.protobuf.Any`.
    case any
    /// A type that a library adds (`net.IP`), perhaps with parameters.
    case opaque(String, [Type])
    /// A type parameter of an overload's signature (`T`, `K`, `V`).
    case parameter(String)
    /// The type of an expression that failed to check, so that one mistake is reported once.
    case error

    /// The name by which the type is known when rules run: `list`, `google.protobuf.Timestamp`, `shop.Cart`.
    public var runtimeName: String {
        switch self {
        case .dynamic: "dyn"
        case .null: "null_type"
        case .bool: "bool"
        case .int: "int"
        case .uint: "uint"
        case .double: "double"
        case .string: "string"
        case .bytes: "bytes"
        case .timestamp: "google.protobuf.Timestamp"
        case .duration: "google.protobuf.Duration"
        case .list: "list"
        case .map: "map"
        case .optional: "optional_type"
        case .type: "type"
        case .message(let name), .opaque(let name, _): name
        case .wrapper(let inner): "wrapper(\(inner.runtimeName))"
        case .any: "google.protobuf.Any"
        case .parameter(let name): name
        case .error: "*error*"
        }
    }

    /// The types that have a name of their own in every environment; `dyn` is no type that a value could have.
    static let named: [String: Type] = [
        "null_type": .null, "bool": .bool, "int": .int, "uint": .uint, "double": .double,
        "string": .string, "bytes": .bytes, "list": .list(.dynamic), "map": .map(.dynamic, .dynamic),
        "type": .type(.dynamic), "optional_type": .optional(.dynamic),
        "google.protobuf.Timestamp": .timestamp, "google.protobuf.Duration": .duration
    ]
}

extension Type: CustomStringConvertible {
    /// The type as a signature writes it: `map(string, list(int))`.
    public var description: String {
        switch self {
        case .list(let element): "list(\(element))"
        case .map(let key, let value): "map(\(key), \(value))"
        case .optional(let inner): "optional_type(\(inner))"
        case .type(let inner): inner == .dynamic ? "type" : "type(\(inner))"
        case .wrapper(let inner): "wrapper(\(inner))"
        case .null: "null"
        case .opaque(let name, let parameters):
            parameters.isEmpty
                ? name : "\(name)(\(parameters.map(\.description).joined(separator: ", ")))"
        default: runtimeName
        }
    }
}
