import Journal
import Ledger
import Money
import Runtime
import Store
import TestStores
import Testing

@testable import Ledger

/// One book, several processes, each with balances of its own in memory: they must be one ledger.
@Suite("A ledger that several processes write", .onBothStores)
struct SharedLedgerTests {
    @Test("processes that take turns agree with the model after every step", arguments: 21...28)
    func agrees(seed: UInt64) async throws {
        let processes = try await LedgerProcesses.make(3, seed: seed)
        for (code, limit) in zip(LedgerPropertyTests.codes, LedgerPropertyTests.limits) {
            try await processes.all[0].open(code, limit: limit)
        }
        var run = LedgerPropertyTests.Run(fixture: processes.all[0], random: RandomSource(seed: seed))
        for step in 0..<150 {
            let turn = run.pick(0..<3)
            run.fixture = processes.all[turn]
            try await LedgerPropertyTests.step(&run, "seed \(seed), step \(step), process \(turn)")
        }
        try await LedgerPropertyTests.compareDerived(&run, "seed \(seed)")
        let journal = try await run.fixture.book.read { try JournalVerifier.verify($0) }
        #expect(journal.finding == nil)
        await processes.discard()
    }

    // Two processes, one after the other:
    //   A: transfer 1            transfer 3            reads balances
    //   B:            transfer 2            transfer 4
    @Test("a process reads what was appended since it last looked, never the whole again")
    func incremental() async throws {
        try await LedgerProcesses.with(2) { processes in
            let (a, b) = (processes.all[0], processes.all[1])
            try await a.open("bank", "till")
            for round in 0..<50 {
                try await a.post([move("bank", "till", 1), move("bank", "till", 2)])
                try await b.post([move("till", "bank", 1)])
                #expect(try await b.balanceInside("bank") == [Int64(3 * (round + 1)), 0, Int64(round + 1), 0])
            }
            #expect(try await a.balanceInside("bank") == [150, 0, 50, 0])
            let (ofA, ofB) = (try await processes.reads(of: 0), try await processes.reads(of: 1))
            #expect(ofA.whole == 1)
            #expect(ofA.followed == 50)
            #expect(ofB.whole == 1)
            // Its first look found what A had written until then.
            #expect(ofB.followed == 98)
        }
    }

    @Test("a process that was away for long reads the whole once, not every transfer that it missed")
    func away() async throws {
        try await LedgerProcesses.with(2) { processes in
            let (a, b) = (processes.all[0], processes.all[1])
            try await a.open("bank", "till")
            try await b.post([move("bank", "till", 1)])
            let missed = Int(LedgerWork.followLimit) / 8_000 + 1
            for _ in 0..<missed {
                try await a.post([Transfer](repeating: move("bank", "till", 1), count: 8_000))
            }
            #expect(try await b.balanceInside("bank")[0] == Int64(1 + missed * 8_000))
            let reads = try await processes.reads(of: 1)
            #expect(reads.whole == 2)
            #expect(reads.followed == 0)
        }
    }

    @Test("accounts that another process opened are found, on a page in memory and on one that is not")
    func opened() async throws {
        try await LedgerProcesses.with(2) { processes in
            let (a, b) = (processes.all[0], processes.all[1])
            try await a.open("first", "second")
            try await b.post([move("first", "second", 1)])
            try await a.openMany(3..<600)
            try await b.openMany(600..<605)
            try await b.post([move("n3", "n599", 5), move("n604", "first", 7)])
            try await a.post([move("n599", "n604", 2)])
            #expect(try await b.balanceInside("n604") == [7, 0, 2, 0])
            #expect(try await a.balanceInside("n604") == [7, 0, 2, 0])
            #expect(try await a.balanceInside("n3") == [5, 0, 0, 0])
            try await a.expectBalanced()
        }
    }

    // A fold tells the journal nothing, so the other process cannot know of it before it loads a page:
    //   A: knows the first page only                                       uses the third page
    //   B:                            transfers on all pages, folds them
    @Test("a fold by another process is noticed when a page is loaded, and nothing is counted twice")
    func foldedElsewhere() async throws {
        try await LedgerProcesses.with(2) { processes in
            let (a, b) = (processes.all[0], processes.all[1])
            try await a.openMany(1..<700)
            try await b.post([move("n1", "n300", 10), move("n600", "n2", 4)])
            // A follows without loading the pages of n300 and n600.
            try await a.post([move("n1", "n2", 1)])
            try await b.post([move("n300", "n600", 3)])
            #expect(try await a.balanceInside("n1") == [11, 0, 0, 0])
            try await b.ledger.settle(b.book)
            #expect(try await a.balanceInside("n300") == [3, 0, 10, 0])
            #expect(try await a.balanceInside("n600") == [4, 0, 3, 0])
            try await a.post([move("n300", "n600", 1)])
            try await a.ledger.settle(a.book)
            try await b.post([move("n300", "n600", 1)])
            #expect(try await b.balanceInside("n300") == [5, 0, 10, 0])
            let stored = try await {
                try await b.ledger.settle(b.book); return try await b.derivedRows()
            }()
            let ledger = a.ledger
            try await a.book.write("rebuild") { try ledger.rebuild(in: $0) }
            #expect(try await a.derivedRows() == stored)
            #expect(try await processes.reads(of: 1).whole == 1)
        }
    }

