/// A compiled rule. It never changes and may be evaluated from many threads at once.
public struct Program: Sendable {
    public let tree: SyntaxTree
    /// What the checker found; nil for a rule that was compiled unchecked.
    public let annotations: Annotations?
    private let environment: Environment
    private let plan: Plan

    init(_ tree: SyntaxTree, _ annotations: Annotations?, in environment: Environment) {
        self.tree = tree
        self.annotations = annotations
        self.environment = environment
        plan = Planner.plan(tree, annotations, in: environment)
    }

    /// The type of the result, `.dynamic` when it is not known.
    public var resultType: Type { annotations?.result ?? .dynamic }

    /// Evaluates the rule.
    /// - Throws: `EvaluationError` with the place in the source, also when a limit is reached.
    public func evaluate(_ bindings: Bindings = [:]) throws(EvaluationError) -> Value {
        var budget = Budget(environment.limits)
        return try evaluate(bindings, &budget)
    }

    /// Evaluates the rule and tells what it cost.
    public func evaluateMeasured(_ bindings: Bindings = [:]) throws(EvaluationError) -> (value: Value, cost: Int) {
        var budget = Budget(environment.limits)
        let value = try evaluate(bindings, &budget)
        return (value, budget.spent)
    }

    private func evaluate(_ bindings: Bindings, _ budget: inout Budget) throws(EvaluationError) -> Value {
        do throws(Interruption) {
            let value = try plan.run(bindings, budget: &budget, isPartial: false)
            switch value {
            case .list, .map, .optional: try admit(value)
            default: break
            }
            return value
        } catch {
            throw failure(error)
        }
    }

    /// What an evaluation comes to where parts of the bindings are unknown.
    public enum Outcome: Sendable {
        /// The unknown parts make no difference.
        case value(Value)
        /// The result depends on these.
        case unknown([Attribute])
    }

    /// Evaluates the rule as far as the bindings are known, for dry runs: `a || b` is true where `a` is, whatever `b`
    /// may be. The paths that the rule would need are returned where they decide.
    public func evaluatePartially(_ bindings: Bindings) throws(EvaluationError) -> Outcome {
        var budget = Budget(environment.limits)
        let partial = Planner.plan(tree, annotations, in: environment, isPartial: true)
        do throws(Interruption) {
            let value = try partial.run(bindings, budget: &budget, isPartial: true)
            try admit(value)
            return .value(value)
        } catch {
            if case .unknown(let attributes) = error.reason { return .unknown(attributes) }
            throw failure(error)
        }
    }

    private func failure(_ interruption: Interruption) -> EvaluationError {
        guard case .failure(var error) = interruption.reason else {
            return EvaluationError(.noSuchVariable, "a part of the bindings is unknown")
        }
        if error.location == nil, interruption.id > 0 { error.location = tree.location(of: interruption.id) }
        return error
    }

    /// Refuses a result that is larger than the limits when written out: values may share their parts, so that a
    /// small one in memory is a huge one on paper.
    private func admit(_ value: Value) throws(Interruption) {
        var left = environment.limits.elements
        guard value.fits(&left) else {
            throw Interruption(
                .tooLarge, "the result has more than \(environment.limits.elements) parts or is nested too deeply",
                at: tree.root.id)
        }
    }
}

extension Value {
    /// Counts the parts of a value down from a number; false when there are more.
    fileprivate func fits(_ left: inout Int) -> Bool {
        left -= 1
        // A host may have lent something deeper than rules make; walking it must still not exhaust the stack.
        if left < 0 || depth > Value.comparedDepth { return false }
        switch self {
        case .list(let list):
            if list.count > left { return false }
            for index in 0..<list.count where !list[index].fits(&left) { return false }
            return true
        case .map(let map):
            if map.count > left { return false }
            for entry in map.entries where !entry.value.fits(&left) { return false }
            return true
        case .optional(let optional): return optional.wrapped?.fits(&left) ?? true
        default: return true
        }
    }
}
