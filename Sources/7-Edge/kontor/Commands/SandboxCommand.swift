import ArgumentParser
import Assembly
import Channels
import Logging
import Payments
import Runtime
import ServiceLifecycle
import UnixSignals

struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox", abstract: "A payment provider to practise with, and accounts at it.",
        subcommands: [Serve.self, Connect.self, Statement.self])

    struct Serve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Serve the sandbox provider.",
            discussion: """
                Point kontor at it with KONTOR_SANDBOX_ADDRESS=http://127.0.0.1:8090. Instruments: tok_ok, tok_decline, \
                tok_slow, tok_timeout_done, tok_timeout_undone. Rates are per thousand.
                """)
        @OptionGroup var options: HouseOptions
        @OptionGroup var telemetry: TelemetryOptions
        @Option var port = 8090
        @Option(help: "Keep the provider's books in this file.") var file: String?
        @Option var seed: UInt64 = 1
        @Option var declines = 0
        @Option var timeouts = 0
        @Option var lostCallbacks = 0
        @Option var doubledCallbacks = 0
        @Option var lateCallbacks = 0

        func run() async throws {
            _ = try telemetry.bootstrap(options)
            var behaviour = SandboxBehaviour()
            behaviour.seed = seed
            behaviour.declinePerMille = declines
            behaviour.timeoutDonePerMille = timeouts / 2
            behaviour.timeoutUndonePerMille = timeouts - timeouts / 2
            behaviour.callbackLostPerMille = lostCallbacks
            behaviour.callbackDoubledPerMille = doubledCallbacks
            behaviour.callbackLatePerMille = lateCallbacks
            let server = try SandboxServer(port: port, behaviour: behaviour, file: file)
            let group = ServiceGroup(
                configuration: .init(
                    services: [.init(service: server)], gracefulShutdownSignals: [.sigterm, .sigint],
                    logger: Logger(label: "sandbox")))
            Terminal.line("the sandbox provider listens at http://127.0.0.1:\(port)")
            try await group.run()
        }
    }

    struct Connect: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a tenant an account at the sandbox (needs KONTOR_SANDBOX_ADDRESS and KONTOR_PUBLIC_ADDRESS).")
        @OptionGroup var options: HouseOptions
        @Argument(help: "Identifier or slug of the tenant.") var tenant: String

        func run() async throws {
            try await options.withHouse { house in
                let account = try await house.connectSandbox(try await house.tenant(tenant))
                Terminal.line("connected: callbacks come to /v1/callbacks/sandbox/\(account.token)")
            }
        }
    }

    struct Statement: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the sandbox's statement of a day.")
        @OptionGroup var options: HouseOptions
        @Argument(help: "Identifier or slug of the tenant.") var tenant: String
        @Argument(help: "The day in UTC, e.g. 2026-11-21.") var day: String

        func run() async throws {
            try await options.withHouse { house in
                Terminal.line(try await house.sandboxStatement(try await house.tenant(tenant), day: day))
            }
        }
    }
}
