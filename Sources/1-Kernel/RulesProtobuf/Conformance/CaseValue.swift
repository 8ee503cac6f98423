import Rules

/// Reads the tagged values of conformance cases: `{"type": "int", "value": "1"}`.
///
/// Bytes are base 64, a map is pairs, doubles are text, timestamps RFC 3339, durations `-1.5s`. A message is its type
/// with its JSON, its text format or its bytes in base 64; the forms that protobuf's own JSON of `cel.expr.Value` has
/// (`{"int64Value": "1"}`) are read as well.
struct CaseValue {
    let types: ProtobufTypes

    func value(_ json: JSONText) throws -> Value {
        if let tag = json["type"]?.text ?? json["kind"]?.text { return try tagged(tag, json) }
        if let members = json.members, members.count == 1, let member = members.first {
            return try protobuf(member.name, member.value)
        }
        if json["@type"] != nil { return try object(json) }
        throw refused(json)
    }

    private func refused(_ json: JSONText) -> ProtobufError {
        ProtobufError(.malformedMessage, "no value: \(json)")
    }

    private func tagged(_ tag: String, _ json: JSONText) throws -> Value {
        let body = json["value"] ?? .null
        switch tag {
        case "null", "null_type": return .null
        case "bool":
            guard let flag = body.flag ?? body.text.map({ $0 == "true" }) else { throw refused(json) }
            return .bool(flag)
        case "int", "int64":
            guard let number = body.scalarText.flatMap({ Int64($0) }) else { throw refused(json) }
            return .int(number)
        case "uint", "uint64":
            guard let number = body.scalarText.flatMap({ UInt64($0) }) else { throw refused(json) }
            return .uint(number)
        case "double":
            guard let number = body.scalarText.flatMap(Self.double) else { throw refused(json) }
            return .double(number)
        case "string":
            guard let text = body.text else { throw refused(json) }
            return .string(text)
        case "bytes":
            guard let bytes = body.text.flatMap(Base64.decode) else { throw refused(json) }
            return .bytes(bytes)
        case "list": return .list(try (body.elements ?? []).map(value))
        case "map": return .map(try MapValue(try pairs(body).map { (try value($0), try value($1)) }))
        case "timestamp", "google.protobuf.Timestamp":
            guard let text = body.text else { throw refused(json) }
            return .timestamp(try Timestamp(parsing: text))
        case "duration", "google.protobuf.Duration":
            guard let text = body.text else { throw refused(json) }
            return .duration(try Duration(parsing: text))
        case "type": return .type(try typeValue(body.text ?? json["name"]?.text ?? ""))
        case "enum": return try enumValue(json)
        case "value": return try value(body)
        case "optional", "optional_type":
            return body == .null ? .none : .some(try value(body))
        default: return try object(json)
        }
    }

    /// The entries of a map: pairs, objects with a key and a value, or an object with names.
    private func pairs(_ body: JSONText) throws -> [(JSONText, JSONText)] {
        if let elements = body.elements {
            return try elements.map { element in
                if let pair = element.elements, pair.count == 2 { return (pair[0], pair[1]) }
                guard let key = element["key"], let value = element["value"] else { throw refused(element) }
                return (key, value)
            }
        }
        return (body.members ?? []).map { member in
            let key = JSONText.object([
                .init(name: "type", value: .string("string")), .init(name: "value", value: .string(member.name))
            ])
            return (key, member.value)
        }
    }

    static func double(_ text: String) -> Double? {
        switch text.lowercased() {
        case "nan": .nan
        case "inf", "+inf", "infinity": .infinity
        case "-inf", "-infinity": -.infinity
        default: Double(text)
        }
    }

    /// The type that a name stands for at run time.
    private func typeValue(_ name: String) throws -> Type {
        if let type = types.type(named: name), case .message = type { return type }
        return CaseType.simple(name) ?? .opaque(name, [])
    }

    private func enumValue(_ json: JSONText) throws -> Value {
        let inner = json["value"]
        let name = (json[["enum", "name", "enum_type", "type_name", "enumType"]] ?? inner?["type"])?.text ?? ""
        let number = (json["number"] ?? inner?["value"] ?? inner)?.scalarText.flatMap { Int32($0) }
        guard let number, let enumeration = types.schema.enumeration(name) else { throw refused(json) }
        return types.enums == .distinct
            ? .object(EnumValue(enumeration, number)) : .int(Int64(number))
    }

