import Synchronization

/// `operand.field`
final class SelectNode: Node, @unchecked Sendable {
    private let operand: Node
    private let field: String
    /// The last object's layout and the field's number in it plus one, so that the next object of that layout is
    /// read by number. One word: two threads may each write their own, and either is right.
    private let remembered = Atomic<UInt64>(0)

    init(id: Int, _ operand: Node, field: String) {
        self.operand = operand
        self.field = field
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        let value = try operand.evaluate(&frame)
        try spend(1, &frame)
        switch value {
        case .object(let object): return try read(object)
        case .map(let map):
            if let found = map[field] { return found }
            throw Interruption(.noSuchKey, "the map has no key '\(field)'", at: id)
        case .optional(let optional):
            guard let wrapped = optional.wrapped else { return .none }
            return try located { try wrapped.member(field).map(Value.some) ?? .none }
        default:
            throw noFields(value, field)
        }
    }

    @inline(__always)
    private func read(_ object: any ObjectValue) throws(Interruption) -> Value {
        if let layout = object.layout {
            let memory = remembered.load(ordering: .relaxed)
            if UInt32(truncatingIfNeeded: memory >> 32) == layout.number {
                let slot = Int(truncatingIfNeeded: memory & 0xFFFF_FFFF) - 1
                return try located { try object.field(at: slot) }
            }
            if let slot = object.slot(ofField: field) {
                remembered.store(UInt64(layout.number) << 32 | UInt64(slot + 1), ordering: .relaxed)
                return try located { try object.field(at: slot) }
            }
        }
        if let value = try located({ try object.field(named: field) }) { return value }
        throw Interruption(.noSuchField, "'\(object.type)' has no field '\(field)'", at: id)
    }
}

extension Node {
    fileprivate func noFields(_ value: Value, _ field: String) -> Interruption {
        Interruption(
            .noSuchOverload, "a value of type '\(value.typeName)' has no fields, so no '\(field)'", at: id)
    }
}

extension Value {
    /// A field of an object that is set, or a map's value; nil where it is absent.
    fileprivate func member(_ name: String) throws -> Value? {
        switch self {
        case .map(let map): return map[name]
        case .object(let object):
            guard let isSet = try object.hasField(named: name) else {
                throw EvaluationError(.noSuchField, "'\(object.type)' has no field '\(name)'")
            }
            return isSet ? try object.field(named: name) : nil
        case .optional(let optional): return try optional.wrapped?.member(name)
        default:
            throw EvaluationError(
                .noSuchOverload, "a value of type '\(typeName)' has no fields, so no '\(name)'")
        }
    }

    /// An element of a list or a map's value; nil where it is absent.
    fileprivate func element(_ key: Value) throws -> Value? {
        switch self {
        case .list(let list):
            guard let index = try Value.index(key) else { return nil }
            return (0..<Int64(list.count)).contains(index) ? list[Int(index)] : nil
        case .map(let map):
            try Value.admitKey(key)
            return map[key]
        case .optional(let optional): return try optional.wrapped?.element(key)
        case .object(let object):
            guard case .string(let name) = key else { break }
            return try Value.object(object).member(name)
        default: break
        }
        throw EvaluationError(
            .noSuchOverload, "found no matching overload for '_[_]' applied to '(\(typeName), \(key.typeName))'")
    }

    /// The index that a value means: an int, or another number that is whole. Nil when it fits no list.
    fileprivate static func index(_ key: Value) throws -> Int64? {
        switch key {
        case .int(let number): return number
        case .uint(let number): return Int64(exactly: number)
        case .double(let number):
            if let whole = Int64(exactly: number) { return whole }
            throw EvaluationError(.invalidArgument, "\(number) is no index of a list")
        default:
            throw EvaluationError(.noSuchOverload, "a list has no index of type '\(key.typeName)'")
        }
    }

    fileprivate static func admitKey(_ key: Value) throws {
        switch key {
        case .string, .int, .uint, .bool, .double: return
        default: throw EvaluationError(.noSuchOverload, "a map has no keys of type '\(key.typeName)'")
        }
    }
}

/// `has(operand.field)`
final class TestNode: Node, @unchecked Sendable {
    private let operand: Node
    private let field: String

    init(id: Int, _ operand: Node, field: String) {
        self.operand = operand
        self.field = field
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        .bool(try evaluateBool(&frame))
    }

    override func evaluateBool(_ frame: inout Frame) throws(Interruption) -> Bool {
        let value = try operand.evaluate(&frame)
        try spend(1, &frame)
        return try located { try value.member(field) != nil }
    }
}

/// `operand[key]`
final class IndexNode: Node, @unchecked Sendable {
    private let operand: Node
    private let key: Node

    init(id: Int, _ operand: Node, _ key: Node) {
        self.operand = operand
        self.key = key
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        let (container, key) = try both(operand, key, &frame)
        try spend(1, &frame)
        if case .list(let list) = container, case .int(let index) = key, index >= 0, index < Int64(list.count) {
            return list[Int(index)]
        }
        return try located {
            if case .optional(let optional) = container {
                return try optional.wrapped?.element(key).map(Value.some) ?? .none
            }
            if let found = try container.element(key) { return found }
            if case .list(let list) = container {
                throw EvaluationError(
                    .indexOutOfBounds, "the index \(key) is out of bounds: the list has \(list.count) elements")
            }
            throw EvaluationError(.noSuchKey, "the map has no key \(key)")
        }
    }
}

/// `operand.?field` and `operand[?key]`: an optional, of what is there.
final class OptionalAccessNode: Node, @unchecked Sendable {
    private let operand: Node
    private let key: Node
    private let isSelection: Bool

    init(id: Int, _ operand: Node, _ key: Node, isSelection: Bool) {
        self.operand = operand
        self.key = key
        self.isSelection = isSelection
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        let (container, key) = try both(operand, key, &frame)
        try spend(1, &frame)
        return try located {
            if isSelection, case .string(let field) = key {
                return try container.member(field).map(Value.some) ?? .none
            }
            return try container.element(key).map(Value.some) ?? .none
        }
    }
}
