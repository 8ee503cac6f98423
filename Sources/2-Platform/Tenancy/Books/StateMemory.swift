internal import Contract
internal import Runtime
internal import Synchronization

/// Whether a tenant's calls are taken now.
struct Standing: Sendable, Hashable {
    let state: TenantState
    let isMoving: Bool

    init(_ tenant: Tenant) {
        state = tenant.state
        isMoving = tenant.relocation != nil
    }
}

/// Remembers tenants' standing for two seconds, because every request asks. A move is seen at once in this process,
/// and as soon as it is announced in others.
final class StateMemory: Sendable {
    static let lifetime = Duration.seconds(2)
    private static let limit = 20_000

    private struct Content {
        var entries: [TenantID: (standing: Standing, until: Timestamp)] = [:]
        var generation = 0
    }
    private let content = Mutex(Content())

    func standing(
        _ id: TenantID, now: Timestamp, read: () async throws -> Standing?
    ) async throws -> Standing? {
        let (known, generation) = content.withLock { content -> (Standing?, Int) in
            let entry = content.entries[id]
            return (entry.flatMap { $0.until > now ? $0.standing : nil }, content.generation)
        }
        if let known { return known }
        guard let standing = try await read() else { return nil }
        content.withLock { content in
            // A move happened while we read: what we read may be older.
            guard content.generation == generation else { return }
            if content.entries.count >= StateMemory.limit { content.entries.removeAll(keepingCapacity: true) }
            content.entries[id] = (standing, now.adding(StateMemory.lifetime))
        }
        return standing
    }

    func forget(_ id: TenantID) {
        content.withLock { content in
            content.entries[id] = nil
            content.generation += 1
        }
    }
}
