import Contract
import Journal
import Ledger
import Money
import Runtime
import Store
import SwiftProtobuf
import TestStores
import Testing

@Suite("Accounts", .onBothStores)
struct AccountTests {
    @Test("the chart is installed once per currency and documents every account")
    func chart() async throws {
        try await LedgerFixture.with { fixture in
            let ledger = fixture.ledger
            for _ in 0..<2 {
                try await fixture.book.write("chart") { tx in
                    try ledger.installChart(currency: .eur, in: tx)
                    try ledger.installChart(currency: .eur, in: tx)
                    try ledger.openClearing(channel: "sandbox", currency: .eur, in: tx)
                }
            }
            let accounts = try await fixture.book.read { try ledger.accounts(currency: .eur, in: $0) }
            #expect(accounts.count == ChartAccount.standard.count + 1)
            #expect(accounts.map(\.key.number) == Array(1...Int64(accounts.count)))
            #expect(accounts.last?.code == "clearing:sandbox")
            for account in ChartAccount.standard {
                #expect(!account.name.isEmpty && !account.nameZh.isEmpty && !account.purpose.isEmpty)
            }
        }
    }

    @Test("an account opened twice is the same, and another one by its code is refused")
    func twice() async throws {
        try await LedgerFixture.with { fixture in
            let ledger = fixture.ledger
            let spec = AccountSpec(code: "a", currency: .eur, normalSide: .debit)
            let first = try await fixture.book.write("open") { try ledger.openAccount(spec, in: $0) }
            let again = try await fixture.book.write("open") { try ledger.openAccount(spec, in: $0) }
            #expect(first == again)
            let error = await #expect(throws: LedgerError.self) {
                try await fixture.open("a")
            }
            #expect(error?.code == .accountExists)
        }
    }

    @Test(
        "a code that is empty, too long or has other characters is refused",
        arguments: ["", "A", "a b", "é", "a/b", String(repeating: "a", count: 65)])
    func codes(_ code: String) async throws {
        try await LedgerFixture.with { fixture in
            let error = await #expect(throws: LedgerError.self) { try await fixture.open(code) }
            #expect(error?.code == .accountCodeInvalid)
        }
    }

    @Test("an account may be used in the command that opens it, and is seen there")
    func sameCommand() async throws {
        try await LedgerFixture.with { fixture in
            let ledger = fixture.ledger
            try await fixture.book.write("open and post") { tx in
                try ledger.installChart(currency: .eur, in: tx)
                try ledger.post(move("cash", "sales", 5), in: tx)
                #expect(try ledger.balance(of: "cash", currency: .eur, in: tx).posted == eur(5))
                #expect(try ledger.account("cash", currency: .eur, in: tx)?.key == AccountKey(1))
                #expect(try ledger.transfers(in: tx).count == 1)
                #expect(try ledger.statement(of: "cash", currency: .eur, in: tx).closing == eur(5))
                #expect(try ledger.trialBalance(in: tx).first?.totalDebit == eur(5))
            }
        }
    }

    @Test("the journal is told of the accounts and of every transfer in one event a batch")
    func events() async throws {
        try await LedgerFixture.with { fixture in
            try await fixture.open("a", "b")
            try await fixture.submit([
                move("a", "b", 5, reference: "r1"), move("b", "a", 7, kind: .pending(expiresAt: nil))
            ])
            let events = try await fixture.book.read { try Journal.events(after: 0, limit: 10, $0) }
            #expect(events.map(\.type) == ["kontor.ledger.v1.AccountsOpened", "kontor.ledger.v1.TransfersPosted"])
            let opened = try V1AccountsOpened(serializedBytes: events[0].payload)
            #expect(opened.accounts.map(\.code) == ["a", "b"])
            let posted = try V1TransfersPosted(serializedBytes: events[1].payload)
            #expect(posted.firstSequence == 1)
            #expect(posted.amount == [5, 0])
            #expect(posted.held == [0, 7])
            #expect(posted.reference == ["r1", ""])
            #expect(posted.pendingID.isEmpty)
        }
    }
}
