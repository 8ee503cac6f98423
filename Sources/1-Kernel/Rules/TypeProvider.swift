/// What a host tells of its structured types: which there are, what fields they have, how one is made.
/// `RulesProtobuf` provides messages; a host may provide its own.
public protocol TypeProvider: Sendable {
    /// The type of a full name when it is one of the provider's: `.message(name)`, or `.int` for an enum. The names
    /// of well-known types may answer `.wrapper(.int)`, `.timestamp`, `.any`, `.map(.string, .dynamic)` and so on.
    func type(named name: String) -> Type?

    /// The value of a full name that is a constant: an enum's value, as an int.
    func constant(named name: String) -> Value?

    /// The type of a field (or of an extension by its full name), or nil when the message has none of that name.
    func fieldType(_ field: String, of message: String) -> Type?

    /// Makes a message of its fields in the order they were written.
    func construct(_ message: String, _ fields: [(name: String, value: Value)]) throws -> Value
}

/// The provider of an environment without structured types.
public struct NoTypes: TypeProvider {
    public init() {}
    public func type(named name: String) -> Type? { nil }
    public func constant(named name: String) -> Value? { nil }
    public func fieldType(_ field: String, of message: String) -> Type? { nil }
    public func construct(_ message: String, _ fields: [(name: String, value: Value)]) throws -> Value {
        throw EvaluationError(.noSuchType, "there is no type \(message)")
    }
}
