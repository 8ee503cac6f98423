import Journal
import Ledger
import Runtime
import Store
import TestStores

@testable import Ledger

/// One book as several processes see it: each has opened it for itself and remembers its own balances.
struct LedgerProcesses: Sendable {
    let test: TestBook
    var all: [LedgerFixture]

    static func make(_ count: Int, seed: UInt64 = 1) async throws -> LedgerProcesses {
        let test = try await TestBook.make(migrations: Journal.migrations + Ledger.migrations, seed: seed)
        var processes = LedgerProcesses(test: test, all: [])
        for _ in 0..<count { try await processes.open() }
        return processes
    }

    static func with(
        _ count: Int, seed: UInt64 = 1, _ body: (LedgerProcesses) async throws -> Void
    ) async throws {
        let processes = try await make(count, seed: seed)
        try await body(processes)
        await processes.discard()
    }

    /// One more process opens the book.
    mutating func open() async throws {
        let book = try await test.openedByAnotherProcess()
        all.append(LedgerFixture(test: test, opened: book))
    }

    func discard() async {
        for process in all { await process.book.close() }
        await test.discard()
    }

    /// How often a process has read its whole state, and how many transfers of others it followed one by one.
    func reads(of process: Int) async throws -> (whole: Int, followed: Int64) {
        try await all[process].book.write("reads") { tx in
            let state = try LedgerState.of(tx)
            return (state.readings, state.followed)
        }
    }
}
