import Contract
import Inventory
import Journal
import Ledger
package import Money
import Orders
package import Store

/// What a tenant's book says after the demo, and whether it holds together.
package struct MallReport: Sendable {
    package var slug: String
    package var name: String
    package var currency: Currency
    package var orders: [(state: String, count: Int64)] = []
    package var balances: [(code: String, debit: Amount, credit: Amount)] = []
    package var totalDebit: Amount
    package var totalCredit: Amount
    package var onHand: Int64 = 0
    package var reserved: Int64 = 0
    /// How often each kind of event was told, by its name without the package.
    package var events: [String: Int64] = [:]
    package var journalLength: Int64 = 0
    package var headHash: [UInt8] = []
    /// What does not hold; empty when all is well.
    package var faults: [Fault] = []

    package func balance(_ code: String) -> Amount {
        guard let line = balances.first(where: { $0.code == code }) else { return .zero(currency) }
        return line.debit.isZero ? line.credit : line.debit
    }

    /// Debit less credit in minor units.
    package func netDebit(_ code: String) -> Int64 {
        balances.filter { $0.code == code }.reduce(0) { $0 + $1.debit.minor - $1.credit.minor }
    }

    package var orderCount: Int64 { orders.reduce(0) { $0 + $1.count } }

    /// Reads a book and checks its invariants.
    package static func read(slug: String, name: String, currency: Currency, _ reader: any SQLReader) throws
        -> MallReport
    {
        var report = MallReport(
            slug: slug, name: name, currency: currency, totalDebit: .zero(currency), totalCredit: .zero(currency))
        report.orders = try Orders.counts(reader)
        for trial in try Ledger().trialBalance(in: reader) {
            if !trial.isBalanced {
                report.faults.append(Fault(.ledger, "\(slug): debits and credits differ in \(trial.currency.code)"))
            }
            guard trial.currency == currency else { continue }
            report.balances = trial.lines.map { ($0.code, $0.debit, $0.credit) }
            report.totalDebit = trial.totalDebit
            report.totalCredit = trial.totalCredit
        }
        let stock = try Inventory().totals(reader: reader)
        report.onHand = stock.onHand
        report.reserved = stock.reserved
        if stock.reserved < 0 || stock.reserved > stock.onHand {
            report.faults.append(Fault(.stock, "\(slug): \(stock.reserved) reserved of \(stock.onHand) on hand"))
        }
        let moved = try reader.first("SELECT COALESCE(SUM(quantity), 0) FROM inventory_movements") { $0.int64(0) } ?? 0
        if moved != stock.onHand {
            report.faults.append(Fault(.stock, "\(slug): \(stock.onHand) on hand, the movements add up to \(moved)"))
        }
        try reader.forEach("SELECT type, COUNT(*) FROM journal GROUP BY type") { row in
            let name = row.text(0).split(separator: ".").last.map(String.init) ?? row.text(0)
            report.events[name, default: 0] += row.int64(1)
        }
        let chain = try JournalVerifier.verify(reader)
        report.journalLength = chain.verified
        report.headHash = chain.headHash
        if let finding = chain.finding { report.faults.append(Fault(.journal, "\(slug): \(finding.detail)")) }
        return report
    }
}
