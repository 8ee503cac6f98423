import Rules
import RulesProtobuf

/// Answers lines of JSON with values in one canonical text, which another implementation can write as well: `i:1`,
/// `u:1`, `d:3ff8000000000000` (the bits), `s:` and `y:` with bytes in hexadecimal, `[…]`, `{…}` with sorted entries.
struct RuleLineSession {
    /// The environment of the last line; generated lines come in runs of the same types.
    private var types = ""
    private var environment = Rules.Environment()

    mutating func answer(_ line: String) -> String {
        do {
            return try evaluate(line)
        } catch {
            return object([("error", "\(error)"), ("stage", "line")])
        }
    }

    private mutating func evaluate(_ line: String) throws -> String {
        let json = try JSONText(parsing: line)
        let typeText = json["types"].map { "\($0)" } ?? "{}"
        let declared = try RuleJSON.types(try JSONText(parsing: typeText))
        if typeText != types {
            types = typeText
            environment = Rules.Environment(variables: declared)
        }
        var bindings = Bindings()
        for member in json["bindings"]?.members ?? [] {
            bindings[member.name] = try RuleJSON.value(member.value, as: declared[member.name] ?? .dynamic)
        }
        let program: Program
        do {
            program = try environment.compile(json["expr"]?.text ?? "")
        } catch {
            return object([("error", error.issues.first?.message ?? ""), ("stage", "compile")])
        }
        do {
            return object([("value", canonical(try program.evaluate(bindings)))])
        } catch {
            return object([("error", error.message), ("stage", "evaluate")])
        }
    }

    private func object(_ members: [(String, String)]) -> String {
        "{" + members.map { "\"\($0.0)\": \(JSONText.string($0.1))" }.joined(separator: ", ") + "}"
    }

    private func canonical(_ value: Value) -> String {
        switch value {
        case .null: "null"
        case .bool(let flag): "b:\(flag)"
        case .int(let number): "i:\(number)"
        case .uint(let number): "u:\(number)"
        case .double(let number): "d:" + (number.isNaN ? "nan" : String(number.bitPattern, radix: 16))
        case .string(let text): "s:" + hexadecimal(Array(text.utf8))
        case .bytes(let bytes): "y:" + hexadecimal(bytes)
        case .list(let list): "[" + list.elements.map(canonical).joined(separator: ",") + "]"
        case .map(let map):
            "{" + map.entries.map { canonical($0.key) + "=" + canonical($0.value) }.sorted().joined(separator: ",")
                + "}"
        // To the microsecond, which is all that Python keeps.
        case .timestamp(let time): "t:\(time.seconds * 1_000_000 + Int64(time.nanos) / 1_000)"
        case .duration(let span): "r:\(span.seconds * 1_000_000 + Int64(span.nanos) / 1_000)"
        case .type(let type): "type:" + type.runtimeName
        case .optional(let optional): "optional(" + (optional.wrapped.map(canonical) ?? "") + ")"
        case .object(let object): "object:\(object)"
        }
    }

    private func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
