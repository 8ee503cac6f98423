import ArgumentParser
import Assembly
import Journal
import Runtime
import Store
import Tenancy

extension TenantCommand {
    struct Move: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Carry a tenant's book between SQLite, PostgreSQL and a database of its own.",
            discussion: """
                The tenant's calls get 503 with Retry-After while its rows are copied and compared: every row, the whole \
                journal, the trial balance. One commit switches; until then the book stays where it was. Interrupted \
                (even by a power cut), the same command continues, and --undo gives the book back. The old copy is kept, \
                sealed, until --drop-old. A person's data that is erased later is not erased there: drop it in time.
                """)

        @OptionGroup var options: HouseOptions
        @Argument(help: "Identifier or slug.") var tenant: String
        @Option(
            help: ArgumentHelp(
                "sqlite, postgres (this installation's) or the URL of a further database, without a password.",
                valueName: "place"))
        var to: String?
        @Flag(help: "Give up a move that was interrupted.") var undo = false
        @Flag(help: "Delete the copies that this and earlier moves left behind, for good.") var dropOld = false
        @Flag(help: "One JSON document instead of lines.") var json = false

        func validate() throws {
            _ = try to.map(TenantCommand.home)
            if undo, to != nil || dropOld { throw ValidationError("--undo goes with no other") }
            if !undo, to == nil, !dropOld { throw ValidationError("name a place with --to, or --undo, or --drop-old") }
        }

        struct Shown: Encodable {
            var tenant: String
            var place: String
            var moved = false
            var undone = false
            var from, to, head: String?
            var rows, events: Int64?
            var seconds: Double?
            var tables: [Table]?
            var left: [String] = []
            var dropped: [String] = []

            struct Table: Encodable {
                let name: String
                let rows: Int64
            }
        }

        func run() async throws {
            try await options.withHouse(.commanding) { house in
                var tenant = try await house.tenant(tenant)
                var shown = Shown(tenant: "\(tenant.id)", place: "")
                if undo { shown.undone = try await house.undoMove(tenant) }
                if let to { try await move(tenant, to: try TenantCommand.home(to), house, &shown) }
                tenant = try await house.tenancy.tenant(tenant.id)
                if dropOld { shown.dropped = try await house.removeLeftBooks(tenant).map { "\($0)" } }
                shown.place = "\(tenant.place.home)"
                shown.left = try await house.tenancy.leftBooks(tenant.id).map { "\($0.place)" }
                if json { try Terminal.json(shown) } else { tell(shown, tenant) }
            }
        }

        private func move(_ tenant: Tenant, to home: BookHome, _ house: House, _ shown: inout Shown) async throws {
            let bars = SharedBars()
            let report = try await house.move(tenant, to: home) { step, done, total in
                bars.update(step.rawValue, Int(done), Int(total))
            }
            guard let report else { return }
            shown.moved = true
            shown.from = "\(report.from)"
            shown.to = "\(report.to)"
            shown.rows = report.rows
            shown.events = report.sequence
            shown.head = Hex.text(report.headHash)
            shown.seconds = Double(report.took.wholeMicroseconds) / 1_000_000
            shown.tables = report.tables.map { Shown.Table(name: $0.table, rows: $0.rows) }
        }

        private func tell(_ shown: Shown, _ tenant: Tenant) {
            if shown.moved {
                Terminal.line(
                    "moved \(tenant.slug) to \(shown.place): \(shown.rows ?? 0) rows of \(shown.tables?.count ?? 0) tables, "
                        + "\(shown.events ?? 0) events, head \((shown.head ?? "").prefix(16))…, all compared")
            } else if undo {
                Terminal.line(
                    shown.undone
                        ? "undone: the book of \(tenant.slug) is open again at \(shown.place)"
                        : "no move of \(tenant.slug) was under way")
            } else if to != nil {
                Terminal.line("the book of \(tenant.slug) is at \(shown.place) already")
            }
            for place in shown.dropped { Terminal.line("deleted the old copy: \(place)") }
            for place in shown.left { Terminal.line("an old copy is kept: \(place)") }
            if !shown.left.isEmpty {
                Terminal.note("`kontor tenant move \(tenant.slug) --drop-old` deletes it for good")
            }
        }
    }
}
