import ArgumentParser
import Bench

extension BenchCommand {
    struct ReconciliationCase: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reconciliation",
            abstract: "Reconciles a large business day in a tenant's book, from its statement to the settled ledger.",
            discussion: """
                Fails unless the run finds exactly the differences that the day was made with, and what stays open on \
                the clearing account is what they leave open.
                """)
        @Option(help: "Sales of the day, and about as many lines of the statement.") var lines = 1_000_000
        @Option(help: "Tasks of the run that are done at once.") var workers: Int?
        @Option var seed: UInt64 = 42
        @OptionGroup var store: StoreOptions
        @Flag var json = false

        func validate() throws {
            try Arguments.check("--lines", lines, in: 100...200_000_000)
            if let workers { try Arguments.check("--workers", workers, in: 1...64) }
        }

        func run() async throws {
            var settings = ReconciliationBench.Settings()
            settings.lines = lines
            settings.store = store.store
            settings.database = store.database
            settings.seed = seed
            if let workers { settings.workers = workers }
            let report = try await ReconciliationBench.run(settings) { label, total in
                let bar = SharedProgress(label, total: total)
                return { bar.update($0) }
            }
            try BenchCommand.show(report, json: json)
        }
    }
}
