import SwiftProtobuf

/// Reads descriptors of proto2, proto3 and editions files into the schema's own, flat form.
struct DescriptorReader {
    private(set) var messages: [String: MessageDescriptor] = [:]
    private(set) var enums: [String: EnumDescriptor] = [:]
    private(set) var extensions: [String: FieldDescriptor] = [:]

    /// What a file's syntax decides about its fields.
    private struct Rules {
        var implicitPresence: Bool
        var packed: Bool

        init(_ file: Google_Protobuf_FileDescriptorProto) {
            switch file.syntax {
            case "proto3":
                self.init(implicitPresence: true, packed: true)
            case "editions":
                let features = file.options.features
                self.init(
                    implicitPresence: features.fieldPresence == .implicit,
                    packed: features.repeatedFieldEncoding != .expanded)
            default:
                self.init(implicitPresence: false, packed: false)
            }
        }

        init(implicitPresence: Bool, packed: Bool) {
            self.implicitPresence = implicitPresence
            self.packed = packed
        }
    }

    mutating func read(_ file: Google_Protobuf_FileDescriptorProto) throws(ProtobufError) {
        let rules = Rules(file)
        for message in file.messageType { try read(message, scope: file.package, rules: rules) }
        for enumeration in file.enumType { read(enumeration, scope: file.package) }
        for field in file.extension { try readExtension(field, scope: file.package, rules: rules) }
    }

    private func join(_ scope: String, _ name: String) -> String { scope.isEmpty ? name : scope + "." + name }

    private mutating func read(
        _ message: Google_Protobuf_DescriptorProto, scope: String, rules: Rules
    ) throws(ProtobufError) {
        let name = join(scope, message.name)
        var entries: [String: Google_Protobuf_DescriptorProto] = [:]
        for nested in message.nestedType {
            if nested.options.mapEntry { entries["." + join(name, nested.name)] = nested }
            try read(nested, scope: name, rules: rules)
        }
        for enumeration in message.enumType { read(enumeration, scope: name) }
        for field in message.extension { try readExtension(field, scope: name, rules: rules) }
        var fields: [FieldDescriptor] = []
        for field in message.field {
            fields.append(
                try make(field, name: field.name, containing: name, entry: entries[field.typeName], rules: rules))
        }
        messages[name] = MessageDescriptor(name: name, fields: fields, isMapEntry: message.options.mapEntry)
    }

    private mutating func read(_ enumeration: Google_Protobuf_EnumDescriptorProto, scope: String) {
        let name = join(scope, enumeration.name)
        enums[name] = EnumDescriptor(name: name, constants: enumeration.value.map { ($0.name, $0.number) })
    }

    private mutating func readExtension(
        _ field: Google_Protobuf_FieldDescriptorProto, scope: String, rules: Rules
    ) throws(ProtobufError) {
        let name = join(scope, field.name)
        let extended = String(field.extendee.drop { $0 == "." })
        extensions[name] = try make(field, name: name, containing: extended, entry: nil, rules: rules)
    }

    private func make(
        _ field: Google_Protobuf_FieldDescriptorProto, name: String, containing: String,
        entry: Google_Protobuf_DescriptorProto?, rules: Rules
    ) throws(ProtobufError) -> FieldDescriptor {
        let kind = try kind(of: field)
        var shape = FieldDescriptor.Shape.singular
        if let entry, entry.field.count == 2 {
            shape = .map(key: try self.kind(of: entry.field[0]), value: try self.kind(of: entry.field[1]))
        } else if field.label == .repeated {
            shape = .repeated
        }
        var packed = rules.packed
        if field.options.hasPacked { packed = field.options.packed }
        if field.options.features.hasRepeatedFieldEncoding {
            packed = field.options.features.repeatedFieldEncoding != .expanded
        }
        return FieldDescriptor(
            name: name, jsonName: field.jsonName.isEmpty ? Self.camelCase(field.name) : field.jsonName,
            number: field.number, kind: kind, shape: shape, hasPresence: hasPresence(field, kind, shape, rules),
            oneof: field.hasOneofIndex && !field.proto3Optional ? field.oneofIndex : nil,
            isPacked: packed && kind.isPackable,
            defaultValue: field.hasDefaultValue ? try parseDefault(field.defaultValue, kind) : nil,
            containingType: containing)
    }

    private func hasPresence(
        _ field: Google_Protobuf_FieldDescriptorProto, _ kind: FieldDescriptor.Kind, _ shape: FieldDescriptor.Shape,
        _ rules: Rules
    ) -> Bool {
        guard case .singular = shape else { return false }
        if kind.messageName != nil || field.hasOneofIndex || field.proto3Optional || field.hasExtendee { return true }
        if field.options.features.hasFieldPresence { return field.options.features.fieldPresence != .implicit }
        return !rules.implicitPresence
    }

    private func kind(of field: Google_Protobuf_FieldDescriptorProto) throws(ProtobufError) -> FieldDescriptor.Kind {
        let typeName = String(field.typeName.drop { $0 == "." })
        switch field.type {
        case .double: return .double
        case .float: return .float
        case .int64: return .int64
        case .uint64: return .uint64
        case .int32: return .int32
        case .fixed64: return .fixed64
        case .fixed32: return .fixed32
        case .bool: return .bool
        case .string: return .string
        case .group: return .group(typeName)
        case .message:
            return field.options.features.messageEncoding == .delimited ? .group(typeName) : .message(typeName)
        case .bytes: return .bytes
        case .uint32: return .uint32
        case .enum: return .enumeration(typeName)
        case .sfixed32: return .sfixed32
        case .sfixed64: return .sfixed64
        case .sint32: return .sint32
        case .sint64: return .sint64
        }
    }

    /// A declared default as protoc writes it: numbers in decimal, `inf`, `nan`, bytes with C escapes, an enum's name.
    private func parseDefault(
        _ text: String, _ kind: FieldDescriptor.Kind
    ) throws(ProtobufError) -> ProtobufValue? {
        switch kind {
        case .double, .float:
            return .double(Double(text) ?? 0)
        case .int32, .int64, .sint32, .sint64, .sfixed32, .sfixed64:
            return .int(Int64(text) ?? 0)
        case .uint32, .uint64, .fixed32, .fixed64:
            return .uint(UInt64(text) ?? 0)
        case .bool: return .bool(text == "true")
        case .string: return .string(text)
        case .bytes: return .bytes(try CEscapes.decode(text))
        case .enumeration(let name):
            // The enum may be declared in a later file; the name is resolved when the default is asked for.
            return .enumName(name, text)
        case .message, .group: return nil
        }
    }

    private static func camelCase(_ name: String) -> String {
        var out = ""
        var upper = false
        for character in name {
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

extension FieldDescriptor.Kind {
    var messageName: String? {
        switch self {
        case .message(let name), .group(let name): name
        default: nil
        }
    }

    var isPackable: Bool {
        switch self {
        case .string, .bytes, .message, .group: false
        default: true
        }
    }
}
