/// Turns a syntax tree into nodes that evaluate.
///
/// Names become variables, places or constants; operators, comprehensions and the commonest conditions become nodes
/// of their own; what depends on nothing is evaluated here. What the checker found is used where it is at hand, and
/// everything works without it.
struct Planner {
    let environment: Environment
    let annotations: Annotations?
    /// Whether the plan asks, at each path from a variable, if that part of the bindings is known.
    let isPartial: Bool

    private var scope: [Local] = []
    private var localCount = 0
    /// Set while the node at hand is the operand of a path that is already watched.
    private var isInsidePath = false

    private struct Local {
        let name: String
        /// Whether reading it may fail (`cel.bind`).
        let isBound: Bool
    }

    static func plan(
        _ tree: SyntaxTree, _ annotations: Annotations?, in environment: Environment, isPartial: Bool = false
    ) -> Plan {
        var planner = Planner(environment: environment, annotations: annotations, isPartial: isPartial)
        let root = planner.plan(tree.root)
        return Plan(root: root, localCount: planner.localCount)
    }

    private init(environment: Environment, annotations: Annotations?, isPartial: Bool) {
        self.environment = environment
        self.annotations = annotations
        self.isPartial = isPartial
    }

    mutating func plan(_ expression: Expression) -> Node {
        let isInsidePath = self.isInsidePath
        self.isInsidePath = false
        if isPartial, !isInsidePath, let watched = watchedPath(expression) { return watched }
        let id = expression.id
        switch expression.kind {
        case .literal(let value): return ConstantNode(id: id, value)
        case .identifier, .select: return planPath(expression)
        case .call(let function, let target, let arguments):
            return planCall(id, function, target, arguments)
        case .list(let elements, let optionals):
            let nodes = elements.map { plan($0) }
            return folded(ListNode(id: id, nodes, optionals: optionals), nodes)
        case .map(let entries):
            let nodes = entries.map {
                MapNode.Entry(key: plan($0.key), value: plan($0.value), isOptional: $0.isOptional)
            }
            return folded(MapNode(id: id, nodes), nodes.flatMap { [$0.key, $0.value] })
        case .message(let name, let fields): return planMessage(id, name, fields)
        case .comprehension(let fold): return planFold(id, fold)
        }
    }

    /// The constant that a node of constants comes to, or the node itself when that fails or costs much.
    private func folded(_ node: Node, _ operands: [Node]) -> Node {
        guard operands.allSatisfy({ $0.constant != nil }) else { return node }
        var limits = environment.limits
        limits.cost = Planner.foldingCost
        var budget = Budget(limits)
        let plan = Plan(root: node, localCount: 0)
        guard let value = try? plan.run(Bindings(), budget: &budget, isPartial: false) else { return node }
        return ConstantNode(id: node.id, value)
    }

    /// What is not cheap to know in advance waits until it is asked for.
    private static let foldingCost = 2_000

    // MARK: Names

    private mutating func planPath(_ expression: Expression) -> Node {
        let id = expression.id
        switch annotations?.reference(of: id) {
        case .variable(let name)?: return variable(id, name)
        case .constant(let value)?: return ConstantNode(id: id, value)
        default: break
        }
        switch expression.kind {
        case .identifier(let name):
            if let local = local(id, name) { return local }
            return unchecked(id, root: name, fields: [])
        case .select(let operand, let field, let isTest):
            if annotations == nil, !isTest, let path = namePath(expression), !isLocal(path.root) {
                return unchecked(id, root: path.root, fields: path.fields)
            }
            isInsidePath = true
            let operand = plan(operand)
            isInsidePath = false
            return isTest
                ? TestNode(id: id, operand, field: field) : SelectNode(id: id, operand, field: field)
        default: return FailingNode(id: id, .noSuchVariable, "no name")
        }
    }

    private func variable(_ id: Int, _ name: String) -> Node {
        VariableNode(id: id, name, expectedAt: environment.places[name] ?? 0)
    }

    private func isLocal(_ name: String) -> Bool { scope.contains { $0.name == name } }

    private func local(_ id: Int, _ name: String) -> Node? {
        guard let place = scope.lastIndex(where: { $0.name == name }) else { return nil }
        return scope[place].isBound ? BoundNode(id: id, place: place) : LocalNode(id: id, place: place)
    }

