import Ledger
import Money
import Runtime
import Store
import TestStores
import Testing

@Suite("Transfers", .onBothStores)
struct TransferTests {
    @Test("a transfer moves its amount from credit to debit and is numbered without gaps")
    func posting() async throws {
        try await LedgerFixture.with { fixture in
            try await fixture.open("a", "b")
            let ids = try await fixture.post([move("a", "b", 100), move("a", "b", 23)])
            #expect(ids == [TransferID(1), TransferID(2)])
            #expect(try await fixture.balance("a").debitsPosted == 123)
            #expect(try await fixture.balance("b").creditsPosted == 123)
            #expect(try await fixture.post([move("b", "a", 1)]) == [TransferID(3)])
            try await fixture.expectBalanced()
        }
    }

    @Test(
        "a transfer that breaks a rule is refused with the rule",
        arguments: [
            (move("a", "b", 0), LedgerError.Code.amountNotPositive),
            (move("a", "b", -5), .amountNotPositive),
            (move("a", "a", 5), .sameAccount),
            (move("a", "nowhere", 5), .accountUnknown),
            (move(.key(AccountKey(99)), "a", 5), .accountUnknown),
            (move(.key(AccountKey(.max)), "a", 5), .accountUnknown),
            (move(.key(AccountKey(-1)), "a", 5), .accountUnknown),
            (Transfer(debit: "a", credit: "b", amount: Amount(minor: 5, .usd)), .accountUnknown),
            (
                Transfer(debit: .key(AccountKey(1)), credit: .key(AccountKey(2)), amount: Amount(minor: 5, .usd)),
                .currencyMismatch
            ),
            (Transfer(debit: "a", credit: "b", amount: nil), .amountMissing),
            (Transfer(debit: .ofPending, credit: "b", amount: eur(1)), .accountUnknown),
            (move("a", "b", 5, reference: String(repeating: "é", count: 65)), .referenceTooLong),
            (.voiding(TransferID(77)), .pendingUnknown)
        ])
    func refusals(_ transfer: Transfer, _ code: LedgerError.Code) async throws {
        try await LedgerFixture.with { fixture in
            try await fixture.open("a", "b")
            #expect(try await fixture.submit(transfer).code == code)
            #expect(try await fixture.balance("a") == Balance())
            let ledger = fixture.ledger
            #expect(try await fixture.book.read { try ledger.transfers(in: $0) }.isEmpty)
        }
    }

    @Test("an unknown account in a currency is named with the currency")
    func clearError() async throws {
        try await LedgerFixture.with { fixture in
            try await fixture.open("cash")
            let outcome = try await fixture.submit(
                Transfer(debit: "cash", credit: "sales", amount: Amount(minor: 5, .usd)))
            #expect(outcome.error?.description == "account cash in USD does not exist")
        }
    }

    @Test("a refused transfer leaves nothing beside good ones in its batch")
    func ownOutcomes() async throws {
        try await LedgerFixture.with { fixture in
            try await fixture.open("a", "b")
            let outcomes = try await fixture.submit([move("a", "b", 1), move("a", "x", 2), move("a", "b", 4)])
            #expect(outcomes[0] == .written(TransferID(1)))
            #expect(outcomes[1].code == .accountUnknown)
            #expect(outcomes[2] == .written(TransferID(2)))
            #expect(try await fixture.balance("a").debitsPosted == 5)
        }
    }

    @Test("a refused command leaves nothing beside good ones in its batch")
    func refusedCommands() async throws {
        struct Refused: Error {}
        try await LedgerFixture.with { fixture in
            try await fixture.open("a", "b")
            let ledger = fixture.ledger
            await withTaskGroup(of: Void.self) { tasks in
                for number in 0..<200 {
                    tasks.addTask {
                        _ = try? await fixture.book.write("mixed") { tx in
                            try ledger.post(
                                [move("a", "b", 1), move("b", "a", 7, kind: .pending(expiresAt: nil))], in: tx)
                            let code = "account-\(number)"
                            try ledger.openAccount(
                                AccountSpec(code: code, currency: .eur, normalSide: .debit), in: tx)
                            if number % 4 == 0 { try tx.execute("DELETE FROM ledger_accounts WHERE key = -1") }
                            if number % 2 == 0 { throw Refused() }
                        }
                    }
                }
            }
            #expect(try await fixture.balance("a").debitsPosted == 100)
            #expect(try await fixture.balance("a").creditsPending == 700)
            let accounts = try await fixture.book.read { try ledger.accounts(in: $0) }
            #expect(accounts.map(\.key.number) == Array(1...102))
            #expect(try await fixture.book.read { try ledger.transfers(in: $0) }.count == 200)
            try await fixture.expectBalanced()
        }
    }

