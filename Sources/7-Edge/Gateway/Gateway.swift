public import Contract
import HTTPTypes
import HummingbirdCore
public import Logging
public import NIOCore
public import NIOPosix
public import Runtime
public import ServiceLifecycle

/// The house's front door: serves the contract over HTTP, with the probes, the API page and the pages given to it.
///
/// It knows no capability. It holds callers to the contract (credential, scope, rate, deadline, headers, sizes) and
/// answers every failure with an RFC 9457 problem. As a `Service` it stops gracefully: no new connections, and each
/// request that has begun gets its answer.
public struct Gateway: Service {
    private let settings: GatewaySettings
    private let logger: Logger
    private let eventLoopGroup: any EventLoopGroup
    private let onRunning: @Sendable (Int) async -> Void
    private let parts: EdgeParts
    private let largestBodyBytes: Int

    /// - Parameters:
    ///   - routes: what the capabilities serve, e.g. `orders.routes + ledger.routes`.
    ///   - openAPI: the document served at /openapi.json.
    ///   - metricsText: the figures served at /metrics, in Prometheus' text format.
    ///   - onRunning: told the port once connections are taken.
    public init(
        settings: GatewaySettings = GatewaySettings(), world: World, routes: [Route],
        authenticator: any Authenticator, extraRoutes: [ExtraRoute] = [], readiness: [ReadinessCheck] = [],
        openAPI: String = "{}", metricsText: @escaping @Sendable () -> String = { "" },
        logger: Logger = Logger(label: "kontor.gateway"),
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.settings = settings
        self.logger = logger
        self.eventLoopGroup = eventLoopGroup
        self.onRunning = onRunning
        let operations = routes.map(\.operation)
        let replies = ReplyMaker(behindTLS: settings.behindTLS)
        let metrics = GatewayMetrics(operations: operations)
        largestBodyBytes = max(settings.bodyLimitBytes, settings.rawBodyLimitBytes)
        parts = EdgeParts(
            settings: settings, world: world, logger: logger, table: Self.table(operations),
            // The longest prefix first, so that "/console/assets" can stand beside "/console".
            extraRoutes: extraRoutes.sorted { $0.prefix.utf8.count > $1.prefix.utf8.count },
            calls: CallHandler(
                routes: routes, authenticator: authenticator, world: world, settings: settings, replies: replies),
            probes: Probes(
                replies: replies, readiness: readiness, metrics: metrics, metricsText: metricsText, openAPI: openAPI,
                docs: APIPage.html(operations)),
            replies: replies, metrics: metrics, names: operations.map(\.name))
    }

    /// Serves until the surrounding service group stops it.
    public func run() async throws {
        let handler = EdgeHandler(shared: parts)
        let configuration = connectionConfiguration()
        let server = try HTTPServerBuilder.http1(configuration: configuration).buildServer(
            configuration: ServerConfiguration(
                address: .hostname(settings.host, port: settings.port), backlog: settings.connectionBacklog),
            eventLoopGroup: eventLoopGroup,
            logger: logger,
            responder: { request, writer, channel in
                let response = await handler.respond(to: request, channel: channel)
                try await writer.write(response: response.head, body: ResponseBody(byteBuffer: response.body))
            },
            onServerRunning: { [onRunning] channel in await onRunning(channel.localAddress?.port ?? 0) })
        let parts = parts
        try await withGracefulShutdownHandler {
            // Stops after the server: until then the last requests' callers are watched too.
            let sweeper = Task { await parts.calls.deadlines.sweepForever() }
            defer { sweeper.cancel() }
            try await server.run()
        } onGracefulShutdown: {
            parts.probes.drain()
        }
    }

    private static func table(_ operations: [Operation]) -> AddressTable<EdgeHandler.Target> {
        var table = AddressTable<EdgeHandler.Target>()
        for (index, operation) in operations.enumerated() {
            table.add(operation.method.rawValue, operation.path, .route(index))
        }
        table.add("GET", "/healthz", .health)
        table.add("GET", "/readyz", .ready)
        table.add("GET", "/metrics", .metrics)
        table.add("GET", "/openapi.json", .openAPI)
        table.add("GET", "/docs", .docs)
        return table
    }

    private func connectionConfiguration() -> HTTP1Channel.Configuration {
        let parts = parts
        let rules = ConnectionGuard.Rules(
            bodyTimeout: TimeAmount(settings.bodyTimeout), largestBodyBytes: largestBodyBytes,
            reply: { problem in
                let reply = parts.replies.problem(problem, requestID: parts.requestIDs.next())
                var head = HTTPResponse(
                    status: HTTPResponse.Status(integerLiteral: reply.status), headerFields: reply.headers)
                head.headerFields[.contentLength] = String(reply.body.readableBytes)
                return (head, reply.body)
            },
            explain: { error in
                let problem = ProblemMapping.outcome(of: error, bodyLimit: 0).problem
                // What is not known to be anything else was no HTTP.
                return problem.status == 500 ? EdgeProblem.malformedRequest : problem
            })
        return HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionGuard(rules)],
            idleTimeout: TimeAmount(settings.idleTimeout),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: settings.headerFieldLimitBytes, maxHeaderListSize: settings.headerListLimitBytes,
                maxHeaderFieldCount: settings.headerCountLimit))
    }
}
