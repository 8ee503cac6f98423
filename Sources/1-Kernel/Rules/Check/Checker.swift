/// Finds the type of every node of a rule, what its names and calls mean, and what is wrong with it.
///
/// The type system is gradual: `dyn` fits everything, and what is `dyn` is looked at when the rule runs. Lists and maps
/// of mixed elements are of `dyn`. The algorithm is that of the language's definition: type variables, bound as far
/// as each use asks, where the more general of two fitting types wins.
struct Checker {
    let tree: SyntaxTree
    let declarations: Declarations
    let limits: Limits
    var annotations: Annotations
    var substitution = Substitution()
    /// The variables of the comprehensions around the node that is looked at, the innermost last.
    private var locals: [(name: String, type: Type)] = []
    private var issues: [Issue] = []

    /// Checks a rule.
    /// - Throws: `CompileError` with every issue up to the limit.
    static func check(
        _ tree: SyntaxTree, _ declarations: Declarations, limits: Limits
    ) throws(CompileError) -> Annotations {
        var checker = Checker(tree: tree, declarations: declarations, limits: limits)
        let result = checker.check(tree.root)
        guard checker.issues.isEmpty else { throw CompileError(issues: checker.issues) }
        checker.close()
        checker.annotations.result = checker.substitution.apply(result, closing: true)
        return checker.annotations
    }

    private init(tree: SyntaxTree, declarations: Declarations, limits: Limits) {
        self.tree = tree
        self.declarations = declarations
        self.limits = limits
        self.annotations = Annotations(idLimit: tree.idLimit)
    }

    /// Replaces the type variables in what was written down; what no use has bound is `dyn`.
    private mutating func close() {
        for index in annotations.types.indices {
            if let type = annotations.types[index] {
                annotations.types[index] = substitution.apply(type, closing: true)
            }
        }
    }

    mutating func report(_ message: String, at id: Int) {
        guard issues.count < limits.issues else { return }
        issues.append(Issue(message: message, location: tree.location(of: id)))
    }

    /// Finds the type of a node and writes it down.
    mutating func check(_ node: Expression) -> Type {
        // Past the limit of issues nothing new can be said.
        guard issues.count < limits.issues else { return .error }
        let type: Type
        switch node.kind {
        case .literal(let value): type = value.staticType
        case .identifier(let name): type = checkIdentifier(node.id, name)
        case .select(let operand, let field, let isTest):
            type = checkSelect(node, operand, field, isTest: isTest)
        case .call(Operator.optionalSelect, nil, let arguments) where arguments.count == 2:
            type = checkOptionalSelect(node.id, arguments[0], arguments[1])
        case .call(let function, let target, let arguments):
            type = checkCall(node.id, function, target, arguments)
        case .list(let elements, let optionals): type = checkList(elements, optionals)
        case .map(let entries): type = checkMap(entries)
        case .message(let name, let fields): type = checkMessage(node.id, name, fields)
        case .comprehension(let fold): type = checkFold(fold)
        }
        annotations.types[node.id] = type
        return type
    }

    // MARK: Names

    private func local(_ name: String) -> Type? { locals.last { $0.name == name }?.type }

    private mutating func checkIdentifier(_ id: Int, _ name: String) -> Type {
        if let type = local(name) { return type }
        if let type = resolve(id, name) { return type }
        report(unknown(name), at: id)
        return .error
    }

    /// The type of a name that is declared, with its reference written down.
    private mutating func resolve(_ id: Int, _ name: String) -> Type? {
        switch declarations.resolve(name) {
        case .variable(let full, let type)?:
            annotations.references[id] = .variable(full)
            return type
        case .constant(let value, let type)?:
            annotations.references[id] = .constant(value)
            return type
        case nil:
            return nil
        }
    }

    private func unknown(_ name: String) -> String {
        let inside = declarations.container.name.isEmpty ? "" : " in '\(declarations.container.name)'"
        let known = declarations.names + locals.map(\.name).filter { !$0.hasPrefix("@") }
        let proposal = Spelling.nearest(to: name, among: known).map { "; did you mean '\($0)'?" } ?? ""
        return "there is no '\(name)'\(inside)\(proposal)"
    }

    /// Marks the name as standing for nothing that was typed, then says so once.
    private mutating func fail(_ message: String, at id: Int) -> Type {
        report(message, at: id)
        return .error
    }

    // MARK: Selection

    private mutating func checkSelect(_ node: Expression, _ operand: Expression, _ field: String, isTest: Bool) -> Type
    {
        if !isTest, let root = node.rootName, local(root) == nil, let name = node.qualifiedName,
            let type = resolve(node.id, name)
        {
            return type
        }
        let type = selection(node.id, check(operand), field, isOptional: false)
        return isTest && type != .error ? .bool : type
    }

