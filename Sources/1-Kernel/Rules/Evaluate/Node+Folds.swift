/// Where a comprehension keeps its variables.
struct Places: Sendable {
    let first: Int
    /// For two variables: then the first is the index or key, the second the element or value.
    let second: Int?
}

extension Node {
    /// Runs a body for each element of a list or key of a map, until the body says that it is enough.
    @inline(__always)
    func forEach(
        _ range: Node, _ places: Places, _ frame: inout Frame,
        _ body: (inout Frame) throws(Interruption) -> Bool
    ) throws(Interruption) {
        let value = try range.evaluate(&frame)
        try spend(1, &frame)
        switch value {
        case .list(let list):
            let atHand = list.elementsAtHand
            let element = places.second ?? places.first
            for index in 0..<list.count {
                try pass(&frame)
                if places.second != nil { frame.locals[places.first] = .int(Int64(index)) }
                frame.locals[element] = atHand?[index] ?? list[index]
                if try !body(&frame) { break }
            }
        case .map(let map):
            for key in map.keys {
                try pass(&frame)
                frame.locals[places.first] = key
                if let second = places.second { frame.locals[second] = map[key] ?? .null }
                if try !body(&frame) { break }
            }
        default:
            throw Interruption(
                .noSuchOverload, "one goes through a list or a map, this is of type '\(value.typeName)'",
                at: range.id)
        }
        // What the last element holds is not kept alive by a place that nothing reads any more.
        frame.locals[places.first] = .null
        if let second = places.second { frame.locals[second] = .null }
    }

    @inline(__always)
    private func pass(_ frame: inout Frame) throws(Interruption) {
        do throws(EvaluationError) {
            try frame.budget.iterate()
            try frame.budget.spend(1)
        } catch {
            throw Interruption(error, at: id)
        }
    }
}

/// `range.all(x, predicate)` and `range.exists(x, predicate)`: like a chain of `&&` or `||`, they commute over errors.
final class QuantifierNode: Node, @unchecked Sendable {
    private let range: Node
    private let places: Places
    private let predicate: Node
    /// What decides: true for `exists`, false for `all`.
    private let deciding: Bool

    init(id: Int, _ range: Node, _ places: Places, _ predicate: Node, deciding: Bool) {
        self.range = range
        self.places = places
        self.predicate = predicate
        self.deciding = deciding
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        .bool(try evaluateBool(&frame))
    }

    override func evaluateBool(_ frame: inout Frame) throws(Interruption) -> Bool {
        var pending: Interruption?
        var isDecided = false
        try forEach(range, places, &frame) { frame throws(Interruption) in
            do throws(Interruption) {
                isDecided = try predicate.evaluateBool(&frame) == deciding
            } catch {
                if error.isLimit { throw error }
                pending.merge(error)
            }
            return !isDecided
        }
        if isDecided { return deciding }
        if let pending { throw pending }
        return !deciding
    }
}

/// `range.exists_one(x, predicate)`
final class ExistsOneNode: Node, @unchecked Sendable {
    private let range: Node
    private let places: Places
    private let predicate: Node

    init(id: Int, _ range: Node, _ places: Places, _ predicate: Node) {
        self.range = range
        self.places = places
        self.predicate = predicate
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        var count = 0
        try forEach(range, places, &frame) { frame throws(Interruption) in
            if try predicate.evaluateBool(&frame) { count += 1 }
            // The rest is still looked at: an error there is an error of the whole.
            return true
        }
        return .bool(count == 1)
    }
}

/// `map`, `filter` and `transformList`: one list, grown in place.
final class CollectNode: Node, @unchecked Sendable {
    private let range: Node
    private let places: Places
    private let filter: Node?
    private let transform: Node

    init(id: Int, _ range: Node, _ places: Places, filter: Node?, _ transform: Node) {
        self.range = range
        self.places = places
        self.filter = filter
        self.transform = transform
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        var collected: [Value] = []
        try forEach(range, places, &frame) { frame throws(Interruption) in
            if let filter, try !filter.evaluateBool(&frame) { return true }
            collected.append(try transform.evaluate(&frame))
            do throws(EvaluationError) { try frame.budget.admit(elements: collected.count) } catch {
                throw Interruption(error, at: id)
            }
            return true
        }
        return try admitted(.list(collected), &frame)
    }
}

/// `transformMap` and `transformMapEntry`: one map, grown in place.
final class CollectMapNode: Node, @unchecked Sendable {
    enum Result: Sendable {
        /// The value under the key at hand.
        case value(Node)
        /// A map of the entries to add.
        case entries(Node)
    }

    private let range: Node
    private let places: Places
    private let filter: Node?
    private let result: Result

    init(id: Int, _ range: Node, _ places: Places, filter: Node?, _ result: Result) {
        self.range = range
        self.places = places
        self.filter = filter
        self.result = result
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        var builder = MapBuilder()
        try forEach(range, places, &frame) { frame throws(Interruption) in
            if let filter, try !filter.evaluateBool(&frame) { return true }
            try collect(into: &builder, &frame)
            return true
        }
        return try admitted(.map(builder.map), &frame)
    }

    private func collect(into builder: inout MapBuilder, _ frame: inout Frame) throws(Interruption) {
        switch result {
        case .value(let node):
            let key = frame.locals[places.first]
            let value = try node.evaluate(&frame)
            try located { try builder.insert(key, value) }
        case .entries(let node):
            let value = try node.evaluate(&frame)
            guard case .map(let map) = value else { throw noOverload(MacroContext.mapInsert, value) }
            try spend(map.count, &frame)
            try located { for entry in map.entries { try builder.insert(entry.key, entry.value) } }
        }
        do throws(EvaluationError) { try frame.budget.admit(elements: builder.count) } catch {
            throw Interruption(error, at: id)
        }
    }
}

/// Any other fold, as a library's macro may write it, step by step.
final class FoldNode: Node, @unchecked Sendable {
    struct Parts: Sendable {
        let range: Node
        let initial: Node
        let condition: Node
        let step: Node
        let result: Node
    }

    private let parts: Parts
    private let places: Places
    private let accumulator: Int

    init(id: Int, _ parts: Parts, _ places: Places, accumulator: Int) {
        self.parts = parts
        self.places = places
        self.accumulator = accumulator
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        frame.locals[accumulator] = try parts.initial.evaluate(&frame)
        try forEach(parts.range, places, &frame) { frame throws(Interruption) in
            guard try parts.condition.evaluateBool(&frame) else { return false }
            frame.locals[accumulator] = try parts.step.evaluate(&frame)
            return true
        }
        defer { frame.locals[accumulator] = .null }
        return try parts.result.evaluate(&frame)
    }
}
