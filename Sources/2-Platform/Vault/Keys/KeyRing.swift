internal import Crypto
internal import Synchronization

/// A tenant's key in memory, with the key of its lookup hashes.
struct TenantKey: Sendable {
    let id: [UInt8]
    let version: Int64
    let wrapping: SymmetricKey
    let lookup: SymmetricKey
}

/// The unwrapped keys of the open books. A transaction finds its key here by the identifier that its book names.
final class KeyRing: Sendable {
    private struct Content {
        var keys: [[UInt8]: TenantKey] = [:]
        var current: [String: [UInt8]] = [:]
    }
    private let content = Mutex(Content())

    func key(_ id: [UInt8]) -> TenantKey? { content.withLock { $0.keys[id] } }

    func holdsKey(of book: String) -> Bool { content.withLock { $0.current[book] != nil } }

    /// Keys of a rotation under way are added before they are current, so that no transaction misses them.
    func add(_ key: TenantKey) { content.withLock { $0.keys[key.id] = key } }

    func makeCurrent(_ key: TenantKey, of book: String) {
        content.withLock { content in
            if let old = content.current[book], old != key.id { content.keys[old] = nil }
            content.keys[key.id] = key
            content.current[book] = key.id
        }
    }

    func forget(_ book: String) {
        content.withLock { content in
            if let id = content.current.removeValue(forKey: book) { content.keys[id] = nil }
        }
    }

    func drop(_ id: [UInt8]) { content.withLock { $0.keys[id] = nil } }
}
