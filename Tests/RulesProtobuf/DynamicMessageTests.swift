import Rules
import SwiftProtobuf
import Testing

@testable import RulesProtobuf

/// The conformance suite's messages serve as the sample: they have a field of every kind.
enum Sample {
    static let proto2 = "cel.expr.conformance.proto2.TestAllTypes"
    static let proto3 = "cel.expr.conformance.proto3.TestAllTypes"

    static func schema() throws -> ProtobufSchema {
        try ProtobufSchema.withWellKnownTypes(ConformanceMessages.files)
    }

    static func text(_ text: String, _ name: String = proto3) throws -> DynamicMessage {
        try MessageText.read(text, name, schema: try schema())
    }
}

@Suite("Dynamic messages")
struct DynamicMessageTests {
    @Test("what SwiftProtobuf writes is read, and read by it again")
    func agreesWithSwiftProtobuf() throws {
        var structure = Google_Protobuf_Struct()
        structure.fields["name"] = Google_Protobuf_Value(stringValue: "Ada")
        structure.fields["age"] = Google_Protobuf_Value(numberValue: 36.5)
        structure.fields["tags"] = Google_Protobuf_Value(listValue: Google_Protobuf_ListValue(arrayLiteral: 1, "b"))
        let bytes: [UInt8] = try structure.serializedBytes()
        let message = try DynamicMessage(named: "google.protobuf.Struct", bytes: bytes, schema: Sample.schema())
        let again = try Google_Protobuf_Struct(serializedBytes: message.encoded())
        #expect(again == structure)
        guard case .map(let map) = try ProtobufTypes(Sample.schema()).value(of: message) else {
            Issue.record("a Struct is a map")
            return
        }
        #expect(try map["name"]?.isEqual(to: "Ada") == true)
        #expect(try map["age"]?.isEqual(to: 36.5) == true)
    }

    @Test(
        "every kind of field survives its bytes",
        arguments: [
            "single_int32: -7 single_int64: -8 single_uint32: 7 single_uint64: 18446744073709551615",
            "single_sint32: -2147483648 single_sint64: -9223372036854775808 single_fixed32: 4294967295",
            "single_fixed64: 1 single_sfixed32: -1 single_sfixed64: -2 single_float: 1.5 single_double: -inf",
            "single_bool: true single_string: 'a\\n\\303\\251' single_bytes: '\\001\\377' standalone_enum: BAZ",
            "repeated_int32: [1, -2, 3] repeated_string: ['a', ''] repeated_bool: [true, false]",
            "map_string_int64 { key: 'k' value: -5 } map_bool_message { key: true value { bb: 3 } }",
            "oneof_type { payload { single_int64_wrapper { value: 9 } } } single_timestamp { seconds: 5 nanos: 6 }",
            "single_any { [type.googleapis.com/google.protobuf.Duration] { seconds: 3 } } standalone_enum: 77"
        ])
    func roundTrip(_ text: String) throws {
        let message = try Sample.text(text)
        let again = try DynamicMessage(named: Sample.proto3, bytes: message.encoded(), schema: message.schema)
        #expect(again == message)
        #expect(again.encoded() == message.encoded())
    }

    @Test("a message written as JSON is read again as the same message")
    func jsonRoundTrip() throws {
        let message = try Sample.text(
            """
            single_int64: -8 single_bytes: 'ab' standalone_enum: BAR repeated_uint64: [1, 2]
            map_string_string { key: 'a' value: 'b' } single_duration { seconds: -1 nanos: -500000000 }
            single_struct { fields { key: 'x' value { bool_value: true } } } single_string_wrapper { value: '' }
            single_any { [type.googleapis.com/cel.expr.conformance.proto3.TestAllTypes] { single_int32: 1 } }
            """)
        let json = try MessageJSON.write(message)
        #expect(json["singleInt64"] == .string("-8"))
        #expect(json["singleDuration"] == .string("-1.5s"))
        let again = try MessageJSON.read(json, Sample.proto3, schema: message.schema)
        #expect(again == message)
    }

    @Test("fields that the schema does not know keep their bytes")
    func unknownFields() throws {
        let bytes: [UInt8] = [0xF8, 0x3F, 0x2A, 0x08, 0x01]  // field 1023: 42, then single_int32: 1
        let message = try DynamicMessage(named: Sample.proto3, bytes: bytes, schema: Sample.schema())
        #expect(message.encoded().sorted() == bytes.sorted())
        #expect(message.encoded().count == bytes.count)
    }

    @Test("a field that is set again replaces the first, and a member of a oneof clears the others")
    func lastWins() throws {
        let message = try Sample.text("single_int32: 1 single_int32: 2 oneof_bool: true oneof_msg { bb: 1 }")
        #expect(message.named("single_int32") == .int(2))
        #expect(message.named("oneof_bool") == nil)
        #expect(message.named("oneof_msg") != nil)
    }

