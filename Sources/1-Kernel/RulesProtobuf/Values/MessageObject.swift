public import Rules

/// A protocol-buffer message as a value of a rule. Fields are turned into values when a rule reads them.
public final class MessageObject: ObjectValue {
    public let message: DynamicMessage
    let enums: EnumSemantics

    init(_ message: DynamicMessage, enums: EnumSemantics) {
        self.message = message
        self.enums = enums
    }

    public var type: Type { .message(message.typeName) }

    public func field(named name: String) throws -> Value? {
        guard let field = message.field(named: name) else { return nil }
        return try Reading(message.schema, enums).value(of: field, in: message)
    }

    public func hasField(named name: String) throws -> Bool? {
        guard let field = message.field(named: name) else { return nil }
        return message.has(field)
    }

    public func slot(ofField name: String) -> Int? {
        message.descriptor.fields.firstIndex { $0.name == name }
    }

    public func field(at slot: Int) throws -> Value {
        try Reading(message.schema, enums).value(of: message.descriptor.fields[slot], in: message)
    }

    public var layout: ObjectIdentifier? { ObjectIdentifier(message.descriptor) }

    public func isEqual(to other: any ObjectValue) throws -> Bool {
        guard let other = other as? MessageObject else { return false }
        return message == other.message
    }

    public var isZero: Bool { message.isEmpty }
}

extension MessageObject: CustomStringConvertible {
    /// The message as JSON, for people.
    public var description: String { "\(message.typeName) \(MessageJSON.text(of: message))" }
}

/// The messages of a repeated field, made into values one by one as a rule goes through them.
final class MessageList: ListProvider {
    private let elements: [DynamicMessage]
    private let enums: EnumSemantics

    init(_ elements: [DynamicMessage], enums: EnumSemantics) {
        self.elements = elements
        self.enums = enums
    }

    var count: Int { elements.count }

    func element(at index: Int) -> Value { .object(MessageObject(elements[index], enums: enums)) }
}
