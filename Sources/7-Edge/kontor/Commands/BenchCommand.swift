import ArgumentParser
import Bench

struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure this machine; each prints one JSON object with --json.",
        subcommands: [
            LedgerCase.self, OrdersCase.self, TenantsCase.self, IdleCase.self, ReconcileCase.self,
            ReconciliationCase.self
        ])

    /// Which store is measured.
    struct StoreOptions: ParsableArguments {
        @Option(help: "sqlite or postgres.") var store = BenchStore.sqlite

        @Option(
            help: ArgumentHelp(
                "An empty PostgreSQL database; without one a private server is started.", valueName: "url"))
        var database: String?

        func validate() throws {
            if database != nil, store != .postgres { throw ValidationError("--database goes with --store postgres") }
        }
    }

    struct LedgerCase: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "ledger",
            abstract: "Transfers a second, durable, beside the bare store: a SQLite loop, or pgbench on PostgreSQL.")
        @Option(help: "Accounts between which money moves at random.") var accounts = 10_000
        @Option(help: "Concurrent callers with one transfer each; 0 measures batches of 8,000.") var callers = 0
        @Option(help: "Transfers to measure.") var transfers = 1_000_000
        @OptionGroup var store: StoreOptions
        @Flag var json = false

        func run() async throws {
            var settings = LedgerBench.Settings()
            settings.accounts = accounts
            settings.callers = callers
            settings.transfers = transfers
            settings.store = store.store
            settings.database = store.database
            try BenchCommand.show(try await LedgerBench.run(settings), json: json)
        }
    }

    struct OrdersCase: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "orders", abstract: "Orders of three lines a second over HTTP, load generator included.")
        @Option var orders = 100_000
        @Option var connections = 128
        @OptionGroup var store: StoreOptions
        @Flag var json = false

        func run() async throws {
            var settings = OrdersBench.Settings()
            settings.orders = orders
            settings.connections = connections
            settings.store = store.store
            settings.database = store.database
            try BenchCommand.show(try await OrdersBench.run(settings), json: json)
        }
    }

    struct TenantsCase: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "tenants",
            abstract: "Makes many tenants, migrates them, and serves them in random order from one process.")
        @Option(help: "Tenants to make.") var count = 10_000
        @Option(help: "Books that the serving process may have open at once.") var openBooks = 256
        @OptionGroup var store: StoreOptions
        @Flag var json = false

        func validate() throws {
            try Arguments.check("--count", count, in: 1...1_000_000)
            try Arguments.check("--open-books", openBooks, in: 1...100_000)
        }

        func run() async throws {
            var settings = TenantsBench.Settings()
            settings.count = count
            settings.openBooks = openBooks
            settings.store = store.store
            settings.database = store.database
            let report = try await TenantsBench.run(settings) { label, total in
                let bar = SharedProgress(label, total: total)
                return { bar.update($0) }
            }
            try BenchCommand.show(report, json: json)
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
        for (name, value) in (report.figures ?? [:]).sorted(by: { $0.key < $1.key }) {
            Terminal.line("  \(name): \(rounded(value))")
        }
        for (name, value) in report.details.sorted(by: { $0.key < $1.key }) { Terminal.line("  \(name): \(value)") }
    }

    private static func rounded(_ value: Double) -> Double { (value * 1_000).rounded() / 1_000 }
}

extension BenchStore: ExpressibleByArgument {}
