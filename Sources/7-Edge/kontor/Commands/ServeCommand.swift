import ArgumentParser
import Assembly
import Configuration
import Gateway
import Logging
import ServiceLifecycle
import UnixSignals

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve the API and the console until stopped (SIGTERM or Ctrl-C).",
        discussion: """
            Exit code 0 after a stop, 75 when another process holds the data folder or the port, or the database cannot \
            be reached. Several processes may serve one --database; they need the same keys.
            """)

    @OptionGroup var options: HouseOptions
    @OptionGroup var telemetry: TelemetryOptions

    @Option(help: "The address to listen at [env KONTOR_HTTP_HOST, default 127.0.0.1].")
    var host: String?

    @Option(help: "The port; 0 takes a free one [env KONTOR_HTTP_PORT, default 8080].")
    var port: Int?

    @Option(
        help: ArgumentHelp(
            "Raise every rate limit of the contract by this factor, for load tests and conformance runs.",
            visibility: .hidden))
    var rateLimitMultiplier = 1

    func validate() throws {
        try Arguments.check("--rate-limit-multiplier", rateLimitMultiplier, in: 1...1_000_000)
        if let port { try Arguments.checkPort(port) }
        try telemetry.check()
    }

    func run() async throws {
        let config = options.config
        var edge = EdgeSettings()
        edge.gateway.host = host ?? config.string(forKey: "http.host", default: "127.0.0.1")
        edge.gateway.port = try port ?? options.number("http.port", default: 8080, in: 0...65_535)
        edge.gateway.behindTLS = try options.flag("http.tls", default: false)
        edge.gateway.rateLimits = .enforced(multiplier: rateLimitMultiplier)
        edge.gateway.allowedOrigins = Set(config.stringArray(forKey: "http.origins", default: []))
        let settings = edge
        OpenFiles.raiseLimit()
        let registry = try telemetry.bootstrap(options)
        try await options.withHouse(.serving, begins: true) { house in
            try await house.wake()
            let gateway = house.gateway(settings, metrics: registry) { port in
                Terminal.line("kontor serves http://\(settings.gateway.host):\(port)  (console /console, API /docs)")
                if house.settings.database != nil { Terminal.line("books in \(house.settings.location)") }
            }
            let group = ServiceGroup(
                configuration: .init(
                    services: [
                        .init(service: house.caretaker, successTerminationBehavior: .ignore),
                        .init(service: gateway)
                    ],
                    gracefulShutdownSignals: [.sigterm, .sigint], logger: Logger(label: "kontor")))
            try await CommandFailure.listening(host: settings.gateway.host, port: settings.gateway.port) {
                try await group.run()
            }
        }
    }
}
