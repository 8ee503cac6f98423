/// What the variables of a rule stand for in one evaluation.
///
///     let bindings: Bindings = ["tier": "gold", "total": 4200]
///     bindings.provide("cart") { try loadCart() }
///
/// A host that evaluates often binds the variables in the order of their names: each is then found at its place
/// without a search.
public struct Bindings: Sendable {
    enum Source: Sendable {
        case value(Value)
        case provider(@Sendable () throws -> Value)
    }

    struct Entry: Sendable {
        let name: String
        var source: Source
    }

    private(set) var entries: [Entry] = []
    /// Only for many entries: where each stands.
    private var index: [String: Int] = [:]
    private(set) var unknowns: [Attribute] = []

    /// Up to so many entries comparing names one by one beats hashing.
    private static let searched = 16

    public init() {}

    public init(_ values: [String: Value]) {
        for name in values.keys.sorted() { self[name] = values[name] }
    }

    /// The value bound to a name; nil when there is none or it is provided lazily.
    public subscript(name: String) -> Value? {
        get {
            guard let position = position(of: name), case .value(let value) = entries[position].source else {
                return nil
            }
            return value
        }
        set { set(name, newValue.map(Source.value)) }
    }

    /// Binds a name to something that is read when a rule first asks for it, once in each evaluation.
    public mutating func provide(_ name: String, _ provider: @escaping @Sendable () throws -> Value) {
        set(name, .provider(provider))
    }

    /// Says that a part of the bindings is not known yet; only `evaluatePartially` heeds it. Whatever stands in the
    /// bindings at the place is not looked at.
    public mutating func markUnknown(_ attribute: Attribute) { unknowns.append(attribute) }

    private mutating func set(_ name: String, _ source: Source?) {
        switch (position(of: name), source) {
        case (let position?, let source?): entries[position].source = source
        case (let position?, nil):
            entries.remove(at: position)
            index = [:]
            if entries.count > Self.searched { rebuild() }
        case (nil, let source?):
            entries.append(Entry(name: name, source: source))
            if entries.count == Self.searched + 1 {
                rebuild()
            } else if entries.count > Self.searched {
                index[name] = entries.count - 1
            }
        case (nil, nil): break
        }
    }

    private mutating func rebuild() {
        for (position, entry) in entries.enumerated() { index[entry.name] = position }
    }

    private func position(of name: String) -> Int? {
        if entries.count > Self.searched { return index[name] }
        return entries.firstIndex { $0.name == name }
    }

    /// What a name is bound to, tried first where it is expected.
    @inline(__always)
    func source(_ name: String, expectedAt place: Int) -> Source? {
        if place < entries.count, entries[place].name == name { return entries[place].source }
        return position(of: name).map { entries[$0].source }
    }
}

extension Bindings: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, Value)...) {
        for (name, value) in elements { self[name] = value }
    }
}
