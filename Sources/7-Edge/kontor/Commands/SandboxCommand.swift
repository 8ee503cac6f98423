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
        @Option(help: "The port at 127.0.0.1; 0 takes a free one.") var port = 8090
        @Option(help: "Keep the provider's books in this file; in memory when it is not given.") var file: String?
        @Option(help: "What it does by chance comes from this number.") var seed: UInt64 = 1
        @Option(help: "Payments declined, of a thousand.") var declines = 0
        @Option(help: "Answers that never come, of a thousand; half of them were done.") var timeouts = 0
        @Option(help: "Callbacks never sent, of a thousand.") var lostCallbacks = 0
        @Option(help: "Callbacks sent twice, of a thousand.") var doubledCallbacks = 0
        @Option(help: "Callbacks sent late, of a thousand.") var lateCallbacks = 0

        @OptionGroup var drill: StatementDrill

        func validate() throws {
            try Arguments.checkPort(port)
            try drill.check()
            for (name, rate) in [
                ("--declines", declines), ("--timeouts", timeouts), ("--lost-callbacks", lostCallbacks),
                ("--doubled-callbacks", doubledCallbacks), ("--late-callbacks", lateCallbacks)
            ] { try Arguments.check(name, rate, in: 0...1_000) }
            try telemetry.check()
        }

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
            let chosen = behaviour
            let differences = drill.differences(seed: seed)
            try await CommandFailure.explained {
                let server = try SandboxServer(
                    port: port, behaviour: chosen, differences: differences, file: file)
                let group = ServiceGroup(
                    configuration: .init(
                        services: [.init(service: server)], gracefulShutdownSignals: [.sigterm, .sigint],
                        logger: Logger(label: "sandbox")))
                Task { Terminal.line("the sandbox provider listens at http://127.0.0.1:\(await server.port)") }
                try await CommandFailure.listening(host: "127.0.0.1", port: port) { try await group.run() }
            }
        }
    }

    struct Connect: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a tenant an account at the sandbox.",
            discussion: """
                The sandbox must run. KONTOR_SANDBOX_ADDRESS says where; KONTOR_PUBLIC_ADDRESS says where it reaches the \
                house with its callbacks (default http://127.0.0.1:8080).
                """)
        @OptionGroup var options: HouseOptions
        @Argument(help: "Identifier or slug of the tenant.") var tenant: String

        func run() async throws {
            guard try options.settings().sandboxAddress != nil else { throw SandboxCommand.noAddress }
            try await options.withHouse(.commanding) { house in
                let account = try await house.connectSandbox(try await house.tenant(tenant))
                Terminal.line("connected: callbacks come to /v1/callbacks/sandbox/\(account.token)")
            }
        }
    }

    struct Statement: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the sandbox's statement of a day, as CSV.")
        @OptionGroup var options: HouseOptions
        @Argument(help: "Identifier or slug of the tenant.") var tenant: String
        @Argument(help: "The day in UTC, e.g. 2026-11-21.") var day: String

        func validate() throws {
            guard Timestamp(rfc3339: day + "T00:00:00Z") != nil else {
                throw ValidationError("day \"\(day)\": must be a day such as 2026-11-21")
            }
        }

        func run() async throws {
            guard try options.settings().sandboxAddress != nil else { throw SandboxCommand.noAddress }
            try await options.withHouse(.reading) { house in
                Terminal.line(try await house.sandboxStatement(try await house.tenant(tenant), day: day))
            }
        }
    }

    /// What is wrong in each day's statement, to see that reconciliation finds it.
    struct StatementDrill: ParsableArguments {
        @Option(help: "Lines that each day's statement leaves out.") var missingLines = 0
        @Option(help: "Lines whose amount is wrong.") var wrongAmounts = 0
        @Option(help: "Lines that stand in the statement twice.") var doubledLines = 0
        @Option(help: "Lines that come in the statement of the day after.") var lateLines = 0
        @Option(help: "Lines of payments that nobody made.") var extraLines = 0
        @Option(help: "Lines that come without their references.") var bareLines = 0

        func check() throws {
            for (name, count) in [
                ("--missing-lines", missingLines), ("--wrong-amounts", wrongAmounts),
                ("--doubled-lines", doubledLines), ("--late-lines", lateLines), ("--extra-lines", extraLines),
                ("--bare-lines", bareLines)
            ] { try Arguments.check(name, count, in: 0...1_000_000) }
        }

        func differences(seed: UInt64) -> SandboxDifferences {
            SandboxDifferences(
                missing: missingLines, amount: wrongAmounts, doubled: doubledLines, late: lateLines,
                extra: extraLines, bare: bareLines, seed: seed)
        }
    }

    private static var noAddress: ValidationError {
        ValidationError("KONTOR_SANDBOX_ADDRESS is not set: where the sandbox listens, e.g. http://127.0.0.1:8090")
    }
}
