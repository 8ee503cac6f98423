/// Tells rules of a Swift type: its name, its fields and how they are read.
///
///     let line = HostType<Line>("shop.Line", [
///         .string("category") { $0.category },
///         .int("quantity") { $0.quantity }
///     ])
///     let cart = HostType<Cart>("shop.Cart", [
///         .int("subtotal") { $0.subtotalMinor },
///         .list("lines", of: line) { $0.lines }
///     ])
///     let environment = Environment(variables: ["cart": cart.type], types: HostTypes(cart, line))
///     try rule.evaluate(["cart": cart.value(of: basket)])
///
/// Nothing is copied into maps: a field is read when a rule asks for it.
public final class HostType<Root: Sendable>: HostDescription {
    public let name: String
    let layout = ObjectLayout()
    let slots: [String: Int]
    let fields: [HostField<Root>]
    /// For each field, where it stands among those whose value is made once for an object.
    let kept: [Int?]

    /// - Parameter fields: no two of one name.
    public init(_ name: String, _ fields: [HostField<Root>]) {
        self.name = name
        self.fields = fields
        slots = Dictionary(fields.enumerated().map { ($1.name, $0) }) { first, _ in first }
        var count = 0
        kept = fields.map { field in
            guard field.isKept else { return nil }
            count += 1
            return count - 1
        }
    }

    public var type: Type { .message(name) }

    /// A value as rules see it.
    public func value(of root: Root) -> Value { .object(HostObject(root, self)) }

    public func fieldType(_ field: String) -> Type? { slots[field].map { fields[$0].type } }
}

/// What the checker needs to know of a host's type.
public protocol HostDescription: Sendable {
    var name: String { get }

    /// The type of a field, or nil when there is none of that name.
    func fieldType(_ field: String) -> Type?
}

/// One field of a host's type. Where the reader gives nil the field is not set: `has()` is false and it reads as null.
public struct HostField<Root: Sendable>: Sendable {
    let name: String
    let type: Type
    let read: @Sendable (Root) -> Value?
    /// Whether the value is made once for an object because making it allocates.
    let isKept: Bool

    private init(_ name: String, _ type: Type, isKept: Bool = false, _ read: @escaping @Sendable (Root) -> Value?) {
        self.name = name
        self.type = type
        self.isKept = isKept
        self.read = read
    }

    /// A field of any type.
    public static func value(_ name: String, _ type: Type, _ read: @escaping @Sendable (Root) -> Value?) -> Self {
        HostField(name, type, read)
    }

    public static func int(_ name: String, _ read: @escaping @Sendable (Root) -> Int) -> Self {
        HostField(name, .int) { .int(Int64(read($0))) }
    }

    /// A whole number, as amounts of minor units are.
    public static func int64(_ name: String, _ read: @escaping @Sendable (Root) -> Int64) -> Self {
        HostField(name, .int) { .int(read($0)) }
    }

    public static func double(_ name: String, _ read: @escaping @Sendable (Root) -> Double) -> Self {
        HostField(name, .double) { .double(read($0)) }
    }

    public static func bool(_ name: String, _ read: @escaping @Sendable (Root) -> Bool) -> Self {
        HostField(name, .bool) { .bool(read($0)) }
    }

    public static func string(_ name: String, _ read: @escaping @Sendable (Root) -> String) -> Self {
        HostField(name, .string) { .string(read($0)) }
    }

    /// A text that may be absent.
    public static func optionalString(_ name: String, _ read: @escaping @Sendable (Root) -> String?) -> Self {
        HostField(name, .wrapper(.string)) { read($0).map(Value.string) }
    }

    public static func timestamp(_ name: String, _ read: @escaping @Sendable (Root) -> Timestamp) -> Self {
        HostField(name, .timestamp) { .timestamp(read($0)) }
    }

    public static func strings(_ name: String, _ read: @escaping @Sendable (Root) -> [String]) -> Self {
        HostField(name, .list(.string), isKept: true) { .list(read($0).map(Value.string)) }
    }

    /// A structure in the structure; nil where it may be absent and is.
    public static func object<Part>(
        _ name: String, of part: HostType<Part>, _ read: @escaping @Sendable (Root) -> Part?
    ) -> Self {
        HostField(name, part.type, isKept: true) { read($0).map(part.value) }
    }

    /// A list of structures, each wrapped when a rule comes to the list.
    public static func list<Part>(
        _ name: String, of part: HostType<Part>, _ read: @escaping @Sendable (Root) -> [Part]
    ) -> Self {
        HostField(name, .list(part.type), isKept: true) { .list(ListValue(HostList(read($0), part))) }
    }
}

/// The provider of an environment whose structures are the host's own types.
public struct HostTypes: TypeProvider {
    private let types: [String: any HostDescription]

    public init(_ types: any HostDescription...) {
        self.types = Dictionary(types.map { ($0.name, $0) }) { _, last in last }
    }

    public func type(named name: String) -> Type? { types[name].map { .message($0.name) } }
    public func constant(named name: String) -> Value? { nil }
    public func fieldType(_ field: String, of message: String) -> Type? { types[message]?.fieldType(field) }

    public func construct(_ message: String, _ fields: [(name: String, value: Value)]) throws -> Value {
        throw EvaluationError(.noSuchType, "a rule cannot make a '\(message)'")
    }
}
