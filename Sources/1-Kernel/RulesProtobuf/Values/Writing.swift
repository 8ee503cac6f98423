import Rules

/// Turns values of rules into what messages hold, with the checks of range and type that protocol buffers ask for.
struct Writing {
    private let schema: ProtobufSchema

    init(_ schema: ProtobufSchema) { self.schema = schema }

    /// Sets a field. Null clears a message's field, and is a value for Any, Value and NullValue.
    func set(_ field: FieldDescriptor, _ value: Value, in message: inout DynamicMessage) throws {
        switch field.shape {
        case .singular:
            if let raw = try raw(field.kind, value) {
                message.set(field, raw)
            } else {
                message.clear(field)
            }
        case .repeated:
            guard case .list(let list) = value else { throw refused(value, field.name, "a list") }
            // A null among messages is left out.
            message.set(field, .list(try list.elements.compactMap { try raw(field.kind, $0) }))
        case .map(let keyKind, let valueKind):
            guard case .map(let map) = value else { throw refused(value, field.name, "a map") }
            var entries: [ProtobufValue.Key: ProtobufValue] = [:]
            for (key, mapped) in map.entries {
                guard let key = try raw(keyKind, key).flatMap(ProtobufValue.Key.init) else {
                    throw refused(key, field.name, "a key of the map")
                }
                entries[key] = try raw(valueKind, mapped)
            }
            message.set(field, .map(entries))
        }
    }

    private func refused(_ value: Value, _ place: String, _ expected: String) -> EvaluationError {
        EvaluationError(.invalidArgument, "'\(place)' takes \(expected), not a \(value.typeName)")
    }

    /// What a field of that kind holds for a value; nil when null clears it.
    private func raw(_ kind: FieldDescriptor.Kind, _ value: Value) throws -> ProtobufValue? {
        switch (kind, value) {
        case (.int32, .int(let number)), (.sint32, .int(let number)), (.sfixed32, .int(let number)):
            return .int(Int64(try narrow(number, Int32.self)))
        case (.enumeration(let name), .int(let number)):
            _ = name
            return .int(Int64(try narrow(number, Int32.self)))
        case (.enumeration("google.protobuf.NullValue"), .null): return .int(0)
        case (.enumeration(let name), .object(let object)):
            guard let constant = object as? EnumValue, constant.enumeration.name == name else {
                throw refused(value, name, "its own constants")
            }
            return .int(Int64(constant.number))
        case (.int64, .int(let number)), (.sint64, .int(let number)), (.sfixed64, .int(let number)):
            return .int(number)
        case (.uint32, .uint(let number)), (.fixed32, .uint(let number)):
            return .uint(UInt64(try narrow(number, UInt32.self)))
        case (.uint64, .uint(let number)), (.fixed64, .uint(let number)): return .uint(number)
        case (.float, .double(let number)): return .double(Double(Float(number)))
        case (.double, .double(let number)): return .double(number)
        case (.bool, .bool(let flag)): return .bool(flag)
        case (.string, .string(let text)): return .string(text)
        case (.bytes, .bytes(let bytes)): return .bytes(bytes)
        case (.message(let name), _), (.group(let name), _): return try message(name, value).map { .message($0) }
        default: throw refused(value, "the field", "a \(kind)")
        }
    }

    private func narrow<From: FixedWidthInteger, To: FixedWidthInteger>(
        _ number: From, _: To.Type
    ) throws(EvaluationError) -> To {
        guard let narrow = To(exactly: number) else {
            throw EvaluationError(.overflow, "\(number) does not fit the field, which has \(To.bitWidth) bits")
        }
        return narrow
    }

    /// A message of a type for a value; nil when null stands for "not set".
    func message(_ name: String, _ value: Value) throws -> DynamicMessage? {
        guard let descriptor = schema.message(name) else {
            throw EvaluationError(.noSuchType, "there is no message type '\(name)'")
        }
        guard let known = descriptor.wellKnown else { return try plain(name, value) }
        switch (known, value) {
        case (.any, _): return try any(value)
        case (.value, _): return try json(value, depth: 0)
        case (.timestamp, .timestamp(let time)):
            return made(name, seconds: time.seconds, nanos: time.nanos)
        case (.duration, .duration(let span)):
            return made(name, seconds: span.seconds, nanos: span.nanos)
        case (.structure, .map(let map)): return try structure(map, depth: 0)
        case (.listValue, .list(let list)): return try listValue(list, depth: 0)
        case (.structure, _), (.listValue, _): throw refused(value, name, "a map or a list")
        default: break
        }
        if known.isWrapper {
            if case .null = value { return nil }
            var wrapper = DynamicMessage(descriptor, schema: schema)
            guard let field = descriptor.field(named: "value") else { return nil }
            try set(field, value, in: &wrapper)
            return wrapper
        }
        return try plain(name, value)
    }

