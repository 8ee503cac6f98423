/// The state of one evaluation.
struct Frame {
    var budget: Budget
    /// The caller's bindings, which outlive the frame: copying them would count references at every evaluation.
    let bindings: UnsafePointer<Bindings>
    /// The comprehensions' variables, each in the place that the planner gave it. The memory belongs to
    /// `Plan.run`, which outlives the frame.
    let locals: UnsafeMutablePointer<Value>
    /// What went wrong while a name was bound (`cel.bind`), by its place: an error only when the name is read.
    var failures: [Int: Interruption] = [:]
    /// What the bindings' providers gave, by name: each is asked once in an evaluation.
    var provided: [String: Value] = [:]
    /// Whether parts of the bindings may be unknown.
    let isPartial: Bool
}

/// A rule as it is executed: the nodes and how many places its comprehensions need.
struct Plan: Sendable {
    let root: Node
    let localCount: Int

    /// Evaluates the plan.
    func run(_ bindings: Bindings, budget: inout Budget, isPartial: Bool) throws(Interruption) -> Value {
        if localCount == 0 {
            // Nothing reads the locals of a plan that has none.
            let none = UnsafeMutablePointer<Value>(bitPattern: MemoryLayout<Value>.alignment)
            guard let none else { preconditionFailure("an address that is not zero makes a pointer") }
            return try run(bindings, &budget, isPartial, none)
        }
        let outcome = withUnsafeTemporaryAllocation(of: Value.self, capacity: localCount) {
            locals -> Result<Value, Interruption> in
            locals.initialize(repeating: .null)
            defer { locals.deinitialize() }
            guard let base = locals.baseAddress else { preconditionFailure("the capacity is above zero") }
            do throws(Interruption) {
                return .success(try run(bindings, &budget, isPartial, base))
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    private func run(
        _ bindings: Bindings, _ budget: inout Budget, _ isPartial: Bool, _ locals: UnsafeMutablePointer<Value>
    ) throws(Interruption) -> Value {
        let outcome = withUnsafePointer(to: bindings) { bindings -> Result<Value, Interruption> in
            var frame = Frame(budget: budget, bindings: bindings, locals: locals, isPartial: isPartial)
            defer { budget = frame.budget }
            do throws(Interruption) { return .success(try root.evaluate(&frame)) } catch { return .failure(error) }
        }
        return try outcome.get()
    }
}
