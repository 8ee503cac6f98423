import Ledger
import Money
import Runtime
import Store
import TestStores
import Testing

@Suite("History", .onBothStores)
struct HistoryTests {
    /// Ten transfers a minute apart, a to b, of 1, 2, 3 …; returns when each was written.
    private func fill(_ fixture: LedgerFixture) async throws -> [Timestamp] {
        try await fixture.open("a", "b", "c")
        var moments: [Timestamp] = []
        for number in 1...10 {
            fixture.advance(.seconds(60))
            moments.append(fixture.book.world.now())
            try await fixture.post([
                move("a", "b", Int64(number), reference: number % 2 == 0 ? "even" : ""),
                move("c", "b", 1, kind: .pending(expiresAt: nil))
            ])
        }
        return moments
    }

    @Test("a statement pages through a period, the same before and after the history has followed")
    func statement() async throws {
        try await LedgerFixture.with { fixture in
            let moments = try await fill(fixture)
            let ledger = fixture.ledger
            for follows in [false, true] {
                if follows { try await ledger.settle(fixture.book) }
                let first = try await fixture.book.read {
                    try ledger.statement(
                        of: "b", currency: .eur, from: moments[2], to: moments[7], limit: 7, in: $0)
                }
                #expect(first.opening == eur(3))
                #expect(first.lines.map(\.amount.minor) == [3, 0, 4, 0, 5, 0, 6])
                #expect(first.lines.map(\.held.minor) == [0, 1, 0, 1, 0, 1, 0])
                #expect(first.lines.map(\.balance.minor) == [6, 6, 10, 10, 15, 15, 21])
                #expect(first.lines[0].counterAccount == "a")
                let next = try #require(first.next)
                let second = try await fixture.book.read {
                    try ledger.statement(
                        of: "b", currency: .eur, from: moments[2], to: moments[7], after: next, in: $0)
                }
                #expect(second.opening == first.closing)
                #expect(second.lines.map(\.amount.minor) == [0, 7, 0])
                #expect(second.closing == eur(28))
                #expect(second.next == nil)
            }
        }
    }

    @Test("a balance as of a moment includes that microsecond and nothing after it")
    func asOf() async throws {
        try await LedgerFixture.with { fixture in
            let moments = try await fill(fixture)
            for follows in [false, true] {
                if follows { try await fixture.ledger.settle(fixture.book) }
                let before = moments[4].adding(.microseconds(-1))
                #expect(try await fixture.balance("b", asOf: before).creditsPosted == 10)
                #expect(try await fixture.balance("b", asOf: moments[4]).creditsPosted == 15)
                #expect(try await fixture.balance("b", asOf: moments[4]).creditsPending == 5)
                #expect(try await fixture.balance("b", asOf: moments[0].adding(.seconds(-1))) == Balance())
                #expect(try await fixture.balance("b", asOf: moments[9].adding(.seconds(9))).creditsPosted == 55)
            }
        }
    }

    @Test("transfers are found by their reference, those that the history has not seen too")
    func references() async throws {
        try await LedgerFixture.with { fixture in
            _ = try await fill(fixture)
            let ledger = fixture.ledger
            try await ledger.settle(fixture.book)
            try await fixture.post([move("a", "b", 99, reference: "even")])
            let found = try await fixture.book.read { try ledger.transfers(reference: "even", in: $0) }
            #expect(found.map(\.amountMinor) == [2, 4, 6, 8, 10, 99])
            let page = try await fixture.book.read {
                try ledger.transfers(reference: "even", after: found[3].id, limit: 2, in: $0)
            }
            #expect(page.map(\.amountMinor) == [10, 99])
        }
    }

    @Test("thousands of accounts fold and follow on the way, and survive a restart")
    func manyAccounts() async throws {
        let fixture = try await LedgerFixture.make()
        let ledger = fixture.ledger
        try await fixture.book.write("open") { tx in
            for number in 0..<3_000 {
                try ledger.openAccount(
                    AccountSpec(code: "a\(number)", currency: .eur, normalSide: .debit), in: tx)
            }
        }
        let random = RandomSource(seed: 7)
        var expected: [Int: Int64] = [:]
        for _ in 0..<5 {
            let transfers = (0..<6_000).map { _ in
                let debit = random.integer(in: 0..<3_000)
                let credit = (debit + 1 + random.integer(in: 0..<2_999)) % 3_000
                let amount = Int64(random.integer(in: 1..<1_000))
                expected[debit, default: 0] += amount
                expected[credit, default: 0] -= amount
                return move(.key(AccountKey(Int64(debit + 1))), .key(AccountKey(Int64(credit + 1))), amount)
            }
            #expect(try await fixture.submit(transfers).allSatisfy { $0.id != nil })
        }
        let folded = try await fixture.book.read { reader in
            try reader.first("SELECT sequence FROM ledger_cursors WHERE name = 'balances'") { $0.int64(0) }
        }
        #expect(folded ?? 0 > 0)
        let again = try await fixture.reopened()
        try await again.submit(move(.key(AccountKey(1)), .key(AccountKey(2)), 1))
        expected[0, default: 0] += 1
        expected[1, default: 0] -= 1
        let lines = try await again.book.read { try ledger.trialBalance(in: $0) }[0].lines
        for line in lines {
            let number = try #require(Int(line.code.dropFirst()))
            #expect(line.debit.minor - line.credit.minor == expected[number])
        }
        try await again.expectBalanced()
        await again.test.discard()
    }

    @Test("a statement as CSV keeps references from being run as formulas")
    func csv() async throws {
        try await LedgerFixture.with { fixture in
            try await fixture.open("a", "b")
            try await fixture.post([move("a", "b", 1_234, reference: "=1+\"1\"")])
            let ledger = fixture.ledger
            let text = try await fixture.book.read { try ledger.statement(of: "a", currency: .eur, in: $0).csv }
            let lines = text.split(separator: "\r\n")
            #expect(lines.count == 2)
            #expect(lines[1].hasSuffix(",1,12.34,,0.00,-12.34,EUR,b,0,posted,\"'=1+\"\"1\"\"\""))
        }
    }
}