    private mutating func checkOptionalSelect(_ id: Int, _ operand: Expression, _ field: Expression) -> Type {
        let operandType = check(operand)
        annotations.types[field.id] = .string
        guard case .literal(.string(let name)) = field.kind else {
            return fail("'.?' takes the name of a field", at: id)
        }
        annotations.references[id] = .overloads(["select_optional_field"])
        return selection(id, operandType, name, isOptional: true)
    }

    private mutating func selection(_ id: Int, _ operand: Type, _ field: String, isOptional: Bool) -> Type {
        var target = substitution.apply(operand)
        var isOptional = isOptional
        if case .optional(let inner) = target {
            target = substitution.apply(inner)
            isOptional = true
        }
        let type: Type
        switch target {
        case .map(_, let value): type = value
        case .message(let name):
            guard let found = declarations.provider.fieldType(field, of: name) else {
                return fail("'\(name)' has no field '\(field)'", at: id)
            }
            type = found
        case .parameter:
            // Bound to dyn here, so that a later use does not bind it to something that has no fields.
            _ = substitution.fits(.dynamic, target)
            type = .dynamic
        case .dynamic, .any, .error: type = .dynamic
        default: return fail("a value of type '\(target)' has no fields, so no '\(field)'", at: id)
        }
        return isOptional ? .optional(type) : type
    }

    // MARK: Calls

    private mutating func checkCall(
        _ id: Int, _ name: String, _ target: Expression?, _ arguments: [Expression]
    ) -> Type {
        guard let target else {
            let types = checkAll(nil, arguments)
            guard let function = declarations.function(name) else { return fail(unknown(name), at: id) }
            let (result, overloads) = resolve(id, function, types, isMember: false)
            annotations.references[id] = .overloads(overloads)
            return result
        }
        // `a.b.f(x)` is the function `a.b.f` when there is one, and else the method `f` of `a.b`.
        if let root = target.rootName, local(root) == nil, let prefix = target.qualifiedName,
            let function = declarations.function(prefix + "." + name)
        {
            let types = checkAll(nil, arguments)
            let (result, overloads) = resolve(id, function, types, isMember: false)
            annotations.references[id] = .function(function.name, overloads: overloads)
            return result
        }
        let types = checkAll(target, arguments)
        guard let function = declarations.function(name) else { return fail(unknown(name), at: id) }
        let (result, overloads) = resolve(id, function, types, isMember: true)
        annotations.references[id] = .overloads(overloads)
        return result
    }

    private mutating func checkAll(_ target: Expression?, _ arguments: [Expression]) -> [Type] {
        var types: [Type] = []
        types.reserveCapacity(arguments.count + 1)
        if let target { types.append(check(target)) }
        for argument in arguments { types.append(check(argument)) }
        return types
    }

    /// The overloads that fit and the type of the result: `dyn` when several fit and differ.
    private mutating func resolve(
        _ id: Int, _ function: (name: String, signatures: [Signature]), _ arguments: [Type], isMember: Bool
    ) -> (Type, [String]) {
        var result: Type?
        var overloads: [String] = []
        for type in arguments {
            if case .error = type { return (.error, []) }
        }
        for signature in function.signatures where signature.isMember == isMember {
            guard signature.parameters.count == arguments.count, mayFit(signature, arguments),
                let type = match(signature, arguments)
            else { continue }
            if overloads.isEmpty { overloads = signature.ids } else { overloads += signature.ids }
            if let known = result {
                if known != .dynamic, known != type { result = .dynamic }
            } else {
                result = type
            }
        }
        guard let result else {
            report(Explanation.noOverload(function, arguments.map { substitution.apply($0) }, isMember), at: id)
            return (.error, [])
        }
        return (result, overloads)
    }

    /// Whether it is worth trying: no argument is a scalar of another type than its parameter. Operators have up to a
    /// dozen overloads, of which this leaves one.
    private func mayFit(_ signature: Signature, _ arguments: [Type]) -> Bool {
        for index in arguments.indices {
            guard let code = arguments[index].scalarCode, let wanted = signature.parameters[index].scalarCode else {
                continue
            }
            if code != wanted { return false }
        }
        return true
    }

    /// The type of a call's result when the overload takes the arguments.
    private mutating func match(_ signature: Signature, _ arguments: [Type]) -> Type? {
        let names = signature.typeParameters
        if names.isEmpty {
            return substitution.fits(arguments, signature.parameters) ? signature.overload.result : nil
        }
        let fresh = names.map { _ in substitution.fresh() }
        let parameters = signature.parameters.map { substitution.instantiate($0, names, fresh) }
        guard substitution.fits(arguments, parameters) else { return nil }
        return substitution.apply(substitution.instantiate(signature.overload.result, names, fresh))
    }