    @Test("a posting of many stands or falls as one")
    func allOrNothing() async throws {
        try await LedgerFixture.with { fixture in
            try await fixture.open("a", "b")
            let error = await #expect(throws: LedgerError.self) {
                try await fixture.post([move("a", "b", 5), move("a", "x", 5)])
            }
            #expect(error?.code == .accountUnknown)
            #expect(try await fixture.balance("a") == Balance())
        }
    }

    @Test("a posting that was refused and caught leaves nothing, and the command may go on")
    func caughtRefusal() async throws {
        try await LedgerFixture.with { fixture in
            try await fixture.open("a", "b")
            let ledger = fixture.ledger
            try await fixture.book.write("go on") { tx in
                _ = try? ledger.post([move("a", "b", 5), move("a", "x", 5)], in: tx)
                try ledger.post([move("a", "b", 1)], in: tx)
            }
            #expect(try await fixture.balance("a").debitsPosted == 1)
        }
    }

    @Test("a batch that the database refuses leaves the working state as it was")
    func failedBatch() async throws {
        try await LedgerFixture.with { fixture in
            try await fixture.open("a", "b")
            try await fixture.post([move("a", "b", 1)])
            let ledger = fixture.ledger
            await #expect(throws: StoreError.self) {
                _ = try await fixture.book.write("clash") { tx in
                    try ledger.post([move("a", "b", 5), move("a", "b", 7, kind: .pending(expiresAt: nil))], in: tx)
                    try ledger.openAccount(AccountSpec(code: "c", currency: .eur, normalSide: .debit), in: tx)
                    // The ledger's own row cannot be written any more: its number is taken.
                    try tx.execute(
                        "INSERT INTO ledger_transfers VALUES (2, 1, 2, 1, 0, 0, 0, NULL, NULL, NULL, 0)")
                }
            }
            #expect(try await fixture.post([move("a", "b", 2)]) == [TransferID(2)])
            let inside = try await fixture.book.write("read") { tx in
                try ledger.balance(of: "a", currency: .eur, in: tx).totals
            }
            #expect(inside == (try await fixture.balance("a")))
            #expect(inside.debitsPosted == 3 && inside.debitsPending == 0)
            let accounts = try await fixture.book.read { try ledger.accounts(in: $0) }
            #expect(accounts.count == 2)
        }
    }

    @Test("a linked chain stands or falls as one, and only it")
    func linked() async throws {
        try await LedgerFixture.with { fixture in
            try await fixture.open("a", "b")
            let outcomes = try await fixture.submit([
                move("a", "b", 1), move("a", "b", 2, linked: true), move("a", "x", 4, linked: true),
                move("a", "b", 8), move("a", "b", 16)
            ])
            #expect(outcomes[0].id == TransferID(1))
            #expect(
                outcomes[1...3].map(\.code) == [.linkedTransferFailed, .accountUnknown, .linkedTransferFailed])
            #expect(outcomes[4].id == TransferID(2))
            #expect(try await fixture.balance("a").debitsPosted == 17)
        }
    }

    @Test("a chain that the batch leaves open is refused")
    func openChain() async throws {
        try await LedgerFixture.with { fixture in
            try await fixture.open("a", "b")
            let outcomes = try await fixture.submit([move("a", "b", 1, linked: true), move("a", "b", 2, linked: true)])
            #expect(outcomes.map(\.code) == [.linkedTransferFailed, .linkedChainOpen])
            #expect(try await fixture.balance("a") == Balance())
        }
    }

    @Test("a batch of 8,000 is taken and one more is refused")
    func batchLimit() async throws {
        try await LedgerFixture.with { fixture in
            try await fixture.open("a", "b")
            let full = Array(repeating: move("a", "b", 1), count: Ledger.batchLimit)
            #expect(try await fixture.submit(full).allSatisfy { $0.id != nil })
            let error = await #expect(throws: LedgerError.self) {
                try await fixture.submit(full + [move("a", "b", 1)])
            }
            #expect(error?.code == .batchTooLarge)
            #expect(try await fixture.balance("a").debitsPosted == 8_000)
        }
    }

    @Test("a total that would leave 64 bits is refused, on either side, held amounts included")
    func overflow() async throws {
        try await LedgerFixture.with { fixture in
            try await fixture.open("a", "b", "c")
            try await fixture.post([move("a", "b", .max - 1), move("c", "b", 1, kind: .pending(expiresAt: nil))])
            #expect(try await fixture.submit(move("a", "c", 2)).code == .overflow)
            #expect(try await fixture.submit(move("c", "b", 1)).code == .overflow)
            #expect(try await fixture.submit(move("a", "c", 1)).id != nil)
            try await fixture.ledger.settle(fixture.book)
            #expect(try await fixture.balance("a").debitsPosted == .max)
        }
    }
}
