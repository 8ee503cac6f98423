extension Library {
    /// `optMap` and `optFlatMap`: what becomes of an optional's value where there is one.
    public static let optionalMacros = Library(
        "optional macros",
        macros: [
            Macro("optMap", isMember: true, arity: 2) { context, call in
                let name = try context.variable(call.arguments[0])
                return context.whenPresent(call.target, name) { context, target in
                    let value = context.make(.call(function: "value", target: target, arguments: []))
                    return context.call("optional.of", context.bind(name, to: value, in: call.arguments[1]))
                }
            },
            Macro("optFlatMap", isMember: true, arity: 2) { context, call in
                let name = try context.variable(call.arguments[0])
                return context.whenPresent(call.target, name) { context, target in
                    let value = context.make(.call(function: "value", target: target, arguments: []))
                    return context.bind(name, to: value, in: call.arguments[1])
                }
            }
        ])
}

extension MacroContext {
    /// The target is named, not repeated: a chain of `optMap` would otherwise double with every link.
    private static let target = "@target"

    fileprivate mutating func whenPresent(
        _ target: Expression?, _ variable: String,
        _ body: (inout MacroContext, Expression) -> Expression
    ) -> Expression {
        let present = make(.call(function: "hasValue", target: name(MacroContext.target), arguments: []))
        let value = name(MacroContext.target)
        let body = body(&self, value)
        let chosen = call(Operator.conditional, present, body, call("optional.none"))
        return bind(MacroContext.target, to: target ?? call("optional.none"), in: chosen)
    }
}