    private func plain(_ name: String, _ value: Value) throws -> DynamicMessage? {
        switch value {
        case .null: return nil
        case .object(let object):
            guard let object = object as? MessageObject, object.message.typeName == name else { fallthrough }
            return object.message
        default: throw refused(value, "the field", "a '\(name)'")
        }
    }

    private func made(_ name: String, seconds: Int64, nanos: Int32) -> DynamicMessage? {
        guard var message = try? DynamicMessage(named: name, schema: schema) else { return nil }
        message.set(named: "seconds", .int(seconds))
        message.set(named: "nanos", .int(Int64(nanos)))
        return message
    }

    /// Packs a value: messages as themselves, scalars in their wrappers, lists and maps as JSON, null as a Value.
    private func any(_ value: Value) throws -> DynamicMessage {
        let packed: DynamicMessage?
        switch value {
        case .object(let object):
            guard let object = object as? MessageObject else { throw refused(value, "an Any", "a message") }
            packed = object.message
        case .bool: packed = try message("google.protobuf.BoolValue", value)
        case .int: packed = try message("google.protobuf.Int64Value", value)
        case .uint: packed = try message("google.protobuf.UInt64Value", value)
        case .double: packed = try message("google.protobuf.DoubleValue", value)
        case .string: packed = try message("google.protobuf.StringValue", value)
        case .bytes: packed = try message("google.protobuf.BytesValue", value)
        case .timestamp: packed = try message("google.protobuf.Timestamp", value)
        case .duration: packed = try message("google.protobuf.Duration", value)
        case .list(let list): packed = try listValue(list, depth: 0)
        case .map(let map): packed = try structure(map, depth: 0)
        case .null: packed = try json(value, depth: 0)
        case .type, .optional: throw refused(value, "an Any", "a message, a scalar, a list or a map")
        }
        guard let packed else { throw refused(value, "an Any", "a message") }
        return try packed.packedAny()
    }
}

// MARK: JSON

extension Writing {
    /// The largest integer that JSON's numbers hold exactly; larger ones travel as text.
    private static let exact: Int64 = 9_007_199_254_740_991

    /// `google.protobuf.Value` for a value of a rule.
    private func json(_ value: Value, depth: Int) throws -> DynamicMessage {
        guard depth < DynamicMessage.maximumDepth else {
            throw EvaluationError(.tooDeep, "the value is nested too deeply for JSON")
        }
        var made = try DynamicMessage(named: "google.protobuf.Value", schema: schema)
        switch value {
        case .null: made.set(named: "null_value", .int(0))
        case .bool(let flag): made.set(named: "bool_value", .bool(flag))
        case .int(let number):
            if abs(number.clamped) <= Self.exact {
                made.set(named: "number_value", .double(Double(number)))
            } else {
                made.set(named: "string_value", .string("\(number)"))
            }
        case .uint(let number):
            if number <= UInt64(Self.exact) {
                made.set(named: "number_value", .double(Double(number)))
            } else {
                made.set(named: "string_value", .string("\(number)"))
            }
        case .double(let number): made.set(named: "number_value", .double(number))
        case .string(let text): made.set(named: "string_value", .string(text))
        case .bytes(let bytes): made.set(named: "string_value", .string(Base64.encode(bytes)))
        case .timestamp(let time): made.set(named: "string_value", .string(time.text))
        case .duration(let span): made.set(named: "string_value", .string(span.text))
        case .list(let list): made.set(named: "list_value", .message(try listValue(list, depth: depth + 1)))
        case .map(let map): made.set(named: "struct_value", .message(try structure(map, depth: depth + 1)))
        case .object(let object): return try json(object, depth: depth)
        case .type, .optional: throw refused(value, "JSON", "what JSON knows")
        }
        return made
    }

    private func json(_ object: any ObjectValue, depth: Int) throws -> DynamicMessage {
        guard let object = object as? MessageObject else {
            throw EvaluationError(.invalidArgument, "a \(object.type.runtimeName) has no JSON form")
        }
        // The message's own JSON, read again as a JSON value.
        return try MessageJSON.jsonValue(of: object.message)
    }

    private func structure(_ map: MapValue, depth: Int) throws -> DynamicMessage {
        var made = try DynamicMessage(named: "google.protobuf.Struct", schema: schema)
        var entries: [ProtobufValue.Key: ProtobufValue] = [:]
        for (key, mapped) in map.entries {
            guard case .string(let name) = key else { throw refused(key, "a JSON object", "keys of text") }
            entries[.string(name)] = .message(try json(mapped, depth: depth + 1))
        }
        made.set(named: "fields", .map(entries))
        return made
    }

    private func listValue(_ list: ListValue, depth: Int) throws -> DynamicMessage {
        var made = try DynamicMessage(named: "google.protobuf.ListValue", schema: schema)
        made.set(named: "values", .list(try list.elements.map { .message(try json($0, depth: depth + 1)) }))
        return made
    }
}

extension Int64 {
    /// So that `abs` of the smallest integer does not overflow; it is far from exact either way.
    fileprivate var clamped: Int64 { self == .min ? .max : self }
}
