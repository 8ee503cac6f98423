extension Library {
    /// `math.greatest(a, b, …)`, `math.round(x)`, `math.bitAnd(a, b)` and their kin.
    public static let math = Library(
        "math", functions: extremes.costed + rounding + classification + bits,
        macros: [extremeMacro("greatest", "math.@max"), extremeMacro("least", "math.@min")])

    // MARK: greatest and least

    /// `math.greatest(…)` takes any number of arguments: one that is a list, two, or more as a list.
    private static func extremeMacro(_ name: String, _ function: String) -> Macro {
        Macro(name, isMember: true, arity: nil) { context, call in
            guard case .identifier("math")? = call.target?.kind else { return nil }
            switch call.arguments.count {
            case 0: throw MacroError("math.\(name)() needs an argument", at: call.id)
            case 1: return context.call(function, call.arguments[0])
            case 2: return context.call(function, call.arguments[0], call.arguments[1])
            default:
                let list = context.make(.list(elements: call.arguments, optionals: []))
                return context.call(function, list)
            }
        }
    }

    private static let extremes = [extreme("max", wanted: .less), extreme("min", wanted: .greater)]

    /// - Parameter wanted: how what was found so far stands to something that takes its place.
    private static func extreme(_ name: String, wanted: Ordering) -> Function {
        let numbers: [(String, Type)] = [("int", .int), ("uint", .uint), ("double", .double)]
        var overloads: [Overload] = []
        for (id, type) in numbers {
            overloads.append(Overload("math_@\(name)_\(id)", type, type) { $0 })
            for (otherID, other) in numbers {
                let result = type == other ? type : .dynamic
                overloads.append(
                    Overload("math_@\(name)_\(id)_\(otherID)", type, other, result) { left, right in
                        compareNumbers(left, right) == wanted ? right : left
                    })
            }
        }
        let lists = numbers + [("dyn", .dynamic)]
        for (id, type) in lists {
            overloads.append(
                Overload("math_@\(name)_list_\(id)", [.list(type)], type) { arguments, budget in
                    try extreme(of: try arguments[0].asList, wanted, &budget)
                })
        }
        return Function("math.@\(name)", overloads: overloads)
    }

    private static func extreme(of list: ListValue, _ wanted: Ordering, _ budget: inout Budget) throws -> Value {
        try budget.walk(list.count)
        guard list.count > 0 else { throw EvaluationError(.invalidArgument, "an empty list has no greatest or least") }
        var found = list[0]
        guard compareNumbers(found, found) != nil else { throw Value.noOverload(found, "number") }
        for index in 1..<max(list.count, 1) {
            let next = list[index]
            guard let order = compareNumbers(found, next) else { throw Value.noOverload(next, "number") }
            if order == wanted { found = next }
        }
        return found
    }

    // MARK: doubles

    private static let rounding: [Function] = [
        ofDouble("ceil") { $0.rounded(.up) },
        ofDouble("floor") { $0.rounded(.down) },
        ofDouble("round") { $0.rounded(.toNearestOrAwayFromZero) },
        ofDouble("trunc") { $0.rounded(.towardZero) },
        Function(
            "math.sqrt",
            Overload("math_sqrt_double", .double, .double) { .double(try Conversion.double($0).squareRoot()) },
            Overload("math_sqrt_int", .int, .double) { .double(try Conversion.double($0).squareRoot()) },
            Overload("math_sqrt_uint", .uint, .double) { .double(try Conversion.double($0).squareRoot()) }),
        Function(
            "math.abs",
            Overload("math_abs_int", .int, .int) { value in
                let number = try value.asInt
                guard number != .min else { throw EvaluationError(.overflow, "the least int has no magnitude") }
                return .int(abs(number))
            },
            Overload("math_abs_uint", .uint, .uint) { $0 },
            Overload("math_abs_double", .double, .double) { .double(try Conversion.double($0).magnitude) }),
        Function(
            "math.sign",
            Overload("math_sign_int", .int, .int) { .int(try $0.asInt.signum()) },
            Overload("math_sign_uint", .uint, .uint) { .uint(try Conversion.uint($0).signum()) },
            Overload("math_sign_double", .double, .double) { value in
                let number = try Conversion.double(value)
                return .double(number > 0 ? 1 : number < 0 ? -1 : number.isNaN ? .nan : 0)
            })
    ]

    private static func ofDouble(_ name: String, _ body: @escaping @Sendable (Double) -> Double) -> Function {
        Function(
            "math.\(name)",
            Overload("math_\(name)_double", .double, .double) { .double(body(try Conversion.double($0))) })
    }

    private static let classification: [Function] = [
        asks("isNaN") { $0.isNaN }, asks("isInf") { $0.isInfinite }, asks("isFinite") { $0.isFinite }
    ]

    private static func asks(_ name: String, _ holds: @escaping @Sendable (Double) -> Bool) -> Function {
        Function(
            "math.\(name)",
            Overload("math_\(name)_double", .double, .bool) { .bool(holds(try Conversion.double($0))) })
    }

    // MARK: bits

    private static let bits: [Function] = [
        bitwise("And", { $0 & $1 }), bitwise("Or", { $0 | $1 }), bitwise("Xor", { $0 ^ $1 }),
        Function(
            "math.bitNot",
            Overload("math_bitNot_int_int", .int, .int) { .int(~(try $0.asInt)) },
            Overload("math_bitNot_uint_uint", .uint, .uint) { .uint(~(try Conversion.uint($0))) }),
        shift("Left") { $0 << $1 },
        // The sign is a bit like any other: zeros move in from the left.
        shift("Right") { $0 >> $1 }
    ]

    private static func bitwise(_ name: String, _ body: @escaping @Sendable (UInt64, UInt64) -> UInt64) -> Function {
        Function(
            "math.bit\(name)",
            Overload("math_bit\(name)_int_int", .int, .int, .int) { left, right in
                let bits = body(UInt64(bitPattern: try left.asInt), UInt64(bitPattern: try right.asInt))
                return .int(Int64(bitPattern: bits))
            },
            Overload("math_bit\(name)_uint_uint", .uint, .uint, .uint) { left, right in
                .uint(body(try Conversion.uint(left), try Conversion.uint(right)))
            })
    }

    private static func shift(_ name: String, _ body: @escaping @Sendable (UInt64, Int64) -> UInt64) -> Function {
        @Sendable func places(_ value: Value) throws -> Int64 {
            let number = try value.asInt
            guard number >= 0 else { throw EvaluationError(.invalidArgument, "negative offset of a shift: \(number)") }
            return number
        }
        return Function(
            "math.bitShift\(name)",
            Overload("math_bitShift\(name)_int_int", .int, .int, .int) { value, by in
                .int(Int64(bitPattern: body(UInt64(bitPattern: try value.asInt), try places(by))))
            },
            Overload("math_bitShift\(name)_uint_int", .uint, .int, .uint) { value, by in
                .uint(body(try Conversion.uint(value), try places(by)))
            })
    }
}
