/// What an element written with `?` comes to: nil to leave it out.
extension Node {
    fileprivate func unwrapped(_ value: Value) throws(Interruption) -> Value? {
        if case .optional(let optional) = value { return optional.wrapped }
        throw Interruption(
            .noSuchOverload, "after '?' an optional is expected, this is of type '\(value.typeName)'", at: id)
    }
}

/// `[a, ?b]`
final class ListNode: Node, @unchecked Sendable {
    private let elements: [Node]
    private let optionals: Set<Int>

    init(id: Int, _ elements: [Node], optionals: [Int]) {
        self.elements = elements
        self.optionals = Set(optionals)
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        try spend(10, &frame)
        var values: [Value] = []
        values.reserveCapacity(elements.count)
        for (position, element) in elements.enumerated() {
            let value: Value
            do throws(Interruption) { value = try element.evaluate(&frame) } catch {
                throw Node.gathering(error, elements[(position + 1)...], &frame)
            }
            if optionals.contains(position) {
                if let present = try element.unwrapped(value) { values.append(present) }
            } else {
                values.append(value)
            }
        }
        return try admitted(.list(values), &frame)
    }
}

/// `{key: value, ?key: value}`
final class MapNode: Node, @unchecked Sendable {
    struct Entry: Sendable {
        let key: Node
        let value: Node
        let isOptional: Bool
    }

    private let entries: [Entry]

    init(id: Int, _ entries: [Entry]) {
        self.entries = entries
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        try spend(30, &frame)
        var builder = MapBuilder(capacity: entries.count)
        for entry in entries {
            let (key, written) = try both(entry.key, entry.value, &frame)
            guard let value = entry.isOptional ? try entry.value.unwrapped(written) : written else { continue }
            do throws(EvaluationError) { try builder.insert(key, value) } catch {
                throw Interruption(error, at: entry.key.id)
            }
        }
        return try admitted(.map(builder.map), &frame)
    }
}

/// `name{field: value}`
final class MessageNode: Node, @unchecked Sendable {
    struct Field: Sendable {
        let name: String
        let value: Node
        let isOptional: Bool
    }

    private let name: String
    private let fields: [Field]
    private let provider: any TypeProvider

    init(id: Int, _ name: String, _ fields: [Field], _ provider: any TypeProvider) {
        self.name = name
        self.fields = fields
        self.provider = provider
        super.init(id: id)
    }

    override func evaluate(_ frame: inout Frame) throws(Interruption) -> Value {
        try spend(40, &frame)
        var values: [(name: String, value: Value)] = []
        values.reserveCapacity(fields.count)
        for field in fields {
            let written = try field.value.evaluate(&frame)
            guard let value = field.isOptional ? try field.value.unwrapped(written) : written else { continue }
            values.append((field.name, value))
        }
        return try located { try provider.construct(name, values) }
    }
}
