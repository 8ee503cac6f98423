package import NIOCore
import NIOPosix
import Synchronization

/// Sends requests over a number of keep-alive connections until they are used up.
package struct LoadGenerator: Sendable {
    package struct Result: Sendable {
        package var count = 0
        package var seconds = 0.0
        package var latencies = Latencies()
        /// How many answers had each status.
        package var statuses: [Int: Int] = [:]
        /// The first body that was not a success, to say what went wrong.
        package var firstFailure = ""
    }

    let host: String
    let port: Int
    let connections: Int
    let threads: Int

    package init(host: String = "127.0.0.1", port: Int, connections: Int, threads: Int = 1) {
        self.host = host
        self.port = port
        self.connections = connections
        self.threads = threads
    }

    /// `request` writes the request with that number, complete with its head.
    package func run(
        count: Int, request: @escaping @Sendable (Int, inout ByteBuffer) -> Void
    ) async throws -> Result {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        defer { group.shutdownGracefully { _ in } }
        let shared = Shared()
        let started = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for _ in 0..<connections {
                let loop = group.next()
                let finished = loop.makePromise(of: Void.self)
                tasks.addTask {
                    let own = Tally()
                    let bootstrap = ClientBootstrap(group: loop)
                        .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                        .channelInitializer { channel in
                            channel.eventLoop.makeCompletedFuture {
                                try channel.pipeline.syncOperations.addHandler(
                                    LoadConnection(
                                        finished: finished,
                                        next: { buffer in
                                            let number = shared.issued.add(1, ordering: .relaxed).oldValue
                                            guard number < count else { return false }
                                            request(number, &buffer)
                                            return true
                                        },
                                        answered: { own.add(status: $0, body: $1, took: $2) }))
                            }
                        }
                    do {
                        _ = try await bootstrap.connect(host: host, port: port).get()
                    } catch {
                        finished.fail(error)
                    }
                    try await finished.futureResult.get()
                    shared.collected.withLock { own.merge(into: &$0) }
                }
            }
            try await tasks.waitForAll()
        }
        var result = shared.collected.withLock { $0 }
        result.seconds = (ContinuousClock.now - started).inSeconds
        return result
    }

    /// What all connections share.
    private final class Shared: Sendable {
        let issued = Atomic(0)
        let collected = Mutex(Result())
    }

    /// What one connection saw; touched by its event loop only, and read after it ended.
    private final class Tally: @unchecked Sendable {
        private var result = Result()

        func add(status: Int, body: ByteBufferView, took: Duration) {
            result.count += 1
            result.statuses[status, default: 0] += 1
            result.latencies.add(took)
            if status >= 400, result.firstFailure.isEmpty {
                result.firstFailure = String(decoding: body, as: UTF8.self)
            }
        }

        func merge(into total: inout Result) {
            total.count += result.count
            total.latencies.add(contentsOf: result.latencies)
            total.statuses.merge(result.statuses, uniquingKeysWith: +)
            if total.firstFailure.isEmpty { total.firstFailure = result.firstFailure }
        }
    }
}
