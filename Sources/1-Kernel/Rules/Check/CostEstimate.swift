/// What a rule may cost at run time, in the units of ``Limits/cost``, before it has ever run.
///
/// `least` is what every evaluation pays; `most` is what the largest inputs the limits allow can make of it. A host
/// that knows its data gives sizes (a cart has at most 50 lines) and gets a bound worth comparing with a limit.
/// Sums saturate at `Int.max`.
public struct CostEstimate: Sendable, Equatable {
    public var least: Int
    public var most: Int

    static let unit = CostEstimate(least: 1, most: 1)
    static let none = CostEstimate(least: 0, most: 0)

    static func + (left: Self, right: Self) -> Self {
        CostEstimate(least: left.least.adding(right.least), most: left.most.adding(right.most))
    }

    static func += (left: inout Self, right: Self) { left = left + right }

    /// Either of two branches.
    static func | (left: Self, right: Self) -> Self {
        CostEstimate(least: min(left.least, right.least), most: max(left.most, right.most))
    }

    func repeated(_ least: Int, _ most: Int) -> Self {
        CostEstimate(least: self.least.times(least), most: self.most.times(most))
    }

    /// Estimates a checked rule.
    /// - Parameter sizes: the most elements or bytes that a variable or a path from one holds, by its text
    ///   (`["cart.lines": 50]`). What is not named may be as large as the limits allow.
    static func of(
        _ root: Expression, _ declarations: Declarations, _ annotations: Annotations?, limits: Limits,
        sizes: [String: Int] = [:]
    ) -> CostEstimate {
        var estimator = CostEstimator(
            declarations: declarations, annotations: annotations, limits: limits, sizes: sizes)
        return estimator.estimate(root).cost
    }
}

extension Environment {
    /// What a rule may cost at run time, before it has ever run.
    /// - Parameter sizes: the most elements or bytes that a variable or a path from one holds, by its text
    ///   (`["cart.lines": 50]`). What is not named may be as large as the limits allow.
    public func estimate(_ program: Program, sizes: [String: Int] = [:]) -> CostEstimate {
        CostEstimate.of(program.tree.root, declarations, program.annotations, limits: limits, sizes: sizes)
    }
}

extension Int {
    fileprivate func adding(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }

    fileprivate func times(_ other: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }
}

private struct CostEstimator {
    let declarations: Declarations
    let annotations: Annotations?
    let limits: Limits
    let sizes: [String: Int]
    /// The paths and sizes of comprehension variables in scope, the innermost last.
    var locals: [(name: String, path: String?, size: Int)] = []

    /// A node's cost, the most elements or bytes of its value, and its path from a variable when it is one.
    struct Estimate {
        var cost: CostEstimate
        var size: Int
        var path: String?
    }

    mutating func estimate(_ node: Expression) -> Estimate {
        switch node.kind {
        case .literal(let value):
            return Estimate(cost: .none, size: Self.size(value))
        case .identifier(let name):
            if let local = locals.last(where: { $0.name == name }) {
                return Estimate(cost: .unit, size: local.size, path: local.path)
            }
            return leaf(node, name, .unit)
        case .select(let operand, let field, let isTest):
            if annotations?.reference(of: node.id) != nil, let name = node.qualifiedName {
                return leaf(node, name, .unit)
            }
            let inner = estimate(operand)
            if isTest { return Estimate(cost: inner.cost + .unit, size: 1) }
            return leaf(node, inner.path.map { $0 + "." + field }, inner.cost + .unit)
        case .call(let function, let target, let arguments):
            return call(node, function, target, arguments)
        case .list(let elements, _):
            return Estimate(cost: sum(elements) + Self.making(list: 1), size: elements.count)
        case .map(let entries):
            return Estimate(
                cost: sum(entries.flatMap { [$0.key, $0.value] }) + Self.making(map: 1), size: entries.count)
        case .message(_, let fields):
            return Estimate(cost: sum(fields.map(\.value)) + Self.making(message: 1), size: 1)
        case .comprehension(let fold):
            return estimate(fold)
        }
    }

    /// What the evaluator charges for making a list, a map or a message.
    private static func making(list: Int = 0, map: Int = 0, message: Int = 0) -> CostEstimate {
        let cost = 10 * list + 30 * map + 40 * message
        return CostEstimate(least: cost, most: cost)
    }

    private mutating func sum(_ nodes: [Expression]) -> CostEstimate {
        nodes.reduce(.none) { $0 + estimate($1).cost }
    }

