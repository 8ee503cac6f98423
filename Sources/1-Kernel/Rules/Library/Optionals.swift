extension Library {
    /// Values that may be absent: `optional.of(x)`, `cart.?coupon.orValue("")`, `list.first()`.
    public static let optionals = Library(
        "optionals", functions: (optionalFunctions + [unwrap, unwrapOptionals, first, last]).costed,
        macros: optionalMacros.macros)

    private static let element = Type.parameter("T")
    private static let optional = Type.optional(.parameter("T"))

    private static let optionalFunctions: [Function] = [
        Function("optional.of", Overload("optional_of", element, optional) { .some($0) }),
        Function(
            "optional.ofNonZeroValue",
            Overload("optional_ofNonZeroValue", element, optional) { $0.isZeroValue ? Value.none : .some($0) }),
        Function("optional.none", Overload("optional_none", [], optional) { _, _ in Value.none }),
        Function(
            "hasValue", Overload("optional_hasValue", on: optional, .bool) { .bool(try $0.asOptional.wrapped != nil) }),
        Function(
            "value",
            Overload("optional_value", on: optional, element) { value in
                guard let wrapped = try value.asOptional.wrapped else {
                    throw EvaluationError(.invalidArgument, "optional.none() has no value")
                }
                return wrapped
            }),
        // The planner evaluates the second operand of these only where the first has no value.
        Function(
            "or",
            Overload("optional_or_optional", on: optional, optional, optional) { first, second in
                try first.asOptional.wrapped == nil ? second : first
            }),
        Function(
            "orValue",
            Overload("optional_orValue_value", on: optional, element, element) { first, second in
                try first.asOptional.wrapped ?? second
            })
    ]

    private static let unwrap = Function(
        "optional.unwrap",
        Overload("optional_unwrap", [.list(optional)], .list(element)) { try unwrapped($0, &$1) })

    private static let unwrapOptionals = Function(
        "unwrapOpt",
        Overload("optional_unwrapOpt", member: [.list(optional)], .list(element)) { try unwrapped($0, &$1) })

    private static func unwrapped(_ arguments: [Value], _ budget: inout Budget) throws -> Value {
        let list = try arguments[0].asList
        try budget.walk(list.count)
        var values: [Value] = []
        for index in 0..<list.count {
            if let value = try list[index].asOptional.wrapped { values.append(value) }
        }
        return .list(values)
    }

    private static let first = Function(
        "first",
        Overload("list_first", on: .list(element), optional) { value in
            let list = try value.asList
            return list.isEmpty ? Value.none : .some(list[0])
        })

    private static let last = Function(
        "last",
        Overload("list_last", on: .list(element), optional) { value in
            let list = try value.asList
            return list.isEmpty ? Value.none : .some(list[list.count - 1])
        })
}

extension Value {
    /// Whether it is what its type starts as: 0, "", [], false, null, an unset message.
    var isZeroValue: Bool {
        switch self {
        case .null: true
        case .bool(let flag): !flag
        case .int(let number): number == 0
        case .uint(let number): number == 0
        case .double(let number): number == 0
        case .string(let text): text.isEmpty
        case .bytes(let bytes): bytes.isEmpty
        case .list(let list): list.isEmpty
        case .map(let map): map.count == 0
        case .timestamp(let time): time.seconds == 0 && time.nanos == 0
        case .duration(let span): span.seconds == 0 && span.nanos == 0
        case .type, .optional: false
        case .object(let object): object.isZero
        }
    }
}
