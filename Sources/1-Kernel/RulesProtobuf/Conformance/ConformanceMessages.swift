import SwiftProtobuf

/// The messages that the cases of google/cel-spec's conformance suite speak of: `TestAllTypes` and its kin in proto2
/// and proto3.
///
/// Names and numbers are those of proto/cel/expr/conformance/proto{2,3}/test_all_types*.proto (Apache-2.0), which are
/// the suite's wire contract. They are so regular that they are built here instead of carried as 80 KB of descriptors.
enum ConformanceMessages {
    typealias File = Google_Protobuf_FileDescriptorProto
    typealias Message = Google_Protobuf_DescriptorProto
    typealias Field = Google_Protobuf_FieldDescriptorProto

    static var files: [File] { [testAllTypes(proto2: true), testAllTypes(proto2: false), extensions] }

    private static let scalars: [(name: String, type: Field.TypeEnum)] = [
        ("int32", .int32), ("int64", .int64), ("uint32", .uint32), ("uint64", .uint64), ("sint32", .sint32),
        ("sint64", .sint64), ("fixed32", .fixed32), ("fixed64", .fixed64), ("sfixed32", .sfixed32),
        ("sfixed64", .sfixed64), ("float", .float), ("double", .double), ("bool", .bool), ("string", .string),
        ("bytes", .bytes)
    ]

    private static let wellKnown: [(name: String, type: String)] = [
        ("any", "Any"), ("duration", "Duration"), ("timestamp", "Timestamp"), ("struct", "Struct"), ("value", "Value"),
        ("int64_wrapper", "Int64Value"), ("int32_wrapper", "Int32Value"), ("double_wrapper", "DoubleValue"),
        ("float_wrapper", "FloatValue"), ("uint64_wrapper", "UInt64Value"), ("uint32_wrapper", "UInt32Value"),
        ("string_wrapper", "StringValue"), ("bool_wrapper", "BoolValue"), ("bytes_wrapper", "BytesValue")
    ]

    /// The defaults that the proto2 message declares.
    private static let defaults = [
        "int32": "-32", "int64": "-64", "uint32": "32", "uint64": "64", "float": "3", "double": "6.4", "bool": "true",
        "string": "empty", "bytes": "none"
    ]

    /// Fields whose names are words of programming languages.
    private static let words = [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package",
        "namespace", "return", "var", "void", "while"
    ]

    private static func field(
        _ name: String, _ number: Int32, _ type: Field.TypeEnum, _ typeName: String = "",
        label: Field.Label = .optional
    ) -> Field {
        var field = Field()
        field.name = name
        field.number = number
        field.type = type
        if !typeName.isEmpty { field.typeName = "." + typeName }
        field.label = label
        return field
    }

    private static func enumeration(_ name: String, _ constants: [String]) -> Google_Protobuf_EnumDescriptorProto {
        var result = Google_Protobuf_EnumDescriptorProto()
        result.name = name
        for (number, constant) in constants.enumerated() {
            var value = Google_Protobuf_EnumValueDescriptorProto()
            value.name = constant
            value.number = Int32(number)
            result.value.append(value)
        }
        return result
    }

    private static func oneof(_ name: String) -> Google_Protobuf_OneofDescriptorProto {
        var result = Google_Protobuf_OneofDescriptorProto()
        result.name = name
        return result
    }

    private static func message(_ name: String, _ fields: [Field]) -> Message {
        var result = Message()
        result.name = name
        result.field = fields
        return result
    }

