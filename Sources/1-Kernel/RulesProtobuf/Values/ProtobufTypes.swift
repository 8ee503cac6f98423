public import Rules

/// The messages and enums of a schema as types that rules may name, select from and construct.
///
///     let types = ProtobufTypes(schema)
///     let environment = Environment(variables: [("order", .message("kontor.orders.v1.Order"))], types: types)
///     let program = try environment.compile("order.lines.exists(l, l.quantity >= 2)")
///     let value = try program.evaluate(["order": types.value(of: message)])
public struct ProtobufTypes: TypeProvider {
    public let schema: ProtobufSchema
    public let enums: EnumSemantics

    public init(_ schema: ProtobufSchema, enums: EnumSemantics = .integers) {
        self.schema = schema
        self.enums = enums
    }

    /// A message as a value: well-known types become what they stand for, all others objects with fields.
    /// - Throws: `EvaluationError` when it is an Any that cannot be unpacked.
    public func value(of message: DynamicMessage) throws -> Value {
        try Reading(schema, enums).value(of: message)
    }

    /// A message by its bytes, as a value.
    public func value(of typeName: String, bytes: [UInt8]) throws -> Value {
        try value(of: DynamicMessage(named: typeName, bytes: bytes, schema: schema))
    }

    public func type(named name: String) -> Type? {
        if let message = schema.message(name) { return Self.type(of: message) }
        return schema.enumeration(name).map { enums == .distinct ? .opaque($0.name, []) : .int }
    }

    public func constant(named name: String) -> Value? {
        guard let (enumeration, number) = schema.enumConstant(name) else { return nil }
        if enums == .distinct, !enumeration.isNullValue { return .object(EnumValue(enumeration, number)) }
        return .int(Int64(number))
    }

    public func fieldType(_ name: String, of message: String) -> Type? {
        guard let descriptor = schema.message(message) else { return nil }
        var field = descriptor.field(named: name)
        if field == nil, let found = schema.extensionField(name), found.containingType == message { field = found }
        guard let field else { return nil }
        switch field.shape {
        case .singular: return type(of: field.kind)
        case .repeated: return .list(type(of: field.kind))
        case .map(let key, let value): return .map(type(of: key), type(of: value))
        }
    }

    public func construct(_ name: String, _ fields: [(name: String, value: Value)]) throws -> Value {
        guard let descriptor = schema.message(name) else {
            throw EvaluationError(.noSuchType, "there is no message type '\(name)'")
        }
        var message = DynamicMessage(descriptor, schema: schema)
        let writing = Writing(schema)
        for entry in fields {
            guard let field = message.field(named: entry.name) else {
                throw EvaluationError(.noSuchField, "'\(name)' has no field '\(entry.name)'")
            }
            try writing.set(field, entry.value, in: &message)
        }
        return try Reading(schema, enums).value(of: message)
    }

    private static func type(of message: MessageDescriptor) -> Type {
        switch message.wellKnown {
        case .any?: .any
        case .timestamp?: .timestamp
        case .duration?: .duration
        case .structure?: .map(.string, .dynamic)
        case .value?: .dynamic
        case .listValue?: .list(.dynamic)
        case .boolValue?: .wrapper(.bool)
        case .int32Value?, .int64Value?: .wrapper(.int)
        case .uint32Value?, .uint64Value?: .wrapper(.uint)
        case .floatValue?, .doubleValue?: .wrapper(.double)
        case .stringValue?: .wrapper(.string)
        case .bytesValue?: .wrapper(.bytes)
        case .fieldMask?, .empty?, nil: .message(message.name)
        }
    }

    private func type(of kind: FieldDescriptor.Kind) -> Type {
        switch kind {
        case .double, .float: return .double
        case .int32, .int64, .sint32, .sint64, .sfixed32, .sfixed64: return .int
        case .uint32, .uint64, .fixed32, .fixed64: return .uint
        case .bool: return .bool
        case .string: return .string
        case .bytes: return .bytes
        case .enumeration(let name):
            // NullValue reads as null and takes null as well as its number.
            if name == "google.protobuf.NullValue" { return .wrapper(.int) }
            return enums == .distinct ? .opaque(name, []) : .int
        case .message(let name), .group(let name):
            return schema.message(name).map(Self.type(of:)) ?? .dynamic
        }
    }
}
