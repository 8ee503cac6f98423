import ArgumentParser
import Statements

struct StatementCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "statement", abstract: "Look into the statements of payment channels and banks.",
        discussion: "Reads files alone: no house, no books, no network.",
        subcommands: [Inspect.self, Formats.self])

    struct Inspect: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what a file is, what it holds, and whether it is true to itself.",
            discussion: """
                Plain, .gz and .zip files and .xlsx workbooks are read in place. Exit code 1 when the file contradicts \
                itself (both figures are printed), cannot be read, or does not prove what it is.
                """)
        @Argument(help: "The file.") var file: String
        @Option(help: "The format's id, as `kontor statement formats` lists it; detected when it is not given.")
        var format: String?
        @Option(help: "A YAML file that describes the table: a profile.")
        var profile: String?
        @Option(help: "The file of an archive, or the sheet of a workbook, to read.") var entry: String?
        @Option(help: "The text's encoding, when the bytes do not show it (utf-8, gb18030, windows-1252, …).")
        var encoding: String?
        @Option(help: "The currency, where the file names none (EUR).") var currency: String?
        @Option(help: "The zone of times, where the file states none (+08:00, Z).") var zone: String?
        @Flag(name: .customLong("day-first"), help: "Days such as 03/04 are of April, where the file does not show.")
        var dayFirst = false
        @Flag(name: .customLong("month-first"), help: "Days such as 03/04 are of March, where the file does not show.")
        var monthFirst = false
        @Option(help: "How many of the first rows to print.") var rows = 5
        @Option(name: .customLong("max-rejected"), help: "How many lines may be bad before the file is refused.")
        var maxRejected = 0
        @Flag(help: "Say how long reading took.") var timing = false
        @Flag(help: "One JSON document instead of text.") var json = false

        func validate() throws {
            if dayFirst, monthFirst { throw ValidationError("--day-first and --month-first exclude each other") }
            if format != nil, profile != nil { throw ValidationError("--format and --profile name different readers") }
            if rows < 0 || rows > 1_000_000 { throw ValidationError("--rows \(rows): must be 0 to 1000000") }
            if maxRejected < 0 { throw ValidationError("--max-rejected \(maxRejected): must not be negative") }
            if let currency, (try? FieldText.currency(currency)) == nil {
                throw ValidationError("--currency \"\(currency)\": must be three letters of ISO 4217")
            }
            if let zone, Self.offset(zone) == nil {
                throw ValidationError("--zone \"\(zone)\": must be hours and minutes from UTC, as +08:00")
            }
            if let encoding, TextEncoding(name: encoding) == nil {
                let known = TextEncoding.allCases.map(\.name).joined(separator: ", ")
                throw ValidationError("--encoding \"\(encoding)\": must be one of \(known)")
            }
        }

        func run() throws {
            let report = try StatementReport.read(
                file, format: format, profile: profile, options: options, shownRows: rows)
            if json { try Terminal.json(report) } else { report.print(timing: timing) }
            if report.verdict != .ok { throw ExitCode(1) }
        }

        private static func offset(_ zone: String) -> Int32? {
            (try? FieldText.iso8601(FieldText.bytes("2000-01-01T00:00:00\(zone)")))?.offsetSeconds
        }

        var options: ReadOptions {
            var options = ReadOptions(limits: ReadLimits(maxRejected: maxRejected), entry: entry)
            if dayFirst || monthFirst { options.dayFirst = dayFirst }
            options.currency = currency.flatMap { try? FieldText.currency($0) }
            options.offsetSeconds = zone.flatMap(Self.offset)
            options.encoding = encoding.flatMap { TextEncoding(name: $0) }
            // Contradictions are shown with everything else instead of ending the reading.
            options.refusesContradictions = false
            return options
        }
    }

    struct Formats: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the formats that are read.")
        @Flag(help: "One JSON document instead of a table.") var json = false

        struct Shown: Encodable {
            let id, name, channel: String
        }

        func run() throws {
            let formats = StatementFormats.all.map {
                Shown(id: $0.format.id, name: $0.format.name, channel: $0.format.channel)
            }
            guard !json else { return try Terminal.json(formats) }
            Terminal.table(["format", "channel", "name"], formats.map { [$0.id, $0.channel, $0.name] })
        }
    }
}
