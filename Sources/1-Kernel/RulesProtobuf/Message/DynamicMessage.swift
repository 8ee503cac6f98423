/// A message whose type is known only from its descriptor: fields by number, and the bytes of fields that it does not
/// know.
///
/// Reading an unset field gives its default; whether it is set is asked with ``has(_:)``.
public struct DynamicMessage: Sendable {
    /// How deep messages may nest when they are read from bytes, JSON or text; the same as in Google's runtimes.
    public static let maximumDepth = 100

    /// How many Anys may be unpacked out of one another: each starts anew with the depth of its message, so that
    /// without this limit a megabyte of Anys would nest without end.
    static let maximumAnys = 20

    public let descriptor: MessageDescriptor
    let schema: ProtobufSchema
    private(set) var fields: [Int32: ProtobufValue] = [:]
    /// The raw bytes of unknown fields, kept so that decoding and encoding again loses nothing.
    var unknown: [UInt8] = []
    /// Out of how many Anys this message was unpacked.
    var anys = 0

    public init(_ descriptor: MessageDescriptor, schema: ProtobufSchema) {
        self.descriptor = descriptor
        self.schema = schema
    }

    /// An empty message of that full name.
    public init(named name: String, schema: ProtobufSchema) throws(ProtobufError) {
        guard let descriptor = schema.message(name) else {
            throw ProtobufError(.unknownType, "no message type '\(name)'")
        }
        self.init(descriptor, schema: schema)
    }

    public var typeName: String { descriptor.name }

    /// Whether nothing is set.
    var isEmpty: Bool { fields.isEmpty && unknown.isEmpty }

    /// The field of that name, or the extension of that full name.
    func field(named name: String) -> FieldDescriptor? {
        if let field = descriptor.field(named: name) { return field }
        guard let found = schema.extensionField(name), found.containingType == descriptor.name else { return nil }
        return found
    }

    func field(numbered number: Int32) -> FieldDescriptor? {
        descriptor.field(numbered: number) ?? schema.extensionField(of: descriptor.name, number: number)
    }

    /// Whether the field is set: for fields without presence whether they differ from zero.
    func has(_ field: FieldDescriptor) -> Bool { fields[field.number] != nil }

    /// What was set, nothing when it was not.
    func value(_ field: FieldDescriptor) -> ProtobufValue? { fields[field.number] }

    /// What was set, or the default.
    func valueOrDefault(_ field: FieldDescriptor) -> ProtobufValue {
        if let value = fields[field.number] { return value }
        return defaultValue(field)
    }

    func defaultValue(_ field: FieldDescriptor) -> ProtobufValue {
        switch field.shape {
        case .repeated: return .list([])
        case .map: return .map([:])
        case .singular: break
        }
        switch field.defaultValue {
        case .enumName(let enumeration, let constant)?:
            return .int(Int64(schema.enumeration(enumeration)?.number(of: constant) ?? 0))
        case let value?: return value
        case nil: break
        }
        switch field.kind {
        case .double, .float: return .double(0)
        case .int32, .int64, .sint32, .sint64, .sfixed32, .sfixed64: return .int(0)
        case .uint32, .uint64, .fixed32, .fixed64: return .uint(0)
        case .bool: return .bool(false)
        case .string: return .string("")
        case .bytes: return .bytes([])
        case .enumeration(let name):
            // An enum's default is its first constant, which in proto2 need not be zero.
            return .int(Int64(schema.enumeration(name)?.constants.first?.number ?? 0))
        case .message(let name), .group(let name):
            guard let descriptor = schema.message(name) else { return .string("") }
            return .message(DynamicMessage(descriptor, schema: schema))
        }
    }

    /// Sets a field; the other members of its oneof are cleared, and zero clears a field without presence.
    mutating func set(_ field: FieldDescriptor, _ value: ProtobufValue) {
        if let oneof = field.oneof {
            for other in descriptor.fields where other.oneof == oneof { fields[other.number] = nil }
        }
        fields[field.number] = !field.hasPresence && value.isZero ? nil : value
    }

    mutating func clear(_ field: FieldDescriptor) { fields[field.number] = nil }

    /// Adds to a repeated field.
    mutating func append(_ field: FieldDescriptor, _ value: ProtobufValue) {
        guard case .list(var values)? = fields.removeValue(forKey: field.number) else {
            fields[field.number] = .list([value])
            return
        }
        values.append(value)
        fields[field.number] = .list(values)
    }

    mutating func insert(_ field: FieldDescriptor, _ key: ProtobufValue.Key, _ value: ProtobufValue) {
        guard case .map(var entries)? = fields.removeValue(forKey: field.number) else {
            fields[field.number] = .map([key: value])
            return
        }
        entries[key] = value
        fields[field.number] = .map(entries)
    }

    /// The fields that are set, in the order of their numbers.
    var setFields: [(FieldDescriptor, ProtobufValue)] {
        fields.keys.sorted().compactMap { number in
            guard let field = field(numbered: number), let value = fields[number] else { return nil }
            return (field, value)
        }
    }

    /// A field by its name, for code that reads a well-known type.
    func named(_ name: String) -> ProtobufValue? {
        guard let field = descriptor.field(named: name) else { return nil }
        return fields[field.number]
    }

    mutating func set(named name: String, _ value: ProtobufValue) {
        guard let field = descriptor.field(named: name) else { return }
        set(field, value)
    }
}

extension DynamicMessage: Equatable {
    /// Messages are equal when they are of one type, have the same fields set and the same unknown bytes.
    ///
    /// `Any`s are compared by what they hold; where that cannot be read, by type and bytes.
    public static func == (left: DynamicMessage, right: DynamicMessage) -> Bool {
        guard left.descriptor === right.descriptor || left.typeName == right.typeName else { return false }
        if left.descriptor.wellKnown == .any, let answer = equalByContent(left, right) { return answer }
        return left.fields == right.fields && left.unknown == right.unknown
    }

    private static func equalByContent(_ left: DynamicMessage, _ right: DynamicMessage) -> Bool? {
        guard let first = try? left.unpackedAny(), let second = try? right.unpackedAny() else { return nil }
        return first == second
    }
}
