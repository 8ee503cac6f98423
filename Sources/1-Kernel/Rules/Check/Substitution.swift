/// What is known of the type variables while a rule is checked, and whether types fit one another under it.
///
/// A variable stands for a type not yet known: the element of `[]`, the `T` of an overload. It is written as a
/// parameter named `%n`. A trial that fails is undone, so that an overload that does not match leaves no trace.
struct Substitution {
    private var bindings: [Type?] = []
    /// What the bindings held before the changes of the trial that is under way.
    private var undo: [(Int, Type?)] = []

    /// The first variables by their names: making them anew each time costs more than looking at them.
    private static let names: [Type] = (0..<64).map { .parameter("%\($0)") }

    mutating func fresh() -> Type {
        let index = bindings.count
        bindings.append(nil)
        return index < Self.names.count ? Self.names[index] : .parameter("%\(index)")
    }

    private static func index(_ name: String) -> Int? {
        var digits = name.utf8.makeIterator()
        guard digits.next() == UInt8(ascii: "%") else { return nil }
        var number = 0
        while let digit = digits.next() { number = number &* 10 &+ Int(digit &- UInt8(ascii: "0")) }
        return number
    }

    private func binding(_ name: String) -> Type? {
        guard let index = Self.index(name), bindings.indices.contains(index) else { return nil }
        return bindings[index]
    }

    private mutating func bind(_ name: String, _ type: Type) {
        guard let index = Self.index(name), bindings.indices.contains(index) else { return }
        undo.append((index, bindings[index]))
        bindings[index] = type
    }

    /// Replaces the variables by what they stand for; unbound ones stay, or become `dyn` when `closing`.
    func apply(_ type: Type, closing: Bool = false) -> Type {
        if !type.hasParameters { return type }
        switch type {
        case .parameter(let name):
            guard let bound = binding(name) else { return closing ? .dynamic : type }
            return apply(bound, closing: closing)
        case .list(let element): return .list(apply(element, closing: closing))
        case .map(let key, let value): return .map(apply(key, closing: closing), apply(value, closing: closing))
        case .optional(let inner): return .optional(apply(inner, closing: closing))
        case .type(let inner): return .type(apply(inner, closing: closing))
        case .opaque(let name, let parameters):
            return parameters.isEmpty ? type : .opaque(name, parameters.map { apply($0, closing: closing) })
        default: return type
        }
    }

    /// The type with the parameters of a signature replaced by the variables at the same places.
    func instantiate(_ type: Type, _ names: [String], _ fresh: [Type]) -> Type {
        if !type.hasParameters { return type }
        switch type {
        case .parameter(let name): return names.firstIndex(of: name).map { fresh[$0] } ?? type
        case .list(let element): return .list(instantiate(element, names, fresh))
        case .map(let key, let value):
            return .map(instantiate(key, names, fresh), instantiate(value, names, fresh))
        case .optional(let inner): return .optional(instantiate(inner, names, fresh))
        case .type(let inner): return .type(instantiate(inner, names, fresh))
        case .opaque(let name, let parameters):
            return .opaque(name, parameters.map { instantiate($0, names, fresh) })
        default: return type
        }
    }

    /// Whether the types of arguments fit those of parameters. Only a fit leaves its bindings.
    mutating func fits(_ arguments: [Type], _ parameters: [Type]) -> Bool {
        guard arguments.count == parameters.count else { return false }
        undo.removeAll(keepingCapacity: true)
        for index in arguments.indices where !assign(arguments[index], parameters[index]) {
            for (slot, earlier) in undo.reversed() { bindings[slot] = earlier }
            return false
        }
        return true
    }

    /// Whether a value of one type may stand where the other is expected. Only a fit leaves its bindings.
    mutating func fits(_ type: Type, _ expected: Type) -> Bool { fits([type], [expected]) }

