import ArgumentParser
import Assembly
import Demo
import Foundation
import Runtime

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Run the sample mall: two tenants, concurrent shoppers over HTTP, a report; then keep serving.",
        discussion: """
            Exit code 1 when an invariant does not hold or a shopper met an error, 75 when the folder or the port is in \
            use, 130 when it was stopped before the last shopper.
            """)

    @OptionGroup var telemetry: TelemetryOptions
    @Option(help: "The folder of the demo's data; emptied at the start.") var data = "var/demo"
    @Option(help: "How many shoppers come.") var orders = 500
    @Option(help: "How many shop at once.") var shoppers = 32
    @Option(help: "What shoppers and channel do by chance comes from this number.") var seed: UInt64 = 1
    @Option(help: "The API's and console's port; 0 takes a free one.") var port = 8080
    @Option(help: "The folder of the sample catalogues.") var examples = "Examples"
    @Option(help: "Break one thing before the report, to see that it is found: journal, ledger or stock.")
    var drill: Drill?
    @Flag(help: "Exit after the report.") var once = false

    func validate() throws {
        try Arguments.check("--orders", orders, in: 1...1_000_000)
        try Arguments.check("--shoppers", shoppers, in: 1...10_000)
        try Arguments.checkPort(port)
        try telemetry.check()
        for file in Shop.samples.map({ "\(examples)/\($0.catalogue)" }) + [statementProfile] {
            guard FileManager.default.isReadableFile(atPath: file) else {
                throw ValidationError("\(file) cannot be read: --examples names the folder of the samples")
            }
        }
    }

    private var statementProfile: String { "\(examples)/statements/kontor.yaml" }

    func run() async throws {
        try await CommandFailure.explained {
            try checkFolder()
            let lock = try FolderLock.take(data)
            try emptyFolder()
            var telemetry = telemetry
            telemetry.logFile = telemetry.logFile ?? data + "/kontor.log"
            let registry = try telemetry.bootstrap(HouseOptions.parse([]))
            let mall = try await SampleMall.open(
                data: data, examples: examples, port: port, seed: seed, registry: registry, lock: lock)
            let serving = Task { try await mall.serve() }
            let report: Result<Bool, any Error>
            do { report = .success(try await day(mall, serving)) } catch { report = .failure(error) }
            await mall.stop()
            let served = await serving.result
            await mall.close()
            try await CommandFailure.listening(host: "127.0.0.1", port: port) { try served.get() }
            if try !report.get() { throw ExitCode(1) }
        }
    }

    // ---- The folder ----

    private var marker: String { data + "/demo.marker" }

    /// Only a folder that this command filled before is emptied.
    private func checkFolder() throws {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: data)) ?? []
        guard names.isEmpty || FileManager.default.fileExists(atPath: marker) else {
            throw ValidationError("--data \(data): holds files that no demo made; name an empty or a new folder")
        }
    }

    private func emptyFolder() throws {
        for name in ["books", "keys", "kontor.log"] {
            let path = "\(data)/\(name)"
            if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
        }
        guard FileManager.default.createFile(atPath: marker, contents: Data()) else {
            throw ValidationError("--data \(data): cannot be written")
        }
    }

    // ---- The day ----

    /// Runs the shoppers and prints the report; false when something does not hold.
    private func day(_ mall: SampleMall, _ serving: Task<Void, any Error>) async throws -> Bool {
        guard let address = try await mall.waitUntilServing() else { return false }
        let shops = try await mall.openShops(address)
        guard let outcome = await shopping(shops, until: serving) else {
            Terminal.note("stopped before the last shopper; what was answered is in the books")
            throw ExitCode(130)
        }
        let open = try await mall.settle()
        // Before anything is settled, the clearing account is what the channel's true statement says.
        let differences = try await mall.statementDifferences(try await mall.reports())
        let days = try await mall.reconcile(
            shops, profile: try String(contentsOfFile: statementProfile, encoding: .utf8))
        // As the last thing before the report: what reconciliation books would write a broken balance anew.
        if let drill {
            Terminal.note("drill: the \(drill.rawValue) of one tenant is broken on purpose")
            try await mall.run(drill)
        }
        let report = DemoReport(
            outcome, try await mall.reports(), open: open, differences: differences, reconciled: days)
        report.show()
        guard report.faults.isEmpty else { return false }
        guard !once else { return true }
        mall.showAddresses(address)
        try await serving.value
        return true
    }

    /// Nil when the house was stopped meanwhile.
    private func shopping(
        _ shops: [(shop: Shop, api: ApiClient)], until serving: Task<Void, any Error>
    ) async -> Demo.Outcome? {
        let bar = SharedProgress("shoppers", total: orders)
        let demo = Demo(shops: shops, orders: orders, concurrency: shoppers, seed: seed)
        let shopping = Task { await demo.run { bar.update($0) } }
        // A house that closes sends its shoppers home.
        Task {
            _ = await serving.result
            shopping.cancel()
        }
        let outcome = await shopping.value
        return shopping.isCancelled ? nil : outcome
    }
}

extension Drill: ExpressibleByArgument {}