    // MARK: Messages

    /// Where a case may say which message it means.
    private static let names = [
        "type_url", "typeUrl", "@type", "message_type", "messageType", "type_name", "typeName",
        "message", "name", "object_type"
    ]
    /// Where it may stand.
    private static let bodies = [
        "value", "json", "fields", "text", "textproto", "text_format", "bytes", "binary",
        "base64", "data"
    ]

    private func object(_ json: JSONText) throws -> Value {
        let body = json[Self.bodies]
        var name = json[Self.names]?.text ?? body?[Self.names]?.text
        for tag in [json["type"]?.text, body?["type"]?.text] {
            if name == nil, let tag, tag.contains(".") { name = tag }
        }
        let message = name.map { String($0.split(separator: "/").last ?? "") }
        guard let message, types.schema.message(message) != nil else {
            // No name beside it: then the text says it itself.
            guard let text = body?.text else { throw refused(json) }
            return try types.value(of: MessageText.readAny(text, schema: types.schema))
        }
        let inner = body?[Self.names + ["type"]] == nil ? nil : body?[["fields", "json"]]
        return try types.value(of: try read(inner ?? body ?? json.without(Self.names + ["type"]), message, in: json))
    }

    private func read(_ body: JSONText, _ name: String, in json: JSONText) throws -> DynamicMessage {
        let schema = types.schema
        if let text = body.text {
            if json[["text", "textproto", "text_format"]] != nil {
                return try MessageText.read(text, name, schema: schema)
            }
            let fromBytes = Base64.decode(text).flatMap {
                try? DynamicMessage(named: name, bytes: $0, schema: schema)
            }
            guard schema.message(name)?.wellKnown != nil else {
                return try fromBytes ?? MessageText.read(text, name, schema: schema)
            }
            // The JSON of a well-known type may be a text that looks like something else, so it is tried last.
            if let message = try? MessageText.read(text, name, schema: schema) { return message }
            return try fromBytes ?? MessageJSON.read(body, name, schema: schema)
        }
        // `{"value": {"@type": …, …}}` and `{"value": {"type_url": …, "value": base64}}`.
        if let bytes = body["value"]?.text.flatMap(Base64.decode), body[["type_url", "typeUrl"]] != nil {
            return try DynamicMessage(named: name, bytes: bytes, schema: schema)
        }
        if body["@type"] != nil {
            return try MessageJSON.read(body, "google.protobuf.Any", schema: schema).unpackedAny()
        }
        return try MessageJSON.read(body, name, schema: schema)
    }

    // MARK: The JSON of cel.expr.Value

    private func protobuf(_ name: String, _ body: JSONText) throws -> Value {
        func again(_ tag: String) throws -> Value {
            try tagged(tag, .object([.init(name: "value", value: body)]))
        }
        switch name {
        case "nullValue", "null_value": return .null
        case "boolValue", "bool_value": return try again("bool")
        case "int64Value", "int64_value": return try again("int")
        case "uint64Value", "uint64_value": return try again("uint")
        case "doubleValue", "double_value": return try again("double")
        case "stringValue", "string_value": return try again("string")
        case "bytesValue", "bytes_value": return try again("bytes")
        case "typeValue", "type_value": return try again("type")
        case "listValue", "list_value": return .list(try (body["values"]?.elements ?? []).map(value))
        case "mapValue", "map_value":
            let entries = body["entries"] ?? .array([])
            return .map(try MapValue(try pairs(entries).map { (try value($0), try value($1)) }))
        case "enumValue", "enum_value":
            return try enumValue(
                .object([
                    .init(name: "enum", value: body["type"] ?? .null),
                    .init(name: "number", value: body["value"] ?? .number("0"))
                ]))
        case "objectValue", "object_value": return try object(body)
        case "value": return try value(body)
        default: throw refused(body)
        }
    }
}

extension JSONText {
    fileprivate func without(_ names: [String]) -> JSONText {
        .object((members ?? []).filter { !names.contains($0.name) })
    }
}
