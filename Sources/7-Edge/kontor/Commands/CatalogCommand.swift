import ArgumentParser
import Assembly
import Catalog
import Foundation
import Money
import Store

struct CatalogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog", abstract: "Bring products in.", subcommands: [Import.self])

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Import a Shopify product CSV into a tenant's catalogue and stock room.",
            discussion: """
                Products are found by their handle, so the same file twice changes nothing. Exit code 1 when a row was \
                refused; the report names each with its line, column, value and rule.
                """)
        @OptionGroup var options: HouseOptions
        @Argument(help: "The CSV file.") var file: String
        @Option(help: "Identifier or slug of the tenant.") var tenant: String
        @Option(help: "ISO 4217; the tenant's own when it is not given.", transform: Arguments.currency)
        var currency: Currency?
        @Flag(help: "Count stock for every variant, also where the file names no tracker.") var trackAll = false
        @Flag(help: "One JSON document instead of lines.") var json = false

        func run() async throws {
            let report = try await options.withHouse(.commanding) { house in
                let tenant = try await house.tenant(tenant)
                return try await house.importCatalogue(
                    file, tenant: tenant, currency: currency, trackAll: trackAll)
            }
            if json { try Terminal.json(report) } else { show(report) }
            if report.rowsRefused > 0 { throw ExitCode(1) }
        }

        private func show(_ report: ImportReport) {
            Terminal.line(
                """
                rows        \(report.rowsIn) in, \(report.rowsRefused) refused
                products    \(report.productsCreated) created, \(report.productsUpdated) updated, \
                \(report.productsUnchanged) unchanged, \(report.productsRefused) refused
                variants    \(report.variants)
                images      \(report.images)
                stock set   \(report.stockSet)
                """)
            for refusal in report.refusals {
                Terminal.line(
                    "refused line \(refusal.line) (\(refusal.handle)) \(refusal.column) \"\(refusal.value)\": \(refusal.rule)"
                )
            }
            for note in report.notes { Terminal.line("note line \(note.line) (\(note.handle)): \(note.text)") }
            if !report.attributeColumns.isEmpty {
                Terminal.line("kept as attributes: \(report.attributeColumns.joined(separator: ", "))")
            }
        }
    }
}
