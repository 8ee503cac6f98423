import Foundation
import Journal
import Ledger
import Money
import Runtime
import Store
import StorePostgreSQL
import StoreSQLite
import Synchronization

/// Transfers between random accounts, every answer durable, beside what the bare store does with the same transfers.
/// Rounds of both alternate, because the machine drifts.
package enum LedgerBench {
    package struct Settings: Sendable {
        package var accounts = 10_000
        /// Callers that post one transfer at a time; 0 submits batches of `Ledger.batchLimit`.
        package var callers = 0
        package var transfers = 1_000_000
        package var store = BenchStore.sqlite
        /// A PostgreSQL database; a private server is started when it is nil.
        package var database: String?

        package init() {}
    }

    static let rounds = 2
    /// Callers that submit whole batches: one gathers while the other's commit is in flight.
    static let batchCallers = 2

    package static func run(_ settings: Settings) async throws -> BenchReport {
        switch settings.store {
        case .sqlite: try await onSQLite(settings)
        case .postgres: try await onPostgreSQL(settings)
        }
    }

    private static func onSQLite(_ settings: Settings) async throws -> BenchReport {
        let count = settings.transfers / rounds
        var total = Result()
        var peerSeconds = 0.0
        var memory = 0.0
        for round in 0..<rounds {
            let folder = NSTemporaryDirectory() + "kontor-bench-" + UUID().uuidString
            defer { try? FileManager.default.removeItem(atPath: folder) }
            total.add(try await ledger(settings, count, try SQLiteDriver(folder: folder), seed: UInt64(round + 1)))
            if round == 0 { memory = ProcessMemory.peakMegabytes() }
            let rate = try BareSQLite.run(accounts: settings.accounts, transfers: count, batch: Ledger.batchLimit)
            peerSeconds += Double(count) / rate
        }
        var report = report(settings, total, count * rounds)
        report.peak_memory_mb = memory
        report.compare([("bare SQLite loop", Double(count * rounds) / peerSeconds, ProcessMemory.peakMegabytes())])
        return report
    }

    private static func onPostgreSQL(_ settings: Settings) async throws -> BenchReport {
        let database = try BenchDatabase(settings.database)
        defer { database.end() }
        let count = settings.transfers / rounds
        let plain = PlainPostgreSQL(database: database, accounts: settings.accounts)
        try plain.prepare()
        var total = Result()
        var single: [Double] = []
        var batches: [Double] = []
        for round in 0..<rounds {
            let driver = try PostgreSQLDriver(url: database.url)
            total.add(try await ledger(settings, count, driver, seed: UInt64(round + 1)))
            await driver.close()
            single.append(try plain.single(transactions: 2_500))
            batches.append(try plain.batches(transactions: 300))
        }
        var report = report(settings, total, count * rounds)
        report.compare([
            ("PostgreSQL, one function call a transaction, \(PlainPostgreSQL.clients) clients", mean(single), 0),
            ("PostgreSQL, unnest in batches of \(PlainPostgreSQL.batch), one client", mean(batches), 0)
        ])
        report.details.merge(try database.settings()) { own, _ in own }
        try plain.remove()
        return report
    }

    private static func mean(_ rates: [Double]) -> Double { rates.reduce(0, +) / Double(rates.count) }

    private static func report(_ settings: Settings, _ total: Result, _ count: Int) -> BenchReport {
        var report = BenchReport(name: "ledger", count: count, seconds: total.seconds, latencies: total.latencies)
        report.details = [
            "accounts": String(settings.accounts), "callers": String(settings.callers),
            "history_seconds": String((total.historySeconds * 100).rounded() / 100), "store": settings.store.rawValue,
            "batch": String(settings.callers == 0 ? Ledger.batchLimit : 1)
        ]
        return report
    }

    private struct Result {
        var seconds = 0.0
        /// What `settle` took after the load: the history of each account follows behind.
        var historySeconds = 0.0
        var latencies = Latencies()

        mutating func add(_ other: Result) {
            seconds += other.seconds
            historySeconds += other.historySeconds
            latencies.add(contentsOf: other.latencies)
        }
    }

    /// One round with a book of its own in `driver`.
    private static func ledger(
        _ settings: Settings, _ transfers: Int, _ driver: any StoreDriver, seed: UInt64
    ) async throws -> Result {
        let (accounts, callers) = (settings.accounts, settings.callers)
        let name = "bench_\(seed)"
        if try await driver.exists(name) { try await driver.remove(name) }
        let book = try await driver.open(
            name, migrations: Journal.migrations + Ledger.migrations, world: .system(), options: BookOptions())
        let ledger = Ledger()
        for start in stride(from: 0, to: accounts, by: Ledger.batchLimit) {
            try await book.write("open") { tx in
                for number in start..<min(start + Ledger.batchLimit, accounts) {
                    try ledger.openAccount(
                        AccountSpec(code: "account:\(number)", currency: .eur, normalSide: .debit), in: tx)
                }
            }
        }
        let work = Work(accounts: accounts, transfers: transfers, seed: seed)
        let batch = callers == 0 ? Ledger.batchLimit : 1
        let started = ContinuousClock.now
        var result = Result()
        result.latencies = try await withThrowingTaskGroup(of: Latencies.self) { tasks in
            for _ in 0..<(callers == 0 ? batchCallers : callers) {
                tasks.addTask {
                    var latencies = Latencies()
                    while true {
                        let next = work.take(batch)
                        if next.isEmpty { return latencies }
                        let began = ContinuousClock.now
                        let outcomes = try await book.write("bench") { tx in try ledger.submit(next, in: tx) }
                        latencies.add(ContinuousClock.now - began)
                        if let refusal = outcomes.lazy.compactMap(\.error).first { throw refusal }
                    }
                }
            }
            return try await tasks.reduce(into: Latencies()) { $0.add(contentsOf: $1) }
        }
        result.seconds = (ContinuousClock.now - started).inSeconds
        let settling = ContinuousClock.now
        try await ledger.settle(book)
        result.historySeconds = (ContinuousClock.now - settling).inSeconds
        let isBalanced = try await book.read { reader in
            try ledger.trialBalance(in: reader).allSatisfy(\.isBalanced)
        }
        await book.close()
        try await driver.remove(name)
        guard isBalanced else { throw StoreError(.database, "the trial balance does not balance") }
        return result
    }

    /// The transfers that are still to be submitted, shared by all callers.
    private final class Work: Sendable {
        private let state: Mutex<(pairs: AccountPairs, left: Int)>

        init(accounts: Int, transfers: Int, seed: UInt64) {
            state = Mutex((AccountPairs(accounts: accounts, seed: seed), transfers))
        }

        func take(_ limit: Int) -> [Transfer] {
            state.withLock { state in
                let count = min(limit, state.left)
                state.left -= count
                return (0..<count).map { _ in
                    let pair = state.pairs.next()
                    return Transfer(
                        debit: .key(AccountKey(Int64(pair.from + 1))), credit: .key(AccountKey(Int64(pair.to + 1))),
                        amount: Amount(minor: pair.amount, .eur), code: .sale)
                }
            }
        }
    }
}
