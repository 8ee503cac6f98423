/// Functions, macros and names that an environment may offer beside the language's core.
///
/// Adding a library means adding a file with one `static let` of this type.
public struct Library: Sendable {
    public let name: String
    public let functions: [Function]
    public let macros: [Macro]
    /// Whether equal arguments always give equal results, so that calls of constants are made once, when planned.
    public let isPure: Bool
    /// Names that stand for a value: a library's types (`net.IP`), constants.
    public let constants: [String: Value]

    public init(
        _ name: String, functions: [Function] = [], macros: [Macro] = [], constants: [String: Value] = [:],
        isPure: Bool = true
    ) {
        self.name = name
        self.functions = functions
        self.macros = macros
        self.constants = constants
        self.isPure = isPure
    }
}
