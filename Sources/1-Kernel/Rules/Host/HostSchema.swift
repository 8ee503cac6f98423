/// A field without the type of its structure: its reader takes the structure's address.
@usableFromInline
struct PlainField: Sendable {
    @usableFromInline typealias Reader = @Sendable (UnsafeRawPointer) -> Value?

    let name: String
    let type: Type
    /// Whether the value is made once for an object because making it allocates.
    let isKept: Bool
    let read: Reader
}

/// A host's type without generics. Generic code that is not specialised looks its types up at every call, which
/// costs more than the reading itself; so objects know their structures by address and by this.
final class HostSchema: Sendable {
    let name: String
    let type: Type
    let layout = ObjectLayout()
    let slots: [String: Int]
    let types: [Type]
    let accesses: [Access]
    let stride: Int
    let destroy: @Sendable (UnsafeMutableRawPointer, Int) -> Void

    /// How a field is read. A structure, because an array of bare closures wraps each in another one.
    struct Access: Sendable {
        let read: PlainField.Reader
        /// Its place among the fields that are made once for an object, or −1.
        let keptAt: Int
    }

    init(
        _ name: String, _ fields: [PlainField], stride: Int,
        destroy: @escaping @Sendable (UnsafeMutableRawPointer, Int) -> Void
    ) {
        self.name = name
        self.stride = stride
        self.destroy = destroy
        type = .message(name)
        slots = Dictionary(fields.enumerated().map { ($1.name, $0) }) { first, _ in first }
        types = fields.map(\.type)
        var count = 0
        accesses = fields.map { field in
            count += field.isKept ? 1 : 0
            return Access(read: field.read, keptAt: field.isKept ? count - 1 : -1)
        }
    }
}

/// The memory that a host's structures were copied to, one after the other.
///
/// Unchecked because the memory is written before the first object points to it, never after, and holds values that
/// are `Sendable` themselves.
final class HostStorage: @unchecked Sendable {
    let schema: HostSchema
    private let memory: UnsafeMutableRawPointer
    private let count: Int

    /// Takes over memory that `schema.destroy` can free.
    init(_ schema: HostSchema, _ memory: UnsafeMutableRawPointer, count: Int) {
        self.schema = schema
        self.memory = memory
        self.count = count
    }

    deinit { schema.destroy(memory, count) }

    func address(at index: Int) -> UnsafeRawPointer {
        precondition(index >= 0 && index < count, "the structure lies within its storage")
        return UnsafeRawPointer(memory + index * schema.stride)
    }

    /// An object for each structure.
    var objects: [Value] { (0..<count).map { .object(HostObject(self, at: $0)) } }
}