    private func namePath(_ expression: Expression) -> (root: String, fields: [String])? {
        var fields: [String] = []
        var current = expression
        while case .select(let operand, let field, false) = current.kind {
            fields.append(field)
            current = operand
        }
        guard case .identifier(let root) = current.kind else { return nil }
        return (root, fields.reversed())
    }

    /// A name that no checker resolved: the longest part of it that is declared, or else that is bound.
    private func unchecked(_ id: Int, root: String, fields: [String]) -> Node {
        var alternatives: [NamesNode.Alternative] = []
        let full = ([root] + fields).joined(separator: ".")
        for length in stride(from: fields.count, through: 0, by: -1) {
            let name = ([root] + fields[..<length]).joined(separator: ".")
            let rest = fields[length...]
            for candidate in environment.container.candidates(for: name) {
                let node = variable(id, candidate)
                if environment.variables[candidate] != nil { return selecting(rest, of: node) }
                if let value = environment.constant(candidate) {
                    let constant = selecting(rest, of: ConstantNode(id: id, value))
                    return alternatives.isEmpty ? constant : NamesNode(id: id, full, alternatives, fallback: constant)
                }
                alternatives.append(
                    NamesNode.Alternative(variable: candidate, node: selecting(rest, of: node)))
            }
        }
        // A plain name without a container has one meaning.
        if alternatives.count == 1 { return alternatives[0].node }
        return NamesNode(id: id, full, alternatives, fallback: nil)
    }

    private func selecting(_ fields: ArraySlice<String>, of node: Node) -> Node {
        fields.reduce(node) { SelectNode(id: node.id, $0, field: $1) }
    }

    // MARK: Messages

    private mutating func planMessage(_ id: Int, _ name: String, _ fields: [Expression.FieldEntry]) -> Node {
        let full: String
        if case .message(let checked)? = annotations?.reference(of: id) {
            full = checked
        } else if let known = environment.container.candidates(for: name).first(where: {
            environment.types.type(named: $0) != nil
        }) {
            full = known
        } else {
            return FailingNode(id: id, .noSuchType, "there is no message type '\(name)'")
        }
        let nodes = fields.map {
            MessageNode.Field(name: $0.name, value: plan($0.value), isOptional: $0.isOptional)
        }
        return MessageNode(id: id, full, nodes, environment.types)
    }

    // MARK: Comprehensions

    private mutating func declare(_ name: String, isBound: Bool = false) -> Int {
        scope.append(Local(name: name, isBound: isBound))
        localCount = max(localCount, scope.count)
        return scope.count - 1
    }

    private mutating func planFold(_ id: Int, _ fold: Comprehension) -> Node {
        let depth = scope.count
        defer { scope.removeLast(scope.count - depth) }
        if fold.origin == .bind {
            let value = plan(fold.initial)
            let place = declare(fold.accumulator, isBound: true)
            return BindNode(id: id, place: place, value: value, body: plan(fold.result))
        }
        let range = plan(fold.range)
        if fold.origin == .other { return planGeneralFold(id, fold, range) }
        let first = declare(fold.variable)
        let places = Places(first: first, second: fold.secondVariable.map { declare($0) })
        if let known = planKnownFold(id, fold, range, places) { return known }
        scope.removeLast(scope.count - depth)
        return planGeneralFold(id, fold, range)
    }

    /// The macros' folds without folding: each step has a shape that is known.
    private mutating func planKnownFold(
        _ id: Int, _ fold: Comprehension, _ range: Node, _ places: Places
    ) -> Node? {
        guard case .call(let function, nil, var arguments) = fold.step.kind else { return nil }
        switch fold.origin {
        case .all, .exists:
            return QuantifierNode(
                id: id, range, places, plan(arguments[1]), deciding: fold.origin == .exists)
        case .existsOne:
            return ExistsOneNode(id: id, range, places, plan(arguments[0]))
        case .map, .filter, .transformList, .transformMap, .transformMapEntry:
            var filter: Node?
            if function == Operator.conditional {
                filter = plan(arguments[0])
                guard case .call(_, nil, let grown) = arguments[1].kind else { return nil }
                arguments = grown
            }
            if fold.origin == .transformMap {
                return CollectMapNode(id: id, range, places, filter: filter, .value(plan(arguments[2])))
            }
            if fold.origin == .transformMapEntry {
                return CollectMapNode(id: id, range, places, filter: filter, .entries(plan(arguments[1])))
            }
            guard case .list(let elements, []) = arguments[1].kind, elements.count == 1 else { return nil }
            return CollectNode(id: id, range, places, filter: filter, plan(elements[0]))
        case .bind, .other: return nil
        }
    }

