import Journal
import Ledger
import Money
import Runtime
import Store
import TestStores
import Testing

@testable import Ledger

@Suite("Open items of clearing accounts", .onBothStores)
struct OpenItemTests {
    static let account = "clearing:card"

    private func items(_ fixture: LedgerFixture, after: Int64 = 0, limit: Int = 100) async throws -> [OpenItem] {
        let ledger = fixture.ledger
        return try await fixture.book.read {
            try ledger.openItems(
                account: Self.account, currency: .eur, after: TransferID(after), limit: limit, in: $0)
        }
    }

    private func expectSound(_ fixture: LedgerFixture, _ place: String = "") async throws {
        let ledger = fixture.ledger
        let faults = try await fixture.book.read { try ledger.openItemFaults(in: $0) }
        #expect(faults.isEmpty, "\(place)")
    }

    private func open(_ fixture: LedgerFixture) async throws {
        let ledger = fixture.ledger
        try await fixture.book.write("open") { tx in
            try ledger.openClearing(channel: "card", currency: .eur, in: tx)
            try ledger.openClearing(channel: "card", currency: .usd, in: tx)
        }
        try await fixture.open("cash", "deposits", "channel_fees")
    }

    @Test("a capture leaves an open item; settled cash and fees close it")
    func captureAndSettlement() async throws {
        try await LedgerFixture.with { fixture in
            try await open(fixture)
            try await fixture.post([move("clearing:card", "deposits", 1_000, reference: "order-1")])
            try await fixture.post([move("clearing:card", "deposits", 500, reference: "order-2")])
            #expect(try await items(fixture).map(\.reference) == ["order-1", "order-2"])
            #expect(try await items(fixture).map(\.open) == [eur(1_000), eur(500)])
            try await fixture.post([
                move("cash", "clearing:card", 980, reference: "order-1"),
                move("channel_fees", "clearing:card", 20, reference: "order-1")
            ])
            #expect(try await items(fixture).map(\.reference) == ["order-2"])
            try await expectSound(fixture)
        }
    }

    @Test("a hold is not open; only what is posted of it is")
    func holds() async throws {
        try await LedgerFixture.with { fixture in
            try await open(fixture)
            let held = try await fixture.post([
                move("clearing:card", "deposits", 1_000, reference: "order-1", kind: .pending(expiresAt: nil))
            ])
            #expect(try await items(fixture).isEmpty)
            try await fixture.post([.posting(held[0], amount: eur(400), reference: "order-1")])
            #expect(try await items(fixture).map(\.open) == [eur(400)])
            try await expectSound(fixture)
        }
    }

    @Test("money that nobody knows stands open with the other sign")
    func surplus() async throws {
        try await LedgerFixture.with { fixture in
            try await open(fixture)
            try await fixture.post([move("cash", "clearing:card", 300, reference: "ch-9")])
            #expect(try await items(fixture).map(\.open) == [eur(-300)])
            try await expectSound(fixture)
        }
    }

    @Test("an item that was closed and opens again begins anew, within one batch and over two")
    func reopening() async throws {
        try await LedgerFixture.with { fixture in
            try await open(fixture)
            try await fixture.post([
                move("clearing:card", "deposits", 100, reference: "r"),
                move("cash", "clearing:card", 100, reference: "r"),
                move("clearing:card", "deposits", 70, reference: "r")
            ])
            #expect(try await items(fixture).map(\.opened) == [TransferID(3)])
            try await fixture.post([move("cash", "clearing:card", 70, reference: "r")])
            try await fixture.post([move("cash", "clearing:card", 5, reference: "r")])
            #expect(try await items(fixture).map(\.opened) == [TransferID(5)])
            #expect(try await items(fixture).map(\.open) == [eur(-5)])
        }
    }

