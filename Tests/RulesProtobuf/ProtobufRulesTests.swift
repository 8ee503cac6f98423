import Rules
import Testing

@testable import RulesProtobuf

@Suite("Rules over messages")
struct ProtobufRulesTests {
    private func evaluate(
        _ source: String, _ text: String = "", container: String = "cel.expr.conformance.proto3",
        enums: EnumSemantics = .integers
    ) throws -> Value {
        let types = ProtobufTypes(try Sample.schema(), enums: enums)
        let environment = Environment(
            container: container, variables: ["msg": .message(container + ".TestAllTypes")],
            functions: types.enumFunctions, types: types)
        var bindings = Bindings()
        bindings["msg"] = try types.value(of: Sample.text(text, container + ".TestAllTypes"))
        return try environment.compile(source).evaluate(bindings)
    }

    @Test(
        "fields, presence, construction and well-known types follow the definition",
        arguments: [
            ("msg.single_int64 + 1 == 18", "single_int64: 17"),
            ("has(msg.single_int32)", "single_int32: 3"),
            ("!has(msg.single_int32)", "single_int32: 0"),
            ("has(msg.optional_bool)", "optional_bool: false"),
            ("msg.single_int64_wrapper == null", ""),
            ("msg.single_int64_wrapper == 5", "single_int64_wrapper { value: 5 }"),
            ("msg.single_timestamp == timestamp(5)", "single_timestamp { seconds: 5 }"),
            (
                "msg.single_value.a[1] == 2.0",
                "single_value { struct_value { fields { key: 'a' value { list_value { "
                    + "values { null_value: NULL_VALUE } values { number_value: 2 } } } } } }"
            ),
            ("msg.repeated_nested_message.exists(m, m.bb == 3)", "repeated_nested_message { bb: 3 }"),
            ("msg.map_string_int64['k'] == 7", "map_string_int64 { key: 'k' value: 7 }"),
            ("TestAllTypes{single_any: msg}.single_any == msg", "single_string: 'x'"),
            ("TestAllTypes{single_value: {'a': [1, null]}}.single_value == {'a': [1.0, null]}", ""),
            ("TestAllTypes{repeated_timestamp: [timestamp(1), null]}.repeated_timestamp.size() == 1", ""),
            ("TestAllTypes{standalone_enum: TestAllTypes.NestedEnum.BAZ}.standalone_enum == 2", ""),
            ("TestAllTypes{single_nested_message: null} == TestAllTypes{}", ""),
            ("type(TestAllTypes{}) == TestAllTypes", "")
        ])
    func definition(_ source: String, _ text: String) throws {
        #expect(try evaluate(source, text).isEqual(to: true), "\(source)")
    }

    @Test(
        "what does not fit a field is refused",
        arguments: [
            "TestAllTypes{single_int32: dyn(2147483648)}", "TestAllTypes{single_uint32: dyn(4294967296u)}",
            "TestAllTypes{single_int64: dyn('1')}", "TestAllTypes{single_struct: dyn({1: 'a'})}",
            "TestAllTypes{repeated_int32: dyn(null)}", "TestAllTypes{standalone_enum: 5000000000}",
            "google.protobuf.Any{}", "google.protobuf.Any{type_url: 'x/y', value: b'1'}"
        ])
    func refusals(_ source: String) {
        #expect(throws: EvaluationError.self) { try evaluate(source) }
    }

    @Test("the checker knows the fields of messages", arguments: ["msg.nothing", "msg.single_int64 + 'a'", "Nothing{}"])
    func checked(_ source: String) {
        #expect(throws: CompileError.self) { try evaluate(source) }
    }

    @Test("proto2 extensions are read by their full names")
    func extensions() throws {
        let text = "[cel.expr.conformance.proto2.int32_ext]: 42"
        let proto2 = "cel.expr.conformance.proto2"
        let source = """
            proto.getExt(msg, cel.expr.conformance.proto2.int32_ext) == 42
                && proto.hasExt(msg, cel.expr.conformance.proto2.int32_ext)
                && !proto.hasExt(msg, cel.expr.conformance.proto2.nested_ext)
            """
        #expect(try evaluate(source, text, container: proto2).isEqual(to: true))
    }

    @Test("enums may be types of their own")
    func distinctEnums() throws {
        let source = """
            msg.standalone_enum == TestAllTypes.NestedEnum.BAZ && type(msg.standalone_enum) == TestAllTypes.NestedEnum
                && int(TestAllTypes.NestedEnum('BAR')) == 1 && TestAllTypes.NestedEnum(2) == msg.standalone_enum
            """
        #expect(try evaluate(source, "standalone_enum: BAZ", enums: .distinct).isEqual(to: true))
        #expect(throws: CompileError.self) {
            try evaluate("msg.standalone_enum == 2", "standalone_enum: BAZ", enums: .distinct)
        }
    }
}
