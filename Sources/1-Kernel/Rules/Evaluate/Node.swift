/// A step of a planned rule.
///
/// Subclasses are final and hold nothing but constants (and atomics), which is why the class is safe to share though
/// the compiler cannot see it for a class that is open to subclasses.
class Node: @unchecked Sendable {
    /// The expression it was made from, for errors.
    let id: Int

    init(id: Int) { self.id = id }

    func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        preconditionFailure("every node overrides evaluate")
    }

    /// Evaluates what must be a bool; nodes that compare override it and make no value.
    func evaluateBool(_ frame: inout Frame) throws(Interruption) -> Bool {
        let value = try evaluate(&frame)
        if case .bool(let flag) = value { return flag }
        throw Interruption(.noSuchOverload, "a bool is expected, this is of type '\(value.typeName)'", at: id)
    }

    /// The value when it is known before any evaluation.
    var constant: Value? { nil }
}

extension Node {
    @inline(__always)
    func spend(_ units: Int, _ frame: inout Frame) throws(Interruption) {
        do throws(EvaluationError) { try frame.budget.spend(units) } catch { throw Interruption(error, at: id) }
    }

    /// Runs something that may throw anything and says where it was thrown.
    @inline(__always)
    func located<Result>(_ body: () throws -> Result) throws(Interruption) -> Result {
        do { return try body() } catch { throw Interruption(error, at: id) }
    }

    func noOverload(_ function: String, _ values: Value...) -> Interruption {
        let types = values.map(\.typeName).joined(separator: ", ")
        return Interruption(
            .noSuchOverload, "found no matching overload for '\(function)' applied to '(\(types))'", at: id)
    }

    /// Evaluates two operands. Where parts are unknown the second is looked at even if the first is unknown, so that
    /// all that is missing is told at once.
    @inline(__always)
    func both(
        _ left: Node, _ right: Node, _ frame: inout Frame
    ) throws(Interruption) -> (Value, Value) {
        let first: Value
        do throws(Interruption) { first = try left.evaluate(&frame) } catch {
            throw Node.gathering(error, [right], &frame)
        }
        return (first, try right.evaluate(&frame))
    }

    /// Adds what else is unknown among the operands not yet evaluated.
    @inline(never)
    static func gathering(
        _ interruption: Interruption, _ rest: some Sequence<Node>, _ frame: inout Frame
    ) -> Interruption {
        guard frame.isPartial, !interruption.isLimit else { return interruption }
        var merged = interruption
        for node in rest {
            do throws(Interruption) { _ = try node.evaluate(&frame) } catch { merged = merged.merged(with: error) }
        }
        return merged
    }
}

final class ConstantNode: Node, @unchecked Sendable {
    let value: Value

    init(id: Int, _ value: Value) {
        self.value = value
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value { value }
    override var constant: Value? { value }
}

/// What is known to fail whenever it is evaluated: an unknown function, say. Short-circuits may pass it by.
final class FailingNode: Node, @unchecked Sendable {
    private let error: EvaluationError

    init(id: Int, _ code: EvaluationError.Code, _ message: String) {
        error = EvaluationError(code, message)
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        try spend(1, &frame)
        throw Interruption(error, at: id)
    }
}
