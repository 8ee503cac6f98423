import Assembly
import Foundation
import Ledger
import Reconciliation
import Runtime
import Store
import Tenancy

/// A large business day through the capability itself: received, read, matched, told, confirmed and settled in a
/// tenant's book, and what it found compared with what the day was made with.
package enum ReconciliationBench {
    package struct Settings: Sendable {
        /// Sales of the day; the statement has about as many lines.
        package var lines = 1_000_000
        package var store = BenchStore.sqlite
        /// An empty PostgreSQL database; a private server is started when it is nil.
        package var database: String?
        /// Tasks that the process does at once.
        package var workers = Reconciliation.tasksAtOnce
        package var seed: UInt64 = 42

        package init() {}
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) { self.description = description }
    }

    /// Lines that are to be settled in a night.
    private static let promised = 120_000_000.0

    package static func run(
        _ settings: Settings, _ progress: TenantsBench.Progress = { _, _ in { _ in } }
    ) async throws -> BenchReport {
        let folder = NSTemporaryDirectory() + "kontor-bench-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var house = HouseSettings(dataFolder: folder)
        house.access = .commanding
        guard settings.store == .postgres else { return try await run(settings, house, nil, progress) }
        let database = try BenchDatabase(settings.database)
        defer { database.end() }
        try database.checkEmpty()
        house.database = database.url
        var report = try await run(settings, house, database, progress)
        report.details.merge(try database.settings()) { own, _ in own }
        if settings.database != nil { try await BenchBooks.remove(from: database.url) }
        return report
    }

    private static func run(
        _ settings: Settings, _ houseSettings: HouseSettings, _ database: BenchDatabase?,
        _ progress: TenantsBench.Progress
    ) async throws -> BenchReport {
        let house = try await House(houseSettings)
        do {
            let report = try await measure(settings, house, progress) {
                try database.map { try $0.megabytes() } ?? megabytes(of: houseSettings.dataFolder)
            }
            await house.close()
            return report
        } catch {
            await house.close()
            throw error
        }
    }

    private static func measure(
        _ settings: Settings, _ house: House, _ progress: TenantsBench.Progress,
        _ megabytes: @Sendable () throws -> Double
    ) async throws -> BenchReport {
        let day = ReconciliationDay(sales: settings.lines, seed: settings.seed, before: house.world.now())
        let made = ReconciliationBook(house: house, day: day)
        let tenant = try await made.makeTenant()
        return try await house.withBook(of: tenant) { book in
            let beginning = ContinuousClock.now
            try await made.putProfile(tenant, book)
            try await made.capture(book, progress("booking captures", day.sales))
            let path = NSTemporaryDirectory() + "kontor-bench-\(UUID().uuidString).csv"
            defer { try? FileManager.default.removeItem(atPath: path) }
            let file = try StatementText.write(day, to: path)
            let before = try megabytes()
            let making = (ContinuousClock.now - beginning).inSeconds

            ProcessMemory.forgetPeak()
            let run = try await ReconciliationRun.measured(house, book, file, made, workers: settings.workers)
            let after = try megabytes()

            let expected = ReconciliationFindings(of: day)
            try expected.require(try await .by(run.settled, house, book))
            var report = BenchReport(
                name: "reconciliation", count: file.lines, seconds: run.seconds, latencies: Latencies())
            report.peak_memory_mb = run.peakMegabytes
            report.figures = run.clock.figures
            report.figures?.merge([
                "making_seconds": making, "receive_seconds": run.received,
                "processor_seconds": run.processorSeconds,
                "processor_microseconds_a_line": run.processorSeconds * 1_000_000 / Double(file.lines),
                "cases_seconds": run.cases, "book_megabytes_before": before, "book_megabytes": after,
                "statement_megabytes": Double(file.size) / 1_048_576,
                "book_bytes_a_line": ((after - before) * 1_048_576 / Double(file.lines)).rounded(),
                "differences": Double(expected.differences.count), "open_items": Double(expected.open.count),
                "shards": Double(run.settled.shards),
                "hours_for_120_million_lines": promised / report.rate_per_second / 3_600
            ]) { own, _ in own }
            report.details = [
                "store": settings.store.rawValue, "workers": "\(settings.workers)", "seed": "\(settings.seed)",
                "day": day.name, "found": "exactly the \(expected.differences.count) differences that were made",
                "open": "\(expected.open.count) items, which add up to the clearing account's balance",
                "memory": "of this process, the database's server not counted"
            ]
            return report
        }
    }

    private static func megabytes(of folder: String) throws -> Double {
        let text = try Programs.run("/usr/bin/du", ["-sm", folder])
        return text.split(whereSeparator: \.isWhitespace).first.flatMap { Double($0) } ?? 0
    }
}

extension ProcessMemory {
    /// Begins the peak anew from what is held now, so that what was done before does not count; where the kernel
    /// refuses, it does count.
    static func forgetPeak() {
        try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
    }
}
