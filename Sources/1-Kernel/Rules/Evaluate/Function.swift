/// A function by its name, with all its overloads.
public struct Function: Sendable {
    public let name: String
    public var overloads: [Overload]

    public init(_ name: String, _ overloads: Overload...) {
        self.name = name
        self.overloads = overloads
    }

    public init(_ name: String, overloads: [Overload]) {
        self.name = name
        self.overloads = overloads
    }
}

/// One signature of a function and what it does.
///
///     Function("clamp", Overload("clamp_int", [.int, .int, .int], .int) { … })
///     Function("label", Overload("line_label", member: [.message("shop.Line")], .string) { line in … })
public struct Overload: Sendable {
    /// The name that the checker writes down, unique among all functions: `size_string`.
    public let id: String
    /// Called as `a.f(b)`: then the first parameter is `a`.
    public let isMember: Bool
    public let parameters: [Type]
    public let result: Type
    public let implementation: Implementation
    /// What a call costs beyond the one unit of any call, when it is known from the sizes of the arguments; nil when
    /// the implementation charges the budget itself or the work is small and constant. The checker's estimate uses
    /// it with the largest sizes the limits allow.
    public let cost: (@Sendable (_ sizes: [Int]) -> Int)?

    public enum Implementation: Sendable {
        /// The planner has it built in: operators, `&&`, `_?_:_`, `@not_strictly_false`.
        case builtIn
        case unary(@Sendable (Value) throws -> Value)
        case binary(@Sendable (Value, Value) throws -> Value)
        case variadic(@Sendable ([Value], inout Budget) throws -> Value)
    }

    public init(
        _ id: String, isMember: Bool, _ parameters: [Type], _ result: Type, _ implementation: Implementation,
        cost: (@Sendable (_ sizes: [Int]) -> Int)? = nil
    ) {
        self.id = id
        self.isMember = isMember
        self.parameters = parameters
        self.result = result
        self.implementation = implementation
        self.cost = cost
    }

    /// A global function of one argument.
    public init(_ id: String, _ a: Type, _ result: Type, _ body: @escaping @Sendable (Value) throws -> Value) {
        self.init(id, isMember: false, [a], result, .unary(body))
    }

    /// A global function of two arguments.
    public init(
        _ id: String, _ a: Type, _ b: Type, _ result: Type,
        _ body: @escaping @Sendable (Value, Value) throws -> Value
    ) {
        self.init(id, isMember: false, [a, b], result, .binary(body))
    }

    /// A global function of any number of arguments, which charges the budget for what grows.
    public init(
        _ id: String, _ parameters: [Type], _ result: Type,
        _ body: @escaping @Sendable ([Value], inout Budget) throws -> Value
    ) {
        self.init(id, isMember: false, parameters, result, .variadic(body))
    }

    /// A method without arguments: `a.f()`.
    public init(
        _ id: String, on receiver: Type, _ result: Type, _ body: @escaping @Sendable (Value) throws -> Value
    ) {
        self.init(id, isMember: true, [receiver], result, .unary(body))
    }

    /// A method with one argument: `a.f(b)`.
    public init(
        _ id: String, on receiver: Type, _ a: Type, _ result: Type,
        _ body: @escaping @Sendable (Value, Value) throws -> Value
    ) {
        self.init(id, isMember: true, [receiver, a], result, .binary(body))
    }

    /// A method; the first of the parameters is its receiver.
    public init(
        _ id: String, member parameters: [Type], _ result: Type,
        _ body: @escaping @Sendable ([Value], inout Budget) throws -> Value
    ) {
        self.init(id, isMember: true, parameters, result, .variadic(body))
    }
}

extension Type {
    /// Whether a value may be passed where a parameter of this type stands. Only the outer type is looked at;
    /// the elements of a list are checked by whoever reads them.
    func admits(_ value: Value) -> Bool {
        switch self {
        case .dynamic, .any, .parameter, .error: return true
        case .null: return value.kind == .null
        case .bool: return value.kind == .bool
        case .int: return value.kind == .int
        case .uint: return value.kind == .uint
        case .double: return value.kind == .double
        case .string: return value.kind == .string
        case .bytes: return value.kind == .bytes
        case .timestamp: return value.kind == .timestamp
        case .duration: return value.kind == .duration
        case .list: return value.kind == .list
        case .map: return value.kind == .map
        case .optional: return value.kind == .optional
        case .type: return value.kind == .type
        case .wrapper(let inner): return value.kind == .null || inner.admits(value)
        case .message, .opaque:
            guard case .object(let object) = value else { return false }
            return object.type.runtimeName == runtimeName
        }
    }
}