    private func leaf(_ node: Expression, _ path: String?, _ cost: CostEstimate) -> Estimate {
        let known = path.flatMap { sizes[$0] }
        return Estimate(cost: cost, size: known ?? largest(annotations?.type(of: node.id) ?? .dynamic), path: path)
    }

    private func largest(_ type: Type) -> Int {
        switch type {
        case .null, .bool, .int, .uint, .double, .timestamp, .duration, .message: 1
        case .wrapper(let inner), .optional(let inner): largest(inner)
        case .string, .bytes: limits.textBytes
        case .list, .map: limits.elements
        default: max(limits.textBytes, limits.elements)
        }
    }

    private static func size(_ value: Value) -> Int {
        switch value {
        case .string(let text): text.utf8.count
        case .bytes(let bytes): bytes.count
        case .list(let list): list.count
        case .map(let map): map.count
        default: 1
        }
    }

    private mutating func call(
        _ node: Expression, _ function: String, _ target: Expression?, _ arguments: [Expression]
    ) -> Estimate {
        var parts = arguments
        if let target {
            if case .function? = annotations?.reference(of: node.id) {} else { parts.insert(target, at: 0) }
        }
        let estimates = parts.map { estimate($0) }
        switch (function, estimates.count) {
        case (Operator.and, 2), (Operator.or, 2):
            // The right side may not be needed.
            let right = CostEstimate(least: 0, most: estimates[1].cost.most)
            return Estimate(cost: estimates[0].cost + right + .unit, size: 1)
        case (Operator.conditional, 3):
            return Estimate(
                cost: estimates[0].cost + (estimates[1].cost | estimates[2].cost) + .unit,
                size: max(estimates[1].size, estimates[2].size))
        case (Operator.index, 2), (Operator.optionalIndex, 2):
            return leaf(node, estimates[0].path.map { $0 + "[]" }, estimates[0].cost + estimates[1].cost + .unit)
        default: break
        }
        let cost = estimates.reduce(CostEstimate.unit) { $0 + $1.cost }
        let walked = work(node, function, estimates.map(\.size))
        return Estimate(
            cost: cost + CostEstimate(least: 0, most: walked), size: resultSize(node, function, estimates.map(\.size)))
    }

    /// What the call's own work may cost: what its overloads say, and for those that say nothing one unit for every
    /// ten elements or bytes of its arguments.
    private func work(_ node: Expression, _ function: String, _ sizes: [Int]) -> Int {
        let ids: [String]
        let name: String
        switch annotations?.reference(of: node.id) {
        case .overloads(let found)?: (ids, name) = (found, function)
        case .function(let full, let found)?: (ids, name) = (found, full)
        default: (ids, name) = ([], function)
        }
        let overloads = (declarations.function(name)?.signatures ?? []).map(\.overload).filter {
            ids.isEmpty || ids.contains($0.id)
        }
        let walked = sizes.reduce(0) { $0.adding($1 / 10) }
        return overloads.map { $0.cost?(sizes) ?? walked }.max() ?? walked
    }

    private func resultSize(_ node: Expression, _ function: String, _ sizes: [Int]) -> Int {
        let type = annotations?.type(of: node.id) ?? .dynamic
        if function == Operator.add { return min(sizes.reduce(0) { $0.adding($1) }, largest(type)) }
        return largest(type)
    }

    private mutating func estimate(_ fold: Comprehension) -> Estimate {
        let range = estimate(fold.range)
        let initial = estimate(fold.initial)
        let depth = locals.count
        locals.append((fold.accumulator, initial.path, fold.origin == .bind ? initial.size : limits.elements))
        let element = range.path.map { $0 + "[]" }
        let size = element.flatMap { sizes[$0] } ?? max(limits.textBytes, limits.elements)
        locals.append((fold.variable, element, size))
        if let second = fold.secondVariable { locals.append((second, element, size)) }
        let pass = CostEstimate.unit + estimate(fold.condition).cost + estimate(fold.step).cost
        locals.removeLast(locals.count - depth - 1)
        let result = estimate(fold.result)
        locals.removeLast(locals.count - depth)
        let passes = min(range.size, limits.iterations)
        // `exists` and its kin may stop after the first element; the least is no pass at all.
        return Estimate(
            cost: range.cost + initial.cost + result.cost + .unit + pass.repeated(0, passes),
            size: fold.origin == .bind ? result.size : min(range.size, limits.elements))
    }
}
