import ArgumentParser
import Assembly
import Foundation
import Reconciliation
import Tenancy

struct ReconciliationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconciliation",
        abstract: "Reconciliation of a tenant: its files, runs, cases, repairs, rules and daily report.",
        subcommands: [
            ProfilesCommand.self, FilesCommand.self, RunsCommand.self, CasesCommand.self, RepairsCommand.self,
            RuleSetsCommand.self, ShadowCommand.self, OrderCheckCommand.self, OpenItemsCommand.self, Report.self
        ])

    struct Report: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the daily report, as HTML or, where Chromium is installed, as PDF.",
            discussion: """
                The file stands for itself: its styles are inside. Without --html and --pdf the HTML is printed. Exit \
                code 1 when no PDF can be made, 64 when the command line was wrong.
                """)
        @OptionGroup var options: HouseOptions
        @Option(help: "Identifier or slug of the tenant.") var tenant: String
        @Option(help: "The business day, e.g. 2026-11-21.") var day: String
        @Option(help: "The language: en or zh.") var language = "en"
        @Option(help: "Write the page to this file.") var html: String?
        @Option(help: "Print it to this file through headless Chromium.") var pdf: String?

        func validate() throws {
            guard BusinessDay(day) != nil else {
                throw ValidationError("--day \"\(day)\": must be a day such as 2026-11-21")
            }
            guard ["en", "zh"].contains(language) else {
                throw ValidationError("--language \"\(language)\": must be en or zh")
            }
            if pdf != nil, PaperPrinter.find() == nil {
                throw ValidationError(
                    "--pdf needs Chromium, which is not here (apt-get install chromium); --html writes the page")
            }
        }

        func run() async throws {
            let page = try await options.withHouse(.reading) { house in
                try await house.dailyReport(of: try await house.tenant(tenant), day: day, language: language)
            }
            if let html {
                do { try page.write(toFile: html, atomically: true, encoding: .utf8) } catch {
                    throw ValidationError("--html \(html): cannot be written")
                }
                Terminal.note("written: \(html)")
            }
            if let pdf {
                guard let printer = PaperPrinter.find() else { throw ExitCode(1) }
                try printer.print(page, to: pdf)
                Terminal.note("written: \(pdf)")
            }
            if html == nil, pdf == nil { Terminal.line(page) }
        }
    }
}
