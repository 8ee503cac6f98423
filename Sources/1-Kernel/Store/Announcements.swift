internal import Synchronization

/// What changed that others may remember: told after the commit to every listener, in every process that uses the
/// same database. It may be lost with a connection, so a memory that listens also forgets by time.
public final class Announcements: Sendable {
    public typealias Listener = @Sendable (_ key: String) -> Void

    private let listeners = Mutex<[String: [Listener]]>([:])

    public init() {}

    /// Calls `listener` with the key of each announcement on a topic. It must return at once.
    public func listen(_ topic: String, _ listener: @escaping Listener) {
        listeners.withLock { $0[topic, default: []].append(listener) }
    }

    /// Tells the listeners of this process; a driver calls it with what it received.
    public func deliver(_ topic: String, _ key: String) {
        for listener in listeners.withLock({ $0[topic] ?? [] }) { listener(key) }
    }
}
