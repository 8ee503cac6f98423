internal import Foundation
internal import HTTPTypes
internal import Hummingbird
public import Logging
internal import NIOCore
public import Runtime
public import ServiceLifecycle
internal import Synchronization

/// A payment provider to practise with. It runs as an HTTP server of its own and behaves as real ones do: it authorises,
/// captures and refunds in part, voids, answers queries, calls back, writes a statement each day, and fails in between.
///
/// Run it as a service; `port` answers once it listens.
public struct SandboxServer: Service {
    let host: String
    let requestedPort: Int
    let behaviour: SandboxBehaviour
    let books: SandboxBooks
    let courier: SandboxCourier
    let clock: any WallClock
    let logger: Logger
    let drill: Drill
    private let listening = Listening()

    /// - Parameters:
    ///   - port: 0 takes any free port.
    ///   - differences: what is wrong in its statements, for drills.
    ///   - file: where the sandbox keeps its books; nil keeps them in memory only.
    public init(
        host: String = "127.0.0.1", port: Int = 0, behaviour: SandboxBehaviour = SandboxBehaviour(),
        differences: SandboxDifferences = SandboxDifferences(), file: String? = nil,
        clock: any WallClock = SystemClock(),
        logger: Logger = Logger(label: "sandbox")
    ) throws {
        self.host = host
        requestedPort = port
        self.behaviour = behaviour
        self.clock = clock
        self.logger = logger
        books = try SandboxBooks(clock: clock, fee: behaviour.fee, path: file)
        courier = SandboxCourier(behaviour: behaviour, clock: clock, logger: logger)
        drill = Drill(differences)
    }

    public func run() async throws {
        var quiet = logger
        quiet.logLevel = .warning
        let application = Application(
            router: router(), configuration: .init(address: .hostname(host, port: requestedPort)),
            onServerRunning: { channel in listening.set(channel.localAddress?.port ?? 0) }, logger: quiet)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await courier.run() }
            group.addTask { try await application.run() }
            // Whatever ends first ends the other: the server stops gracefully, or the task is cancelled.
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// The port on which the server listens; waits until it does.
    public var port: Int { get async { await listening.port() } }

    /// From now on its statements hold these differences.
    public func inject(_ differences: SandboxDifferences) { drill.set(differences) }

    /// Opens or changes a merchant's account, as `POST /v1/merchants` does. False when the token has another secret.
    @discardableResult
    public func register(token: String, secret: [UInt8], callbackURL: String) throws -> Bool {
        try books.register(
            SandboxMerchant(token: token, secret: Hex.text(secret), callback_url: callbackURL))
    }
}

/// The differences that statements are given at the moment.
final class Drill: Sendable {
    private let state: Mutex<SandboxDifferences>

    init(_ differences: SandboxDifferences) { state = Mutex(differences) }

    var differences: SandboxDifferences { state.withLock { $0 } }

    func set(_ differences: SandboxDifferences) { state.withLock { $0 = differences } }
}

/// The port, and who waits for it.
private final class Listening: Sendable {
    private struct State {
        var port: Int?
        var waiting: [CheckedContinuation<Int, Never>] = []
    }

    private let state = Mutex(State())

    func set(_ port: Int) {
        let waiting = state.withLock { state in
            state.port = port
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: port) }
    }

    func port() async -> Int {
        await withCheckedContinuation { continuation in
            let known = state.withLock { state in
                if state.port == nil { state.waiting.append(continuation) }
                return state.port
            }
            if let known { continuation.resume(returning: known) }
        }
    }
}