    @Test("a batch that was rolled back keeps what was learned of other processes, and loses its own")
    func undone() async throws {
        struct Refused: Error {}
        try await LedgerProcesses.with(2) { processes in
            let (a, b) = (processes.all[0], processes.all[1])
            try await a.open("bank", "till")
            try await b.post([move("bank", "till", 5)])
            let ledger = a.ledger
            await #expect(throws: Refused.self) {
                try await a.book.write("refused") { tx in
                    try ledger.openAccount(
                        AccountSpec(code: "new", currency: .eur, normalSide: .credit, limit: .none), in: tx)
                    try ledger.post(move("bank", "new", 9), in: tx)
                    try tx.execute("UPDATE ledger_cursors SET sequence = sequence")
                    throw Refused()
                }
            }
            #expect(try await a.balanceInside("bank") == [5, 0, 0, 0])
            try await b.open("new")
            try await b.post([move("bank", "new", 2)])
            #expect(try await a.balanceInside("new") == [0, 0, 2, 0])
            #expect(try await processes.reads(of: 0).whole == 1)
        }
    }

    @Test("a pending transfer is ended once, whichever process ends it")
    func holds() async throws {
        try await LedgerProcesses.with(2) { processes in
            let (a, b) = (processes.all[0], processes.all[1])
            try await a.open("bank", "till")
            let soon = a.book.world.now().adding(.seconds(10))
            let ids = try await a.post([
                move("bank", "till", 5, kind: .pending(expiresAt: nil)),
                move("bank", "till", 6, kind: .pending(expiresAt: nil)),
                move("bank", "till", 7, kind: .pending(expiresAt: soon))
            ])
            #expect(try await b.submit(.posting(ids[0])).error == nil)
            #expect(try await a.submit(.voiding(ids[0])).code == .pendingAlreadyPosted)
            #expect(try await a.submit(.voiding(ids[1])).error == nil)
            #expect(try await b.submit(.posting(ids[1])).code == .pendingAlreadyVoided)
            a.advance(.seconds(11))
            let (ours, theirs) = (a.ledger, b.ledger)
            #expect(try await b.book.write("expire") { try theirs.expirePending(in: $0) } == 1)
            #expect(try await a.book.write("expire") { try ours.expirePending(in: $0) } == 0)
            #expect(try await a.balanceInside("bank") == [5, 0, 0, 0])
            try await a.expectBalanced()
        }
    }

    @Test("three processes at once lose nothing, double nothing and keep one chain")
    func concurrent() async throws {
        try await LedgerProcesses.with(3) { processes in
            try await processes.all[0].openMany(1..<40)
            let batches = 60
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (number, process) in processes.all.enumerated() {
                    group.addTask {
                        let random = RandomSource(seed: UInt64(number + 1))
                        for batch in 0..<batches {
                            let transfers = (0..<40).map { _ in
                                let (debit, step) = (random.integer(in: 1..<40), random.integer(in: 1..<39))
                                return move(
                                    .code("n\(debit)"), .code("n\((debit + step - 1) % 39 + 1)"), 1,
                                    reference: "\(number).\(batch)")
                            }
                            try await process.post(transfers)
                            if batch % 20 == 19 { try await process.ledger.settle(process.book) }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let ledger = processes.all[0].ledger
            let last = try await processes.all[0].book.read { reader in
                #expect(try JournalVerifier.verify(reader).finding == nil)
                for number in 0..<3 {
                    for batch in 0..<batches {
                        let found = try ledger.transfers(reference: "\(number).\(batch)", in: reader)
                        #expect(found.count == 40)
                    }
                }
                return try TransferRows.last(reader).sequence
            }
            #expect(last == Int64(3 * batches * 40))
            var seen: [[[Int64]]] = []
            for (index, process) in processes.all.enumerated() {
                try await process.expectBalanced()
                seen.append(
                    try await process.book.write("balances") { tx in
                        try (1..<40).map {
                            try ledger.balance(of: "n\($0)", currency: .eur, in: tx).totals.columns
                        }
                    })
                #expect(try await processes.reads(of: index).whole == 1)
            }
            #expect(seen[0] == seen[1])
            #expect(seen[0] == seen[2])
            #expect(seen[0].reduce(0) { $0 + $1[0] } == last)
            let stored = try await {
                try await processes.all[1].ledger.settle(processes.all[1].book)
                return try await processes.all[1].derivedRows()
            }()
            try await processes.all[2].book.write("rebuild") { try ledger.rebuild(in: $0) }
            #expect(try await processes.all[2].derivedRows() == stored)
        }
    }
}

extension LedgerFixture {
    /// The totals as this process remembers them.
    fileprivate func balanceInside(_ code: String) async throws -> [Int64] {
        let ledger = ledger
        return try await book.write("balance") { tx in
            try ledger.balance(of: code, currency: .eur, in: tx).totals.columns
        }
    }

    /// Opens the accounts n1, n2, … of a range.
    fileprivate func openMany(_ numbers: Range<Int>) async throws {
        let ledger = ledger
        try await book.write("open") { tx in
            for number in numbers {
                try ledger.openAccount(
                    AccountSpec(code: "n\(number)", currency: .eur, normalSide: .credit, limit: .none), in: tx)
            }
        }
    }
}
