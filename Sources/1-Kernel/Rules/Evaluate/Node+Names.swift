/// A variable that the bindings hold.
final class VariableNode: Node, @unchecked Sendable {
    let name: String
    private let place: Int

    init(id: Int, _ name: String, expectedAt place: Int) {
        self.name = name
        self.place = place
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        try spend(1, &frame)
        switch frame.bindings.pointee.source(name, expectedAt: place) {
        case .value(let value)?: return value
        case .provider(let provider)?:
            if let value = frame.provided[name] { return value }
            let value = try located(provider)
            frame.provided[name] = value
            return value
        case nil: throw Interruption(.noSuchVariable, "nothing is bound to '\(name)'", at: id)
        }
    }
}

/// A name that no declaration explains: the longest part of it that is bound, with selections for the rest.
final class NamesNode: Node, @unchecked Sendable {
    struct Alternative: Sendable {
        let variable: String
        /// The variable, or its selections.
        let node: Node
    }

    private let name: String
    private let alternatives: [Alternative]
    /// A constant or type that the shortest part of the name stands for.
    private let fallback: Node?

    init(id: Int, _ name: String, _ alternatives: [Alternative], fallback: Node?) {
        self.name = name
        self.alternatives = alternatives
        self.fallback = fallback
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        for alternative in alternatives where frame.bindings.pointee.source(alternative.variable, expectedAt: 0) != nil
        {
            return try alternative.node.evaluate(&frame)
        }
        if let fallback { return try fallback.evaluate(&frame) }
        try spend(1, &frame)
        throw Interruption(.noSuchVariable, "nothing is bound to '\(name)'", at: id)
    }
}

/// A comprehension's variable.
final class LocalNode: Node, @unchecked Sendable {
    let place: Int

    init(id: Int, place: Int) {
        self.place = place
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        try spend(1, &frame)
        return frame.locals[place]
    }
}

/// A name that `cel.bind` binds: reading it fails when its value failed.
final class BoundNode: Node, @unchecked Sendable {
    private let place: Int

    init(id: Int, place: Int) {
        self.place = place
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        try spend(1, &frame)
        if !frame.failures.isEmpty, let failure = frame.failures[place] { throw failure }
        return frame.locals[place]
    }
}

/// `cel.bind(name, value, body)`.
final class BindNode: Node, @unchecked Sendable {
    private let place: Int
    private let value: Node
    private let body: Node

    init(id: Int, place: Int, value: Node, body: Node) {
        self.place = place
        self.value = value
        self.body = body
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        try spend(1, &frame)
        do throws(Interruption) {
            frame.locals[place] = try value.evaluate(&frame)
        } catch {
            if error.isLimit { throw error }
            frame.failures[place] = error
        }
        defer {
            frame.locals[place] = .null
            if !frame.failures.isEmpty { frame.failures[place] = nil }
        }
        return try body.evaluate(&frame)
    }
}

/// A path from a variable, where parts of the bindings may be unknown.
final class AttributeNode: Node, @unchecked Sendable {
    enum Step: Sendable {
        case known(Attribute.Step)
        case computed(Node)
    }

    private let variable: String
    private let steps: [Step]
    private let inner: Node

    init(id: Int, variable: String, steps: [Step], inner: Node) {
        self.variable = variable
        self.steps = steps
        self.inner = inner
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        let patterns = frame.bindings.pointee.unknowns.filter { $0.variable == variable }
        if !patterns.isEmpty {
            let path = try path(&frame)
            let met = patterns.filter { $0.meets(path) }
            if !met.isEmpty {
                // Where the pattern is the longer one, only what it names is missing.
                let missing = met.map { $0.steps.count > path.steps.count ? $0 : path }
                throw Interruption(.unknown(missing), at: id)
            }
        }
        return try inner.evaluate(&frame)
    }

    private func path(_ frame: inout Frame) throws(Interruption) -> Attribute {
        var known: [Attribute.Step] = []
        for step in steps {
            switch step {
            case .known(let step): known.append(step)
            case .computed(let node):
                switch MapKey(try node.evaluate(&frame)) {
                case .int(let number)?: known.append(.index(number))
                case .string(let name)?: known.append(.name(name))
                default: known.append(.any)
                }
            }
        }
        return Attribute(variable: variable, steps: known)
    }
}
