import Foundation
import Journal
import Ledger
import Money
import Runtime
import Store
import StoreSQLite
import Synchronization

/// Transfers between random accounts, every answer durable, beside a bare SQLite loop that does the same inserts and
/// balance updates. Rounds of both alternate, because the machine drifts.
package enum LedgerBench {
    static let rounds = 2
    /// Callers that submit whole batches: one gathers while the other's commit is in flight.
    static let batchCallers = 2

    /// With `callers` 0, transfers travel in batches of 8,000; otherwise that many callers post one at a time.
    package static func run(accounts: Int, callers: Int, transfers: Int) async throws -> BenchReport {
        var seconds = 0.0
        var peerSeconds = 0.0
        var historySeconds = 0.0
        var latencies = Latencies()
        var memory = 0.0
        let count = transfers / rounds
        for round in 0..<rounds {
            let result = try await ledger(
                accounts: accounts, callers: callers, transfers: count, seed: UInt64(round + 1))
            seconds += result.seconds
            historySeconds += result.historySeconds
            latencies.add(contentsOf: result.latencies)
            if round == 0 { memory = ProcessMemory.peakMegabytes() }
            let rate = try BareSQLite.run(accounts: accounts, transfers: count, batch: Ledger.batchLimit)
            peerSeconds += Double(count) / rate
        }
        let measured = count * rounds
        var report = BenchReport(name: "ledger", count: measured, seconds: seconds, latencies: latencies)
        report.peak_memory_mb = memory
        let peerRate = (Double(measured) / peerSeconds).rounded()
        report.peers = [
            BenchReport.Peer(
                name: "bare SQLite loop", rate_per_second: peerRate, peak_memory_mb: ProcessMemory.peakMegabytes())
        ]
        report.ratio = (report.rate_per_second / peerRate * 100).rounded() / 100
        report.details = [
            "accounts": String(accounts), "callers": String(callers),
            "history_seconds": String((historySeconds * 100).rounded() / 100),
            "batch": String(callers == 0 ? Ledger.batchLimit : 1)
        ]
        return report
    }

    private struct Result {
        var seconds = 0.0
        /// What `settle` took after the load: the history of each account follows behind.
        var historySeconds = 0.0
        var latencies = Latencies()
    }

    private static func ledger(accounts: Int, callers: Int, transfers: Int, seed: UInt64) async throws -> Result {
        let folder = NSTemporaryDirectory() + "kontor-bench-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let book = try await SQLiteDriver(folder: folder).open(
            "bench", migrations: Journal.migrations + Ledger.migrations, world: .system(), options: BookOptions())
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
