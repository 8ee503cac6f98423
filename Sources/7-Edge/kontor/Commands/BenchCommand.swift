import ArgumentParser
import Bench

struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure this machine; each prints one JSON object with --json.",
        subcommands: [LedgerCase.self, OrdersCase.self, IdleCase.self])

    struct LedgerCase: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "ledger", abstract: "Transfers a second, durable, beside a bare SQLite loop.")
        @Option(help: "Accounts between which money moves at random.") var accounts = 10_000
        @Option(help: "Concurrent callers with one transfer each; 0 measures batches of 8,000.") var callers = 0
        @Option(help: "Transfers to measure.") var transfers = 1_000_000
        @Flag var json = false

        func run() async throws {
            try BenchCommand.show(
                try await LedgerBench.run(accounts: accounts, callers: callers, transfers: transfers), json: json)
        }
    }

    struct OrdersCase: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "orders", abstract: "Orders of three lines a second over HTTP, load generator included.")
        @Option var orders = 100_000
        @Option var connections = 128
        @Flag var json = false

        func run() async throws {
            var settings = OrdersBench.Settings()
            settings.orders = orders
            settings.connections = connections
            try BenchCommand.show(try await OrdersBench.run(settings), json: json)
        }
    }

    struct IdleCase: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "idle", abstract: "Memory and time to readiness of a server on an existing database.")
        @Option(help: "Starts to measure.") var starts = 5
        @Flag var json = false

        func run() async throws { try BenchCommand.show(try await IdleBench.run(starts: starts), json: json) }
    }

    static func show(_ report: BenchReport, json: Bool) throws {
        if json { return Terminal.line(try report.json()) }
        Terminal.line(
            "\(report.name): \(report.count) in \(rounded(report.seconds)) s, \(Int(report.rate_per_second))/s")
        Terminal.line("  p50 \(report.p50_ms) ms, p99 \(report.p99_ms) ms, peak \(report.peak_memory_mb) MB")
        for peer in report.peers { Terminal.line("  beside it \(peer.name): \(Int(peer.rate_per_second))/s") }
        if let ratio = report.ratio { Terminal.line("  ratio \(rounded(ratio))") }
        for (name, value) in report.details.sorted(by: { $0.key < $1.key }) { Terminal.line("  \(name): \(value)") }
    }

    private static func rounded(_ value: Double) -> Double { (value * 1_000).rounded() / 1_000 }
}
