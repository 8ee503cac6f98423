import Contract
import Logging
import Runtime
import ServiceLifecycle
import Store
import TestStores

@testable import Gateway

/// A gateway that really listens, on a port of its own, in a simulated world.
struct TestServer {
    let port: Int
    let world: World
    private let group: ServiceGroup

    /// Starts one, gives it to `body` and stops it gracefully, whatever happens.
    static func run(
        _ routes: [Route], settings: GatewaySettings = GatewaySettings(), extraRoutes: [ExtraRoute] = [],
        readiness: [ReadinessCheck] = [],
        logger: Logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
        _ body: (TestServer) async throws -> Void
    ) async throws {
        let world = World.simulated(seed: 7)
        let book = try await TestBook.open(migrations: [])
        var settings = settings
        settings.port = 0
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        let gateway = Gateway(
            settings: settings, world: world, routes: routes, authenticator: Stub.Authentication(book: book),
            extraRoutes: extraRoutes, readiness: readiness, openAPI: #"{"openapi":"3.1.0"}"#,
            metricsText: { "kontor_up 1\n" }, logger: logger, onRunning: { found.yield($0) })
        let group = ServiceGroup(services: [gateway], logger: logger)
        let running = Task { try await group.run() }
        var iterator = ports.makeAsyncIterator()
        guard let port = await iterator.next() else { throw RawConnection.Failure(description: "it never listened") }
        do {
            try await body(TestServer(port: port, world: world, group: group))
        } catch {
            await group.triggerGracefulShutdown()
            _ = await running.result
            throw error
        }
        await group.triggerGracefulShutdown()
        try await running.value
        await book.close()
    }

    func stop() async { await group.triggerGracefulShutdown() }

    func connect() throws -> RawConnection { try RawConnection(port: port) }

    /// One request on a connection of its own.
    func call(
        _ method: String, _ target: String, key: String? = "key-a", headers: [String] = [], body: String? = nil,
        type: String? = "application/json"
    ) async throws -> RawConnection.Reply {
        let connection = try connect()
        try await connection.send(Self.request(method, target, key: key, headers: headers, body: body, type: type))
        return try await connection.reply()
    }

    static func request(
        _ method: String, _ target: String, key: String? = "key-a", headers: [String] = [], body: String? = nil,
        type: String? = "application/json"
    ) -> String {
        var lines = ["\(method) \(target) HTTP/1.1", "Host: localhost"]
        if let key { lines.append("Authorization: Bearer \(key)") }
        if let body {
            lines.append("Content-Length: \(body.utf8.count)")
            if let type { lines.append("Content-Type: \(type)") }
        }
        return (lines + headers).joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")
    }
}
