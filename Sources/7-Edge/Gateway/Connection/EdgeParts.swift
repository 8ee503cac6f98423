import Logging
import Runtime

/// What all requests share, made once when the gateway starts.
final class EdgeParts: Sendable {
    let settings: GatewaySettings
    let world: World
    let logger: Logger
    let table: AddressTable<EdgeHandler.Target>
    let extraRoutes: [ExtraRoute]
    let calls: CallHandler
    let probes: Probes
    let replies: ReplyMaker
    let cors: CORS
    let metrics: GatewayMetrics
    let requestIDs: RequestIDs
    let dates = DateHeader()
    private let names: [String]

    init(
        settings: GatewaySettings, world: World, logger: Logger, table: AddressTable<EdgeHandler.Target>,
        extraRoutes: [ExtraRoute], calls: CallHandler, probes: Probes, replies: ReplyMaker, metrics: GatewayMetrics,
        names: [String]
    ) {
        self.settings = settings
        self.world = world
        self.logger = logger
        self.table = table
        self.extraRoutes = extraRoutes
        self.calls = calls
        self.probes = probes
        self.replies = replies
        self.metrics = metrics
        self.names = names
        cors = CORS(origins: settings.allowedOrigins)
        requestIDs = RequestIDs(random: world.random)
    }

    /// The operation's name for logs; "other" for pages, probes and unknown addresses.
    func name(_ operation: Int?) -> String { operation.map { names[$0] } ?? "other" }
}
