/// A node of the syntax tree. Ids count from 1 and are dense, so that what the parser and the checker know of a
/// node stands in arrays beside the tree.
public struct Expression: Sendable {
    public let id: Int
    public let kind: Kind

    public init(id: Int, kind: Kind) {
        self.id = id
        self.kind = kind
    }

    public indirect enum Kind: Sendable {
        /// null, bool, int, uint, double, string or bytes.
        case literal(Value)
        /// A name; with a leading dot when it was written so (`.a`).
        case identifier(String)
        /// `operand.field`, or `has(operand.field)` when `isTest`.
        case select(operand: Expression, field: String, isTest: Bool)
        /// A function or an operator (`Operator.add` is `_+_`), as a method when it has a target.
        case call(function: String, target: Expression?, arguments: [Expression])
        /// `[a, ?b]`: the indices of the optional elements stand in `optionals`.
        case list(elements: [Expression], optionals: [Int])
        case map([MapEntry])
        /// `name{field: value}`.
        case message(name: String, fields: [FieldEntry])
        case comprehension(Comprehension)
    }

    public struct MapEntry: Sendable {
        public let id: Int
        public let key: Expression
        public let value: Expression
        /// `?key: value`: the entry is left out when the value is `optional.none()`.
        public let isOptional: Bool
    }

    public struct FieldEntry: Sendable {
        public let id: Int
        public let name: String
        public let value: Expression
        public let isOptional: Bool
    }
}

/// A fold over a list or a map, as the definition of the language has it:
///
///     accumulator = initial
///     for variable in range { if !condition { break }; accumulator = step }
///     result
///
/// With a second variable the first is the index (or key) and the second the element (or value).
public struct Comprehension: Sendable {
    public let range: Expression
    public let variable: String
    public let secondVariable: String?
    public let accumulator: String
    public let initial: Expression
    public let condition: Expression
    public let step: Expression
    public let result: Expression
    /// Which macro made it, so that the planner can run it without folding step by step.
    public let origin: Origin

    public enum Origin: Sendable {
        case all, exists, existsOne, map, filter, transformList, transformMap, transformMapEntry
        /// `cel.bind`: the range is empty, the accumulator is the bound name.
        case bind
        case other
    }

    public init(
        range: Expression, variable: String, secondVariable: String? = nil, accumulator: String,
        initial: Expression, condition: Expression, step: Expression, result: Expression, origin: Origin = .other
    ) {
        self.range = range
        self.variable = variable
        self.secondVariable = secondVariable
        self.accumulator = accumulator
        self.initial = initial
        self.condition = condition
        self.step = step
        self.result = result
        self.origin = origin
    }
}

/// The operators' function names, as cel-go and cel-cpp call them.
public enum Operator {
    public static let conditional = "_?_:_"
    public static let and = "_&&_"
    public static let or = "_||_"
    public static let not = "!_"
    public static let negate = "-_"
    public static let add = "_+_"
    public static let subtract = "_-_"
    public static let multiply = "_*_"
    public static let divide = "_/_"
    public static let modulo = "_%_"
    public static let equals = "_==_"
    public static let notEquals = "_!=_"
    public static let less = "_<_"
    public static let lessOrEqual = "_<=_"
    public static let greater = "_>_"
    public static let greaterOrEqual = "_>=_"
    public static let contained = "@in"
    public static let index = "_[_]"
    /// `a.?b`: the second argument is the field's name as a string literal.
    public static let optionalSelect = "_?._"
    /// `a[?b]`.
    public static let optionalIndex = "_[?_]"
    /// Stands in a fold's condition: false only where the value is false; an error counts as true.
    public static let notStrictlyFalse = "@not_strictly_false"
}
