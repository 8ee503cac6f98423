import ArgumentParser
import Assembly
import Configuration
import Gateway
import Logging
import ServiceLifecycle
import UnixSignals

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve the API and the console until stopped (SIGTERM or Ctrl-C).")

    @OptionGroup var options: HouseOptions
    @OptionGroup var telemetry: TelemetryOptions

    @Option(help: "The address to listen at [env KONTOR_HTTP_HOST, default 127.0.0.1].")
    var host: String?

    @Option(help: "The port; 0 takes a free one [env KONTOR_HTTP_PORT, default 8080].")
    var port: Int?

    func run() async throws {
        let registry = try telemetry.bootstrap(options)
        var edge = EdgeSettings()
        edge.gateway.host = host ?? options.config.string(forKey: "http.host", default: "127.0.0.1")
        edge.gateway.port = port ?? options.config.int(forKey: "http.port", default: 8080)
        edge.gateway.behindTLS = options.config.bool(forKey: "http.tls", default: false)
        edge.gateway.allowedOrigins = Set(options.config.stringArray(forKey: "http.origins", default: []))
        let settings = edge
        try await options.withHouse { house in
            try await house.wake()
            let gateway = house.gateway(settings, metrics: registry) { port in
                Terminal.line("kontor serves http://\(settings.gateway.host):\(port)  (console /console, API /docs)")
            }
            let group = ServiceGroup(
                configuration: .init(
                    services: [.init(service: gateway)], gracefulShutdownSignals: [.sigterm, .sigint],
                    logger: Logger(label: "kontor")))
            try await group.run()
        }
    }
}
