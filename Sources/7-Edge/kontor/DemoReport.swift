import Demo
import Journal
import Money

/// The demo's sheet: what happened, what it earned, and whether it holds together.
struct DemoReport {
    let outcome: Demo.Outcome
    let reports: [MallReport]
    let reconciled: [ReconciledDay]
    /// What does not hold; empty when all is well.
    let faults: [Fault]

    /// The order in which an order lives; states that are not named here follow.
    private static let life = [
        "placed", "paid", "partially_fulfilled", "fulfilled", "completed", "cancelled", "returned"
    ]

    init(
        _ outcome: Demo.Outcome, _ reports: [MallReport], open: Int64, differences: [Fault], reconciled: [ReconciledDay]
    ) {
        self.outcome = outcome
        self.reports = reports
        self.reconciled = reconciled
        var faults =
            outcome.failures.map { Fault(.shoppers, $0) } + reports.flatMap(\.faults) + differences
            + reconciled.flatMap(\.faults)
        let placed = reports.reduce(0) { $0 + $1.orderCount }
        if placed != Int64(outcome.orders.count) {
            faults.append(Fault(.orders, "\(outcome.orders.count) orders were answered, \(placed) are in the books"))
        }
        if open > 0 { faults.append(Fault(.outcomes, "\(open) outcomes are still open after a minute")) }
        self.faults = faults
    }

    func show() {
        var sheet = Sheet(columns: reports.map(\.name), units: reports.map(\.currency.code))
        orders(&sheet)
        money(&sheet)
        sheet.section("Payments")
        sheet.row("captured", reports.map { "\($0.count(of: "PaymentCaptured"))" })
        sheet.row("declined by the channel", reports.map { "\($0.count(of: "PaymentDeclined"))" })
        sheet.row(
            "unknown at first, then resolved",
            reports.map { "\($0.count(of: "PaymentOutcomeUnknown") + $0.count(of: "RefundOutcomeUnknown"))" })
        sheet.row("refunded", reports.map { "\($0.count(of: "PaymentRefunded"))" })
        reconciliation(&sheet)
        sheet.section("Stock")
        sheet.row("on hand", reports.map { "\($0.onHand)" })
        sheet.row("of it reserved", reports.map { "\($0.reserved)" })
        sheet.section("Books")
        sheet.row("trial balance, debit", reports.map(\.totalDebit.decimalText))
        sheet.row("trial balance, credit", reports.map(\.totalCredit.decimalText))
        sheet.row("journal, events", reports.map { "\($0.journalLength)" })
        sheet.row("journal, head", reports.map { String(Hex.text($0.headHash).prefix(16)) })
        sheet.show()
        speed()
        verdict()
    }

    private func orders(_ sheet: inout Sheet) {
        sheet.section("Orders")
        let found = reports.flatMap { $0.orders.map(\.state) }
        let others = Set(found).subtracting(Self.life).sorted()
        for state in Self.life + others where found.contains(state) {
            sheet.row(
                state.replacing("_", with: " "),
                reports.map { report in "\(report.orders.first { $0.state == state }?.count ?? 0)" })
        }
        sheet.row("all", reports.map { "\($0.orderCount)" })
    }

    private func money(_ sheet: inout Sheet) {
        sheet.section("Money")
        for (title, code) in [
            ("revenue", "sales"), ("shipping", "shipping_revenue"), ("discounts", "discounts"), ("refunds", "refunds"),
            ("cost of goods", "cost_of_goods"), ("platform fees", "platform_fee"), ("channel fees", "channel_fees"),
            ("tax payable", "tax_payable"), ("held for customers", "customer_deposits"),
            ("in clearing at the channel", "clearing:sandbox")
        ] { sheet.row(title, reports.map { $0.balance(code).decimalText }) }
    }

