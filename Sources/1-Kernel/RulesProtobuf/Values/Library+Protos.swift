public import Rules

extension Library {
    /// `proto.hasExt(message, shop.ext.note)` and `proto.getExt(message, shop.ext.note)`: proto2 extensions by their full
    /// names. Both become selections of a field of that name.
    public static let protos = Library(
        "protos",
        macros: [
            Macro("hasExt", isMember: true, arity: 2) { try extensionMacro(&$0, $1, isTest: true) },
            Macro("getExt", isMember: true, arity: 2) { try extensionMacro(&$0, $1, isTest: false) }
        ])

    private static func extensionMacro(
        _ context: inout MacroContext, _ call: Macro.Call, isTest: Bool
    ) throws -> Expression? {
        guard case .identifier("proto")? = call.target?.kind, call.arguments.count == 2 else { return nil }
        guard let name = call.arguments[1].qualifiedName else {
            throw MacroError("the extension is given by its full name", at: call.arguments[1].id)
        }
        let field = name.hasPrefix(".") ? String(name.dropFirst()) : name
        return context.make(.select(operand: call.arguments[0], field: field, isTest: isTest))
    }
}