    private mutating func planGeneralFold(_ id: Int, _ fold: Comprehension, _ range: Node) -> Node {
        let initial = plan(fold.initial)
        let accumulator = declare(fold.accumulator)
        let depth = scope.count
        let first = declare(fold.variable)
        let places = Places(first: first, second: fold.secondVariable.map { declare($0) })
        let condition = plan(fold.condition)
        let step = plan(fold.step)
        scope.removeLast(scope.count - depth)
        let parts = FoldNode.Parts(
            range: range, initial: initial, condition: condition, step: step, result: plan(fold.result))
        return FoldNode(id: id, parts, places, accumulator: accumulator)
    }
}

// MARK: - Calls

extension Planner {
    private mutating func planCall(
        _ id: Int, _ function: String, _ target: Expression?, _ arguments: [Expression]
    ) -> Node {
        if target == nil, let node = planOperator(id, function, arguments) { return node }
        if let target {
            if let full = namespaced(id, function, target) {
                return planFunction(id, full, isMember: false, arguments.map { plan($0) })
            }
            return planFunction(id, function, isMember: true, ([target] + arguments).map { plan($0) })
        }
        if function == "dyn", arguments.count == 1 { return plan(arguments[0]) }
        let found = environment.container.candidates(for: function).first { environment.functions[$0] != nil }
        return planFunction(id, found ?? function, isMember: false, arguments.map { plan($0) })
    }

    /// The full name of a function whose namespace is written like a target: `math.greatest(a, b)`.
    private func namespaced(_ id: Int, _ function: String, _ target: Expression) -> String? {
        if case .function(let full, _)? = annotations?.reference(of: id) { return full }
        guard annotations == nil, let path = namePath(target), !isLocal(path.root) else { return nil }
        let name = ([path.root] + path.fields + [function]).joined(separator: ".")
        return environment.container.candidates(for: name).first { environment.functions[$0] != nil }
    }

    private func planFunction(_ id: Int, _ name: String, isMember: Bool, _ arguments: [Node]) -> Node {
        guard let function = environment.functions[name] else {
            return FailingNode(id: id, .noSuchOverload, "there is no function '\(name)'")
        }
        var fitting = function.overloads.filter {
            $0.isMember == isMember && $0.parameters.count == arguments.count
        }
        switch annotations?.reference(of: id) {
        case .overloads(let ids)?, .function(_, let ids)?: fitting = fitting.filter { ids.contains($0.id) }
        default: break
        }
        if fitting.isEmpty {
            return FailingNode(
                id: id, .noSuchOverload, "'\(name)' does not take \(arguments.count) arguments in this way")
        }
        if isMember, arguments.count == 2, name == "or" || name == "orValue", fitting[0].id.hasPrefix("optional_") {
            return AlternativeNode(id: id, arguments[0], arguments[1], isUnwrapping: name == "orValue")
        }
        let constants = arguments.map(\.constant)
        let node = CallNode(id: id, name, fitting.map { Target($0, constants: constants) }, arguments)
        return environment.isPure(name) ? folded(node, arguments) : node
    }

    private mutating func planOperator(_ id: Int, _ function: String, _ arguments: [Expression]) -> Node? {
        switch function {
        case Operator.and, Operator.or:
            return LogicNode(id: id, plan(arguments[0]), plan(arguments[1]), deciding: function == Operator.or)
        case Operator.index where arguments.count == 2:
            isInsidePath = true
            let operand = plan(arguments[0])
            isInsidePath = false
            let key = plan(arguments[1])
            return folded(IndexNode(id: id, operand, key), [operand, key])
        case Operator.optionalSelect, Operator.optionalIndex:
            isInsidePath = true
            let operand = plan(arguments[0])
            isInsidePath = false
            return OptionalAccessNode(
                id: id, operand, plan(arguments[1]), isSelection: function == Operator.optionalSelect)
        case Operator.conditional:
            return ConditionalNode(id: id, plan(arguments[0]), plan(arguments[1]), plan(arguments[2]))
        case Operator.notStrictlyFalse: return NotStrictlyFalseNode(id: id, plan(arguments[0]))
        default: break
        }
        guard function.utf8.contains(UInt8(ascii: "_")) || function == Operator.contained else { return nil }
        switch arguments.count {
        case 1: return planUnary(id, function, plan(arguments[0]))
        case 2: return planBinary(id, function, plan(arguments[0]), plan(arguments[1]))
        default: return nil
        }
    }

