internal import Crypto
internal import Store
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
    /// Fetches a book's current key, which may be another one by now.
    typealias Refresh = @Sendable () async -> Void

    private struct Entry {
        var key: [UInt8]
        var version: Int64
        let refresh: Refresh
    }

    private struct Content {
        var keys: [[UInt8]: TenantKey] = [:]
        var current: [String: Entry] = [:]
        var listened: [Heard] = []
        var isRefreshing = false
    }

    private struct Heard {
        weak var announcements: Announcements?
    }

    private let content = Mutex(Content())

    func key(_ id: [UInt8]) -> TenantKey? { content.withLock { $0.keys[id] } }

    func holdsKey(of book: String) -> Bool { content.withLock { $0.current[book] != nil } }

    /// Keys of a rotation under way are added before they are current, so that no transaction misses them.
    func add(_ key: TenantKey) { content.withLock { $0.keys[key.id] = key } }

    /// A key that was read before its successor is no step back.
    func makeCurrent(_ key: TenantKey, of book: String, refresh: @escaping Refresh) {
        content.withLock { content in
            if let old = content.current[book], old.key != key.id {
                guard old.version < key.version else { return }
                content.keys[old.key] = nil
            }
            content.keys[key.id] = key
            content.current[book] = Entry(key: key.id, version: key.version, refresh: refresh)
        }
    }

    func forget(_ book: String) {
        content.withLock { content in
            if let entry = content.current.removeValue(forKey: book) { content.keys[entry.key] = nil }
        }
    }

    func drop(_ id: [UInt8]) { content.withLock { $0.keys[id] = nil } }

    // MARK: other processes

    /// A key's identifier as text, for announcements.
    static func name(of id: [UInt8]) -> String { id.map { String($0) }.joined(separator: ".") }

    /// Fetches the successor of a key that was announced as retired, when a book here still uses it.
    func refresh(retired name: String) {
        let refresh = content.withLock { content in
            content.current.values.first { KeyRing.name(of: $0.key) == name }?.refresh
        }
        if let refresh { Task { await refresh() } }
    }

    /// A transaction has met a key that is not here: another process made it, and its announcement was lost or has not
    /// come yet. Which book it was is not known here, so each is asked; this is rare, and done once at a time.
    func refreshAll() {
        let all = content.withLock { content -> [Refresh] in
            if content.isRefreshing || content.current.isEmpty { return [] }
            content.isRefreshing = true
            return content.current.values.map(\.refresh)
        }
        guard !all.isEmpty else { return }
        Task {
            for refresh in all { await refresh() }
            content.withLock { $0.isRefreshing = false }
        }
    }

    /// True on the first call for a driver's announcements.
    func beginsToListen(to announcements: Announcements) -> Bool {
        content.withLock { content in
            content.listened.removeAll { $0.announcements == nil }
            if content.listened.contains(where: { $0.announcements === announcements }) { return false }
            content.listened.append(Heard(announcements: announcements))
            return true
        }
    }
}
