/// What the schema says of one message type.
public final class MessageDescriptor: Sendable {
    /// The full name, `kontor.orders.v1.Order`.
    public let name: String
    /// The fields in the order of their numbers.
    public let fields: [FieldDescriptor]
    /// Which of the types with a meaning of their own this is, if one.
    let wellKnown: WellKnownType?
    /// Whether this is the hidden entry message of a map field.
    let isMapEntry: Bool
    private let byName: [String: FieldDescriptor]
    private let byNumber: [Int32: FieldDescriptor]

    init(name: String, fields: [FieldDescriptor], isMapEntry: Bool) {
        self.name = name
        self.fields = fields.sorted { $0.number < $1.number }
        self.wellKnown = WellKnownType(name: name)
        self.isMapEntry = isMapEntry
        self.byName = Dictionary(fields.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.byNumber = Dictionary(fields.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The field of that name, as written in the .proto file.
    public func field(named name: String) -> FieldDescriptor? { byName[name] }

    func field(numbered number: Int32) -> FieldDescriptor? { byNumber[number] }
}

/// One field of a message, or an extension of it.
public struct FieldDescriptor: Sendable {
    /// The types of the wire; groups and messages differ only in how they are framed.
    public enum Kind: Sendable, Hashable {
        case double, float, int32, int64, uint32, uint64, sint32, sint64
        case fixed32, fixed64, sfixed32, sfixed64, bool, string, bytes
        case message(String), group(String), enumeration(String)
    }

    public enum Shape: Sendable {
        case singular, repeated
        /// The kinds of a map's key and value.
        indirect case map(key: Kind, value: Kind)
    }

    /// The name as written; an extension's is its full name.
    public let name: String
    /// The name in JSON (`singleInt64`).
    let jsonName: String
    public let number: Int32
    public let kind: Kind
    public let shape: Shape
    /// Whether the field knows "not set" from "set to the default".
    public let hasPresence: Bool
    /// The oneof it belongs to, by its index in the message; setting one member clears the others.
    let oneof: Int32?
    let isPacked: Bool
    /// The declared default of a proto2 field.
    let defaultValue: ProtobufValue?
    /// The message that holds the field, or that the extension extends.
    let containingType: String
}

/// An enum: names to numbers and back.
public final class EnumDescriptor: Sendable {
    public let name: String
    /// The constants in the order of declaration.
    public let constants: [(name: String, number: Int32)]
    private let numbers: [String: Int32]

    init(name: String, constants: [(name: String, number: Int32)]) {
        self.name = name
        self.constants = constants
        self.numbers = Dictionary(constants.map { ($0.name, $0.number) }, uniquingKeysWith: { first, _ in first })
    }

    public func number(of constant: String) -> Int32? { numbers[constant] }

    func constant(numbered number: Int32) -> String? { constants.first { $0.number == number }?.name }

    /// `google.protobuf.NullValue` stands for CEL's null and not for an integer.
    var isNullValue: Bool { name == "google.protobuf.NullValue" }
}

/// The message types that CEL turns into values of its own.
enum WellKnownType: Sendable {
    case any, timestamp, duration, structure, value, listValue, fieldMask, empty
    case boolValue, int32Value, int64Value, uint32Value, uint64Value, floatValue, doubleValue, stringValue, bytesValue

    init?(name: String) {
        let prefix = "google.protobuf."
        guard name.hasPrefix(prefix) else { return nil }
        switch name.dropFirst(prefix.count) {
        case "Any": self = .any
        case "Timestamp": self = .timestamp
        case "Duration": self = .duration
        case "Struct": self = .structure
        case "Value": self = .value
        case "ListValue": self = .listValue
        case "FieldMask": self = .fieldMask
        case "Empty": self = .empty
        case "BoolValue": self = .boolValue
        case "Int32Value": self = .int32Value
        case "Int64Value": self = .int64Value
        case "UInt32Value": self = .uint32Value
        case "UInt64Value": self = .uint64Value
        case "FloatValue": self = .floatValue
        case "DoubleValue": self = .doubleValue
        case "StringValue": self = .stringValue
        case "BytesValue": self = .bytesValue
        default: return nil
        }
    }

    /// The wrappers: a message with one field `value = 1` that stands for that value or, unset, for null.
    var isWrapper: Bool {
        switch self {
        case .boolValue, .int32Value, .int64Value, .uint32Value, .uint64Value, .floatValue, .doubleValue, .stringValue,
            .bytesValue:
            true
        default: false
        }
    }
}
