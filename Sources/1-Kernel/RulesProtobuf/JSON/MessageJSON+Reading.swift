import Rules

extension MessageJSON {
    static func read(
        _ json: JSONText, _ name: String, _ schema: ProtobufSchema, depth: Int
    ) throws -> DynamicMessage {
        guard depth < DynamicMessage.maximumDepth else {
            throw ProtobufError(.depth, "messages nest deeper than \(DynamicMessage.maximumDepth)")
        }
        var message = try DynamicMessage(named: name, schema: schema)
        switch message.descriptor.wellKnown {
        case .any?: return try readAny(json, schema, depth)
        case .timestamp?, .duration?:
            guard let text = json.text else { break }
            let (seconds, nanos): (Int64, Int32)
            if message.descriptor.wellKnown == .timestamp {
                let time = try Timestamp(parsing: text)
                (seconds, nanos) = (time.seconds, time.nanos)
            } else {
                let span = try Duration(parsing: text)
                (seconds, nanos) = (span.seconds, span.nanos)
            }
            message.set(named: "seconds", .int(seconds))
            message.set(named: "nanos", .int(Int64(nanos)))
            return message
        case .fieldMask?:
            guard let text = json.text else { break }
            message.set(named: "paths", .list(text.split(separator: ",").map { .string(snakeCase($0)) }))
            return message
        case .structure?:
            guard let members = json.members else { break }
            var entries: [ProtobufValue.Key: ProtobufValue] = [:]
            for member in members {
                entries[.string(member.name)] = .message(
                    try read(member.value, "google.protobuf.Value", schema, depth: depth + 1))
            }
            message.set(named: "fields", .map(entries))
            return message
        case .listValue?:
            guard let elements = json.elements else { break }
            message.set(
                named: "values",
                .list(
                    try elements.map {
                        .message(try read($0, "google.protobuf.Value", schema, depth: depth + 1))
                    }))
            return message
        case .value?: return try readValue(json, message, depth)
        case let known? where known.isWrapper:
            guard json.members == nil, let field = message.descriptor.field(named: "value") else { break }
            message.set(field, try scalar(json, field.kind, schema, depth))
            return message
        default: break
        }
        guard let members = json.members else {
            throw ProtobufError(.malformedMessage, "'\(name)' is written as a JSON object")
        }
        for member in members where member.name != "@type" { try read(member, into: &message, depth) }
        return message
    }

    private static func readAny(_ json: JSONText, _ schema: ProtobufSchema, _ depth: Int) throws -> DynamicMessage {
        guard let url = json["@type"]?.text else {
            // Not the special form: an Any by its own two fields.
            var any = try DynamicMessage(named: "google.protobuf.Any", schema: schema)
            for member in json.members ?? [] { try read(member, into: &any, depth) }
            return any
        }
        let name = String(url.split(separator: "/").last ?? "")
        var body = json
        let known = schema.message(name)?.wellKnown
        if known != nil, known != .empty, let value = json["value"] { body = value }
        return try read(body, name, schema, depth: depth + 1).packedAny()
    }

    private static func readValue(
        _ json: JSONText, _ empty: DynamicMessage, _ depth: Int
    ) throws -> DynamicMessage {
        var message = empty
        switch json {
        case .null: message.set(named: "null_value", .int(0))
        case .bool(let flag): message.set(named: "bool_value", .bool(flag))
        case .number(let text): message.set(named: "number_value", .double(Double(text) ?? .nan))
        case .string(let text): message.set(named: "string_value", .string(text))
        case .array:
            message.set(
                named: "list_value",
                .message(try read(json, "google.protobuf.ListValue", empty.schema, depth: depth + 1)))
        case .object:
            message.set(
                named: "struct_value",
                .message(try read(json, "google.protobuf.Struct", empty.schema, depth: depth + 1)))
        }
        return message
    }

    private static func read(_ member: JSONText.Member, into message: inout DynamicMessage, _ depth: Int) throws {
        let bare = member.name.hasPrefix("[") ? String(member.name.dropFirst().dropLast()) : member.name
        let descriptor = message.descriptor
        guard let field = message.field(named: bare) ?? descriptor.fields.first(where: { $0.jsonName == bare }) else {
            throw ProtobufError(.unknownField, "'\(message.typeName)' has no field '\(member.name)'")
        }
        let schema = message.schema
        if member.value == .null, !takesNull(field, schema) { return }
        switch field.shape {
        case .singular: message.set(field, try scalar(member.value, field.kind, schema, depth))
        case .repeated:
            guard let elements = member.value.elements else {
                throw ProtobufError(.type, "'\(field.name)' is written as a JSON array")
            }
            message.set(field, .list(try elements.map { try scalar($0, field.kind, schema, depth) }))
        case .map(let keyKind, let valueKind):
            guard let members = member.value.members else {
                throw ProtobufError(.type, "'\(field.name)' is written as a JSON object")
            }
            for entry in members {
                let keyText = keyKind == .bool ? JSONText.bool(entry.name == "true") : .string(entry.name)
                guard let key = ProtobufValue.Key(try scalar(keyText, keyKind, schema, depth)) else { continue }
                message.insert(field, key, try scalar(entry.value, valueKind, schema, depth))
            }
        }
    }

    private static func takesNull(_ field: FieldDescriptor, _ schema: ProtobufSchema) -> Bool {
        if case .enumeration("google.protobuf.NullValue") = field.kind { return true }
        return field.kind.messageName.flatMap { schema.message($0)?.wellKnown } == .value
    }

    private static func scalar(
        _ json: JSONText, _ kind: FieldDescriptor.Kind, _ schema: ProtobufSchema, _ depth: Int
    ) throws -> ProtobufValue {
        func refused() -> ProtobufError { ProtobufError(.type, "\(json) is no \(kind)") }
        switch kind {
        case .message(let name), .group(let name):
            return .message(try read(json, name, schema, depth: depth + 1))
        case .bool:
            guard let flag = json.flag else { throw refused() }
            return .bool(flag)
        case .string:
            guard let text = json.text else { throw refused() }
            return .string(text)
        case .bytes:
            guard let text = json.text, let bytes = Base64.decode(text) else { throw refused() }
            return .bytes(bytes)
        case .double, .float:
            guard let text = json.scalarText, let number = double(text) else { throw refused() }
            if case .float = kind { return .double(Double(Float(number))) }
            return .double(number)
        case .enumeration(let name):
            if json == .null { return .int(0) }
            guard let text = json.scalarText else { throw refused() }
            if let number = schema.enumeration(name)?.number(of: text) ?? Int32(text) { return .int(Int64(number)) }
            throw refused()
        case .uint32, .uint64, .fixed32, .fixed64:
            guard let text = json.scalarText, let number = UInt64(text) ?? Double(text).flatMap(UInt64.init(exactly:))
            else { throw refused() }
            return .uint(number)
        case .int32, .int64, .sint32, .sint64, .sfixed32, .sfixed64:
            guard let text = json.scalarText, let number = Int64(text) ?? Double(text).flatMap(Int64.init(exactly:))
            else { throw refused() }
            return .int(number)
        }
    }

    private static func double(_ text: String) -> Double? {
        switch text {
        case "NaN", "nan": .nan
        case "Infinity", "inf": .infinity
        case "-Infinity", "-inf": -.infinity
        default: Double(text)
        }
    }

    private static func snakeCase(_ path: Substring) -> String {
        var out = ""
        for character in path {
            if character.isUppercase { out += "_" + character.lowercased() } else { out.append(character) }
        }
        return out
    }
}
