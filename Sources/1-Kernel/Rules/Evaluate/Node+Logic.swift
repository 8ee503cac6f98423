/// `left && right` or `left || right`. Both commute over errors: a term that decides, decides, whatever the others do.
final class LogicNode: Node, @unchecked Sendable {
    private let left: Node
    private let right: Node
    /// What decides: true for `||`, false for `&&`.
    private let deciding: Bool

    init(id: Int, _ left: Node, _ right: Node, deciding: Bool) {
        self.left = left
        self.right = right
        self.deciding = deciding
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        .bool(try evaluateBool(&frame))
    }

    override func evaluateBool(_ frame: inout Frame) throws(Interruption) -> Bool {
        do throws(Interruption) {
            try spend(1, &frame)
            if try left.evaluateBool(&frame) == deciding { return deciding }
        } catch {
            return try evaluateRight(after: error, &frame)
        }
        return try right.evaluateBool(&frame)
    }

    /// The left side failed or is unknown: only a right side that decides makes up for it.
    @inline(never)
    private func evaluateRight(after interruption: Interruption, _ frame: inout Frame) throws(Interruption) -> Bool {
        if interruption.isLimit { throw interruption }
        do throws(Interruption) {
            if try right.evaluateBool(&frame) == deciding { return deciding }
        } catch {
            throw error.isLimit ? error : interruption.merged(with: error)
        }
        throw interruption
    }
}

final class NotNode: Node, @unchecked Sendable {
    private let operand: Node

    init(id: Int, _ operand: Node) {
        self.operand = operand
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        .bool(try evaluateBool(&frame))
    }

    override func evaluateBool(_ frame: inout Frame) throws(Interruption) -> Bool {
        let flag = try operand.evaluateBool(&frame)
        try spend(1, &frame)
        return !flag
    }
}

/// `condition ? first : second`
final class ConditionalNode: Node, @unchecked Sendable {
    private let condition: Node
    private let first: Node
    private let second: Node

    init(id: Int, _ condition: Node, _ first: Node, _ second: Node) {
        self.condition = condition
        self.first = first
        self.second = second
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        try spend(1, &frame)
        return try condition.evaluateBool(&frame) ? first.evaluate(&frame) : second.evaluate(&frame)
    }

    override func evaluateBool(_ frame: inout Frame) throws(Interruption) -> Bool {
        try spend(1, &frame)
        return try condition.evaluateBool(&frame) ? first.evaluateBool(&frame) : second.evaluateBool(&frame)
    }
}

/// False only where the operand is false; true where it fails.
final class NotStrictlyFalseNode: Node, @unchecked Sendable {
    private let operand: Node

    init(id: Int, _ operand: Node) {
        self.operand = operand
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        do throws(Interruption) {
            return .bool(try operand.evaluateBool(&frame))
        } catch {
            if error.isLimit { throw error }
            return .bool(true)
        }
    }
}

/// `optional.or(other)` and `optional.orValue(value)`: the other is evaluated only where the first is absent.
final class AlternativeNode: Node, @unchecked Sendable {
    private let optional: Node
    private let other: Node
    private let isUnwrapping: Bool

    init(id: Int, _ optional: Node, _ other: Node, isUnwrapping: Bool) {
        self.optional = optional
        self.other = other
        self.isUnwrapping = isUnwrapping
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        let value = try optional.evaluate(&frame)
        try spend(1, &frame)
        guard case .optional(let first) = value else { throw noOverload(isUnwrapping ? "orValue" : "or", value) }
        if let wrapped = first.wrapped { return isUnwrapping ? wrapped : value }
        let second = try other.evaluate(&frame)
        if !isUnwrapping, second.kind != .optional { throw noOverload("or", value, second) }
        return second
    }
}
