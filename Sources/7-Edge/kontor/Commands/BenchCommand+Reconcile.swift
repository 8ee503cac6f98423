import ArgumentParser
import Bench
import Foundation

extension BenchCommand {
    struct ReconcileCase: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reconcile",
            abstract: "Matches two generated files of so many lines, beside DuckDB, chDB and Polars on request.")
        @Option(help: "Lines of each file, about.") var rows = 20_000_000
        @Option(help: "duckdb, chdb, polars: any of them, separated by commas.") var against: String?
        @Option(help: "A Python that has the engines (pip install duckdb chdb polars).") var python = "python3"
        @Option(help: "Where the files go, and stay; a temporary folder without it.") var folder: String?
        @Option(help: "Threads of kontor reconcile.") var threads: Int?
        @Option(help: "Megabytes that kontor reconcile may use for lines.") var memory: Int?
        @Option var seed: UInt64 = 42
        @Flag var json = false

        func validate() throws { try Arguments.check("--rows", rows, in: 1_000...1_000_000_000) }

        func run() throws {
            // The file that runs: as a child's program `/proc/self/exe` would name the child.
            let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            var settings = ReconcileBench.Settings(program: program)
            settings.rows = rows
            settings.against = against.map { $0.split(separator: ",").map(String.init) } ?? []
            settings.python = python
            settings.folder = folder
            settings.threads = threads
            settings.memoryMegabytes = memory
            settings.seed = seed
            try BenchCommand.show(try ReconcileBench.run(settings), json: json)
        }
    }
}
