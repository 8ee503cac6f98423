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
    let schema: HostSchema

    /// - Parameter fields: no two of one name.
    public init(_ name: String, _ fields: [HostField<Root>]) {
        schema = HostSchema(
            name, fields.map(\.plain), stride: MemoryLayout<Root>.stride,
            destroy: { address, count in
                address.assumingMemoryBound(to: Root.self).deinitialize(count: count)
                address.deallocate()
            })
    }

    public var name: String { schema.name }
    public var type: Type { schema.type }

    /// A value as rules see it.
    public func value(of root: Root) -> Value { .object(HostObject(storage([root]), at: 0)) }

    public func fieldType(_ field: String) -> Type? { schema.slots[field].map { schema.types[$0] } }

    func storage(_ roots: [Root]) -> HostStorage {
        let memory = UnsafeMutablePointer<Root>.allocate(capacity: max(roots.count, 1))
        memory.initialize(from: roots, count: roots.count)
        return HostStorage(schema, UnsafeMutableRawPointer(memory), count: roots.count)
    }
}

/// What the checker needs to know of a host's type.
public protocol HostDescription: Sendable {
    var name: String { get }

    /// The type of a field, or nil when there is none of that name.
    func fieldType(_ field: String) -> Type?
}

/// One field of a host's type. Where the reader gives nil the field is not set: `has()` is false and it reads as null.
///
/// The makers are inlinable, so that in the host's module each becomes a load from the structure without generics.
public struct HostField<Root: Sendable>: Sendable {
    let plain: PlainField

    @usableFromInline
    init(_ name: String, _ type: Type, isKept: Bool, _ read: @escaping PlainField.Reader) {
        plain = PlainField(name: name, type: type, isKept: isKept, read: read)
    }

    /// A field of any type.
    @inlinable @inline(__always)
    public static func value(_ name: String, _ type: Type, _ read: @escaping @Sendable (Root) -> Value?) -> Self {
        HostField(name, type, isKept: false) { read($0.assumingMemoryBound(to: Root.self).pointee) }
    }

    @inlinable @inline(__always)
    public static func int(_ name: String, _ read: @escaping @Sendable (Root) -> Int) -> Self {
        HostField(name, .int, isKept: false) { .int(Int64(read($0.assumingMemoryBound(to: Root.self).pointee))) }
    }

    /// A whole number, as amounts of minor units are.
    @inlinable @inline(__always)
    public static func int64(_ name: String, _ read: @escaping @Sendable (Root) -> Int64) -> Self {
        HostField(name, .int, isKept: false) { .int(read($0.assumingMemoryBound(to: Root.self).pointee)) }
    }

    @inlinable @inline(__always)
    public static func double(_ name: String, _ read: @escaping @Sendable (Root) -> Double) -> Self {
        HostField(name, .double, isKept: false) { .double(read($0.assumingMemoryBound(to: Root.self).pointee)) }
    }

    @inlinable @inline(__always)
    public static func bool(_ name: String, _ read: @escaping @Sendable (Root) -> Bool) -> Self {
        HostField(name, .bool, isKept: false) { .bool(read($0.assumingMemoryBound(to: Root.self).pointee)) }
    }

    @inlinable @inline(__always)
    public static func string(_ name: String, _ read: @escaping @Sendable (Root) -> String) -> Self {
        HostField(name, .string, isKept: false) { .string(read($0.assumingMemoryBound(to: Root.self).pointee)) }
    }

    /// A text that may be absent.
    @inlinable @inline(__always)
    public static func optionalString(_ name: String, _ read: @escaping @Sendable (Root) -> String?) -> Self {
        HostField(name, .wrapper(.string), isKept: false) {
            read($0.assumingMemoryBound(to: Root.self).pointee).map(Value.string)
        }
    }

    @inlinable @inline(__always)
    public static func timestamp(_ name: String, _ read: @escaping @Sendable (Root) -> Timestamp) -> Self {
        HostField(name, .timestamp, isKept: false) {
            .timestamp(read($0.assumingMemoryBound(to: Root.self).pointee))
        }
    }

    public static func strings(_ name: String, _ read: @escaping @Sendable (Root) -> [String]) -> Self {
        HostField(name, .list(.string), isKept: true) {
            .list(read($0.assumingMemoryBound(to: Root.self).pointee).map(Value.string))
        }
    }

    /// A structure in the structure; nil where it may be absent and is.
    public static func object<Part>(
        _ name: String, of part: HostType<Part>, _ read: @escaping @Sendable (Root) -> Part?
    ) -> Self {
        HostField(name, part.type, isKept: true) {
            read($0.assumingMemoryBound(to: Root.self).pointee).map(part.value)
        }
    }

    /// A list of structures, each wrapped when a rule comes to the list.
    public static func list<Part>(
        _ name: String, of part: HostType<Part>, _ read: @escaping @Sendable (Root) -> [Part]
    ) -> Self {
        HostField(name, .list(part.type), isKept: true) { address in
            let parts = read(address.assumingMemoryBound(to: Root.self).pointee)
            return .list(ListValue(HostList(count: parts.count) { part.storage(parts) }))
        }
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