    private mutating func assign(_ left: Type, _ right: Type) -> Bool {
        switch (left, right) {
        case (_, .parameter(let name)):
            if let answer = substitute(left, for: name, right) { return answer }
            guard case .parameter(let other) = left else { return false }
            return substitute(right, for: other, left) ?? false
        case (.parameter(let name), _):
            return substitute(right, for: name, left) ?? false
        case (.dynamic, _), (_, .dynamic), (.any, _), (_, .any), (.error, _), (_, .error):
            return true
        case (.null, _): return right.admitsNull
        case (_, .null): return left.admitsNull
        case (.wrapper(let inner), .wrapper(let other)): return inner == other
        case (.wrapper(let inner), _): return inner == right
        case (_, .wrapper(let inner)): return left == inner
        case (.type, .type): return true
        case (.list(let element), .list(let other)), (.optional(let element), .optional(let other)):
            return assign(element, other)
        case (.map(let key, let value), .map(let otherKey, let otherValue)):
            return assign(key, otherKey) && assign(value, otherValue)
        case (.opaque(let name, let parameters), .opaque(let otherName, let others)):
            guard name == otherName, parameters.count == others.count else { return false }
            for index in parameters.indices where !assign(parameters[index], others[index]) { return false }
            return true
        default:
            return left == right
        }
    }

    /// Lets a variable stand for a type, or for the more general of it and what it stands for already.
    /// Nil when the variable was free and cannot be bound, because the type contains it.
    private mutating func substitute(_ type: Type, for name: String, _ variable: Type) -> Bool? {
        if type == variable { return true }
        if let bound = binding(name) {
            if type == bound { return true }
            guard assign(type, bound) else { return false }
            let general = Self.mostGeneral(type, bound)
            if !occurs(name, in: general) { bind(name, general) }
            return true
        }
        guard !occurs(name, in: type) else { return nil }
        bind(name, type)
        return true
    }

    private func occurs(_ name: String, in type: Type) -> Bool {
        if case .parameter(let other) = type {
            if other == name { return true }
            return binding(other).map { occurs(name, in: $0) } ?? false
        }
        return type.parts.contains { occurs(name, in: $0) }
    }

    /// The one of two types that says less, when one fits the other.
    static func mostGeneral(_ first: Type, _ second: Type) -> Type {
        first.saysNoMore(than: second) ? first : second
    }
}

extension Type {
    /// Whether a type parameter or variable stands anywhere in it.
    var hasParameters: Bool {
        switch self {
        case .parameter: true
        case .list(let inner), .optional(let inner), .type(let inner): inner.hasParameters
        case .map(let key, let value): key.hasParameters || value.hasParameters
        case .opaque(_, let parameters): parameters.contains { $0.hasParameters }
        default: false
        }
    }

    /// A number for each type that consists of nothing but its name; nil for all others.
    var scalarCode: UInt8? {
        switch self {
        case .bool: 1
        case .int: 2
        case .uint: 3
        case .double: 4
        case .string: 5
        case .bytes: 6
        case .timestamp: 7
        case .duration: 8
        default: nil
        }
    }

    /// Whether null may stand for a value of this type: wrappers, and for historical reasons messages, timestamps,
    /// durations and the types of libraries.
    var admitsNull: Bool {
        switch self {
        case .null, .wrapper, .message, .timestamp, .duration, .any, .dynamic, .opaque, .optional: true
        default: false
        }
    }

    /// Whether this type is as general as the other or more so: `dyn` before all, a wrapper before its primitive,
    /// whatever admits null before null.
    fileprivate func saysNoMore(than other: Type) -> Bool {
        switch (self, other) {
        case (.dynamic, _), (.any, _), (.parameter, _): return true
        case (_, .dynamic), (_, .any), (_, .parameter): return false
        case (.wrapper(let inner), .wrapper(let others)): return inner == others
        case (.wrapper(let inner), _): return inner == other || other == .null
        case (_, .null): return admitsNull
        case (.list(let left), .list(let right)), (.optional(let left), .optional(let right)):
            return left.saysNoMore(than: right)
        case (.map(let key, let value), .map(let otherKey, let otherValue)):
            return key.saysNoMore(than: otherKey) && value.saysNoMore(than: otherValue)
        case (.opaque(let name, let parameters), .opaque(let otherName, let others)):
            return name == otherName && parameters.count == others.count
                && zip(parameters, others).allSatisfy { $0.saysNoMore(than: $1) }
        case (.type, .type): return true
        default: return self == other
        }
    }
}
