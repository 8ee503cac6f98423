extension Library {
    /// The functions of the language's definition: `size`, `contains`, `matches`, conversions, parts of a time. Its
    /// operators and macros are built in.
    public static let standard = Library(
        "standard", functions: ([size] + textFunctions).costed + conversions + timeFunctions)

    private static let size = Function("size", overloads: sized.flatMap(sizes))

    private static let sized: [(String, Type)] = [
        ("string", .string), ("bytes", .bytes), ("list", .list(.parameter("T"))),
        ("map", .map(.parameter("K"), .parameter("V")))
    ]

    /// `size(x)` and `x.size()`.
    private static func sizes(_ name: String, _ type: Type) -> [Overload] {
        // The code points of a string are counted each time, and charged.
        let body: Overload.Implementation = name == "string" ? .variadic(countCodePoints) : .unary(count)
        return [
            Overload("size_\(name)", isMember: false, [type], .int, body),
            Overload("\(name)_size", isMember: true, [type], .int, body)
        ]
    }

    @Sendable
    private static func countCodePoints(_ arguments: [Value], _ budget: inout Budget) throws -> Value {
        let text = try arguments[0].asString
        try budget.walk(text.utf8.count)
        return .int(Int64(text.unicodeScalars.count))
    }

    @Sendable
    private static func count(_ value: Value) throws -> Value {
        switch value {
        case .bytes(let bytes): return .int(Int64(bytes.count))
        case .list(let list): return .int(Int64(list.count))
        case .map(let map): return .int(Int64(map.count))
        default: throw Value.noOverload(value, "string, bytes, list or map")
        }
    }

    private static let textFunctions: [Function] = [
        textFunction("contains", "contains_string", ByteSearch.contains),
        textFunction("startsWith", "starts_with_string") { $0.utf8.starts(with: $1.utf8) },
        textFunction("endsWith", "ends_with_string") { text, end in
            text.utf8.count >= end.utf8.count && text.utf8.suffix(end.utf8.count).elementsEqual(end.utf8)
        },
        Function(
            "matches",
            overloads: [
                Overload("matches", [.string, .string], .bool, Library.matches),
                Overload("matches_string", member: [.string, .string], .bool, Library.matches)
            ].map { overload in
                var overload = overload
                overload.prepare = compiled
                return overload
            })
    ]

    private static func textFunction(
        _ name: String, _ id: String, _ holds: @escaping @Sendable (_ text: String, _ part: String) -> Bool
    ) -> Function {
        Function(
            name,
            Overload(id, member: [.string, .string], .bool) { arguments, budget in
                let text = try arguments[0].asString
                try budget.walk(text.utf8.count)
                return .bool(holds(text, try arguments[1].asString))
            })
    }

    /// A pattern that is a literal is compiled with the rule. One that is refused is left to fail when the rule runs.
    @Sendable
    private static func compiled(_ constants: [Value?]) -> Overload.Implementation? {
        guard case .string(let source)?? = constants.last, let pattern = try? Pattern(source) else { return nil }
        return .variadic { arguments, budget in .bool(try pattern.matches(try arguments[0].asString, &budget)) }
    }

    private static func matches(_ arguments: [Value], _ budget: inout Budget) throws -> Value {
        let source = try arguments[1].asString
        try budget.walk(source.utf8.count)
        do {
            let pattern = try PatternCache.shared.pattern(source)
            return .bool(try pattern.matches(try arguments[0].asString, &budget))
        } catch let error as PatternError {
            throw EvaluationError(.invalidArgument, error.description)
        }
    }
}
