/// `left == right` and `left != right`
final class EqualNode: Node, @unchecked Sendable {
    private let left: Node
    private let right: Node
    private let isNegated: Bool

    init(id: Int, _ left: Node, _ right: Node, isNegated: Bool) {
        self.left = left
        self.right = right
        self.isNegated = isNegated
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        .bool(try evaluateBool(&frame))
    }

    override func evaluateBool(_ frame: inout Frame) throws(Interruption) -> Bool {
        let (first, second) = try both(left, right, &frame)
        do {
            try frame.budget.spend(1)
            return try first.isEqual(to: second, &frame.budget, depth: 0) != isNegated
        } catch {
            throw Interruption(error, at: id)
        }
    }
}

/// `operand == "text"`, the commonest condition of all.
final class EqualStringNode: Node, @unchecked Sendable {
    private let operand: Node
    private let text: String
    private let isNegated: Bool
    private let cost: Int
    /// No other text of the same length is canonically equal to one in ASCII: Swift's comparison suffices.
    private let isAscii: Bool

    init(id: Int, _ operand: Node, _ text: String, isNegated: Bool) {
        isAscii = text.utf8.allSatisfy { $0 < 0x80 }
        self.operand = operand
        self.text = text
        self.isNegated = isNegated
        cost = 1 + text.utf8.count / 10
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        .bool(try evaluateBool(&frame))
    }

    override func evaluateBool(_ frame: inout Frame) throws(Interruption) -> Bool {
        let value = try operand.evaluate(&frame)
        try spend(cost, &frame)
        if case .string(let other) = value {
            if isAscii { return (other == text && other.utf8.count == text.utf8.count) != isNegated }
            return other.hasSameScalars(as: text) != isNegated
        }
        return isNegated
    }
}

/// `<`, `<=`, `>` and `>=`
enum Relation: Sendable {
    case less, lessOrEqual, greater, greaterOrEqual

    init?(function: String) {
        switch function {
        case Operator.less: self = .less
        case Operator.lessOrEqual: self = .lessOrEqual
        case Operator.greater: self = .greater
        case Operator.greaterOrEqual: self = .greaterOrEqual
        default: return nil
        }
    }

    var function: String {
        switch self {
        case .less: Operator.less
        case .lessOrEqual: Operator.lessOrEqual
        case .greater: Operator.greater
        case .greaterOrEqual: Operator.greaterOrEqual
        }
    }

    /// The same relation with its sides exchanged.
    var mirrored: Relation {
        switch self {
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        }
    }

    @inline(__always)
    func holds<Number: Comparable>(_ left: Number, _ right: Number) -> Bool {
        switch self {
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        }
    }

    /// Nothing holds of NaN.
    func holds(_ ordering: Ordering) -> Bool {
        switch self {
        case .less: ordering == .less
        case .lessOrEqual: ordering == .less || ordering == .equal
        case .greater: ordering == .greater
        case .greaterOrEqual: ordering == .greater || ordering == .equal
        }
    }
}

extension Node {
    /// Compares two values of any types.
    fileprivate func compare(
        _ relation: Relation, _ left: Value, _ right: Value, _ frame: inout Frame
    ) throws(Interruption) -> Bool {
        switch (left, right) {
        case (.string(let a), .string(let b)): try spend(min(a.utf8.count, b.utf8.count) / 10, &frame)
        case (.bytes(let a), .bytes(let b)): try spend(min(a.count, b.count) / 10, &frame)
        default: break
        }
        guard let ordering = left.ordering(against: right) else { throw noOverload(relation.function, left, right) }
        return relation.holds(ordering)
    }
}

final class CompareNode: Node, @unchecked Sendable {
    private let relation: Relation
    private let left: Node
    private let right: Node

    init(id: Int, _ relation: Relation, _ left: Node, _ right: Node) {
        self.relation = relation
        self.left = left
        self.right = right
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        .bool(try evaluateBool(&frame))
    }

    override func evaluateBool(_ frame: inout Frame) throws(Interruption) -> Bool {
        let (first, second) = try both(left, right, &frame)
        try spend(1, &frame)
        if case .int(let a) = first, case .int(let b) = second { return relation.holds(a, b) }
        return try compare(relation, first, second, &frame)
    }
}

/// `operand >= 100`, and `operand == 100` where `relation` is nil.
final class CompareIntNode: Node, @unchecked Sendable {
    private let relation: Relation
    private let operand: Node
    private let number: Int64

    init(id: Int, _ relation: Relation, _ operand: Node, _ number: Int64) {
        self.relation = relation
        self.operand = operand
        self.number = number
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        .bool(try evaluateBool(&frame))
    }

    override func evaluateBool(_ frame: inout Frame) throws(Interruption) -> Bool {
        let value = try operand.evaluate(&frame)
        try spend(1, &frame)
        if case .int(let other) = value { return relation.holds(other, number) }
        return try compare(relation, value, .int(number), &frame)
    }
}

/// `element in container`
final class ContainedNode: Node, @unchecked Sendable {
    private let element: Node
    private let container: Node

    init(id: Int, _ element: Node, _ container: Node) {
        self.element = element
        self.container = container
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        .bool(try evaluateBool(&frame))
    }

    override func evaluateBool(_ frame: inout Frame) throws(Interruption) -> Bool {
        let (wanted, place) = try both(element, container, &frame)
        try spend(1, &frame)
        switch place {
        case .list(let list):
            return try located {
                for index in 0..<list.count {
                    try frame.budget.spend(1)
                    if try wanted.isEqual(to: list[index], &frame.budget, depth: 0) { return true }
                }
                return false
            }
        case .map(let map): return map[wanted] != nil
        default: throw noOverload(Operator.contained, wanted, place)
        }
    }
}

/// `element in ["gold", "silver"]`, where the list is written in the rule.
final class AmongStringsNode: Node, @unchecked Sendable {
    private let element: Node
    private let few: [String]
    private let many: Set<MapKey>

    /// Up to so many strings comparing one by one beats hashing.
    private static let searched = 8

    init(id: Int, _ element: Node, _ texts: [String]) {
        self.element = element
        few = texts.count <= Self.searched ? texts : []
        many = texts.count <= Self.searched ? [] : Set(texts.map(MapKey.string))
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        .bool(try evaluateBool(&frame))
    }

    override func evaluateBool(_ frame: inout Frame) throws(Interruption) -> Bool {
        let value = try element.evaluate(&frame)
        try spend(1, &frame)
        guard case .string(let text) = value else { return false }
        if many.isEmpty {
            for candidate in few where candidate.hasSameScalars(as: text) { return true }
            return false
        }
        return many.contains(.string(text))
    }
}

/// `element in [1, 2, 3]` for lists of bools, numbers and strings that are written in the rule.
final class AmongKeysNode: Node, @unchecked Sendable {
    private let element: Node
    private let keys: Set<MapKey>

    init(id: Int, _ element: Node, _ keys: Set<MapKey>) {
        self.element = element
        self.keys = keys
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        .bool(try evaluateBool(&frame))
    }

    override func evaluateBool(_ frame: inout Frame) throws(Interruption) -> Bool {
        let value = try element.evaluate(&frame)
        try spend(1, &frame)
        return MapKey(value).map(keys.contains) ?? false
    }
}
