internal import Synchronization

/// A host's structure as rules see it.
final class HostObject<Root: Sendable>: ObjectValue {
    let root: Root
    private let host: HostType<Root>
    private let kept = AtomicLazyReference<Kept>()

    init(_ root: Root, _ host: HostType<Root>) {
        self.root = root
        self.host = host
    }

    /// The values that are made once for an object.
    private final class Kept: Sendable {
        let values: [Value?]
        init(_ values: [Value?]) { self.values = values }
    }

    var type: Type { host.type }
    var layout: ObjectLayout? { host.layout }

    func slot(ofField name: String) -> Int? { host.slots[name] }

    func field(at slot: Int) throws -> Value { read(slot) ?? .null }

    func field(named name: String) throws -> Value? { host.slots[name].map { read($0) ?? .null } }

    func hasField(named name: String) throws -> Bool? { host.slots[name].map { read($0) != nil } }

    @inline(__always)
    private func read(_ slot: Int) -> Value? {
        guard let place = host.kept[slot] else { return host.fields[slot].read(root) }
        if let kept = kept.load() { return kept.values[place] }
        // Two threads may both make the values; one of the two is kept and both are right.
        let made = Kept(host.fields.filter(\.isKept).map { $0.read(root) })
        return kept.storeIfNil(made).values[place]
    }

    /// Two structures are equal when all their fields are.
    func isEqual(to other: any ObjectValue) throws -> Bool {
        guard let other = other as? HostObject<Root> else { return false }
        if self === other { return true }
        for slot in host.fields.indices {
            switch (read(slot), other.read(slot)) {
            case (nil, nil): continue
            case (let mine?, let theirs?): if try !mine.isEqual(to: theirs) { return false }
            default: return false
            }
        }
        return true
    }
}

/// A host's list of structures, wrapped when a rule first reads one of them.
final class HostList<Element: Sendable>: ListProvider {
    private let elements: [Element]
    private let host: HostType<Element>
    private let wrapped = AtomicLazyReference<Wrapped>()

    private final class Wrapped: Sendable {
        let values: [Value]
        init(_ values: [Value]) { self.values = values }
    }

    init(_ elements: [Element], _ host: HostType<Element>) {
        self.elements = elements
        self.host = host
    }

    var count: Int { elements.count }

    func element(at index: Int) -> Value {
        if let wrapped = wrapped.load() { return wrapped.values[index] }
        return wrapped.storeIfNil(Wrapped(elements.map(host.value))).values[index]
    }
}
