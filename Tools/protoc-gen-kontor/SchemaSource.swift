import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// JSON schemas of messages by the rules of proto JSON (protobuf.dev/programming-guides/json).
struct SchemaSource {
    private let forms: TextForm

    init(_ files: [FileDescriptor]) { forms = TextForm(files) }

    /// The schemas of every message that a call sends or receives.
    func all(_ calls: [Call]) -> [(String, JSON)] {
        var seen: Set<String> = []
        var found: [Descriptor] = []
        func visit(_ message: Descriptor) {
            guard seen.insert(message.fullName).inserted else { return }
            if !message.isMapEntry { found.append(message) }
            for field in message.fields where field.type == .message { visit(field.messageType) }
        }
        for call in calls {
            visit(call.method.inputType)
            visit(call.method.outputType)
        }
        return found.sorted { $0.fullName < $1.fullName }.map { ($0.fullName, object($0.fields, of: $0)) }
    }

    /// The body of a call: its request without what the path says.
    func body(_ call: Call) -> JSON {
        let fields = call.method.inputType.fields.filter { !call.pathParameters.contains($0.name) }
        return fields.count == call.method.inputType.fields.count
            ? SchemaSource.reference(call.method.inputType) : object(fields)
    }

    func parameter(_ field: FieldDescriptor) -> JSON { single(field) }

    static func reference(_ message: Descriptor) -> JSON {
        .object([("$ref", .string("#/components/schemas/\(message.fullName)"))])
    }

    private func object(_ fields: [FieldDescriptor], of message: Descriptor? = nil) -> JSON {
        var members: [(String, JSON)] = [("type", .string("object"))]
        if let text = message?.commentText { members.append(("description", .string(text))) }
        members.append(("properties", .object(fields.map { ($0.name, schema($0)) })))
        members.append(("additionalProperties", .bool(false)))
        let required = fields.filter(\.isNeeded).map { JSON.string($0.name) }
        if !required.isEmpty { members.append(("required", .array(required))) }
        return .object(members)
    }

    private func schema(_ field: FieldDescriptor) -> JSON {
        guard case .object(let members) = undescribed(field), let text = field.commentText else {
            return undescribed(field)
        }
        let more = members.first { $0.0 == "description" }.flatMap { member -> String? in
            if case .string(let more) = member.1 { more } else { nil }
        }
        return .object(
            members.filter { $0.0 != "description" }
                + [("description", .string([text, more].compactMap(\.self).joined(separator: " ")))])
    }

    private func undescribed(_ field: FieldDescriptor) -> JSON {
        if field.isMap, let value = field.messageType.mapKeyAndValue?.value {
            return .object([("type", .string("object")), ("additionalProperties", single(value))])
        }
        guard field.isRepeated else { return single(field) }
        var members: [(String, JSON)] = [("type", .string("array")), ("items", single(field))]
        if field.rule.hasMinItems { members.append(("minItems", .number(Int64(field.rule.minItems)))) }
        if field.rule.hasMaxItems { members.append(("maxItems", .number(Int64(field.rule.maxItems)))) }
        return .object(members)
    }

    private func single(_ field: FieldDescriptor) -> JSON {
        var members: [(String, JSON)]
        let rule = field.rule
        switch field.type {
        case .message: return SchemaSource.reference(field.messageType)
        case .bool: members = [("type", .string("boolean"))]
        case .int32, .uint32, .sint32, .fixed32, .sfixed32:
            members = [("type", .string("integer")), ("format", .string("int32"))]
            // Every list of the house gives up to 200 at once, unless its rule says otherwise.
            let isPage = field.name == "page_size"
            if rule.hasMin || isPage { members.append(("minimum", .number(rule.hasMin ? rule.min : 0))) }
            if rule.hasMax || isPage { members.append(("maximum", .number(rule.hasMax ? rule.max : 200))) }
        case .int64, .uint64, .sint64, .fixed64, .sfixed64:
            // 64-bit numbers are texts in JSON, because JavaScript's numbers end at 2^53.
            members = [
                ("type", .string("string")), ("format", .string("int64")), ("pattern", .string(digits(field)))
            ]
            if rule.hasMin || rule.hasMax {
                let bounds = [rule.hasMin ? "at least \(rule.min)" : "", rule.hasMax ? "at most \(rule.max)" : ""]
                let text = bounds.filter { !$0.isEmpty }.joined(separator: ", ")
                members.append(("description", .string(text.prefix(1).uppercased() + text.dropFirst() + ".")))
            }
        case .enum:
            members = [
                ("type", .string("string")), ("enum", .array(field.enumType.values.map { .string($0.name) }))
            ]
        case .bytes: members = [("type", .string("string")), ("contentEncoding", .string("base64"))]
        default:
            members = [("type", .string("string"))] + forms.members(field)
        }
        if field.options.Kontorprivacy != .notPersonal {
            members.append(("x-privacy", .string("\(field.options.Kontorprivacy)")))
        }
        return .object(members)
    }

    /// As many digits as the bounds have: JSON Schema cannot bound a number that is written as a text any closer.
    private func digits(_ field: FieldDescriptor) -> String {
        let rule = field.rule
        let most = rule.hasMax ? String(max(rule.max.magnitude, rule.hasMin ? rule.min.magnitude : 0)).count : 19
        if rule.hasMin, rule.min > 0 { return "^[1-9][0-9]{0,\(most - 1)}$" }
        let isUnsigned = field.type == .uint64 || field.type == .fixed64
        return (isUnsigned || (rule.hasMin && rule.min >= 0) ? "^" : "^-?") + "[0-9]{1,\(isUnsigned ? 20 : most)}$"
    }

    /// RFC 9457, with the members that our problems add.
    static let problem: JSON = .object([
        ("type", .string("object")),
        ("required", .array(["type", "title", "status", "detail"].map { .string($0) })),
        (
            "properties",
            .object([
                ("type", .object([("type", .string("string")), ("format", .string("uri"))])),
                ("title", .object([("type", .string("string"))])),
                ("status", .object([("type", .string("integer"))])),
                ("detail", .object([("type", .string("string"))])),
                ("field", .object([("type", .string("string"))])),
                ("instance", .object([("type", .string("string"))]))
            ])
        )
    ])
}

extension ProvidesSourceCodeLocation {
    /// What the contract says in the comment above, as one paragraph; nil when there is none.
    var commentText: String? {
        let text = protoSourceComments(commentPrefix: "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return text.isEmpty ? nil : text
    }
}
