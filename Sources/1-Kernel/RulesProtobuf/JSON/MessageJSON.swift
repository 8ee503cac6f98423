import Rules

/// The JSON form of messages: https://protobuf.dev/programming-guides/json
enum MessageJSON {
    /// The message on one line, for people: what cannot be written (an Any of an unknown type) shows its raw fields.
    static func text(of message: DynamicMessage) -> String {
        ((try? write(message)) ?? .object([])).description
    }

    /// A message as a `google.protobuf.Value`.
    static func jsonValue(of message: DynamicMessage) throws -> DynamicMessage {
        try read(try write(message), "google.protobuf.Value", message.schema, depth: 0)
    }

    /// Reads a message from its JSON.
    static func read(_ json: JSONText, _ name: String, schema: ProtobufSchema) throws -> DynamicMessage {
        try read(json, name, schema, depth: 0)
    }

    // MARK: Writing

    static func write(_ message: DynamicMessage) throws -> JSONText {
        switch message.descriptor.wellKnown {
        case .any?:
            if message.isEmpty { return .object([]) }
            let inner = try message.unpackedAny()
            let type = JSONText.Member(name: "@type", value: .string(DynamicMessage.anyPrefix + inner.typeName))
            let written = try write(inner)
            guard inner.descriptor.wellKnown == nil || inner.descriptor.wellKnown == .empty,
                let members = written.members
            else { return .object([type, JSONText.Member(name: "value", value: written)]) }
            return .object([type] + members)
        case .timestamp?, .duration?:
            switch try Reading(message.schema, .integers).value(of: message) {
            case .timestamp(let time): return .string(time.text)
            case .duration(let span): return .string(span.text)
            default: return .null
            }
        case .fieldMask?:
            guard case .list(let paths)? = message.named("paths") else { return .string("") }
            let texts = paths.compactMap { if case .string(let path) = $0 { camelCase(path) } else { nil } }
            return .string(texts.joined(separator: ","))
        case .structure?:
            guard case .map(let entries)? = message.named("fields") else { return .object([]) }
            return .object(
                try entries.sorted { $0.key < $1.key }.map { key, value in
                    JSONText.Member(name: key.text, value: try scalar(.message(""), value, message.schema))
                })
        case .listValue?:
            guard case .list(let values)? = message.named("values") else { return .array([]) }
            return .array(try values.map { try scalar(.message(""), $0, message.schema) })
        case .value?:
            guard let (field, value) = message.setFields.first else { return .null }
            return field.name == "null_value" ? .null : try scalar(field.kind, value, message.schema)
        case let known? where known.isWrapper:
            guard let field = message.descriptor.field(named: "value") else { return .null }
            return try scalar(field.kind, message.valueOrDefault(field), message.schema)
        default:
            return .object(try message.setFields.map { try member($0, $1, message.schema) })
        }
    }

    private static func member(
        _ field: FieldDescriptor, _ value: ProtobufValue, _ schema: ProtobufSchema
    ) throws -> JSONText.Member {
        let name = field.name.contains(".") ? "[\(field.name)]" : field.jsonName
        switch (field.shape, value) {
        case (.repeated, .list(let values)):
            return .init(name: name, value: .array(try values.map { try scalar(field.kind, $0, schema) }))
        case (.map(_, let kind), .map(let entries)):
            let members = try entries.sorted { $0.key < $1.key }.map { key, mapped in
                JSONText.Member(name: key.text, value: try scalar(kind, mapped, schema))
            }
            return .init(name: name, value: .object(members))
        default:
            return .init(name: name, value: try scalar(field.kind, value, schema))
        }
    }

    private static func scalar(
        _ kind: FieldDescriptor.Kind, _ value: ProtobufValue, _ schema: ProtobufSchema
    ) throws -> JSONText {
        switch (kind, value) {
        case (.enumeration(let name), .int(let number)):
            guard let enumeration = schema.enumeration(name), !enumeration.isNullValue else { return .null }
            let constant = enumeration.constant(numbered: Int32(truncatingIfNeeded: number))
            return constant.map(JSONText.string) ?? .number("\(number)")
        case (.int64, .int(let number)), (.sint64, .int(let number)), (.sfixed64, .int(let number)):
            return .string("\(number)")
        case (_, .int(let number)): return .number("\(number)")
        case (.uint64, .uint(let number)), (.fixed64, .uint(let number)): return .string("\(number)")
        case (_, .uint(let number)): return .number("\(number)")
        case (_, .double(let number)):
            if number.isNaN { return .string("NaN") }
            if number.isInfinite { return .string(number < 0 ? "-Infinity" : "Infinity") }
            if case .float = kind { return .number("\(Float(number))") }
            return .number("\(number)")
        case (_, .bool(let flag)): return .bool(flag)
        case (_, .string(let text)): return .string(text)
        case (_, .bytes(let bytes)): return .string(Base64.encode(bytes))
        case (_, .message(let message)): return try write(message)
        case (_, .list), (_, .map), (_, .enumName): return .null
        }
    }

    private static func camelCase(_ path: String) -> String {
        var out = ""
        var upper = false
        for character in path {
            if character == "_" {
                upper = true
            } else {
                out += upper ? character.uppercased() : String(character)
                upper = false
            }
        }
        return out
    }
}

extension ProtobufValue.Key {
    fileprivate var text: String {
        switch self {
        case .int(let number): "\(number)"
        case .uint(let number): "\(number)"
        case .bool(let flag): flag ? "true" : "false"
        case .string(let text): text
        }
    }
}
