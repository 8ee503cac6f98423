/// The arithmetic operators on values. An integer that overflows is an error, a double never is.
enum Arithmetic: Sendable {
    case add, subtract, multiply, divide, modulo

    var function: String {
        switch self {
        case .add: Operator.add
        case .subtract: Operator.subtract
        case .multiply: Operator.multiply
        case .divide: Operator.divide
        case .modulo: Operator.modulo
        }
    }

    /// The operator of a function's name.
    init?(function: String) {
        switch function {
        case Operator.add: self = .add
        case Operator.subtract: self = .subtract
        case Operator.multiply: self = .multiply
        case Operator.divide: self = .divide
        case Operator.modulo: self = .modulo
        default: return nil
        }
    }

    @inline(__always)
    func apply<Number: FixedWidthInteger>(_ left: Number, _ right: Number) throws(EvaluationError) -> Number {
        let (result, overflow): (Number, Bool)
        switch self {
        case .add: (result, overflow) = left.addingReportingOverflow(right)
        case .subtract: (result, overflow) = left.subtractingReportingOverflow(right)
        case .multiply: (result, overflow) = left.multipliedReportingOverflow(by: right)
        case .divide, .modulo:
            if right == 0 { throw Arithmetic.divisionByZero }
            (result, overflow) =
                self == .divide
                ? left.dividedReportingOverflow(by: right) : left.remainderReportingOverflow(dividingBy: right)
        }
        if overflow { throw Arithmetic.overflow }
        return result
    }

    private static let divisionByZero = EvaluationError(.divisionByZero, "division by zero")
    private static let overflow = EvaluationError(.overflow, "the result has more than 64 bits")

    func apply(_ left: Double, _ right: Double) -> Double? {
        switch self {
        case .add: left + right
        case .subtract: left - right
        case .multiply: left * right
        case .divide: left / right
        case .modulo: nil
        }
    }

    /// The result, or nil when the operator has no overload for the types.
    func apply(_ left: Value, _ right: Value, _ budget: inout Budget) throws(EvaluationError) -> Value? {
        switch (left, right) {
        case (.int(let a), .int(let b)): return .int(try apply(a, b))
        case (.uint(let a), .uint(let b)): return .uint(try apply(a, b))
        case (.double(let a), .double(let b)): return apply(a, b).map(Value.double)
        default: break
        }
        switch self {
        case .add: return try sum(left, right, &budget)
        case .subtract: return try difference(left, right)
        case .multiply, .divide, .modulo: return nil
        }
    }

    private func sum(_ left: Value, _ right: Value, _ budget: inout Budget) throws(EvaluationError) -> Value? {
        switch (left, right) {
        case (.string(let a), .string(let b)):
            let size = a.utf8.count + b.utf8.count
            try budget.admit(bytes: size)
            try budget.spend(size / 10)
            return .string(a + b)
        case (.bytes(let a), .bytes(let b)):
            try budget.admit(bytes: a.count + b.count)
            try budget.spend((a.count + b.count) / 10)
            return .bytes(a + b)
        case (.list(let a), .list(let b)):
            try budget.admit(elements: a.count + b.count)
            try budget.spend((a.count + b.count) / 10)
            return .list(a.elements + b.elements)
        case (.duration(let a), .duration(let b)): return .duration(try a.adding(b))
        case (.timestamp(let a), .duration(let b)): return .timestamp(try a.adding(b))
        case (.duration(let a), .timestamp(let b)): return .timestamp(try b.adding(a))
        default: return nil
        }
    }

    private func difference(_ left: Value, _ right: Value) throws(EvaluationError) -> Value? {
        switch (left, right) {
        case (.duration(let a), .duration(let b)): return .duration(try a.subtracting(b))
        case (.timestamp(let a), .duration(let b)): return .timestamp(try a.subtracting(b))
        case (.timestamp(let a), .timestamp(let b)): return .duration(try a.since(b))
        default: return nil
        }
    }
}

final class ArithmeticNode: Node, @unchecked Sendable {
    private let operation: Arithmetic
    private let left: Node
    private let right: Node

    init(id: Int, _ operation: Arithmetic, _ left: Node, _ right: Node) {
        self.operation = operation
        self.left = left
        self.right = right
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        let (first, second) = try both(left, right, &frame)
        let result: Value?
        do throws(EvaluationError) {
            try frame.budget.spend(1)
            if case .int(let a) = first, case .int(let b) = second { return .int(try operation.apply(a, b)) }
            result = try operation.apply(first, second, &frame.budget)
        } catch {
            throw Interruption(error, at: id)
        }
        guard let result else { throw noOverload(operation.function, first, second) }
        return result
    }
}

final class NegateNode: Node, @unchecked Sendable {
    private let operand: Node

    init(id: Int, _ operand: Node) {
        self.operand = operand
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        let value = try operand.evaluate(&frame)
        try spend(1, &frame)
        switch value {
        case .int(let number):
            if number == .min { throw Interruption(.overflow, "the result has more than 64 bits", at: id) }
            return .int(-number)
        case .double(let number): return .double(-number)
        default: throw noOverload(Operator.negate, value)
        }
    }
}
