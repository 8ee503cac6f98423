/// An overload as the planner leaves it: what it takes and what it does.
struct Target: Sendable {
    let admissions: [Admission]
    let implementation: Overload.Implementation

    /// - Parameter constants: the arguments that are known, nil for the others.
    init(_ overload: Overload, constants: [Value?]) {
        admissions = overload.parameters.map(Admission.init)
        implementation = overload.prepare?(constants) ?? overload.implementation
    }

    func admits(_ arguments: [Value]) -> Bool {
        for position in arguments.indices where !admissions[position].admits(arguments[position]) { return false }
        return true
    }

    func call(_ arguments: [Value], _ budget: inout Budget) throws -> Value {
        switch implementation {
        case .unary(let body) where arguments.count == 1: return try body(arguments[0])
        case .binary(let body) where arguments.count == 2: return try body(arguments[0], arguments[1])
        case .variadic(let body): return try body(arguments, &budget)
        case .unary, .binary, .builtIn:
            throw EvaluationError(.noSuchOverload, "the function cannot be called in this way")
        }
    }
}

/// A call of a library's or a host's function. The overload is found by the types of the arguments.
final class CallNode: Node, @unchecked Sendable {
    private let function: String
    private let targets: [Target]
    private let arguments: [Node]

    init(id: Int, _ function: String, _ targets: [Target], _ arguments: [Node]) {
        self.function = function
        self.targets = targets
        self.arguments = arguments
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        if arguments.count == 1 { return try evaluateUnary(&frame) }
        if arguments.count == 2 { return try evaluateBinary(&frame) }
        var values: [Value] = []
        values.reserveCapacity(arguments.count)
        for (position, argument) in arguments.enumerated() {
            do throws(Interruption) { values.append(try argument.evaluate(&frame)) } catch {
                throw Node.gathering(error, arguments[(position + 1)...], &frame)
            }
        }
        try spend(1, &frame)
        guard let target = targets.first(where: { $0.admits(values) }) else { throw missing(values) }
        return try located {
            let result = try target.call(values, &frame.budget)
            try frame.budget.admit(result)
            return result
        }
    }

    private func evaluateUnary(_ frame: inout Frame) throws(Interruption) -> Value {
        let value = try arguments[0].evaluate(&frame)
        try spend(1, &frame)
        for target in targets where target.admissions[0].admits(value) {
            return try located {
                let result =
                    if case .unary(let body) = target.implementation {
                        try body(value)
                    } else {
                        try target.call([value], &frame.budget)
                    }
                try frame.budget.admit(result)
                return result
            }
        }
        throw missing([value])
    }

    private func evaluateBinary(_ frame: inout Frame) throws(Interruption) -> Value {
        let (first, second) = try both(arguments[0], arguments[1], &frame)
        try spend(1, &frame)
        for target in targets where target.admissions[0].admits(first) && target.admissions[1].admits(second) {
            return try located {
                let result =
                    if case .binary(let body) = target.implementation {
                        try body(first, second)
                    } else {
                        try target.call([first, second], &frame.budget)
                    }
                try frame.budget.admit(result)
                return result
            }
        }
        throw missing([first, second])
    }

    private func missing(_ values: [Value]) -> Interruption {
        let types = values.map(\.typeName).joined(separator: ", ")
        return Interruption(
            .noSuchOverload, "found no matching overload for '\(function)' applied to '(\(types))'", at: id)
    }
}

extension Budget {
    /// Refuses a value whose outermost part is larger than the limits, or that is nested deeper.
    @inline(__always)
    func admit(_ value: Value) throws(EvaluationError) {
        switch value {
        case .string(let text): try admit(bytes: text.utf8.count)
        case .bytes(let bytes): try admit(bytes: bytes.count)
        case .list(let list):
            try admit(elements: list.count)
            try admit(depth: list.depth)
        case .map(let map):
            try admit(elements: map.count)
            try admit(depth: map.depth)
        case .optional(let optional): try admit(depth: optional.depth)
        default: break
        }
    }

    private func admit(depth: Int32) throws(EvaluationError) {
        if Int(depth) > limits.valueDepth {
            throw EvaluationError(
                .tooDeep, "lists, maps or optionals stand more than \(limits.valueDepth) deep in one another")
        }
    }
}

extension Node {
    /// A value that the node made, unless it is larger or deeper than the limits.
    @inline(__always)
    func admitted(_ value: Value, _ frame: inout Frame) throws(Interruption) -> Value {
        do throws(EvaluationError) { try frame.budget.admit(value) } catch { throw Interruption(error, at: id) }
        return value
    }
}
