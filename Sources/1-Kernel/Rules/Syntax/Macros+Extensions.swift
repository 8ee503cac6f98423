extension Library {
    /// `proto.getExt(message, a.b.c)` and `proto.hasExt(message, a.b.c)`: extension fields by their full names.
    public static let protoExtensions = Library(
        "proto extensions",
        macros: [
            Macro("getExt", isMember: true, arity: 2) { context, call in
                guard context.isNamespace(call.target, "proto") else { return nil }
                let field = try extensionName(call.arguments[1])
                return context.make(.select(operand: call.arguments[0], field: field, isTest: false))
            },
            Macro("hasExt", isMember: true, arity: 2) { context, call in
                guard context.isNamespace(call.target, "proto") else { return nil }
                let field = try extensionName(call.arguments[1])
                return context.make(.select(operand: call.arguments[0], field: field, isTest: true))
            }
        ])

    private static func extensionName(_ argument: Expression) throws -> String {
        guard let name = Parser.qualifiedName(argument), !name.hasPrefix(".") else {
            throw MacroError("an extension is given by its full name", at: argument.id)
        }
        return name
    }
}
