import ArgumentParser
import Assembly
import Journal
import Store
import Tenancy

struct PlatformCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "platform", abstract: "Carry the directory of a house to PostgreSQL.", subcommands: [Move.self])

    struct Move: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Copy the directory of tenants and keys from the data folder to a database, and compare it.",
            discussion: """
                The old one stays, sealed: a start without --database is refused from then on. Tenants stay where they \
                are; `kontor tenant move` carries them. Interrupted, the same command continues.
                """)

        @OptionGroup var options: HouseOptions
        @Option(help: ArgumentHelp("The database, as in --database.", valueName: "url")) var to: String?
        @Flag(help: "Serve from the folder again; only while nothing was done with the new one.") var undo = false
        @Flag(help: "One JSON document instead of lines.") var json = false

        struct Shown: Encodable {
            let place, head: String
            let rows, events: Int64
        }

        func validate() throws {
            guard undo != (to != nil) else { throw ValidationError("name a database with --to, or give --undo") }
            if let to { _ = try HouseOptions.databaseURL(to, of: "--to") }
        }

        func run() async throws {
            var settings = try options.settings()
            settings.access = .commanding
            let house = settings
            try await CommandFailure.explained {
                let move = PlatformMove(house, to: to ?? "")
                guard to != nil else {
                    try await move.undo()
                    return Terminal.line("the directory in \(house.location) is open again")
                }
                let report = try await move.run()
                if json {
                    return try Terminal.json(
                        Shown(
                            place: report.place, head: Hex.text(report.headHash), rows: report.rows,
                            events: report.sequence))
                }
                Terminal.line(
                    "the directory is at \(report.place): \(report.rows) rows, \(report.sequence) events, all compared")
                Terminal.note(
                    "give that as --database or KONTOR_DATABASE from now on; `kontor tenant move` carries tenants")
            }
        }
    }
}
