/// A part of the bindings by its path: `cart.lines[0].price`.
public struct Attribute: Sendable, Hashable {
    public enum Step: Sendable, Hashable {
        /// A field, or a map's string key.
        case name(String)
        /// An element of a list or an integer key.
        case index(Int64)
        /// Any field, key or element: in patterns, and where a key is not known.
        case any
    }

    public let variable: String
    public let steps: [Step]

    public init(variable: String, steps: [Step] = []) {
        self.variable = variable
        self.steps = steps
    }

    /// Reads `cart.lines[0].price`, `cart.lines[*]` or `customers["a b"]`; nil for something else.
    public init?(_ path: String) {
        var limits = Limits.standard
        limits.sourceBytes = 1_000
        let text = path.replacingStars()
        guard let tree = try? Parser.parse(text, macros: [:], limits: limits) else { return nil }
        var steps: [Step] = []
        var node = tree.root
        while true {
            switch node.kind {
            case .identifier(let name):
                self.init(variable: name, steps: steps.reversed())
                return
            case .select(let operand, let field, _):
                steps.append(field == Self.star ? .any : .name(field))
                node = operand
            case .call(Operator.index, nil, let arguments):
                switch arguments[1].kind {
                case .literal(.int(let number)): steps.append(.index(number))
                case .literal(.string(let name)): steps.append(.name(name))
                case .identifier(Self.star): steps.append(.any)
                default: return nil
                }
                node = arguments[0]
            default: return nil
            }
        }
    }

    fileprivate static let star = "__any__"

    /// Whether this pattern and a path meet: either is the beginning of the other.
    func meets(_ path: Attribute) -> Bool {
        variable == path.variable
            && zip(steps, path.steps).allSatisfy { $0 == $1 || $0 == .any || $1 == .any }
    }
}

extension String {
    fileprivate func replacingStars() -> String {
        map { $0 == "*" ? Attribute.star : String($0) }.joined()
    }
}

extension Attribute: CustomStringConvertible {
    public var description: String {
        steps.reduce(into: variable) { text, step in
            switch step {
            case .name(let name):
                let isPlain = name.utf8.allSatisfy { $0.isLetter || $0.isDigit }
                text += isPlain ? ".\(name)" : "[\(Value.quoted(name))]"
            case .index(let number): text += "[\(number)]"
            case .any: text += "[*]"
            }
        }
    }
}
