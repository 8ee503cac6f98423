import Foundation
import Store
import Synchronization

/// A bounded set of connections, each with a thread of its own: libpq blocks, and the threads that serve requests may
/// not. A job gets a connection that knows its book, if one is free.
final class LinkPool: Sendable {
    typealias Job = @Sendable (Link) -> Void

    private struct Waiting {
        var schema: String
        var job: Job
    }

    private struct State {
        var idle: [Worker] = []
        var waiting: [Waiting] = []
        var workers: [Worker] = []
        var isClosed = false
    }

    private let url: String
    fileprivate let options: PostgreSQLOptions
    private let isReadOnly: Bool
    private let limit: Int
    private let state = Mutex(State())

    init(url: String, options: PostgreSQLOptions, isReadOnly: Bool) {
        self.url = url
        self.options = options
        self.isReadOnly = isReadOnly
        limit = isReadOnly ? options.readers : options.writers
    }

    /// Runs `job` as soon as a connection is free; the order of the calls is kept. After `close` it runs at once with a
    /// connection that cannot connect, so that nobody waits for ever.
    func submit(_ schema: String, _ job: @escaping Job) {
        let chosen: Worker? = state.withLock { state in
            if let index = state.idle.lastIndex(where: { $0.schema == schema }) { return state.idle.remove(at: index) }
            if let worker = state.idle.popLast() { return worker }
            if state.workers.count < limit || state.isClosed {
                let worker = Worker(
                    Link(settings: LinkSettings(url: url, options: options, isReadOnly: isReadOnly)), pool: self)
                // After the end of the pool a thread serves one job and ends.
                if state.isClosed { worker.stop() } else { state.workers.append(worker) }
                return worker
            }
            state.waiting.append(Waiting(schema: schema, job: job))
            PoolMetrics.queued()
            return nil
        }
        chosen?.run(schema, job)
    }

    /// Whether somebody waits for a connection.
    var hasWaiting: Bool { state.withLock { !$0.waiting.isEmpty } }

    /// How many connections there may be and how many are at work.
    var load: (limit: Int, busy: Int, waiting: Int) {
        state.withLock { (limit, $0.workers.count - $0.idle.count, $0.waiting.count) }
    }

    /// The next job for a worker that has ended one; nil when it shall rest.
    fileprivate func next(_ worker: Worker) -> (String, Job)? {
        state.withLock { state in
            guard state.waiting.isEmpty else {
                let next = state.waiting.removeFirst()
                PoolMetrics.dequeued()
                return (next.schema, next.job)
            }
            if !state.isClosed { state.idle.append(worker) }
            return nil
        }
    }

    /// Closes every connection once its job has ended.
    func close() {
        let workers = state.withLock { state in
            state.isClosed = true
            defer { state.workers = [] }
            state.idle = []
            return state.workers
        }
        for worker in workers { worker.stop() }
    }

    /// One thread and its connection.
    ///
    /// `@unchecked Sendable` because the link is touched by the thread alone; the rest is guarded by the mutex.
    fileprivate final class Worker: @unchecked Sendable {
        private struct Box {
            var job: (schema: String, run: Job)?
            var isStopped = false
            var hasThread = false
        }

        private let link: Link
        private let pool: LinkPool
        private let box = Mutex(Box())
        private let signal = DispatchSemaphore(value: 0)
        private let last = Mutex("")

        init(_ link: Link, pool: LinkPool) {
            self.link = link
            self.pool = pool
        }

        /// The book that it served last.
        var schema: String { last.withLock { $0 } }

        func run(_ schema: String, _ job: @escaping Job) {
            let startsThread = box.withLock { box in
                box.job = (schema, job)
                defer { box.hasThread = true }
                return !box.hasThread
            }
            guard startsThread else {
                signal.signal()
                return
            }
            let thread = Thread { [self] in work() }
            thread.name = "kontor-postgres"
            // Decoding a large answer recurses nowhere, but a tenant's own code runs here.
            thread.stackSize = 4 << 20
            thread.start()
        }

        func stop() {
            box.withLock { $0.isStopped = true }
            signal.signal()
        }

        private func work() {
            while true {
                while let job = take() {
                    last.withLock { $0 = job.schema }
                    PoolMetrics.began()
                    job.run(link)
                    PoolMetrics.ended()
                    if let next = pool.next(self) { box.withLock { $0.job = (next.0, next.1) } }
                }
                if box.withLock({ $0.isStopped }) || !rest() { break }
            }
            link.disconnect()
        }

        private func take() -> (schema: String, run: Job)? {
            box.withLock { box in
                defer { box.job = nil }
                return box.job
            }
        }

        /// Waits for a job; a connection that rests too long is closed. False when the pool was closed.
        private func rest() -> Bool {
            let timeout = pool.options.idleTimeout
            while signal.wait(timeout: .now() + .seconds(Int(timeout.components.seconds))) == .timedOut {
                link.disconnect()
            }
            return !box.withLock { $0.isStopped && $0.job == nil }
        }
    }
}
