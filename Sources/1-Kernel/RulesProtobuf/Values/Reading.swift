import Rules

/// Turns what messages hold into values of rules.
struct Reading {
    private let schema: ProtobufSchema
    private let enums: EnumSemantics

    init(_ schema: ProtobufSchema, _ enums: EnumSemantics) {
        self.schema = schema
        self.enums = enums
    }

    /// The value of a field, its default when it is not set: null for wrappers and Any, else what protocol buffers say.
    func value(of field: FieldDescriptor, in message: DynamicMessage) throws -> Value {
        if let set = message.value(field) { return try value(of: field, set) }
        if case .singular = field.shape, let name = field.kind.messageName {
            let known = schema.message(name)?.wellKnown
            if known == .any || known?.isWrapper == true { return .null }
        }
        return try value(of: field, message.defaultValue(field))
    }

    private func value(of field: FieldDescriptor, _ raw: ProtobufValue) throws -> Value {
        switch (field.shape, raw) {
        case (.repeated, .list(let elements)):
            return try list(field.kind, elements)
        case (.map(let keyKind, let valueKind), .map(let entries)):
            var builder = MapBuilder(capacity: entries.count)
            for (key, mapped) in entries.sorted(by: { $0.key < $1.key }) {
                try builder.insert(try value(keyKind, key.asValue), try value(valueKind, mapped))
            }
            return .map(builder.map)
        default:
            return try value(field.kind, raw)
        }
    }

    private func list(_ kind: FieldDescriptor.Kind, _ elements: [ProtobufValue]) throws -> Value {
        if let name = kind.messageName, let descriptor = schema.message(name), descriptor.isPlain {
            return .list(ListValue(MessageList(elements.compactMap(\.asMessage), enums: enums)))
        }
        return .list(try elements.map { try value(kind, $0) })
    }

    private func value(_ kind: FieldDescriptor.Kind, _ raw: ProtobufValue) throws -> Value {
        switch raw {
        case .int(let number):
            if case .enumeration(let name) = kind, let enumeration = schema.enumeration(name) {
                if enumeration.isNullValue { return .null }
                if enums == .distinct { return .object(EnumValue(enumeration, Int32(truncatingIfNeeded: number))) }
            }
            return .int(number)
        case .uint(let number): return .uint(number)
        case .double(let number): return .double(number)
        case .bool(let flag): return .bool(flag)
        case .string(let text): return .string(text)
        case .bytes(let bytes): return .bytes(bytes)
        case .message(let message): return try value(of: message)
        case .list, .map, .enumName: throw EvaluationError(.invalidArgument, "a message's field holds no single value")
        }
    }

    /// A message by what it stands for.
    func value(of message: DynamicMessage) throws -> Value {
        switch message.descriptor.wellKnown {
        case .any?:
            do {
                return try value(of: message.unpackedAny())
            } catch let error as ProtobufError {
                throw EvaluationError(.invalidArgument, "the Any cannot be unpacked: \(error)")
            }
        case .timestamp?:
            return .timestamp(try Timestamp(seconds: message.integer("seconds"), nanos: message.integer("nanos")))
        case .duration?:
            return .duration(try Duration(seconds: message.integer("seconds"), nanos: message.integer("nanos")))
        case .structure?:
            guard case .map(let entries)? = message.named("fields") else { return .map(.empty) }
            var builder = MapBuilder(capacity: entries.count)
            for (key, mapped) in entries.sorted(by: { $0.key < $1.key }) {
                guard case .string(let name) = key, let inner = mapped.asMessage else { continue }
                try builder.insert(.string(name), try value(of: inner))
            }
            return .map(builder.map)
        case .listValue?:
            guard case .list(let elements)? = message.named("values") else { return .list(.empty) }
            return .list(try elements.compactMap(\.asMessage).map { try value(of: $0) })
        case .value?:
            // At most one member of the oneof is set; a Value without any stands for null.
            guard let (field, raw) = message.setFields.first else { return .null }
            return field.name == "null_value" ? .null : try value(of: field, raw)
        case let known? where known.isWrapper:
            guard let field = message.descriptor.field(named: "value") else { return .null }
            return try value(of: field, in: message)
        default:
            return .object(MessageObject(message, enums: enums))
        }
    }
}

extension MessageDescriptor {
    /// Whether values of this message are objects with fields, and not something else that the message stands for.
    var isPlain: Bool {
        switch wellKnown {
        case nil, .fieldMask?, .empty?: true
        default: false
        }
    }
}

extension DynamicMessage {
    fileprivate func integer(_ name: String) -> Int64 {
        if case .int(let number)? = named(name) { number } else { 0 }
    }
}
