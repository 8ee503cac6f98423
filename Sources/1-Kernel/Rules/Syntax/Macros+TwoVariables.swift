extension Library {
    /// The comprehensions that see the index (or key) beside the element (or value), and those that make maps.
    public static let twoVariables = Library(
        "two-variable comprehensions",
        functions: [
            Function(
                MacroContext.mapInsert,
                Overload(
                    "@mapInsert_map_key_value", isMember: false,
                    [.map(.parameter("K"), .parameter("V")), .parameter("K"), .parameter("V")],
                    .map(.parameter("K"), .parameter("V")), .builtIn),
                Overload(
                    "@mapInsert_map_map", isMember: false,
                    [.map(.parameter("K"), .parameter("V")), .map(.parameter("K"), .parameter("V"))],
                    .map(.parameter("K"), .parameter("V")), .builtIn))
        ],
        macros: [
            Macro("all", isMember: true, arity: 3) { context, call in
                context.all(call.target, try context.variables(call), call.arguments[2])
            },
            Macro("exists", isMember: true, arity: 3) { context, call in
                context.exists(call.target, try context.variables(call), call.arguments[2])
            },
            Macro("exists_one", isMember: true, arity: 3) { context, call in
                context.existsOne(call.target, try context.variables(call), call.arguments[2])
            },
            Macro("existsOne", isMember: true, arity: 3) { context, call in
                context.existsOne(call.target, try context.variables(call), call.arguments[2])
            },
            transformList(arity: 3), transformList(arity: 4),
            transformMap("transformMap", .transformMap, arity: 3),
            transformMap("transformMap", .transformMap, arity: 4),
            transformMap("transformMapEntry", .transformMapEntry, arity: 3),
            transformMap("transformMapEntry", .transformMapEntry, arity: 4)
        ])

    private static func transformList(arity: Int) -> Macro {
        Macro("transformList", isMember: true, arity: arity) { context, call in
            context.list(
                call.target, try context.variables(call), .transformList,
                filter: arity == 4 ? call.arguments[2] : nil, call.arguments[arity - 1])
        }
    }

    private static func transformMap(_ name: String, _ origin: Comprehension.Origin, arity: Int) -> Macro {
        Macro(name, isMember: true, arity: arity) { context, call in
            let variables = try context.variables(call)
            let result = call.arguments[arity - 1]
            let grown =
                if origin == .transformMap {
                    context.call(
                        MacroContext.mapInsert, context.accumulated(), context.name(variables[0]), result)
                } else {
                    context.call(MacroContext.mapInsert, context.accumulated(), result)
                }
            return context.fold(
                call.target, variables, origin, initial: context.make(.map([])),
                condition: context.literal(.bool(true)),
                step: arity == 4
                    ? context.call(Operator.conditional, call.arguments[2], grown, context.accumulated()) : grown)
        }
    }
}

extension MacroContext {
    /// Adds an entry, or the one entry of a second map, to a map; the key must be new.
    static let mapInsert = "cel.@mapInsert"

    fileprivate func variables(_ call: Macro.Call) throws -> [String] {
        let names = [try variable(call.arguments[0]), try variable(call.arguments[1])]
        if names[0] == names[1] { throw MacroError("the two variables have one name", at: call.arguments[1].id) }
        return names
    }
}
