import Foundation
import Rules
import Testing

@testable import RulesProtobuf

/// Cases of google/cel-spec's conformance suite. They are read from the shared corpus (or the folder that
/// KONTOR_CEL_CASES names) and not part of this repository; without them the suite is skipped.
enum ConformanceCorpus {
    static let folder: URL = {
        if let path = ProcessInfo.processInfo.environment["KONTOR_CEL_CASES"] { return URL(filePath: path) }
        return URL(filePath: #filePath).appending(path: "../../../../shared/corpus/cel").standardized
    }()

    static let files: [String] = {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path())
        return (names ?? []).filter { $0.hasSuffix(".jsonl") }.sorted()
    }()
}

@Suite("The language's conformance cases")
struct ConformanceTests {
    @Test(
        "all pass, with the checker and without", .enabled(if: !ConformanceCorpus.files.isEmpty),
        arguments: ConformanceCorpus.files, [RulesConformance.Mode.checked, .parseOnly])
    func corpus(_ file: String, _ mode: RulesConformance.Mode) throws {
        let lines = try String(contentsOf: ConformanceCorpus.folder.appending(path: file), encoding: .utf8)
        var failures: [String] = []
        let tally = try RulesConformance(mode: mode).run(lines: lines) { line in
            if line.hasPrefix("FAILED") { failures.append(line) }
        }
        #expect(tally.failed == 0, "\(file), \(mode): \(failures.joined(separator: "\n"))")
    }

    @Test("a case passes by its value and its type, and any error satisfies an expected error")
    func judging() throws {
        let runner = try RulesConformance()
        func outcome(_ expr: String, _ rest: String) -> RulesConformance.Outcome {
            runner.run(line: #"{"file": "f", "section": "s", "name": "n", "expr": "\#(expr)"\#(rest)}"#).outcome
        }
        #expect(outcome("1 + 1", #", "expected_value": {"type": "int", "value": "2"}"#) == .passed)
        #expect(outcome("1 + 1", #", "expected_value": {"type": "uint", "value": "2"}"#) != .passed)
        #expect(outcome("1 == 1", "") == .passed)
        #expect(outcome("1 == 2", "") != .passed)
        #expect(outcome("1 / 0", #", "expected_error": ["divide by zero"]"#) == .passed)
        #expect(outcome("nothing", #", "expected_error": ["x"]"#) == .passed)
        #expect(outcome("1", #", "expected_error": ["x"]"#) != .passed)
        #expect(
            outcome(
                "x",
                #", "bindings": {"x": {"type": "bytes", "value": "AP8="}}"#
                    + #", "expected_value": {"type": "bytes", "value": "AP8="}"#
            )
                == .passed)
    }

    @Test(
        "messages are read as JSON, as text and as bytes",
        arguments: [
            #"{"type": "object", "value": {"@type": "type.googleapis.com/T", "singleInt64": "17"}}"#,
            #"{"type": "object", "type_url": "type.googleapis.com/T", "value": {"single_int64": 17}}"#,
            #"{"type": "message", "name": "T", "value": "single_int64: 17"}"#,
            #"{"type": "T", "value": "EBE="}"#,
            #"{"type": "object", "value": "[type.googleapis.com/T] { single_int64: 17 }"}"#,
            #"{"type": "proto", "message": "T", "value": {"type_url": "type.googleapis.com/T", "value": "EBE="}}"#,
            #"{"type": "object", "value": {"type": "T", "fields": {"single_int64": 17}}}"#,
            #"{"objectValue": {"@type": "type.googleapis.com/T", "singleInt64": "17"}}"#
        ])
    func messages(_ json: String) throws {
        let types = ProtobufTypes(try Sample.schema())
        let text = json.replacingOccurrences(of: "T\"", with: "cel.expr.conformance.proto3.TestAllTypes\"")
            .replacingOccurrences(of: "/T]", with: "/cel.expr.conformance.proto3.TestAllTypes]")
        let value = try CaseValue(types: types).value(JSONText(parsing: text))
        guard case .object(let object) = value else {
            Issue.record("\(json) gave \(value)")
            return
        }
        #expect(try object.field(named: "single_int64")?.isEqual(to: 17) == true)
    }

    @Test(
        "types are read as text, as tagged JSON and as protobuf's JSON",
        arguments: [
            (#""map(string, list(int))""#, "map(string, list(int))"),
            (#"{"type": "list", "elem": {"type": "int"}}"#, "list(int)"),
            (#"{"listType": {"elemType": {"primitive": "INT64"}}}"#, "list(int)"),
            (
                #"{"kind": "map", "key": "string", "value": {"kind": "wrapper", "value": "int"}}"#,
                "map(string, wrapper(int))"
            ),
            (#"{"wellKnown": "TIMESTAMP"}"#, "google.protobuf.Timestamp"), (#"{"wrapper": "INT64"}"#, "wrapper(int)"),
            (#"{"abstract_type": {"name": "optional_type", "parameter_types": [{"dyn": {}}]}}"#, "optional_type(dyn)"),
            (#""google.protobuf.Int64Value""#, "wrapper(int)"), (#"{"null": null}"#, "null")
        ])
    func types(_ json: String, _ expected: String) throws {
        let types = ProtobufTypes(try Sample.schema())
        #expect(try CaseType(types).type(JSONText(parsing: json)).description == expected)
    }
}
