public import Rules

/// Plain JSON as values of rules and back, for people who try a rule: `{"cart": {"subtotal": 20000}}`.
public enum RuleJSON {
    /// A value for a JSON document. Whole numbers are `int` (or `uint` beyond its range), others `double`; where a type
    /// is declared, texts become timestamps, durations or bytes and numbers what the type says.
    /// - Throws: `ProtobufError` when the document does not fit the type.
    public static func value(_ json: JSONText, as type: Type = .dynamic, types: ProtobufTypes? = nil) throws -> Value {
        func refused() -> ProtobufError { ProtobufError(.type, "\(json) is no \(type)") }
        switch (type, json) {
        case (.wrapper, .null), (.dynamic, .null), (.any, .null), (.null, .null), (.message, .null): return .null
        case (.wrapper(let inner), _): return try value(json, as: inner, types: types)
        case (.optional, .null): return .none
        case (.optional(let inner), _): return .some(try value(json, as: inner, types: types))
        case (.int, .number(let text)), (.int, .string(let text)):
            guard let number = Int64(text) ?? Double(text).flatMap(Int64.init(exactly:)) else { throw refused() }
            return .int(number)
        case (.uint, .number(let text)), (.uint, .string(let text)):
            guard let number = UInt64(text) ?? Double(text).flatMap(UInt64.init(exactly:)) else { throw refused() }
            return .uint(number)
        case (.double, .number(let text)), (.double, .string(let text)):
            guard let number = CaseValue.double(text) else { throw refused() }
            return .double(number)
        case (.timestamp, .string(let text)): return .timestamp(try Timestamp(parsing: text))
        case (.duration, .string(let text)): return .duration(try Duration(parsing: text))
        case (.bytes, .string(let text)):
            guard let bytes = Base64.decode(text) else { throw refused() }
            return .bytes(bytes)
        case (.list(let element), .array(let elements)):
            return .list(try elements.map { try value($0, as: element, types: types) })
        case (.map(let keyType, let valueType), .object(let members)):
            return .map(
                try MapValue(
                    try members.map { member in
                        let key = keyType == .dynamic ? JSONText.string(member.name) : keyText(member.name, keyType)
                        return (try value(key, as: keyType), try value(member.value, as: valueType, types: types))
                    }))
        case (.message(let name), .object):
            guard let types else { throw refused() }
            return try types.value(of: MessageJSON.read(json, name, schema: types.schema))
        case (.bool, .bool(let flag)), (.dynamic, .bool(let flag)), (.any, .bool(let flag)): return .bool(flag)
        case (.string, .string(let text)), (.dynamic, .string(let text)), (.any, .string(let text)):
            return .string(text)
        case (.dynamic, .number(let text)), (.any, .number(let text)):
            if let number = Int64(text) { return .int(number) }
            if let number = UInt64(text) { return .uint(number) }
            return .double(Double(text) ?? .nan)
        case (.dynamic, .array), (.any, .array): return try value(json, as: .list(.dynamic), types: types)
        case (.dynamic, .object), (.any, .object): return try value(json, as: .map(.string, .dynamic), types: types)
        default: throw refused()
        }
    }

    private static func keyText(_ name: String, _ type: Type) -> JSONText {
        type == .bool ? .bool(name == "true") : .string(name)
    }

    /// The type that a value shows on its face, for a name that nobody declared: of a map the keys, of a list nothing
    /// more.
    public static func shownType(_ value: Value) -> Type {
        switch value {
        case .map(let map):
            map.keys.allSatisfy { $0.kind == .string } ? .map(.string, .dynamic) : .map(.dynamic, .dynamic)
        case .null: .dynamic
        default: value.type
        }
    }

    /// A value as JSON: bytes in base 64, timestamps and durations as text, integers that a double cannot hold as text.
    public static func json(_ value: Value) -> JSONText {
        switch value {
        case .null: .null
        case .bool(let flag): .bool(flag)
        case .int(let number): number.magnitude <= 1 << 53 ? .number("\(number)") : .string("\(number)")
        case .uint(let number): number <= 1 << 53 ? .number("\(number)") : .string("\(number)")
        case .double(let number): number.isFinite ? .number("\(number)") : .string("\(number)")
        case .string(let text): .string(text)
        case .bytes(let bytes): .string(Base64.encode(bytes))
        case .list(let list): .array(list.elements.map(json))
        case .map(let map): .object(map.entries.map { JSONText.Member(name: $0.key.plainText, value: json($0.value)) })
        case .timestamp(let time): .string(time.text)
        case .duration(let span): .string(span.text)
        case .type(let type): .string(type.runtimeName)
        case .optional(let optional): optional.wrapped.map(json) ?? .null
        case .object(let object):
            (object as? MessageObject).flatMap { try? MessageJSON.write($0.message) } ?? .string("\(object)")
        }
    }

    /// The types of `{"cart": "map(string, dyn)", "total": "int"}`.
    public static func types(_ json: JSONText, _ provider: any TypeProvider = NoTypes()) throws -> [String: Type] {
        guard let members = json.members else {
            throw ProtobufError(.malformedMessage, "types are written as a JSON object: {\"total\": \"int\"}")
        }
        let reader = CaseType(provider)
        return Dictionary(
            try members.map { ($0.name, try reader.type($0.value)) }, uniquingKeysWith: { _, last in last })
    }
}

extension Value {
    fileprivate var plainText: String {
        if case .string(let text) = self { text } else { description }
    }
}