    private func planUnary(_ id: Int, _ function: String, _ operand: Node) -> Node? {
        switch function {
        case Operator.not: folded(NotNode(id: id, operand), [operand])
        case Operator.negate: folded(NegateNode(id: id, operand), [operand])
        default: nil
        }
    }

    private func planBinary(_ id: Int, _ function: String, _ left: Node, _ right: Node) -> Node? {
        if let node = planComparison(id, function, left, right) { return folded(node, [left, right]) }
        guard let operation = Arithmetic(function: function) else { return nil }
        return folded(ArithmeticNode(id: id, operation, left, right), [left, right])
    }

    private func planComparison(_ id: Int, _ function: String, _ left: Node, _ right: Node) -> Node? {
        switch function {
        case Operator.equals, Operator.notEquals:
            let isNegated = function == Operator.notEquals
            switch (left.constant, right.constant) {
            case (nil, .string(let text)?): return EqualStringNode(id: id, left, text, isNegated: isNegated)
            case (.string(let text)?, nil): return EqualStringNode(id: id, right, text, isNegated: isNegated)
            default: return EqualNode(id: id, left, right, isNegated: isNegated)
            }
        case Operator.contained: return planContained(id, left, right)
        default:
            guard let relation = Relation(function: function) else { return nil }
            switch (left.constant, right.constant) {
            case (nil, .int(let number)?): return CompareIntNode(id: id, relation, left, number)
            case (.int(let number)?, nil): return CompareIntNode(id: id, relation.mirrored, right, number)
            default: return CompareNode(id: id, relation, left, right)
            }
        }
    }

    /// `x in [constants]` looks in a set that is made once.
    private func planContained(_ id: Int, _ element: Node, _ container: Node) -> Node {
        let general = ContainedNode(id: id, element, container)
        guard case .list(let list)? = container.constant else { return general }
        var keys: Set<MapKey> = []
        for value in list.elements {
            guard let key = MapKey(value) else { return general }
            keys.insert(key)
        }
        let texts = keys.compactMap { if case .string(let text) = $0 { text } else { nil } }
        if texts.count == keys.count { return AmongStringsNode(id: id, element, texts) }
        return AmongKeysNode(id: id, element, keys)
    }
}

// MARK: - Partial evaluation

extension Planner {
    /// A path from a variable, wrapped so that it asks first whether that part of the bindings is known.
    private mutating func watchedPath(_ expression: Expression) -> Node? {
        var steps: [AttributeNode.Step] = []
        var current = expression
        while true {
            if let name = variableName(current) {
                isInsidePath = true
                let inner = plan(expression)
                isInsidePath = false
                return AttributeNode(id: expression.id, variable: name, steps: steps.reversed(), inner: inner)
            }
            switch current.kind {
            case .select(let operand, let field, _):
                steps.append(.known(.name(field)))
                current = operand
            case .call(Operator.index, nil, let arguments), .call(Operator.optionalIndex, nil, let arguments),
                .call(Operator.optionalSelect, nil, let arguments):
                guard arguments.count == 2 else { return nil }
                steps.append(.computed(plan(arguments[1])))
                current = arguments[0]
            default: return nil
            }
        }
    }

    /// The variable that a node names, or nil when it names none.
    private func variableName(_ expression: Expression) -> String? {
        if case .variable(let name)? = annotations?.reference(of: expression.id) { return name }
        guard annotations == nil, let path = namePath(expression), !isLocal(path.root) else { return nil }
        let name = ([path.root] + path.fields).joined(separator: ".")
        let candidates = environment.container.candidates(for: name)
        if let declared = candidates.first(where: { environment.variables[$0] != nil }) { return declared }
        if candidates.contains(where: { environment.constant($0) != nil }) { return nil }
        return path.fields.isEmpty ? candidates.last : nil
    }
}
