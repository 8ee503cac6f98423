/// What rules are written against: the variables, functions and types they may use, and what they may take.
///
///     let environment = Environment(variables: ["tier": .string, "total": .int])
///     let rule = try environment.compile("tier == 'gold' && total >= 5000")
///     let value = try rule.evaluate(["tier": "gold", "total": 7200])
///
/// An environment is made once and shared; its rules are compiled once and evaluated often, from any thread.
public struct Environment: Sendable {
    public let container: Container
    /// The declared variables by their full names.
    public let variables: [String: Type]
    /// The functions of all libraries and of the host, by their full names.
    public let functions: [String: Function]
    public let constants: [String: Value]
    public let types: any TypeProvider
    public let limits: Limits

    let macros: [String: [Macro]]
    let declarations: Declarations
    /// Where each variable is expected in the bindings: bindings made of a dictionary are in the order of the names.
    let places: [String: Int]
    private let impure: Set<String>

    /// - Parameters:
    ///   - container: the namespace in which names are looked up, like a package: `shop.pricing`.
    ///   - variables: the variables with their types.
    ///   - functions: the host's own functions.
    ///   - types: structured types: messages, the host's objects.
    ///   - hasMacros: false for a language without `has`, `all` and the others.
    public init(
        container: String = "", variables: [String: Type] = [:], libraries: [Library] = .all,
        functions: [Function] = [], types: any TypeProvider = NoTypes(), limits: Limits = .standard,
        hasMacros: Bool = true
    ) {
        let libraries = [Library.operators, .macros] + libraries
        self.container = Container(container)
        self.variables = variables
        self.types = types
        self.limits = limits
        constants = libraries.reduce(into: [:]) { $0.merge($1.constants) { _, last in last } }
        self.functions = Environment.merged(libraries.flatMap(\.functions) + functions)
        macros = hasMacros ? Dictionary(grouping: libraries.flatMap(\.macros), by: \.name) : [:]
        impure = Set(libraries.filter { !$0.isPure }.flatMap(\.functions).map(\.name) + functions.map(\.name))
        places = Dictionary(uniqueKeysWithValues: variables.keys.sorted().enumerated().map { ($1, $0) })
        declarations = Declarations(
            container: self.container, variables: self.variables, functions: Array(self.functions.values),
            constants: constants, provider: types)
    }

    private static func merged(_ functions: [Function]) -> [String: Function] {
        functions.reduce(into: [:]) { merged, function in
            merged[function.name, default: Function(function.name)].overloads += function.overloads
        }
    }

    /// Whether calls of constants may be made when a rule is planned.
    func isPure(_ function: String) -> Bool { !impure.contains(function) }

    /// What a full name that is no variable stands for: a library's constant, an enum's value, a type.
    func constant(_ name: String) -> Value? {
        constants[name] ?? types.constant(named: name)
            ?? (types.type(named: name) ?? Type.named[name]).map(Value.type)
    }
}

extension Environment {
    /// Parses a rule and expands its macros.
    /// - Throws: `CompileError` with the place of what is wrong.
    public func parse(_ source: String) throws(CompileError) -> SyntaxTree {
        try Parser.parse(source, macros: macros, limits: limits)
    }

    /// Finds the types of a parsed rule.
    /// - Throws: `CompileError` with every mistake that was found, up to the limit.
    public func check(_ tree: SyntaxTree) throws(CompileError) -> Annotations {
        try Checker.check(tree, declarations, limits: limits)
    }

    /// Compiles a rule: about 10 to 30 µs for a condition of one line.
    /// - Parameter isChecked: false to leave all types to be found when the rule runs.
    public func compile(_ source: String, isChecked: Bool = true) throws(CompileError) -> Program {
        let tree = try parse(source)
        return Program(tree, isChecked ? try check(tree) : nil, in: self)
    }
}