    private static func testAllTypes(proto2: Bool) -> File {
        let package = "cel.expr.conformance.proto\(proto2 ? 2 : 3)"
        let all = package + ".TestAllTypes"
        var file = File()
        file.name = "cel/expr/conformance/proto\(proto2 ? 2 : 3)/test_all_types.proto"
        file.package = package
        file.syntax = proto2 ? "proto2" : "proto3"
        var test = message("TestAllTypes", singular(proto2) + repeated(all) + nested(proto2, package))
        test.nestedType.append(message("NestedMessage", [field("bb", 1, .int32)]))
        test.enumType.append(enumeration("NestedEnum", ["FOO", "BAR", "BAZ"]))
        test.oneofDecl = [oneof("nested_type"), oneof("kind")]
        addMaps(&test, package)
        for (index, word) in words.enumerated() { test.field.append(field(word, Int32(500 + index), .bool)) }
        if proto2 {
            test.nestedType.append(
                message("NestedGroup", [field("single_id", 404, .int32), field("single_name", 405, .string)]))
            test.field.append(field("nestedgroup", 403, .group, all + ".NestedGroup"))
            file.messageType.append(
                message("TestRequired", [field("required_int32", 1, .int32, label: .required)]))
        }
        file.messageType.append(test)
        file.messageType.append(
            message(
                "NestedTestAllTypes",
                [
                    field("child", 1, .message, package + ".NestedTestAllTypes"),
                    field("payload", 2, .message, all)
                ]))
        file.enumType = [enumeration("GlobalEnum", ["GOO", "GAR", "GAZ"])]
        return file
    }

    private static func singular(_ proto2: Bool) -> [Field] {
        var fields: [Field] = []
        for (index, scalar) in scalars.enumerated() {
            var made = field("single_" + scalar.name, Int32(1 + index), scalar.type)
            if proto2, let text = defaults[scalar.name] { made.defaultValue = text }
            fields.append(made)
        }
        if !proto2 {
            for (name, number, type) in [("optional_bool", 16, Field.TypeEnum.bool), ("optional_string", 17, .string)] {
                var made = field(name, Int32(number), type)
                made.proto3Optional = true
                fields.append(made)
            }
        }
        fields.append(field("in", 18, .bool))
        for (index, known) in wellKnown.enumerated() {
            fields.append(field("single_" + known.name, Int32(100 + index), .message, "google.protobuf." + known.type))
        }
        fields.append(field("list_value", 114, .message, "google.protobuf.ListValue"))
        fields.append(field("null_value", 115, .enum, "google.protobuf.NullValue"))
        var null = field("optional_null_value", 116, .enum, "google.protobuf.NullValue")
        if !proto2 { null.proto3Optional = true }
        fields.append(null)
        fields.append(field("field_mask", 117, .message, "google.protobuf.FieldMask"))
        fields.append(field("empty", 118, .message, "google.protobuf.Empty"))
        return fields
    }

    private static func nested(_ proto2: Bool, _ package: String) -> [Field] {
        let all = package + ".TestAllTypes"
        var fields = [
            field("single_nested_message", 21, .message, all + ".NestedMessage"),
            field("single_nested_enum", 22, .enum, all + ".NestedEnum"),
            field("oneof_type", 400, .message, package + ".NestedTestAllTypes"),
            field("oneof_msg", 401, .message, all + ".NestedMessage"),
            field("oneof_bool", 402, .bool)
        ]
        for index in fields.indices { fields[index].oneofIndex = index < 2 ? 0 : 1 }
        if proto2 { fields[1].defaultValue = "BAR" }
        return fields + [
            field("standalone_message", 23, .message, all + ".NestedMessage"),
            field("standalone_enum", 24, .enum, all + ".NestedEnum")
        ]
    }

    private static func repeated(_ all: String) -> [Field] {
        var fields: [Field] = []
        for (index, scalar) in scalars.enumerated() {
            fields.append(field("repeated_" + scalar.name, Int32(31 + index), scalar.type, label: .repeated))
        }
        fields.append(field("repeated_nested_message", 51, .message, all + ".NestedMessage", label: .repeated))
        fields.append(field("repeated_nested_enum", 52, .enum, all + ".NestedEnum", label: .repeated))
        fields.append(field("repeated_string_piece", 53, .string, label: .repeated))
        fields.append(field("repeated_cord", 54, .string, label: .repeated))
        fields.append(field("repeated_lazy_message", 55, .message, all + ".NestedMessage", label: .repeated))
        for (index, known) in (wellKnown + [("list_value", "ListValue")]).enumerated() {
            fields.append(
                field(
                    "repeated_" + known.name, Int32(120 + index), .message, "google.protobuf." + known.type,
                    label: .repeated))
        }
        fields.append(field("repeated_null_value", 135, .enum, "google.protobuf.NullValue", label: .repeated))
        return fields
    }

