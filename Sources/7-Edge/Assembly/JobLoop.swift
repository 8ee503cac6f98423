import Logging
import Store
import Synchronization

/// What the jobs of an open book have in common: one task from the book's opening to its end, the lease by which one of
/// several processes does them, and that a job which fails keeps no other from running.
final class JobLoop: Sendable {
    /// Nil where no other process can do these jobs.
    let lease: BookLease?
    let logger: Logger
    private let task = Mutex<Task<Void, Never>?>(nil)

    init(label: String, tenant: String, lease: BookLease?) {
        self.lease = lease
        var logger = Logger(label: label)
        logger[metadataKey: "tenant"] = "\(tenant)"
        self.logger = logger
    }

    /// `run` goes on until its task is cancelled.
    func start(_ run: @escaping @Sendable () async -> Void) {
        task.withLock { task in
            // Detached, because a book may be opened within a job of another: what fences that one is not ours.
            task = Task.detached { await run() }
        }
    }

    /// Ends the jobs and lets another process have them.
    func stop() async {
        let running = task.withLock { task in
            defer { task = nil }
            return task
        }
        running?.cancel()
        await running?.value
        await lease?.giveBack()
    }

    /// How much a job did, 0 when it failed; nil when the round is over, because another process has taken over or the
    /// book closes.
    func attempt(_ name: String, _ job: () async throws -> Int) async -> Int? {
        do {
            let count = try await job()
            if count > 0 { logger.debug("job done", metadata: ["job": "\(name)", "count": "\(count)"]) }
            return count
        } catch let error as StoreError where error.code == .closed {
            return nil
        } catch is CancellationError {
            return nil
        } catch let error as LeaseLost {
            lease?.lost(error.lease)
            return nil
        } catch {
            // What an error says may quote a row; its kind, and a store's code, are for everybody.
            let code = (error as? StoreError).map { ".\($0.code)" } ?? ""
            logger.error("a job failed", metadata: ["job": "\(name)", "error": "\(type(of: error))\(code)"])
            return 0
        }
    }
}
