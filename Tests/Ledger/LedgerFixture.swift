import Journal
import Ledger
import Money
import Runtime
import Store
import TestStores
import Testing

/// A book with a ledger of its own, on a clock that stands still until it is moved.
struct LedgerFixture: Sendable {
    let test: TestBook
    /// The same book as another process opened it; nil for the test's own.
    var opened: Book?
    let ledger = Ledger()

    var book: Book { opened ?? test.book }

    static func make(seed: UInt64 = 1) async throws -> LedgerFixture {
        LedgerFixture(test: try await TestBook.make(migrations: Journal.migrations + Ledger.migrations, seed: seed))
    }

    /// Runs `body` on a fresh ledger and removes it afterwards.
    static func with(seed: UInt64 = 1, _ body: (LedgerFixture) async throws -> Void) async throws {
        let fixture = try await make(seed: seed)
        try await body(fixture)
        await fixture.test.discard()
    }

    func reopened() async throws -> LedgerFixture { LedgerFixture(test: try await test.reopened()) }

    func advance(_ duration: Duration) { book.world.manualClock?.advance(by: duration) }

    func open(_ codes: String..., currency: Currency = .eur, limit: AccountLimit = .none) async throws {
        let ledger = ledger
        try await book.write("open") { tx in
            for code in codes {
                try ledger.openAccount(
                    AccountSpec(code: code, currency: currency, normalSide: .credit, limit: limit), in: tx)
            }
        }
    }

    @discardableResult
    func submit(_ transfers: [Transfer]) async throws -> [TransferOutcome] {
        let ledger = ledger
        return try await book.write("submit") { tx in try ledger.submit(transfers, in: tx) }
    }

    @discardableResult
    func submit(_ transfer: Transfer) async throws -> TransferOutcome { try await submit([transfer])[0] }

    @discardableResult
    func post(_ transfers: [Transfer]) async throws -> [TransferID] {
        let ledger = ledger
        return try await book.write("post") { tx in try ledger.post(transfers, in: tx) }
    }

    func balance(_ code: String, _ currency: Currency = .eur) async throws -> Balance {
        let ledger = ledger
        return try await book.read { try ledger.balance(of: code, currency: currency, in: $0).totals }
    }

    func balance(_ code: String, asOf moment: Timestamp) async throws -> Balance {
        let ledger = ledger
        return try await book.read { try ledger.balance(of: code, currency: .eur, asOf: moment, in: $0).totals }
    }

    /// Debits equal credits in every currency.
    func expectBalanced() async throws {
        let ledger = ledger
        let balances = try await book.read { try ledger.trialBalance(in: $0) }
        for balance in balances { #expect(balance.isBalanced) }
    }

    /// Every row of the derived tables as text.
    func derivedRows() async throws -> [String] {
        try await book.read { reader in
            try [
                "ledger_balances", "ledger_holds", "ledger_entries", "ledger_references", "ledger_cursors",
                "ledger_open_items"
            ]
            .flatMap { table in
                try reader.query("SELECT * FROM \(raw: table) ORDER BY 1, 2") { row in
                    let width =
                        ["ledger_balances": 5, "ledger_holds": 7, "ledger_entries": 9, "ledger_open_items": 6][table]
                        ?? 2
                    return try (0..<width).reduce(table) { try $0 + " \(row.get($1, as: SQLValue.self))" }
                }
            }
        }
    }
}

func eur(_ minor: Int64) -> Amount { Amount(minor: minor, .eur) }

func move(
    _ debit: AccountRef, _ credit: AccountRef, _ minor: Int64, reference: String = "",
    kind: TransferKind = .posted, linked: Bool = false
) -> Transfer {
    Transfer(
        debit: debit, credit: credit, amount: eur(minor), reference: reference, kind: kind, isLinked: linked)
}

extension TransferOutcome {
    var code: LedgerError.Code? { error?.code }
}
