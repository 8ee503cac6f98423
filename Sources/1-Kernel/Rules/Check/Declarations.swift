/// Everything that a rule may name: variables, functions, constants and the provider's types, indexed for the checker.
public struct Declarations: Sendable {
    public let container: Container
    public let variables: [String: Type]
    public let constants: [String: Value]
    public let provider: any TypeProvider
    private let functions: [String: [Signature]]

    /// Functions of one name are taken together; where two overloads have the same id the later one counts.
    public init(
        container: Container = Container(), variables: [String: Type] = [:], functions: [Function] = [],
        constants: [String: Value] = [:], provider: any TypeProvider = NoTypes()
    ) {
        self.container = container
        self.variables = variables
        self.constants = constants
        self.provider = provider
        var signatures: [String: [Signature]] = [:]
        for function in functions {
            for overload in function.overloads {
                signatures[function.name, default: []].removeAll { $0.overload.id == overload.id }
                signatures[function.name, default: []].append(Signature(overload))
            }
        }
        self.functions = signatures
    }

    /// What a name means.
    public enum Resolution: Sendable {
        case variable(String, Type)
        case constant(Value, Type)
    }

    /// What a name means in the container: the first of its candidates that is a variable, a constant or a type.
    public func resolve(_ name: String) -> Resolution? {
        if container.isRoot, name.utf8.first != UInt8(ascii: ".") { return meaning(of: name) }
        for candidate in container.candidates(for: name) {
            if let found = meaning(of: candidate) { return found }
        }
        return nil
    }

    private func meaning(of name: String) -> Resolution? {
        if let type = variables[name] { return .variable(name, type) }
        if let value = constants[name] { return .constant(value, value.staticType) }
        if let value = provider.constant(named: name) { return .constant(value, value.staticType) }
        if let type = provider.type(named: name) ?? Type.named[name] { return .constant(.type(type), .type(type)) }
        return nil
    }

    /// The function that a name means in the container.
    func function(_ name: String) -> (name: String, signatures: [Signature])? {
        // Operators and most functions have no namespace.
        if let found = functions[name], container.isRoot || name.utf8.first == UInt8(ascii: "_") {
            return (name, found)
        }
        for candidate in container.candidates(for: name) {
            if let found = functions[candidate] { return (candidate, found) }
        }
        return nil
    }

    /// The message that a name means in the container, with the type of what is constructed.
    func message(_ name: String) -> (name: String, type: Type)? {
        for candidate in container.candidates(for: name) {
            switch provider.type(named: candidate) {
            case nil: continue
            // An enum's name stands for `int`, which is nothing to construct.
            case .int?: return nil
            case let type?: return (candidate, type)
            }
        }
        return nil
    }

    /// All names of variables and functions, for proposals.
    var names: [String] { variables.keys + functions.keys.filter { $0.first?.isLetter == true } }
}

/// An overload with what the checker needs of it each time. A class, so that going through the overloads of an operator
/// counts no more than one reference each.
final class Signature: Sendable {
    let overload: Overload
    let parameters: [Type]
    let isMember: Bool
    let typeParameters: [String]
    /// The overload's id as the list that is written down when no other overload fits.
    let ids: [String]

    init(_ overload: Overload) {
        self.overload = overload
        parameters = overload.parameters
        isMember = overload.isMember
        ids = [overload.id]
        var names: [String] = []
        for type in overload.parameters + [overload.result] { type.collectParameters(&names) }
        self.typeParameters = names
    }
}

extension Value {
    /// The type by which the checker knows a constant: a type's own type keeps its parameter.
    var staticType: Type {
        if case .type(let type) = self { return .type(type) }
        return type
    }
}

extension Type {
    /// The types that this one is made of.
    var parts: [Type] {
        switch self {
        case .list(let inner), .optional(let inner), .type(let inner): [inner]
        case .map(let key, let value): [key, value]
        case .opaque(_, let parameters): parameters
        default: []
        }
    }

    fileprivate func collectParameters(_ names: inout [String]) {
        if case .parameter(let name) = self {
            if !names.contains(name) { names.append(name) }
        } else {
            for part in parts { part.collectParameters(&names) }
        }
    }
}
