import ArgumentParser
import Assembly
import Ledger
import Money
import Runtime
import Store
import Tenancy

struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "Read the books of a tenant.",
        subcommands: [TrialBalanceCommand.self, StatementCommand.self])

    struct TrialBalanceCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "trial-balance", abstract: "All accounts; exit code 1 when debits and credits differ.")
        @OptionGroup var options: HouseOptions
        @Argument(help: "Identifier or slug of the tenant.") var tenant: String
        @Flag(help: "One JSON document instead of a table.") var json = false

        struct Shown: Encodable {
            struct Line: Encodable { let account, debit, credit: String }
            let currency, debit, credit: String
            let balanced: Bool
            let lines: [Line]
        }

        func run() async throws {
            try await options.withHouse(.reading) { house in
                let tenant = try await house.tenant(tenant)
                let balances = try await house.withBook(of: tenant) { book in
                    try await book.read { try Ledger().trialBalance(in: $0) }
                }
                if json {
                    try Terminal.json(
                        balances.map { balance in
                            Shown(
                                currency: balance.currency.code, debit: balance.totalDebit.decimalText,
                                credit: balance.totalCredit.decimalText, balanced: balance.isBalanced,
                                lines: balance.lines.map {
                                    Shown.Line(
                                        account: $0.code, debit: $0.debit.decimalText, credit: $0.credit.decimalText)
                                })
                        })
                } else {
                    for balance in balances { show(balance) }
                }
                if balances.contains(where: { !$0.isBalanced }) { throw ExitCode(1) }
            }
        }

        private func show(_ balance: TrialBalance) {
            func figure(_ amount: Amount) -> String { amount.isZero ? "" : amount.decimalText }
            Terminal.table(
                ["account", "debit \(balance.currency.code)", "credit \(balance.currency.code)"],
                balance.lines.map { [$0.code, figure($0.debit), figure($0.credit)] }
                    + [
                        [
                            balance.isBalanced ? "balanced" : "NOT BALANCED", balance.totalDebit.decimalText,
                            balance.totalCredit.decimalText
                        ]
                    ],
                right: [1, 2])
        }
    }

    struct StatementCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "statement", abstract: "The postings of one account, with a running balance.")
        @OptionGroup var options: HouseOptions
        @Argument(help: "Identifier or slug of the tenant.") var tenant: String
        @Argument(help: "The account's code, e.g. clearing:sandbox.") var account: String
        @Option(help: "ISO 4217; the tenant's own when it is not given.", transform: Arguments.currency)
        var currency: Currency?
        @Option(help: "At most this many lines.") var limit = 200
        @Flag(help: "One JSON document instead of a table.") var json = false

        struct Shown: Encodable {
            let time, against, reference, side, amount, balance: String

            init(_ line: AccountStatement.Line) {
                time = line.time.rfc3339
                against = line.counterAccount
                reference = line.reference
                side = line.side == .debit ? "debit" : "credit"
                amount = line.amount.decimalText
                balance = line.balance.decimalText
            }
        }

        func validate() throws { try Arguments.check("--limit", limit, in: 1...10_000) }

        func run() async throws {
            try await options.withHouse(.reading) { house in
                let tenant = try await house.tenant(tenant)
                let currency = currency ?? tenant.baseCurrency
                let account = account
                let limit = limit
                let statement = try await house.withBook(of: tenant) { book in
                    try await book.read {
                        try Ledger().statement(of: account, currency: currency, limit: limit, in: $0)
                    }
                }
                if json { return try Terminal.json(statement.lines.map(Shown.init)) }
                Terminal.table(
                    ["time", "against", "reference", "debit", "credit", "balance"],
                    statement.lines.map { line in
                        [
                            line.time.rfc3339, line.counterAccount, line.reference,
                            line.side == .debit ? line.amount.decimalText : "",
                            line.side == .credit ? line.amount.decimalText : "", line.balance.decimalText
                        ]
                    }, right: [3, 4, 5])
            }
        }
    }
}
