import Rules

/// One case of the suite, read from its line.
struct ConformanceCase {
    let source: String
    let disableCheck: Bool
    let checkOnly: Bool
    let bindings: Bindings
    /// The type that the checker must find, where the case says one.
    let expectedType: Type?
    private let container: String
    private let disableMacros: Bool
    private let variables: [String: Type]
    private let functions: [Function]
    private let expectsError: Bool
    private let expected: Value?
    private let types: ProtobufTypes

    init(_ json: JSONText, _ types: ProtobufTypes) throws {
        self.types = types
        source = json["expr"]?.text ?? ""
        container = json["container"]?.text ?? ""
        disableCheck = json["disable_check"]?.flag ?? false
        disableMacros = json["disable_macros"]?.flag ?? false
        checkOnly = json["check_only"]?.flag ?? false
        let values = CaseValue(types: types)
        let typeReader = CaseType(types)
        var declared = try Self.declarations(json["type_env"] ?? .null, typeReader)
        var bound = Bindings()
        for (name, value) in Self.named(json["bindings"] ?? .null) {
            bound[name] = try values.value(value)
            // What is bound without a declaration is checked when it is evaluated.
            if declared.variables[name] == nil { declared.variables[name] = .dynamic }
        }
        bindings = bound
        variables = declared.variables
        functions = declared.functions + types.enumFunctions
        expectsError = json["expected_error"].map { $0 != .null } ?? false
        let typed = json["typed_result"]
        expected = try (json[["expected_value", "value"]] ?? typed?["result"]).map(values.value)
        let type = json[["expected_type", "deduced_type", "expected_deduced_type"]]
        expectedType = try (type ?? typed?[["deduced_type", "deducedType"]]).map(typeReader.type)
    }

    /// Pairs of names and what they name, from an object or from a list of `{key | name, value}`.
    private static func named(_ json: JSONText) -> [(String, JSONText)] {
        if let elements = json.elements {
            return elements.compactMap { element in
                guard let name = element[["key", "name"]]?.text, let value = element["value"] else { return nil }
                return (name, value)
            }
        }
        return (json.members ?? []).map { ($0.name, $0.value) }
    }

    private static func declarations(
        _ json: JSONText, _ types: CaseType
    ) throws -> (variables: [String: Type], functions: [Function]) {
        var variables: [String: Type] = [:]
        var functions: [Function] = []
        for member in json.members ?? [] { variables[member.name] = try types.type(member.value) }
        for entry in json.elements ?? [] {
            let name = entry["name"]?.text ?? ""
            if let overloads = (entry["function"]?["overloads"] ?? entry["overloads"])?.elements {
                functions.append(Function(name, overloads: try overloads.map { try overload($0, types) }))
            } else if let type = entry["ident"]?["type"] ?? entry["type"] {
                variables[name] = try types.type(type)
            } else if let type = entry["ident"] {
                variables[name] = try types.type(type)
            }
        }
        return (variables, functions)
    }

    /// A declared function has a signature and nothing behind it.
    private static func overload(_ json: JSONText, _ types: CaseType) throws -> Overload {
        let id = json[["overload_id", "overloadId", "id"]]?.text ?? ""
        let isMember = json[["is_instance_function", "isInstanceFunction", "instance", "member"]]?.flag ?? false
        let result = try json[["result_type", "resultType", "result", "returns"]].map(types.type) ?? .dynamic
        let parameters = try (json[["params", "parameters", "args"]]?.elements ?? []).map(types.type)
        return Overload(
            id, isMember: isMember, parameters, result,
            .variadic { _, _ in throw EvaluationError(.noSuchOverload, "'\(id)' is declared and not implemented") })
    }

    func environment() -> Environment {
        Environment(
            container: container, variables: variables,
            functions: functions, types: types, hasMacros: !disableMacros)
    }

    // MARK: Judging

    func judge(failure: any Error) -> RulesConformance.Outcome {
        if expectsError { return .passed }
        return .failed("\(source)\n  failed: \(failure)")
    }

    func judge(_ value: Value) -> RulesConformance.Outcome {
        if expectsError { return .failed("\(source)\n  an error was expected, found \(value)") }
        let wanted = expected ?? .bool(true)
        return Self.same(value, wanted) ? .passed : .failed("\(source)\n  expected \(wanted)\n  found    \(value)")
    }

    /// Whether two values are of the same type and equal; unlike `==`, 1 is not 1u, and a NaN is a NaN.
    static func same(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.double(let a), .double(let b)) where a.isNaN && b.isNaN: return true
        case (.list(let a), .list(let b)):
            return a.count == b.count && zip(a.elements, b.elements).allSatisfy { same($0, $1) }
        case (.map(let a), .map(let b)):
            guard a.count == b.count else { return false }
            return a.entries.allSatisfy { entry in
                b.entries.contains { same(entry.key, $0.key) && same(entry.value, $0.value) }
            }
        case (.optional(let a), .optional(let b)):
            guard let inner = a.wrapped, let other = b.wrapped else { return a.wrapped == nil && b.wrapped == nil }
            return same(inner, other)
        case (.object(let object), .string(let text)) where object.isOpaque:
            // The cases have no form for a library's own values (net.IP, net.CIDR): they write them as their text.
            return "\(object)".hasSuffix("(\"\(text)\")")
        default:
            return left.kind == right.kind && (try? left.isEqual(to: right)) == true
        }
    }
}

extension ObjectValue {
    fileprivate var isOpaque: Bool {
        if case .opaque = type { true } else { false }
    }
}
