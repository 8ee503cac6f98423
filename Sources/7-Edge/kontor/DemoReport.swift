import Demo
import Journal
import Money

/// The demo's table: what happened, what it earned, and whether it holds together.
enum DemoReport {
    /// Prints the report; returns what does not hold.
    static func show(_ outcome: Demo.Outcome, _ reports: [MallReport], differences: [String]) -> [String] {
        Terminal.line()
        let states = reports.flatMap { $0.orders.map(\.state) }.reduce(into: [String]()) {
            if !$0.contains($1) { $0.append($1) }
        }
        var rows = states.map { state in
            ["orders \(state)"] + reports.map { report in
                "\(report.orders.first { $0.state == state }?.count ?? 0)"
            }
        }
        func money(_ title: String, _ code: String) {
            rows.append([title] + reports.map { $0.balance(code).decimalText })
        }
        money("revenue (sales)", "sales")
        money("discounts", "discounts")
        money("shipping", "shipping_revenue")
        money("tax payable", "tax_payable")
        money("refunds", "refunds")
        money("cost of goods", "cost_of_goods")
        money("platform fees", "platform_fee")
        money("channel fees", "channel_fees")
        money("in clearing", "clearing:sandbox")
        money("customer deposits", "customer_deposits")
        rows.append(["stock on hand / reserved"] + reports.map { "\($0.onHand) / \($0.reserved)" })
        rows.append(["trial balance debit"] + reports.map(\.totalDebit.decimalText))
        rows.append(["trial balance credit"] + reports.map(\.totalCredit.decimalText))
        rows.append(["journal events"] + reports.map { "\($0.journalLength)" })
        rows.append(["journal head"] + reports.map { String(Hex.text($0.headHash).prefix(16)) + "…" })
        Terminal.table([""] + reports.map { "\($0.slug) (\($0.currency.code))" }, rows, right: Set(1...reports.count))

        let perSecond = outcome.seconds > 0 ? Double(outcome.visits) / outcome.seconds : 0
        Terminal.line()
        Terminal.line(
            "\(outcome.visits) shoppers in \(round(outcome.seconds)) s: \(round(perSecond)) whole visits/s, "
                + "p50 \(round(outcome.percentileMs(50))) ms, p99 \(round(outcome.percentileMs(99))) ms a visit, "
                + "\(outcome.soldOut) found their goods sold out")
        var broken = reports.flatMap(\.broken) + outcome.failures
        let placed = reports.reduce(0) { $0 + $1.orderCount }
        if placed != Int64(outcome.orders.count) {
            broken.append("\(outcome.orders.count) orders were answered, \(placed) are in the books")
        }
        broken += differences
        for line in broken.prefix(20) { Terminal.error("does not hold: \(line)") }
        if broken.isEmpty {
            Terminal.line("every invariant holds: debits = credits, chains intact, stock conserved, books = channel's statement")
        }
        return broken
    }

    private static func round(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
