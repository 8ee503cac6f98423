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
    /// Given the arguments that are constant (nil for the others) when a rule is planned, may return something that
    /// does the same faster: a regular expression that is compiled once. Nil leaves the implementation as it is.
    public var prepare: (@Sendable (_ constants: [Value?]) -> Implementation?)?

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

/// Which values a parameter takes when a rule runs. Only the outer type is looked at; the elements of a list are
/// checked by whoever reads them.
struct Admission: Sendable {
    /// One bit for each kind of value.
    private let kinds: UInt16
    /// The type that an object must have.
    private let objectName: String?

    init(_ type: Type) {
        switch type {
        case .dynamic, .any, .parameter, .error: (kinds, objectName) = (.max, nil)
        case .wrapper(let inner): (kinds, objectName) = (Admission(inner).kinds | Self.bit(.null), nil)
        case .message, .opaque: (kinds, objectName) = (Self.bit(.object), type.runtimeName)
        default: (kinds, objectName) = (Self.bit(Self.kind(of: type)), nil)
        }
    }

    private static func bit(_ kind: Value.Kind) -> UInt16 { 1 << UInt16(kind.rawValue) }

    private static func kind(of type: Type) -> Value.Kind {
        switch type {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .uint: .uint
        case .double: .double
        case .string: .string
        case .bytes: .bytes
        case .timestamp: .timestamp
        case .duration: .duration
        case .list: .list
        case .map: .map
        case .optional: .optional
        case .type: .type
        case .message, .opaque, .dynamic, .any, .parameter, .error, .wrapper: .object
        }
    }

    @inline(__always)
    func admits(_ value: Value) -> Bool {
        guard kinds & Self.bit(value.kind) != 0 else { return false }
        guard let objectName else { return true }
        if case .object(let object) = value { return object.type.runtimeName == objectName }
        return false
    }
}
