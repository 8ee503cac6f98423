public import Rules

/// Reads types: as text (`map(string, list(int))`), as tagged JSON (`{"type": "list", "elem": …}`) and as protobuf's
/// JSON of `cel.expr.Type` (`{"listType": {"elemType": {"primitive": "INT64"}}}`).
public struct CaseType {
    /// What a provider says of names: messages, well-known types, enums.
    let provider: any TypeProvider

    public init(_ provider: any TypeProvider) { self.provider = provider }

    static func simple(_ name: String) -> Type? {
        switch name.lowercased() {
        case "bool": .bool
        case "int", "int64": .int
        case "uint", "uint64": .uint
        case "double": .double
        case "string": .string
        case "bytes": .bytes
        case "null", "null_type", "null_value": .null
        case "dyn", "dynamic", "any_type": .dynamic
        case "any", "google.protobuf.any": .any
        case "timestamp", "google.protobuf.timestamp": .timestamp
        case "duration", "google.protobuf.duration": .duration
        case "list", "list_type": .list(.dynamic)
        case "map", "map_type": .map(.dynamic, .dynamic)
        case "type": .type(.dynamic)
        case "optional", "optional_type": .optional(.dynamic)
        case "error": .error
        default: nil
        }
    }

    public func type(_ json: JSONText) throws -> Type {
        if let text = json.text { return try type(text) }
        if let tag = json["type"]?.text ?? json["kind"]?.text { return try tagged(tag, json) }
        for member in json.members ?? [] {
            if let type = try protobuf(member.name, member.value) { return type }
        }
        throw ProtobufError(.malformedMessage, "no type: \(json)")
    }

    /// A type as a signature writes it.
    public func type(_ text: String) throws -> Type {
        var rest = Substring(text.filter { $0 != " " })
        let type = try read(&rest, depth: 0)
        guard rest.isEmpty else { throw ProtobufError(.malformedMessage, "no type: '\(text)'") }
        return type
    }

    private func read(_ rest: inout Substring, depth: Int) throws -> Type {
        guard depth < 32 else { throw ProtobufError(.depth, "a type nests deeper than 32") }
        let name = String(rest.prefix { !"(<,>)".contains($0) })
        rest = rest.dropFirst(name.count)
        var parameters: [Type] = []
        if let open = rest.first, open == "(" || open == "<" {
            repeat {
                rest = rest.dropFirst()
                parameters.append(try read(&rest, depth: depth + 1))
            } while rest.first == ","
            guard rest.first == ")" || rest.first == ">" else {
                throw ProtobufError(.malformedMessage, "a type's parenthesis does not close")
            }
            rest = rest.dropFirst()
        }
        return try named(name, parameters)
    }

    private func named(_ name: String, _ parameters: [Type]) throws -> Type {
        switch (name, parameters.count) {
        case ("list", 1): return .list(parameters[0])
        case ("map", 2): return .map(parameters[0], parameters[1])
        case ("optional", 1), ("optional_type", 1): return .optional(parameters[0])
        case ("type", 1): return .type(parameters[0])
        case ("wrapper", 1): return .wrapper(parameters[0])
        case (_, 0):
            if let type = Self.simple(name) ?? provider.type(named: name) { return type }
            // A name of one upper-case letter is a type parameter.
            if name.utf8.count == 1, name.uppercased() == name { return .parameter(name) }
            guard !name.isEmpty else { throw ProtobufError(.malformedMessage, "a type without a name") }
            return name.contains(".") ? .message(name) : .opaque(name, [])
        default: return .opaque(name, parameters)
        }
    }

    private func tagged(_ tag: String, _ json: JSONText) throws -> Type {
        func part(_ names: [String]) throws -> Type { try json[names].map(type) ?? .dynamic }
        func name() -> String {
            json[["name", "message_type", "messageType", "type_name", "typeName", "message", "value"]]?.text ?? ""
        }
        let parameters = try
            (json[["params", "parameters", "parameter_types", "parameterTypes", "type_params"]]?
            .elements ?? []).map(type)
        switch tag {
        case "list", "list_type":
            return .list(
                try parameters.first
                    ?? part(["elem", "element", "elem_type", "elemType", "element_type", "of", "value"]))
        case "map", "map_type":
            if parameters.count == 2 { return .map(parameters[0], parameters[1]) }
            return .map(try part(["key", "key_type", "keyType"]), try part(["value", "value_type", "valueType"]))
        case "wrapper": return .wrapper(try part(["value", "wrapper", "inner", "of", "primitive"]))
        case "type": return .type(try part(["value", "of", "inner"]))
        case "message", "message_type", "object", "struct": return try named(name(), [])
        case "primitive", "well_known", "wellKnown": return try named(name().lowercased(), [])
        case "type_param", "param", "parameter", "typeParam": return .parameter(name())
        case "abstract", "abstract_type", "opaque": return try named(name(), parameters)
        case "optional", "optional_type":
            return .optional(try parameters.first ?? part(["value", "elem", "of", "inner"]))
        case "function", "error": return .error
        default: return try named(tag, parameters)
        }
    }

    private func protobuf(_ name: String, _ body: JSONText) throws -> Type? {
        switch name {
        case "primitive":
            guard let text = body.text, let type = Self.simple(text) else { return nil }
            return type
        case "wrapper":
            guard let text = body.text, let type = Self.simple(text) else { return nil }
            return .wrapper(type)
        case "wellKnown", "well_known":
            guard let text = body.text else { return nil }
            return Self.simple(text)
        case "dyn": return .dynamic
        case "null": return .null
        case "error": return .error
        case "messageType", "message_type":
            guard let text = body.text else { return nil }
            return try named(text, [])
        case "typeParam", "type_param": return body.text.map(Type.parameter)
        case "listType", "list_type":
            return .list(try body[["elemType", "elem_type"]].map(type) ?? .dynamic)
        case "mapType", "map_type":
            return .map(
                try body[["keyType", "key_type"]].map(type) ?? .dynamic,
                try body[["valueType", "value_type"]].map(type) ?? .dynamic)
        case "type":
            return .type(body.members?.isEmpty == false ? try type(body) : .dynamic)
        case "abstractType", "abstract_type":
            let parameters = try (body[["parameterTypes", "parameter_types"]]?.elements ?? []).map(type)
            return try named(body["name"]?.text ?? "", parameters)
        default: return nil
        }
    }
}
