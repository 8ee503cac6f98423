import SwiftProtobuf
import Testing

@testable import Contract

@Suite("Reading a request's body")
struct MessageDecodingTests {
    /// `google.protobuf.Type` has what a request has: texts, numbers, enumerations, lists of messages, messages.
    private func refusal(_ body: String) async throws -> Problem? {
        let call = try await Samples.call(body)
        return problem { _ = try call.message(Google_Protobuf_Type.self) }
    }

    @Test("both spellings of a field's name are read")
    func spellings() async throws {
        for name in ["source_context", "sourceContext"] {
            let call = try await Samples.call(#"{"name":"a","\#(name)":{"fileName":"b"}}"#)
            let message = try call.message(Google_Protobuf_Type.self)
            #expect(message.sourceContext.fileName == "b")
        }
    }

    @Test("an empty body is an empty request")
    func empty() async throws {
        let message = try await Samples.call().message(Google_Protobuf_Type.self)
        #expect(message == Google_Protobuf_Type())
    }

    @Test(
        "an unknown field is refused by its place",
        arguments: [
            (#"{"nmae":"a"}"#, "nmae"),
            (#"{"name":"a","fields":[{"number":1},{"nubmer":2}]}"#, "fields[1].nubmer"),
            (#"{"source_context":{"file":"a"}}"#, "source_context.file")
        ])
    func unknownField(_ body: String, _ field: String) async throws {
        let refusal = try #require(try await refusal(body))
        #expect(refusal.type == "unknown-field")
        #expect(refusal.status == 400)
        #expect(refusal.field == field)
    }

    @Test(
        "a value of the wrong kind is refused by its place and shown",
        arguments: [
            (#"{"name":5}"#, "name", "5"),
            (#"{"fields":[{"number":"x"}]}"#, "fields[0].number", "\"x\""),
            (#"{"fields":[{"number":1.5}]}"#, "fields[0].number", "1.5"),
            (#"{"fields":[{"number":99999999999}]}"#, "fields[0].number", "99999999999"),
            (#"{"syntax":"NONE"}"#, "syntax", "NONE"),
            (#"{"name":"a","oneofs":["a",{"b":1}]}"#, "oneofs[1]", "{"),
            (#"{"fields":{}}"#, "fields", "{}")
        ])
    func wrongKind(_ body: String, _ field: String, _ value: String) async throws {
        let refusal = try #require(try await refusal(body))
        #expect(refusal.type == "malformed-json")
        #expect(refusal.field == field)
        #expect(refusal.detail.contains(value))
    }

    @Test(
        "text that is no JSON is refused without a field",
        arguments: [
            "{", "[]", "nonsense", #"{"name":"a"} x"#, #"{"name":"a",}"#, "{\"name\":\"\u{1}", #"{"name" "a"}"#, "\"a\""
        ])
    func malformed(_ body: String) async throws {
        let refusal = try #require(try await refusal(body))
        #expect(refusal.type == "malformed-json")
        #expect(refusal.status == 400)
    }

    @Test(
        "a field sent twice in one object is refused, in either spelling",
        arguments: [
            (#"{"name":"a","name":"a"}"#, "name"),
            (#"{"source_context":{},"sourceContext":{}}"#, "sourceContext"),
            (#"{"fields":[{"number":1},{"number":1,"name":"x","number":2}]}"#, "number")
        ])
    func repeatedField(_ body: String, _ field: String) async throws {
        let refusal = try #require(try await refusal(body))
        #expect(refusal.type == "repeated-field")
        #expect(refusal.field == field)
    }

    @Test("the same field in several objects, and text that looks like keys, are fine")
    func notRepeated() async throws {
        let bodies = [
            #"{"name":"name","fields":[{"number":1},{"number":2}],"oneofs":["name","name"]}"#,
            #"{"name":"\"name\":1,\"name\":{","oneofs":["}","{","\\"],"source_context":{"file_name":"name"}}"#
        ]
        for body in bodies { #expect(try await refusal(body) == nil) }
    }

    @Test("many keys are told apart, and one repeated among them is found")
    func manyKeys() {
        for (last, repeated) in [("k0", "k0"), ("k_500", nil)] {
            let members = (0..<500).map { "\"k\($0)\":\($0)" } + ["\"\(last)\":1"]
            #expect(RepeatedKeys.first(in: Array("{\(members.joined(separator: ","))}".utf8)) == repeated)
        }
    }

    @Test("a field that is not UTF-8 is refused")
    func encoding() async throws {
        var call = try await Samples.call()
        call.body = Array(#"{"name":""#.utf8) + [0xFF, 0xFE] + Array(#""}"#.utf8)
        #expect(problem { _ = try call.message(Google_Protobuf_Type.self) }?.type == "malformed-json")
    }

    @Test("a text with the character U+0000 is refused, because not every store can keep it")
    func zeroCharacter() async throws {
        for body in [#"{"name":"a\u0000b"}"#, #"{"oneofs":["\\","\\\u0000"]}"#, #"{"name":"\n\u0000"}"#] {
            let refusal = try #require(try await refusal(body))
            #expect(refusal.type == "malformed-json")
            #expect(refusal.detail.contains("U+0000"))
        }
        for body in [#"{"name":"\\u0000"}"#, #"{"name":"\u0001\u0010"}"#, #"{"name":"u0000\n"}"#] {
            #expect(try await refusal(body) == nil)
        }
    }

    @Test("nesting without end is refused quickly")
    func depth() async throws {
        let body = String(repeating: #"{"source_context":"#, count: 20_000)
        #expect(try await refusal(body)?.status == 400)
        let list = #"{"fields":"# + String(repeating: "[", count: 20_000)
        #expect(try await refusal(list)?.status == 400)
    }

    @Test("replies are written with the contract's own names")
    func reply() async throws {
        let call = try await Samples.call()
        let reply = try call.reply(
            Google_Protobuf_Type.with { $0.sourceContext = .with { $0.fileName = "a" } })
        #expect(String(decoding: reply.body, as: UTF8.self) == #"{"source_context":{"file_name":"a"}}"#)
        #expect(reply.status == 200)
    }
}