    private func reconciliation(_ sheet: inout Sheet) {
        guard reconciled.count == reports.count else { return }
        sheet.section("Reconciliation with the channel's statement")
        sheet.row("lines of the statement", reconciled.map { "\($0.lines)" })
        sheet.row("matched and settled", reconciled.map { "\($0.matched)" })
        sheet.row("settled to the bank", reconciled.map(\.settledNet.decimalText))
        let found = Set(reconciled.flatMap { $0.classes.map(\.name) })
        for name in found.sorted() {
            sheet.row(
                name.replacing("_", with: " "),
                reconciled.map { day in "\(day.classes.first { $0.name == name }?.count ?? 0)" })
        }
        sheet.row("cases", reconciled.map { "\($0.cases)" })
        sheet.row("open items", reconciled.map { "\($0.openItems)" })
        sheet.row("open, all items", reconciled.map(\.open.decimalText))
    }

    private func speed() {
        let seconds = outcome.seconds
        func rate(_ count: Int) -> String { seconds > 0 ? "\(rounded(Double(count) / seconds))/s" : "–" }
        Terminal.line("  \(Terminal.bold("Speed")), load generator included")
        Terminal.table(
            ["    ", "count", "rate", "p50", "p99"],
            [
                ["    placing an order (one POST)", "\(outcome.orders.count)", rate(outcome.orders.count)]
                    + latencies(outcome.placing),
                ["    a whole visit, with the channel's delays", "\(outcome.visits)", rate(outcome.visits)]
                    + latencies(outcome.visiting)
            ], right: [1, 2, 3, 4])
        if outcome.soldOut > 0 { Terminal.line("    \(outcome.soldOut) shoppers found their goods sold out") }
        Terminal.line()
    }

    private func latencies(_ all: Demo.Latencies) -> [String] {
        ["\(rounded(all.percentileMs(50))) ms", "\(rounded(all.percentileMs(99))) ms"]
    }

    private func verdict() {
        for invariant in Invariant.allCases {
            let broken = faults.filter { $0.invariant == invariant }
            Terminal.line("  \(broken.isEmpty ? Terminal.green("✓") : Terminal.red("✗")) \(invariant.promise)")
            for fault in broken.prefix(10) { Terminal.error("does not hold: \(fault.detail)") }
            if broken.count > 10 { Terminal.error("… and \(broken.count - 10) more") }
        }
    }

    private func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}

extension MallReport {
    /// How many events of a kind the journal tells.
    func count(of event: String) -> Int64 { events[event] ?? 0 }
}

/// Rows under section titles, a column for each tenant, figures to the right.
private struct Sheet {
    private static let indent = 4
    private let columns: [String]
    private let units: [String]
    private var rows: [(label: String, cells: [String]?)] = []

    init(columns: [String], units: [String]) {
        self.columns = columns
        self.units = units
    }

    mutating func section(_ title: String) { rows.append((title, nil)) }
    mutating func row(_ label: String, _ cells: [String]) { rows.append((label, cells)) }

    func show() {
        let first = rows.map { Terminal.width($0.label) + Self.indent }.max() ?? 0
        let widths = columns.indices.map { column in
            ([columns[column], units[column]] + rows.compactMap { $0.cells?[column] }).map(Terminal.width).max() ?? 0
        }
        func cells(_ texts: [String]) -> String {
            zip(texts, widths).map { "   " + String(repeating: " ", count: $1 - Terminal.width($0)) + $0 }.joined()
        }
        func padded(_ text: String) -> String { text + String(repeating: " ", count: first - Terminal.width(text)) }
        Terminal.line()
        Terminal.line(padded("") + Terminal.bold(cells(columns)))
        Terminal.line(padded("") + Terminal.dim(cells(units)))
        for row in rows {
            guard let figures = row.cells else {
                let rule = first + widths.reduce(0) { $0 + $1 + 3 } - Terminal.width(row.label) - 3
                Terminal.line(
                    "  \(Terminal.bold(row.label)) \(Terminal.dim(String(repeating: "─", count: max(0, rule))))")
                continue
            }
            Terminal.line(padded("    " + row.label) + cells(figures))
        }
        Terminal.line()
    }
}