    @Test("what a batch refuses leaves no item, and a caller in a transaction sees its own")
    func undone() async throws {
        struct Refused: Error {}
        try await LedgerFixture.with { fixture in
            try await open(fixture)
            let ledger = fixture.ledger
            try await fixture.post([move("clearing:card", "deposits", 10, reference: "kept")])
            let seen = try await fixture.book.write("look") { tx in
                try ledger.post(
                    [
                        move("clearing:card", "deposits", 20, reference: "new"),
                        move("cash", "clearing:card", 10, reference: "kept")
                    ], in: tx)
                let total = try ledger.openTotal(account: Self.account, currency: .eur, in: tx)
                let single = try ledger.openItem(account: Self.account, currency: .eur, reference: "new", in: tx)
                #expect(total.open == eur(20) && total.count == 1)
                #expect(single?.open == eur(20))
                return try ledger.openItems(account: Self.account, currency: .eur, in: tx).map(\.reference)
            }
            #expect(seen == ["new"])
            await #expect(throws: Refused.self) {
                try await fixture.book.write("refused") { tx in
                    try ledger.post(move("clearing:card", "deposits", 99, reference: "never"), in: tx)
                    throw Refused()
                }
            }
            #expect(try await items(fixture).map(\.reference) == ["new"])
            try await expectSound(fixture)
        }
    }

    @Test("ages have counts and magnitudes, and their plain sum is the account's balance")
    func ages() async throws {
        try await LedgerFixture.with { fixture in
            try await open(fixture)
            try await fixture.post([
                move("clearing:card", "deposits", 1_000, reference: "order-1"),
                move("cash", "clearing:card", 300, reference: "unknown-1")
            ])
            let (ledger, days) = (fixture.ledger, [Int64(0), 1, 3])
            func ages(_ later: Duration) async throws -> [OpenAge] {
                let now = fixture.book.world.now().adding(later)
                return try await fixture.book.read { try ledger.openAges(firstDays: days, now: now, in: $0) }
            }
            func expected(_ bucket: Int) -> [OpenAge] {
                [
                    OpenAge(
                        channel: "card", currency: "EUR", bucket: bucket, count: 2, amountMinor: 1_300, netMinor: 700)
                ]
            }
            #expect(try await ages(.zero) == expected(0))
            #expect(try await ages(.seconds(90_000)) == expected(1))
            #expect(try await ages(.seconds(9 * 86_400)) == expected(2))
            let balance = try await fixture.book.read {
                try ledger.balance(of: Self.account, currency: .eur, in: $0).posted.minor
            }
            #expect(balance == 700)
        }
    }

    @Test("pages follow the age of the items")
    func pages() async throws {
        try await LedgerFixture.with { fixture in
            try await open(fixture)
            for number in 1...7 {
                try await fixture.post([move("clearing:card", "deposits", 10, reference: "o\(8 - number)")])
            }
            let first = try await items(fixture, limit: 3)
            #expect(first.map(\.reference) == ["o7", "o6", "o5"])
            let next = try await items(fixture, after: first[2].opened.sequence, limit: 10)
            #expect(next.map(\.reference) == ["o4", "o3", "o2", "o1"])
        }
    }

    @Test("random transfers of two processes keep the items equal to balance and derivation", arguments: 1...6)
    func random(seed: UInt64) async throws {
        try await LedgerProcesses.with(2, seed: seed) { processes in
            try await open(processes.all[0])
            let random = RandomSource(seed: seed)
            var holds: [TransferID] = []
            for step in 0..<60 {
                let place = "seed \(seed), step \(step)"
                let process = processes.all[random.integer(in: 0..<2)]
                var batch: [Transfer] = []
                for _ in 0..<random.integer(in: 1..<5) {
                    let reference = "r\(random.integer(in: 0..<4))"
                    let amount = Int64(random.integer(in: 1..<4) * 10)
                    switch random.integer(in: 0..<6) {
                    case 0: batch.append(move("cash", "clearing:card", amount, reference: reference))
                    case 1: batch.append(move("cash", "deposits", amount, reference: reference))
                    case 2:
                        batch.append(
                            move(
                                "clearing:card", "deposits", amount, reference: reference,
                                kind: .pending(expiresAt: nil)))
                    case 3 where !holds.isEmpty:
                        let hold = holds.removeLast()
                        batch.append(.posting(hold, amount: eur(10), reference: reference))
                    default:
                        batch.append(
                            move(
                                "clearing:card", "deposits", amount, reference: reference,
                                linked: random.integer(in: 0..<4) == 0))
                    }
                }
                let outcomes = try await process.submit(batch)
                for (transfer, outcome) in zip(batch, outcomes) {
                    if case .pending = transfer.kind, let id = outcome.id { holds.append(id) }
                }
                try await expectSound(process, place)
            }
            let ledger = processes.all[0].ledger
            try await ledger.settle(processes.all[0].book)
            let stored = try await processes.all[1].derivedRows().filter { $0.hasPrefix("ledger_open_items") }
            try await processes.all[1].book.write("rebuild") { try ledger.rebuild(in: $0) }
            let derived = try await processes.all[1].derivedRows().filter { $0.hasPrefix("ledger_open_items") }
            #expect(stored == derived, "seed \(seed)")
            #expect(!stored.isEmpty, "seed \(seed)")
        }
    }

    @Test("a book of the version before gets its open items with the migration")
    func backfill() async throws {
        let before = Ledger.migrations.filter { $0.version == 1 }
        let test = try await TestBook.make(migrations: Journal.migrations + before, seed: 1)
        // What an older program wrote, without the table that this one keeps.
        try await test.book.write("old") { tx in
            for (key, code) in [(1, "clearing:card"), (2, "deposits"), (3, "cash")] {
                try tx.execute(
                    "INSERT INTO ledger_accounts VALUES (\(key), \(code), \("EUR"), \(key == 2 ? 2 : 1), \(0), \(1))")
            }
            let rows: [(Int, Int, Int, Int, String)] = [
                (1, 1, 2, 100, "a"), (2, 3, 1, 100, "a"), (3, 1, 2, 40, "a"), (4, 1, 2, 7, "b"), (5, 3, 1, 9, "c")
            ]
            for (sequence, debit, credit, amount, reference) in rows {
                try tx.execute(
                    """
                    INSERT INTO ledger_transfers VALUES (\(sequence), \(debit), \(credit), \(amount), \(0), \(0), \(0),
                    \(SQLValue.null), \(SQLValue.null), \(reference), \(sequence * 10))
                    """)
            }
        }
        let after = try await test.reopened(migrations: Journal.migrations + Ledger.migrations)
        let fixture = LedgerFixture(test: after)
        let found = try await items(fixture)
        #expect(found.map(\.reference) == ["a", "b", "c"])
        #expect(found.map(\.open) == [eur(40), eur(7), eur(-9)])
        #expect(found.map(\.opened) == [TransferID(3), TransferID(4), TransferID(5)])
        try await expectSound(fixture)
        await after.discard()
    }
}
