/// A map in the order in which its entries were written, or a host's map that is read lazily.
public struct MapValue: Sendable {
    enum Storage: Sendable {
        case entries(MapStorage)
        case provided(any MapProvider)
    }

    let storage: Storage

    public init(_ provider: any MapProvider) { storage = .provided(provider) }

    /// A map of entries. Keys are bool, int, uint or string; `1`, `1u` and `1.0` are the same key.
    /// - Throws: `EvaluationError` when a key is of another kind or stands twice.
    public init(_ entries: [(key: Value, value: Value)]) throws(EvaluationError) {
        var builder = MapBuilder(capacity: entries.count)
        for entry in entries { try builder.insert(entry.key, entry.value) }
        self = builder.map
    }

    /// A map with string keys.
    public init(_ entries: [String: Value]) {
        var builder = MapBuilder(capacity: entries.count)
        for key in entries.keys.sorted() { builder.set(.string(key), .string(key), entries[key] ?? .null) }
        self = builder.map
    }

    init(_ storage: MapStorage) { self.storage = .entries(storage) }

    /// The map without entries.
    public static let empty = MapBuilder(capacity: 0).map

    public var count: Int {
        switch storage {
        case .entries(let entries): entries.keys.count
        case .provided(let provider): provider.count
        }
    }

    /// How many levels of lists, maps and optionals it has: 1 for a map of scalars. A host's map counts as one.
    var depth: Int32 {
        switch storage {
        case .entries(let entries): entries.depth
        case .provided: 1
        }
    }

    /// The keys in the order of the entries.
    public var keys: [Value] {
        switch storage {
        case .entries(let entries): entries.keys
        case .provided(let provider): provider.keys
        }
    }

    /// The entries in their order.
    public var entries: [(key: Value, value: Value)] {
        switch storage {
        case .entries(let entries): zip(entries.keys, entries.values).map { ($0, $1) }
        case .provided(let provider):
            provider.keys.compactMap { key in provider.value(forKey: key).map { (key, $0) } }
        }
    }

    /// The value under a key, or nil. A double finds the integer it equals.
    public subscript(key: Value) -> Value? {
        switch storage {
        case .entries(let entries):
            guard let normal = MapKey(key) else { return nil }
            return entries.value(for: normal)
        case .provided(let provider):
            return provider.value(forKey: key)
        }
    }

    /// The value under a string key, or nil.
    @inline(__always)
    public subscript(name: String) -> Value? {
        switch storage {
        case .entries(let entries): entries.value(for: .string(name))
        case .provided(let provider): provider.value(forKey: .string(name))
        }
    }
}

/// A host's map, read lazily. Its entries must not change while a rule runs.
public protocol MapProvider: AnyObject, Sendable {
    var count: Int { get }
    var keys: [Value] { get }
    func value(forKey key: Value) -> Value?
}

/// A key brought to one form, so that numbers that are equal are the same key.
public enum MapKey: Hashable, Sendable {
    case bool(Bool)
    case int(Int64)
    /// Only what no `int` can hold.
    case uint(UInt64)
    case string(String)

    /// Text keys are equal code point for code point, as strings are.
    public static func == (left: MapKey, right: MapKey) -> Bool {
        switch (left, right) {
        case (.string(let a), .string(let b)): a.hasSameScalars(as: b)
        case (.int(let a), .int(let b)): a == b
        case (.uint(let a), .uint(let b)): a == b
        case (.bool(let a), .bool(let b)): a == b
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .bool(let flag): hasher.combine(flag)
        case .int(let number): hasher.combine(number)
        case .uint(let number): hasher.combine(number)
        case .string(let text):
            var text = text
            text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        }
    }

    /// Nil for what cannot be a key.
    public init?(_ value: Value) {
        switch value {
        case .string(let text): self = .string(text)
        case .int(let number): self = .int(number)
        case .uint(let number): self = Int64(exactly: number).map(MapKey.int) ?? .uint(number)
        case .bool(let flag): self = .bool(flag)
        case .double(let number):
            if let whole = Int64(exactly: number) {
                self = .int(whole)
            } else if let whole = UInt64(exactly: number) {
                self = .uint(whole)
            } else {
                return nil
            }
        default: return nil
        }
    }
}

/// The entries of a map. Small maps are searched, larger ones indexed.
final class MapStorage: Sendable {
    let normal: [MapKey]
    let keys: [Value]
    let values: [Value]
    let index: [MapKey: Int]
    let depth: Int32

    /// Up to so many entries comparing one by one beats hashing.
    static let searched = 8

    init(normal: [MapKey], keys: [Value], values: [Value], index: [MapKey: Int]) {
        self.normal = normal
        self.keys = keys
        self.values = values
        self.index = index
        depth = 1 + values.greatestDepth
    }

    @inline(__always)
    func value(for key: MapKey) -> Value? {
        if normal.count <= Self.searched {
            for position in normal.indices where normal[position] == key { return values[position] }
            return nil
        }
        return index[key].map { values[$0] }
    }
}

/// Gathers a map's entries and refuses a key that stands twice.
public struct MapBuilder {
    private var normal: [MapKey] = []
    private var keys: [Value] = []
    private var values: [Value] = []
    private var index: [MapKey: Int] = [:]

    public init(capacity: Int = 0) {
        normal.reserveCapacity(capacity)
        keys.reserveCapacity(capacity)
        values.reserveCapacity(capacity)
    }

    public var count: Int { keys.count }

    /// Adds an entry.
    /// - Throws: `EvaluationError` when the key cannot be one or stands in the map already.
    public mutating func insert(_ key: Value, _ value: Value) throws(EvaluationError) {
        if case .double = key { throw EvaluationError(.invalidArgument, "a double cannot be a key of a map") }
        guard let normalKey = MapKey(key) else {
            throw EvaluationError(.invalidArgument, "a \(key.typeName) cannot be a key of a map")
        }
        if position(of: normalKey) != nil {
            throw EvaluationError(.duplicateKey, "the key \(key) stands twice in a map")
        }
        append(normalKey, key, value)
    }

    /// Adds an entry, or replaces the one under that key.
    mutating func set(_ normalKey: MapKey, _ key: Value, _ value: Value) {
        if let position = position(of: normalKey) {
            values[position] = value
        } else {
            append(normalKey, key, value)
        }
    }

    public var map: MapValue {
        MapValue(MapStorage(normal: normal, keys: keys, values: values, index: index))
    }

    private func position(of key: MapKey) -> Int? {
        normal.count <= MapStorage.searched ? normal.firstIndex(of: key) : index[key]
    }

    private mutating func append(_ normalKey: MapKey, _ key: Value, _ value: Value) {
        normal.append(normalKey)
        keys.append(key)
        values.append(value)
        if normal.count == MapStorage.searched + 1 {
            for (position, key) in normal.enumerated() { index[key] = position }
        } else if normal.count > MapStorage.searched {
            index[normalKey] = normal.count - 1
        }
    }
}
