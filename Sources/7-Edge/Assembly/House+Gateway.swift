public import Gateway
import Logging
public import Runtime
import Store

/// How a house is served.
public struct EdgeSettings: Sendable {
    public var gateway = GatewaySettings()
    /// Browser pages under /console.
    public var servesConsole = true

    public init() {}
}

extension House {
    /// The front door over everything that this house offers; `onRunning` is told the port.
    public func gateway(
        _ settings: EdgeSettings, metrics: PrometheusRegistry? = nil,
        onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> Gateway {
        Gateway(
            settings: settings.gateway, world: world, routes: routes, authenticator: authenticator,
            extraRoutes: settings.servesConsole ? consoleRoutes(secureCookies: settings.gateway.behindTLS) : [],
            readiness: [
                ReadinessCheck("platform book") { [platform] in
                    do {
                        try await platform.read { _ in }
                        return nil
                    } catch {
                        return "the platform's book cannot be read"
                    }
                }
            ],
            openAPI: OpenAPIDocument.json, metricsText: { metrics?.render() ?? "" },
            logger: Logger(label: "kontor.gateway"), onRunning: onRunning)
    }
}