    // MARK: Literals of lists, maps and messages

    /// The type of elements of both types: the more general one, or `dyn` when neither fits the other.
    private mutating func join(_ known: Type?, _ next: Type) -> Type {
        guard let known else { return next }
        return substitution.fits(known, next) ? Substitution.mostGeneral(known, next) : .dynamic
    }

    /// The type inside an optional, for elements written with `?`.
    private mutating func unwrap(_ type: Type, at id: Int) -> Type {
        switch substitution.apply(type) {
        case .optional(let inner): return inner
        case .dynamic, .any, .error: return .dynamic
        case let other:
            let inner = substitution.fresh()
            if case .parameter = other, substitution.fits(other, .optional(inner)) { return inner }
            return fail("after '?' an optional is expected, this is of type '\(other)'", at: id)
        }
    }

    private mutating func checkList(_ elements: [Expression], _ optionals: [Int]) -> Type {
        var joined: Type?
        for (index, element) in elements.enumerated() {
            var type = check(element)
            if optionals.contains(index) { type = unwrap(type, at: element.id) }
            joined = join(joined, type)
        }
        return .list(joined ?? substitution.fresh())
    }

    private mutating func checkMap(_ entries: [Expression.MapEntry]) -> Type {
        var keys: Type?
        var values: Type?
        for entry in entries {
            keys = join(keys, check(entry.key))
            var type = check(entry.value)
            if entry.isOptional { type = unwrap(type, at: entry.value.id) }
            values = join(values, type)
        }
        return .map(keys ?? substitution.fresh(), values ?? substitution.fresh())
    }

    private mutating func checkMessage(_ id: Int, _ name: String, _ fields: [Expression.FieldEntry]) -> Type {
        guard let message = declarations.message(name) else {
            for field in fields { _ = check(field.value) }
            return fail("there is no message type '\(name)'", at: id)
        }
        annotations.references[id] = .message(message.name)
        for field in fields {
            var type = check(field.value)
            if field.isOptional { type = unwrap(type, at: field.value.id) }
            guard let expected = declarations.provider.fieldType(field.name, of: message.name) else {
                report("'\(message.name)' has no field '\(field.name)'", at: field.id)
                continue
            }
            if !substitution.fits(type, expected) {
                let found = substitution.apply(type)
                report("the field '\(field.name)' takes '\(expected)', this is of type '\(found)'", at: field.id)
            }
        }
        return message.type
    }

    // MARK: Comprehensions

    private mutating func checkFold(_ fold: Comprehension) -> Type {
        let range = substitution.apply(check(fold.range))
        let accumulated = check(fold.initial)
        var first: Type = .dynamic
        var second: Type = .dynamic
        switch range {
        case .list(let element):
            (first, second) = fold.secondVariable == nil ? (element, element) : (.int, element)
        case .map(let key, let value): (first, second) = (key, value)
        case .parameter: _ = substitution.fits(.dynamic, range)
        case .dynamic, .any, .error: break
        default: report("one goes through a list or a map, this is of type '\(range)'", at: fold.range.id)
        }
        let depth = locals.count
        locals.append((fold.accumulator, accumulated))
        locals.append((fold.variable, first))
        if let name = fold.secondVariable { locals.append((name, second)) }
        expect(.bool, check(fold.condition), at: fold.condition.id)
        expect(accumulated, check(fold.step), at: fold.step.id)
        // The result sees what was accumulated, no longer the elements.
        locals.removeLast(locals.count - depth - 1)
        let result = check(fold.result)
        locals.removeLast(locals.count - depth)
        return substitution.apply(result)
    }

    private mutating func expect(_ expected: Type, _ found: Type, at id: Int) {
        guard !substitution.fits(found, expected) else { return }
        let (expected, found) = (substitution.apply(expected), substitution.apply(found))
        report("a value of type '\(expected)' is expected, this is of type '\(found)'", at: id)
    }
}

extension Expression {
    /// `a.b.c` when the node is nothing but names and selections, with the leading dot it may have.
    public var qualifiedName: String? {
        switch kind {
        case .identifier(let name): return name
        case .select(let operand, let field, false): return operand.qualifiedName.map { $0 + "." + field }
        default: return nil
        }
    }

    /// The name at the root of a chain of selections.
    public var rootName: String? {
        var node = self
        while case .select(let operand, _, _) = node.kind { node = operand }
        if case .identifier(let root) = node.kind { return root }
        return nil
    }
}
