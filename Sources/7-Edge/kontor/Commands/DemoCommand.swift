import ArgumentParser
import Assembly
import AsyncHTTPClient
import Channels
import Demo
import Foundation
import Gateway
import Journal
import Logging
import Money
import Runtime
import ServiceLifecycle
import Tenancy

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Run the sample mall: two tenants, concurrent shoppers over HTTP, a report; then keep serving.",
        discussion: "Exit code 1 when an invariant does not hold or a shopper met an error.")

    @OptionGroup var telemetry: TelemetryOptions
    @Option(help: "The folder of the demo's data; emptied at the start.") var data = "var/demo"
    @Option(help: "How many shoppers come.") var orders = 500
    @Option(help: "How many shop at once.") var shoppers = 32
    @Option var seed: UInt64 = 1
    @Option(help: "The API's and console's port; 0 takes a free one.") var port = 8080
    @Option(help: "The folder of the sample catalogues.") var examples = "Examples"
    @Flag(help: "Exit after the report.") var once = false

    func run() async throws {
        let registry = try bootstrap()
        try prepareFolder()
        try await CommandFailure.explained { try await mall(registry) }
    }

    private func bootstrap() throws -> PrometheusRegistry {
        var telemetry = telemetry
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        telemetry.logFile = telemetry.logFile ?? data + "/kontor.log"
        return try telemetry.bootstrap(HouseOptions.parse([]), defaultLevel: .info)
    }

    /// Only a folder that this command filled before is emptied.
    private func prepareFolder() throws {
        let marker = data + "/demo.marker"
        for name in ["books", "keys", "sandbox"] {
            let path = "\(data)/\(name)"
            guard FileManager.default.fileExists(atPath: path) else { continue }
            guard FileManager.default.fileExists(atPath: marker) else {
                throw ValidationError("\(data) holds data that no demo made; choose another folder with --data")
            }
            try FileManager.default.removeItem(atPath: path)
        }
        guard FileManager.default.createFile(atPath: marker, contents: Data()) else {
            throw ValidationError("cannot write to \(data)")
        }
    }

    private func mall(_ registry: PrometheusRegistry) async throws {
        let mall = try await SampleMall.open(data: data, examples: examples, port: port, seed: seed, registry: registry)
        let serving = Task { try await mall.serve() }
        do {
            let address = try await mall.waitUntilServing()
            let shops = try await mall.openShops(address)
            let bar = SharedProgress("shoppers", total: orders)
            let demo = Demo(shops: shops, orders: orders, concurrency: shoppers, seed: seed)
            let outcome = await demo.run { bar.update($0) }
            try await mall.settle()
            let reports = try await mall.reports()
            let broken = DemoReport.show(outcome, reports, differences: try await mall.statementDifferences(reports))
            if once || !broken.isEmpty {
                await mall.stop()
                try await serving.value
                await mall.close()
                if !broken.isEmpty { throw ExitCode(1) }
                return
            }
            mall.showAddresses(address)
            try await serving.value
            await mall.close()
        } catch {
            await mall.stop()
            _ = try? await serving.value
            await mall.close()
            throw error
        }
    }
}
