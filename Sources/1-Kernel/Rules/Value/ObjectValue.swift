internal import Synchronization

/// Tells the objects apart whose fields are numbered alike. A layout is made once for a type and never used again.
public struct ObjectLayout: Sendable, Hashable {
    let number: UInt32

    private static let last = Atomic<UInt32>(0)

    public init() { number = Self.last.wrappingAdd(1, ordering: .relaxed).newValue }
}

/// A structured value that a host or a library lends to a rule: a cart, a message, an IP address.
///
/// The fields are read when a rule asks for them and not before, so that a large object costs nothing to bind.
public protocol ObjectValue: AnyObject, Sendable {
    /// The type: `.message("shop.Cart")` for something with fields, `.opaque("net.IP", [])` for a library's value.
    var type: Type { get }

    /// The value of a field (its default when it is not set), or nil when the type has no such field.
    func field(named name: String) throws -> Value?

    /// Whether a field is set (what `has(x.f)` means), or nil when the type has no such field.
    func hasField(named name: String) throws -> Bool?

    /// Where a field stands, for objects that find their fields faster by number. The number must be the same for
    /// all objects of one `layout`; nil when the type has no such field or does not number its fields.
    func slot(ofField name: String) -> Int?

    /// The value of the field with that number.
    func field(at slot: Int) throws -> Value

    /// What the numbers belong to. A rule remembers a number together with its layout.
    var layout: ObjectLayout? { get }

    /// Whether two values of the same type are equal (`==`).
    func isEqual(to other: any ObjectValue) throws -> Bool

    /// Whether it is what its type starts as (`optional.ofNonZeroValue`).
    var isZero: Bool { get }
}

extension ObjectValue {
    public func field(named name: String) throws -> Value? { nil }
    public func hasField(named name: String) throws -> Bool? { try field(named: name).map { _ in true } }
    public func slot(ofField name: String) -> Int? { nil }
    public func field(at slot: Int) throws -> Value {
        throw EvaluationError(.noSuchField, "\(type) does not number its fields")
    }
    public var layout: ObjectLayout? { nil }
    public func isEqual(to other: any ObjectValue) throws -> Bool { self === other }
    public var isZero: Bool { false }
}
