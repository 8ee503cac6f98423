/// A call that the parser replaces by another expression.
public struct Macro: Sendable {
    public let name: String
    /// Written as `a.name(…)`; the target may be the library's namespace (`cel.bind`).
    public let isMember: Bool
    /// The number of arguments; nil for any number.
    public let arity: Int?
    /// Makes the expression that stands in for the call, or nil when the call is no use of the macro (its target is
    /// not the namespace) and stays a call.
    public let expand: @Sendable (inout MacroContext, Call) throws -> Expression?

    public struct Call: Sendable {
        public let id: Int
        public let target: Expression?
        public let arguments: [Expression]
    }

    public init(
        _ name: String, isMember: Bool, arity: Int?,
        expand: @escaping @Sendable (inout MacroContext, Call) throws -> Expression?
    ) {
        self.name = name
        self.isMember = isMember
        self.arity = arity
        self.expand = expand
    }
}

/// What a macro refuses, with the node at which it stands.
public struct MacroError: Error {
    public let message: String
    public let id: Int
    public init(_ message: String, at id: Int) {
        self.message = message
        self.id = id
    }
}

/// Makes the nodes of a macro's expansion; each takes the place of the call in the source.
public struct MacroContext {
    var nodes: NodeTable
    private let offset: Int32

    init(nodes: NodeTable, offset: Int32) {
        self.nodes = nodes
        self.offset = offset
    }

    public mutating func make(_ kind: Expression.Kind) -> Expression { nodes.make(kind, at: offset) }
    public mutating func literal(_ value: Value) -> Expression { make(.literal(value)) }
    public mutating func name(_ name: String) -> Expression { make(.identifier(name)) }

    public mutating func call(_ function: String, _ arguments: Expression...) -> Expression {
        make(.call(function: function, target: nil, arguments: arguments))
    }

    public mutating func list(_ elements: Expression...) -> Expression {
        make(.list(elements: elements, optionals: []))
    }

    /// A fresh id, for the entries of a map.
    public mutating func freshID() -> Int { nodes.freshID(at: offset) }
}
