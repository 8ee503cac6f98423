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
    private(set) var offsets: [Int32]
    private let offset: Int32

    init(offsets: [Int32], offset: Int32) {
        self.offsets = offsets
        self.offset = offset
    }

    public mutating func make(_ kind: Expression.Kind) -> Expression {
        offsets.append(offset)
        return Expression(id: offsets.count - 1, kind: kind)
    }

    public mutating func literal(_ value: Value) -> Expression { make(.literal(value)) }
    public mutating func name(_ name: String) -> Expression { make(.identifier(name)) }

    public mutating func call(_ function: String, _ arguments: Expression...) -> Expression {
        make(.call(function: function, target: nil, arguments: arguments))
    }

    public mutating func list(_ elements: Expression...) -> Expression {
        make(.list(elements: elements, optionals: []))
    }

    /// A fresh id, for the entries of a map.
    public mutating func freshID() -> Int {
        offsets.append(offset)
        return offsets.count - 1
    }
}
