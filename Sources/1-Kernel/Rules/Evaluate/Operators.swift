extension Library {
    /// The signatures of the operators, for the checker. The planner has them built in.
    static let operators = Library("operators", functions: arithmetic + comparison + logic + access)

    private static func builtIn(_ id: String, _ parameters: [Type], _ result: Type) -> Overload {
        Overload(id, isMember: false, parameters, result, .builtIn)
    }

    private static func same(_ id: String, _ type: Type) -> Overload { builtIn(id, [type, type], type) }

    private static let element = Type.parameter("A")
    private static let key = Type.parameter("K")
    private static let value = Type.parameter("V")

    private static let arithmetic = [
        Function(
            Operator.add,
            same("add_int64", .int), same("add_uint64", .uint), same("add_double", .double),
            same("add_string", .string), same("add_bytes", .bytes), same("add_list", .list(element)),
            same("add_duration_duration", .duration),
            builtIn("add_timestamp_duration", [.timestamp, .duration], .timestamp),
            builtIn("add_duration_timestamp", [.duration, .timestamp], .timestamp)),
        Function(
            Operator.subtract,
            same("subtract_int64", .int), same("subtract_uint64", .uint), same("subtract_double", .double),
            same("subtract_duration_duration", .duration),
            builtIn("subtract_timestamp_duration", [.timestamp, .duration], .timestamp),
            builtIn("subtract_timestamp_timestamp", [.timestamp, .timestamp], .duration)),
        Function(
            Operator.multiply,
            same("multiply_int64", .int), same("multiply_uint64", .uint), same("multiply_double", .double)),
        Function(
            Operator.divide,
            same("divide_int64", .int), same("divide_uint64", .uint), same("divide_double", .double)),
        Function(Operator.modulo, same("modulo_int64", .int), same("modulo_uint64", .uint)),
        Function(
            Operator.negate, builtIn("negate_int64", [.int], .int), builtIn("negate_double", [.double], .double))
    ]

    private static let comparison =
        [
            Function(Operator.equals, builtIn("equals", [element, element], .bool)),
            Function(Operator.notEquals, builtIn("not_equals", [element, element], .bool))
        ]
        + [
            (Operator.less, "less"), (Operator.lessOrEqual, "less_equals"), (Operator.greater, "greater"),
            (Operator.greaterOrEqual, "greater_equals")
        ].map { name, prefix in
            Function(
                name,
                overloads: ordered.map { left, right in
                    let suffix = left.id == right.id ? left.id : "\(left.id)_\(right.id)"
                    return builtIn("\(prefix)_\(suffix)", [left.type, right.type], .bool)
                })
        }

    private typealias Operand = (id: String, type: Type)

    /// What compares with what: each ordered type with itself, and numbers across their types.
    private static let ordered: [(Operand, Operand)] = {
        let numbers: [Operand] = [("int64", .int), ("uint64", .uint), ("double", .double)]
        let others: [Operand] = [
            ("bool", .bool), ("string", .string), ("bytes", .bytes), ("timestamp", .timestamp),
            ("duration", .duration)
        ]
        return others.map { ($0, $0) } + numbers.flatMap { left in numbers.map { (left, $0) } }
    }()

    private static let logic = [
        Function(Operator.and, same("logical_and", .bool)),
        Function(Operator.or, same("logical_or", .bool)),
        Function(Operator.not, builtIn("logical_not", [.bool], .bool)),
        Function(Operator.conditional, builtIn("conditional", [.bool, element, element], element)),
        Function(Operator.notStrictlyFalse, builtIn("not_strictly_false", [.bool], .bool))
    ]

    private static let access = [
        Function(
            Operator.contained,
            builtIn("in_list", [element, .list(element)], .bool),
            builtIn("in_map", [key, .map(key, value)], .bool)),
        Function(
            Operator.index,
            builtIn("index_list", [.list(element), .int], element),
            builtIn("index_map", [.map(key, value), key], value),
            builtIn("optional_list_index_int", [.optional(.list(value)), .int], .optional(value)),
            builtIn("optional_map_index_value", [.optional(.map(key, value)), key], .optional(value))),
        Function(
            Operator.optionalIndex,
            builtIn("list_optindex_optional_int", [.list(value), .int], .optional(value)),
            builtIn("optional_list_optindex_optional_int", [.optional(.list(value)), .int], .optional(value)),
            builtIn("map_optindex_optional_value", [.map(key, value), key], .optional(value)),
            builtIn("optional_map_optindex_optional_value", [.optional(.map(key, value)), key], .optional(value))),
        Function(
            Operator.optionalSelect,
            builtIn("select_optional_field", [.dynamic, .string], .optional(value)))
    ]
}
