import Ledger
import Money
import Runtime
import Store
import TestStores
import Testing

@Suite("Two-phase transfers", .onBothStores)
struct TwoPhaseTests {
    private func hold(_ fixture: LedgerFixture, _ minor: Int64, expiresAt: Timestamp? = nil) async throws -> TransferID
    {
        try await fixture.post([move("a", "b", minor, kind: .pending(expiresAt: expiresAt))])[0]
    }

    @Test("posting in part moves the part and releases the rest")
    func postingInPart() async throws {
        try await LedgerFixture.with { fixture in
            try await fixture.open("a", "b")
            let pending = try await hold(fixture, 100)
            #expect(try await fixture.balance("a").debitsPending == 100)
            try await fixture.post([.posting(pending, amount: eur(60))])
            let balance = try await fixture.balance("a")
            #expect(balance.debitsPosted == 60 && balance.debitsPending == 0)
        }
    }

    @Test("the accounts and the currency, when named, must be those of the pending transfer")
    func mismatch() async throws {
        try await LedgerFixture.with { fixture in
            try await fixture.open("a", "b", "c")
            let pending = try await hold(fixture, 100)
            #expect(try await fixture.submit(move("a", "c", 1, kind: .postPending(pending))).code == .pendingMismatch)
            let dollars = Transfer.posting(pending, amount: Amount(minor: 1, .usd))
            #expect(try await fixture.submit(dollars).code == .pendingMismatch)
            #expect(try await fixture.submit(move("a", "b", 1, kind: .postPending(pending))).id != nil)
        }
    }

    @Test("a posted transfer cannot be posted again or voided, nor one that never was pending")
    func neverTwice() async throws {
        try await LedgerFixture.with { fixture in
            try await fixture.open("a", "b")
            let pending = try await hold(fixture, 100)
            try await fixture.post([.posting(pending)])
            #expect(try await fixture.submit(.posting(pending)).code == .pendingAlreadyPosted)
            #expect(try await fixture.submit(.voiding(pending)).code == .pendingAlreadyPosted)
            let posted = try await fixture.post([move("a", "b", 1)])[0]
            #expect(try await fixture.submit(.posting(posted)).code == .pendingUnknown)
        }
    }

    @Test("what is held is released when its time is over, at the next submission or by itself")
    func expiry() async throws {
        try await LedgerFixture.with { fixture in
            try await fixture.open("a", "b")
            let pending = try await hold(
                fixture, 100, expiresAt: fixture.book.world.now().adding(.seconds(60)))
            fixture.advance(.seconds(59))
            #expect(try await fixture.submit(move("a", "b", 1)).id != nil)
            #expect(try await fixture.balance("a").debitsPending == 100)
            fixture.advance(.seconds(1))
            let ledger = fixture.ledger
            #expect(try await fixture.book.write("sweep") { try ledger.expirePending(in: $0) } == 1)
            #expect(try await fixture.book.write("sweep") { try ledger.expirePending(in: $0) } == 0)
            #expect(try await fixture.balance("a").debitsPending == 0)
            #expect(try await fixture.submit(.posting(pending)).code == .pendingExpired)
        }
    }

    @Test("a transfer that is late by a microsecond finds the pending one expired, and the hold released")
    func lateCapture() async throws {
        try await LedgerFixture.with { fixture in
            try await fixture.open("a", "b")
            let pending = try await hold(
                fixture, 100, expiresAt: fixture.book.world.now().adding(.seconds(60)))
            fixture.advance(.seconds(60))
            #expect(try await fixture.submit(.posting(pending)).code == .pendingExpired)
            #expect(try await fixture.balance("a") == Balance())
        }
    }

    @Test("an expiry that is not in the future is refused")
    func pastExpiry() async throws {
        try await LedgerFixture.with { fixture in
            try await fixture.open("a", "b")
            let now = fixture.book.world.now()
            let outcome = try await fixture.submit(move("a", "b", 1, kind: .pending(expiresAt: now)))
            #expect(outcome.code == .expiryNotInFuture)
        }
    }

    @Test("more holds than one sweep releases are all released in time")
    func manyExpiries() async throws {
        try await LedgerFixture.with { fixture in
            try await fixture.open("a", "b")
            let expiry = fixture.book.world.now().adding(.seconds(1))
            try await fixture.post(
                Array(repeating: move("a", "b", 1, kind: .pending(expiresAt: expiry)), count: 2_500))
            fixture.advance(.seconds(2))
            let ledger = fixture.ledger
            var swept: [Int] = []
            for _ in 0..<4 { swept.append(try await fixture.book.write("sweep") { try ledger.expirePending(in: $0) }) }
            #expect(swept == [1_000, 1_000, 500, 0])
            #expect(try await fixture.balance("a") == Balance())
        }
    }

    @Test("concurrent holds never take more than the account has (blnk 181)")
    func concurrentHolds() async throws {
        try await LedgerFixture.with { fixture in
            try await fixture.open("bank", "merchant")
            try await fixture.open("wallet", limit: .debitsMustNotExceedCredits)
            try await fixture.post([move("bank", "wallet", 1_000)])
            let accepted = await withTaskGroup(of: Bool.self) { tasks in
                for number in 0..<300 {
                    tasks.addTask {
                        let transfer = move(
                            "wallet", "merchant", 70, kind: number % 2 == 0 ? .pending(expiresAt: nil) : .posted)
                        return (try? await fixture.submit(transfer).id) != nil
                    }
                }
                return await tasks.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(accepted == 14)
            let wallet = try await fixture.balance("wallet")
            #expect(wallet.debitsPosted + wallet.debitsPending == 980)
            #expect(try await fixture.submit(move("wallet", "merchant", 21)).code == .debitsExceedCredits)
            #expect(try await fixture.submit(move("wallet", "merchant", 20)).id != nil)
        }
    }

    @Test("an account that grows by debits never gives more than it has")
    func debitLimit() async throws {
        try await LedgerFixture.with { fixture in
            try await fixture.open("other")
            try await fixture.open("till", limit: .creditsMustNotExceedDebits)
            try await fixture.post([move("till", "other", 50)])
            #expect(try await fixture.submit(move("other", "till", 51)).code == .creditsExceedDebits)
            let pending = try await fixture.post([move("other", "till", 50, kind: .pending(expiresAt: nil))])[0]
            #expect(try await fixture.submit(move("other", "till", 1)).code == .creditsExceedDebits)
            try await fixture.post([.voiding(pending)])
            #expect(try await fixture.submit(move("other", "till", 50)).id != nil)
        }
    }
}
