internal import Contract
internal import Runtime
internal import Synchronization

/// Remembers tenants' states for two seconds, because every request asks. A move in this process is seen at once.
final class StateMemory: Sendable {
    private static let lifetime = Duration.seconds(2)
    private static let limit = 20_000

    private struct Content {
        var entries: [TenantID: (state: TenantState, until: Timestamp)] = [:]
        var generation = 0
    }
    private let content = Mutex(Content())

    func state(
        _ id: TenantID, now: Timestamp, read: () async throws -> TenantState?
    ) async throws -> TenantState? {
        let (known, generation) = content.withLock { content -> (TenantState?, Int) in
            let entry = content.entries[id]
            return (entry.flatMap { $0.until > now ? $0.state : nil }, content.generation)
        }
        if let known { return known }
        guard let state = try await read() else { return nil }
        content.withLock { content in
            // A move happened while we read: what we read may be older.
            guard content.generation == generation else { return }
            if content.entries.count >= StateMemory.limit { content.entries.removeAll(keepingCapacity: true) }
            content.entries[id] = (state, now.adding(StateMemory.lifetime))
        }
        return state
    }

    func forget(_ id: TenantID) {
        content.withLock { content in
            content.entries[id] = nil
            content.generation += 1
        }
    }
}
