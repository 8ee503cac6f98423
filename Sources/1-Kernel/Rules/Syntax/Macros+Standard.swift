extension Library {
    /// The macros that every environment has: `has`, `all`, `exists`, `exists_one`, `map`, `filter`.
    static let macros = Library(
        "macros",
        macros: [
            has, .all, .exists, .existsOne("exists_one"), .existsOne("existsOne"), .map(arity: 2), .map(arity: 3),
            .filter
        ])

    /// `has(a.b)`: whether the field is set or the key is there.
    private static let has = Macro("has", isMember: false, arity: 1) { context, call in
        guard case .select(let operand, let field, false) = call.arguments[0].kind else {
            throw MacroError("has() takes a selection: has(a.b)", at: call.arguments[0].id)
        }
        return context.make(.select(operand: operand, field: field, isTest: true))
    }
}

extension MacroContext {
    /// The name of every fold's accumulator; no source can write it.
    static let accumulator = "@result"

    /// The name that an argument writes, for a macro that declares a variable.
    func variable(_ argument: Expression) throws -> String {
        guard case .identifier(let name) = argument.kind, !name.hasPrefix(".") else {
            throw MacroError("the macro's variable is a simple name", at: argument.id)
        }
        return name
    }

    /// The accumulator's value inside a fold.
    mutating func accumulated() -> Expression { name(MacroContext.accumulator) }

    mutating func fold(
        _ range: Expression?, _ variables: [String], _ origin: Comprehension.Origin, initial: Expression,
        condition: Expression, step: Expression, result: Expression? = nil
    ) -> Expression {
        let result = result ?? accumulated()
        return make(
            .comprehension(
                Comprehension(
                    range: range ?? list(), variable: variables[0],
                    secondVariable: variables.count > 1 ? variables[1] : nil,
                    accumulator: MacroContext.accumulator, initial: initial, condition: condition, step: step,
                    result: result, origin: origin)))
    }
}

extension MacroContext {
    mutating func all(_ range: Expression?, _ variables: [String], _ predicate: Expression) -> Expression {
        fold(
            range, variables, .all, initial: literal(.bool(true)),
            condition: call(Operator.notStrictlyFalse, accumulated()),
            step: call(Operator.and, accumulated(), predicate))
    }

    mutating func exists(_ range: Expression?, _ variables: [String], _ predicate: Expression) -> Expression {
        fold(
            range, variables, .exists, initial: literal(.bool(false)),
            condition: call(Operator.notStrictlyFalse, call(Operator.not, accumulated())),
            step: call(Operator.or, accumulated(), predicate))
    }

    mutating func existsOne(_ range: Expression?, _ variables: [String], _ predicate: Expression) -> Expression {
        fold(
            range, variables, .existsOne, initial: literal(.int(0)), condition: literal(.bool(true)),
            step: call(
                Operator.conditional, predicate, call(Operator.add, accumulated(), literal(.int(1))), accumulated()),
            result: call(Operator.equals, accumulated(), literal(.int(1))))
    }

    /// A list of what each element becomes, of those that pass the filter.
    mutating func list(
        _ range: Expression?, _ variables: [String], _ origin: Comprehension.Origin, filter: Expression?,
        _ transform: Expression
    ) -> Expression {
        let grown = call(Operator.add, accumulated(), list(transform))
        return fold(
            range, variables, origin, initial: list(), condition: literal(.bool(true)),
            step: filter.map { call(Operator.conditional, $0, grown, accumulated()) } ?? grown)
    }
}

extension Macro {
    fileprivate static let all = Macro("all", isMember: true, arity: 2) { context, call in
        context.all(call.target, [try context.variable(call.arguments[0])], call.arguments[1])
    }

    fileprivate static let exists = Macro("exists", isMember: true, arity: 2) { context, call in
        context.exists(call.target, [try context.variable(call.arguments[0])], call.arguments[1])
    }

    fileprivate static func existsOne(_ name: String) -> Macro {
        Macro(name, isMember: true, arity: 2) { context, call in
            context.existsOne(call.target, [try context.variable(call.arguments[0])], call.arguments[1])
        }
    }

    fileprivate static func map(arity: Int) -> Macro {
        Macro("map", isMember: true, arity: arity) { context, call in
            context.list(
                call.target, [try context.variable(call.arguments[0])], .map,
                filter: arity == 3 ? call.arguments[1] : nil, call.arguments[arity - 1])
        }
    }

    fileprivate static let filter = Macro("filter", isMember: true, arity: 2) { context, call in
        let variable = try context.variable(call.arguments[0])
        let element = context.name(variable)
        return context.list(call.target, [variable], .filter, filter: call.arguments[1], element)
    }
}
