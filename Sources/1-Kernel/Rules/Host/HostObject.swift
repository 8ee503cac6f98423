/// A host's structure as rules see it.
///
/// Unchecked because the address is within the storage that it holds on to.
final class HostObject: ObjectValue, @unchecked Sendable {
    private let address: UnsafeRawPointer
    private let schema: HostSchema
    private let storage: HostStorage
    private let kept = Once<Kept>()

    init(_ storage: HostStorage, at index: Int) {
        self.storage = storage
        schema = storage.schema
        address = storage.address(at: index)
    }

    /// The values that are made once for an object.
    private final class Kept: Sendable {
        let values: [Value?]
        init(_ values: [Value?]) { self.values = values }
    }

    var type: Type { schema.type }
    var layout: ObjectLayout? { schema.layout }

    func slot(ofField name: String) -> Int? { schema.slots[name] }

    func field(at slot: Int) throws -> Value { read(slot) ?? .null }

    func field(named name: String) throws -> Value? { schema.slots[name].map { read($0) ?? .null } }

    func hasField(named name: String) throws -> Bool? { schema.slots[name].map { read($0) != nil } }

    @inline(__always)
    private func read(_ slot: Int) -> Value? {
        let place = schema.accesses[slot].keptAt
        return place < 0 ? schema.accesses[slot].read(address) : readKept(place)
    }

    @inline(never)
    private func readKept(_ place: Int) -> Value? {
        if let kept = kept.load() { return kept.values[place] }
        // Two threads may both make the values; one of the two is kept and both are right.
        let made = schema.accesses.filter { $0.keptAt >= 0 }.map { $0.read(address) }
        return kept.storeIfNil(Kept(made)).values[place]
    }

    /// Two structures are equal when all their fields are.
    func isEqual(to other: any ObjectValue) throws -> Bool {
        guard let other = other as? HostObject, other.schema === schema else { return false }
        if self === other { return true }
        for slot in schema.accesses.indices {
            switch (read(slot), other.read(slot)) {
            case (nil, nil): continue
            case (let mine?, let theirs?): if try !mine.isEqual(to: theirs) { return false }
            default: return false
            }
        }
        return true
    }
}

/// A host's list of structures, copied and wrapped when a rule first reads one of them.
final class HostList: ListProvider {
    let count: Int
    private let storage: @Sendable () -> HostStorage
    private let wrapped = Once<Wrapped>()

    private final class Wrapped: Sendable {
        let values: [Value]
        init(_ values: [Value]) { self.values = values }
    }

    var keepsElements: Bool { true }

    var elements: [Value] {
        if let wrapped = wrapped.load() { return wrapped.values }
        return wrapped.storeIfNil(Wrapped(storage().objects)).values
    }

    init(count: Int, _ storage: @escaping @Sendable () -> HostStorage) {
        self.count = count
        self.storage = storage
    }

    func element(at index: Int) -> Value { elements[index] }
}
