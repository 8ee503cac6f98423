import ArgumentParser
import Assembly
import Tenancy

struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Bring every tenant's book to this version's schema now, instead of when it is first opened.",
        discussion: """
            Interrupted, the same command continues: books that are there already are passed over. A tenant that fails \
            is named and does not stop the others; exit code 1 then.
            """)

    @OptionGroup var options: HouseOptions
    @Option(help: "Books that are migrated at once, 1 to 64.") var jobs = 4
    @Flag(help: "One JSON document instead of lines.") var json = false

    struct Shown: Encodable {
        /// The platform's book counts.
        let books, ready, migrated, steps: Int
        let failures: [String]
    }

    func validate() throws { try Arguments.check("--jobs", jobs, in: 1...64) }

    func run() async throws {
        let bars = SharedBars()
        try await options.withHouse(.commanding) { house in
            let report = try await house.migrate(jobs: jobs) { bars.update("migrating", $0, $1) }
            let failures = report.failures.map { "\($0.tenant.slug) (\($0.tenant.id)): \($0.reason)" }
            for failure in failures { Terminal.error(failure) }
            if json {
                try Terminal.json(
                    Shown(
                        books: report.books + 1, ready: report.ready + 1, migrated: report.migrated,
                        steps: report.steps, failures: failures))
            } else {
                Terminal.line(
                    "\(report.ready + 1) of \(report.books + 1) books are at this version's schema; "
                        + "\(report.migrated) got \(report.steps) steps now")
            }
            if !failures.isEmpty { throw ExitCode(1) }
        }
    }
}
