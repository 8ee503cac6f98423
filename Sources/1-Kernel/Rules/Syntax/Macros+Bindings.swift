extension Library {
    /// `cel.bind(name, value, body)`, and `cel.block` as optimisers write it.
    public static let bindings = Library(
        "bindings",
        macros: [
            bind, block, index, placeholder("iterVar", "@it"),
            placeholder("accuVar", "@ac")
        ])

    private static let bind = Macro("bind", isMember: true, arity: 3) { context, call in
        guard context.isNamespace(call.target, "cel") else { return nil }
        let name = try context.variable(call.arguments[0])
        return context.bind(name, to: call.arguments[1], in: call.arguments[2])
    }

    /// `cel.block([a, b], body)` binds `cel.index(0)` and `cel.index(1)` in turn.
    private static let block = Macro("block", isMember: true, arity: 2) { context, call in
        guard context.isNamespace(call.target, "cel") else { return nil }
        guard case .list(let values, []) = call.arguments[0].kind else {
            throw MacroError("cel.block() takes a list of expressions first", at: call.arguments[0].id)
        }
        var body = call.arguments[1]
        for (position, value) in values.enumerated().reversed() {
            body = context.bind("@index\(position)", to: value, in: body)
        }
        return body
    }

    private static let index = Macro("index", isMember: true, arity: 1) { context, call in
        guard context.isNamespace(call.target, "cel") else { return nil }
        return context.name("@index\(try context.ordinal(call.arguments[0]))")
    }

    private static func placeholder(_ name: String, _ prefix: String) -> Macro {
        Macro(name, isMember: true, arity: 2) { context, call in
            guard context.isNamespace(call.target, "cel") else { return nil }
            let place = (try context.ordinal(call.arguments[0]), try context.ordinal(call.arguments[1]))
            return context.name("\(prefix):\(place.0):\(place.1)")
        }
    }
}

extension MacroContext {
    public func isNamespace(_ target: Expression?, _ name: String) -> Bool {
        if case .identifier(name) = target?.kind { return true }
        return false
    }

    fileprivate func ordinal(_ argument: Expression) throws -> Int64 {
        guard case .literal(.int(let number)) = argument.kind, number >= 0 else {
            throw MacroError("the macro takes a whole number", at: argument.id)
        }
        return number
    }

    /// A name for a value inside a body: a fold over nothing whose accumulator is the name.
    public mutating func bind(_ name: String, to value: Expression, in body: Expression) -> Expression {
        make(
            .comprehension(
                Comprehension(
                    range: list(), variable: "#unused", accumulator: name, initial: value,
                    condition: literal(.bool(false)), step: self.name(name), result: body, origin: .bind)))
    }
}
