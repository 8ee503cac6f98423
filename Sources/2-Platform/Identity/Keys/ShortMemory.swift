internal import Runtime
internal import Synchronization

/// Remembers what was read from the platform's book for a short time, so that most requests read nothing.
///
/// A change in this process is seen at once (`forget`), one of another process as soon as it is announced. An
/// announcement may be lost with its connection; then it is seen after `lifetime`.
final class ShortMemory<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Content {
        var entries: [Key: (value: Value, until: Timestamp)] = [:]
        var generation = 0
    }
    private let content = Mutex(Content())
    private let lifetime: Duration
    private let limit: Int

    init(lifetime: Duration = .seconds(2), limit: Int = 10_000) {
        self.lifetime = lifetime
        self.limit = limit
    }

    /// The remembered value, or what `read` finds; nothing found is not remembered, or forged ids would fill it.
    func value(_ key: Key, now: Timestamp, read: () async throws -> Value?) async throws -> Value? {
        let (found, generation) = content.withLock { content -> (Value?, Int) in
            guard let entry = content.entries[key], entry.until > now else { return (nil, content.generation) }
            return (entry.value, content.generation)
        }
        if let found { return found }
        guard let value = try await read() else { return nil }
        content.withLock { content in
            // Something was forgotten while we read: what we read may be older than that.
            guard content.generation == generation else { return }
            if content.entries.count >= limit { content.entries = content.entries.filter { $0.value.until > now } }
            if content.entries.count >= limit { content.entries.removeAll(keepingCapacity: true) }
            content.entries[key] = (value, now.adding(lifetime))
        }
        return value
    }

    func forget(_ key: Key) {
        content.withLock { content in
            content.entries[key] = nil
            content.generation += 1
        }
    }

    func forgetAll() {
        content.withLock { content in
            content.entries.removeAll()
            content.generation += 1
        }
    }

    var count: Int { content.withLock { $0.entries.count } }
}
