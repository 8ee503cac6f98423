import Runtime
import Synchronization

/// Answers callers whose time is over while their call still runs.
///
/// One sweep for all calls instead of a timer for each: a call costs one append under a lock, and an answer comes at
/// most one sweep late. The call itself goes on to its own end: what it began is never left half done.
final class DeadlineWatch: Sendable {
    static let sweepInterval = Duration.milliseconds(25)

    struct Expired: Error {}

    /// Resumes its caller once, with whatever comes first.
    private final class Pending<Value: Sendable>: PendingCall {
        private let caller: Mutex<UnsafeContinuation<Value, any Error>?>

        init(_ caller: UnsafeContinuation<Value, any Error>) { self.caller = Mutex(caller) }

        func finish(_ result: Result<Value, any Error>) {
            let waiting = caller.withLock { caller in
                defer { caller = nil }
                return caller
            }
            waiting?.resume(with: result)
        }

        func expire() { finish(.failure(Expired())) }
        var isDone: Bool { caller.withLock { $0 == nil } }
    }

    private protocol PendingCall: Sendable {
        func expire()
        var isDone: Bool { get }
    }

    private let clock: any WallClock
    private let calls = Mutex<[(deadline: Timestamp, call: any PendingCall)]>([])

    init(clock: any WallClock) { self.clock = clock }

    /// Runs `body` and returns its value, or throws `Expired` soon after `deadline`.
    func run<Value: Sendable>(
        until deadline: Timestamp, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withUnsafeThrowingContinuation { caller in
            let pending = Pending<Value>(caller)
            calls.withLock { $0.append((deadline, pending)) }
            Task {
                do {
                    pending.finish(.success(try await body()))
                } catch {
                    pending.finish(.failure(error))
                }
            }
        }
    }

    /// Sweeps until the task is cancelled.
    func sweepForever() async {
        while !Task.isCancelled {
            sweep()
            try? await Task.sleep(for: Self.sweepInterval)
        }
    }

    private func sweep() {
        let now = clock.now()
        let expired = calls.withLock { calls in
            var late: [any PendingCall] = []
            calls.removeAll { entry in
                if entry.call.isDone { return true }
                if entry.deadline > now { return false }
                late.append(entry.call)
                return true
            }
            return late
        }
        for call in expired { call.expire() }
    }
}