    /// Every kind of key with every kind of value; the numbers of plain values, of times and of well-known types start
    /// where the table says.
    private static func addMaps(_ test: inout Message, _ package: String) {
        let all = package + ".TestAllTypes"
        let uint32Plain = [96, 97, 98, 99] + Array(200...206)
        let stringPlain = [218, 61] + Array(219...227)
        let keys: [(name: String, type: Field.TypeEnum, plain: [Int], times: Int, known: Int)] = [
            ("bool", .bool, Array(63...73), 228, 246), ("int32", .int32, Array(74...84), 231, 259),
            ("int64", .int64, Array(85...95), 234, 272), ("uint32", .uint32, uint32Plain, 237, 285),
            ("uint64", .uint64, Array(207...217), 240, 298), ("string", .string, stringPlain, 243, 311)
        ]
        let plain: [(String, Field.TypeEnum, String)] = [
            ("bool", .bool, ""), ("string", .string, ""), ("bytes", .bytes, ""), ("int32", .int32, ""),
            ("int64", .int64, ""), ("uint32", .uint32, ""), ("uint64", .uint64, ""), ("float", .float, ""),
            ("double", .double, ""), ("enum", .enum, all + ".NestedEnum"), ("message", .message, all + ".NestedMessage")
        ]
        let known = wellKnown.filter { $0.name != "duration" && $0.name != "timestamp" }
        let ordered = known.prefix(3) + [("list_value", "ListValue")] + known.dropFirst(3)
        addMap(&test, package, "map_int64_nested_type", 62, .int64, .message, package + ".NestedTestAllTypes")
        for key in keys {
            for (value, number) in zip(plain, key.plain) {
                addMap(&test, package, "map_\(key.name)_\(value.0)", number, key.type, value.1, value.2)
            }
            for (index, name) in ["Duration", "Timestamp"].enumerated() {
                addMap(
                    &test, package, "map_\(key.name)_\(name.lowercased())", key.times + index, key.type, .message,
                    "google.protobuf." + name)
            }
            addMap(
                &test, package, "map_\(key.name)_null_value", key.times + 2, key.type, .enum,
                "google.protobuf.NullValue")
            for (index, value) in ordered.enumerated() {
                addMap(
                    &test, package, "map_\(key.name)_\(value.name)", key.known + index, key.type, .message,
                    "google.protobuf." + value.type)
            }
        }
    }

    private static func addMap(
        _ test: inout Message, _ package: String, _ name: String, _ number: Int, _ key: Field.TypeEnum,
        _ value: Field.TypeEnum, _ typeName: String
    ) {
        let entryName = name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() + "Entry"
        var entry = message(entryName, [field("key", 1, key), field("value", 2, value, typeName)])
        entry.options.mapEntry = true
        test.nestedType.append(entry)
        test.field.append(
            field(name, Int32(number), .message, package + ".TestAllTypes." + entryName, label: .repeated))
    }

    private static var extensions: File {
        let package = "cel.expr.conformance.proto2"
        let all = package + ".TestAllTypes"
        func extended(_ names: [String], from number: Int32, first: Field.TypeEnum) -> [Field] {
            names.enumerated().map { index, name in
                var made = field(name, number + Int32(index), .message, all)
                if index == 0 { made = field(name, number, first) }
                if name == "nested_enum_ext" { made = field(name, made.number, .enum, all + ".NestedEnum") }
                if index == names.count - 1 { made.label = .repeated }
                made.extendee = "." + all
                return made
            }
        }
        var file = File()
        file.name = package.replacing(".", with: "/") + "/test_all_types_extensions.proto"
        file.package = package
        file.syntax = "proto2"
        file.extension = extended(
            ["int32_ext", "nested_ext", "test_all_types_ext", "nested_enum_ext", "repeated_test_all_types"],
            from: 1000, first: .int32)
        var scope = message("Proto2ExtensionScopedMessage", [])
        scope.extension = extended(
            ["int64_ext", "message_scoped_nested_ext", "nested_enum_ext", "message_scoped_repeated_test_all_types"],
            from: 1005, first: .int64)
        file.messageType = [scope]
        return file
    }
}