    @Test("messages nested deeper than the limit are refused, from bytes as from text")
    func depth() throws {
        var bytes: [UInt8] = []
        for _ in 0..<200 {
            var length: [UInt8] = [0x0A]
            var rest = bytes.count
            while rest >= 0x80 {
                length.append(UInt8(rest & 0x7F) | 0x80)
                rest >>= 7
            }
            length.append(UInt8(rest))
            bytes = length + bytes
        }
        let schema = try Sample.schema()
        let nested = "cel.expr.conformance.proto3.NestedTestAllTypes"
        #expect(throws: ProtobufError.self) { try DynamicMessage(named: nested, bytes: bytes, schema: schema) }
        let text = String(repeating: "child { ", count: 200) + String(repeating: "} ", count: 200)
        #expect(throws: ProtobufError.self) { try MessageText.read(text, nested, schema: schema) }
        let json = String(repeating: "{\"child\":", count: 150) + "{}" + String(repeating: "}", count: 150)
        #expect(throws: ProtobufError.self) {
            try MessageJSON.read(JSONText(parsing: json), nested, schema: schema)
        }
    }

    @Test("bytes that are no message are refused", arguments: [[0x08], [0x0A, 0x05, 0x01], [0x07], [0x00], [0x0C]])
    func malformed(_ bytes: [UInt8]) throws {
        let schema = try Sample.schema()
        #expect(throws: ProtobufError.self) { try DynamicMessage(named: Sample.proto3, bytes: bytes, schema: schema) }
    }

    @Test("proto2 fields have their declared defaults and know whether they are set")
    func defaults() throws {
        let message = try DynamicMessage(named: Sample.proto2, schema: Sample.schema())
        let object = MessageObject(message, enums: .integers)
        #expect(try object.field(named: "single_int32")?.isEqual(to: -32) == true)
        #expect(try object.field(named: "single_string")?.isEqual(to: "empty") == true)
        #expect(try object.field(named: "single_bytes")?.isEqual(to: .bytes(Array("none".utf8))) == true)
        #expect(try object.field(named: "single_nested_enum")?.isEqual(to: 1) == true)
        #expect(try object.hasField(named: "single_int32") == false)
        #expect(try object.hasField(named: "no_such_field") == nil)
    }

    @Test("Anys are equal by what they hold, whatever the order of its bytes")
    func anyEquality() throws {
        let first: [UInt8] = [0x08, 0x01, 0x10, 0x02]
        let second: [UInt8] = [0x10, 0x02, 0x08, 0x01]
        func any(_ bytes: [UInt8], _ type: String) throws -> DynamicMessage {
            var any = try DynamicMessage(named: "google.protobuf.Any", schema: Sample.schema())
            any.set(named: "type_url", .string(type))
            any.set(named: "value", .bytes(bytes))
            return any
        }
        let known = DynamicMessage.anyPrefix + Sample.proto3
        #expect(try any(first, known) == any(second, known))
        #expect(try any(first, "") != any(second, ""))
        #expect(try any(first, "") == any(first, ""))
    }

    @Test("Anys packed into one another are unpacked so far and no farther")
    func nestedAnys() throws {
        let schema = try Sample.schema()
        func packed(_ times: Int) throws -> DynamicMessage {
            var message = try Sample.text("single_int32: 1")
            for _ in 0..<times { message = try message.packedAny() }
            return message
        }
        let types = ProtobufTypes(schema)
        #expect(try types.value(of: packed(10)).kind == .object)
        #expect(throws: EvaluationError.self) { try types.value(of: packed(200)) }
        #expect(try packed(200) == packed(200))
        #expect(try packed(200) != packed(199))
    }

    @Test("no bytes, no text and no JSON make a reader crash", arguments: 0..<20)
    func randomInput(_ seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let schema = try Sample.schema()
        let good = try Sample.text("single_int32: 7 repeated_string: ['ab'] map_string_int64 { key: 'k' value: 1 }")
        let text = "single_int32: 7 repeated_string: ['a\\303'] single_struct { fields { key: 'x' } } [a.b/c] {}"
        let json =
            #"{"singleInt32": -7e1, "singleAny": {"@type": "x/y"}, "repeatedBool": [true], "singleBytes": "AA=="}"#
        for _ in 0..<500 {
            var bytes = good.encoded()
            for _ in 0..<3 {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            _ = try? DynamicMessage(named: Sample.proto3, bytes: bytes, schema: schema)
            _ = try? MessageText.read(Self.mutated(text, &random), Sample.proto3, schema: schema)
            if let read = try? JSONText(parsing: Self.mutated(json, &random)) {
                _ = try? MessageJSON.read(read, Sample.proto3, schema: schema)
            }
        }
    }

    private static func mutated(_ text: String, _ random: inout SplitMix) -> String {
        var bytes = Array(text.utf8)
        for _ in 0..<3 {
            let place = Int(random.next() % UInt64(bytes.count))
            switch random.next() % 3 {
            case 0: bytes.remove(at: place)
            case 1: bytes.insert(bytes[Int(random.next() % UInt64(bytes.count))], at: place)
            default: bytes[place] = UInt8(random.next() % 128)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A small seeded source of randomness, so that a failure can be repeated.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
