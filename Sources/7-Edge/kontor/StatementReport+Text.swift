extension StatementReport {
    /// More balances, checks and rejects than this are counted and not printed.
    private static let mostListed = 20

    /// The report for people.
    func print(timing: Bool) {
        Terminal.line(Terminal.bold(file))
        if let format {
            Terminal.line("format    \(format)\(name.map { "  \($0)" } ?? "")\(variant.map { "  \($0)" } ?? "")")
            Terminal.line("text      \(encoding ?? "")\(entry.map { "  in \($0)" } ?? "")")
        }
        if !accounts.isEmpty { listed("account", accounts) { $0 } }
        if let period { Terminal.line("period    \(period)") }
        if let lines {
            Terminal.line(
                "lines     \(lines.total): \(lines.rows) of rows, \(lines.headers) headers, \(lines.comments) comments, "
                    + "\(lines.trailers) trailers, \(lines.blank) blank, \(lines.rejected) rejected")
            Terminal.line("rows      \(rows)")
        }
        printTotals()
        listed("balance", balances) {
            "\($0.kind) \($0.amount) \($0.currency)  \($0.account)\($0.date.map { "  \($0)" } ?? "")"
        }
        listed("check", checks.filter { $0.outcome != "holds" } + checks.filter { $0.outcome == "holds" }) { check in
            let outcome = check.outcome == "fails" ? Terminal.red("FAILS") : check.outcome
            return "\(check.what): stated \(check.stated), found \(check.found)  \(outcome)"
        }
        listed("rejected", rejected) { "line \($0.line)\($0.field.isEmpty ? "" : " \($0.field)"): \($0.reason)" }
        printRows()
        if timing, let seconds {
            Terminal.line("time      \(seconds) s, \(bytes) bytes\(megabytesPerSecond.map { ", \($0) MB/s" } ?? "")")
        }
        Terminal.line("verdict   " + (verdict == .ok ? Terminal.green("ok") : Terminal.red(verdict.rawValue)))
        if let error { Terminal.error("\(file): \(error.message)") }
    }

    private func printTotals() {
        guard !totals.isEmpty else { return }
        Terminal.line()
        Terminal.table(
            ["currency", "rows", "credit", "debit", "fee", "net", "kinds"],
            totals.map { total in
                let kinds = total.kinds.sorted { $0.key < $1.key }.map {
                    "\($0.key) \($0.value.rows)×\($0.value.amount)"
                }
                return [
                    total.currency, String(total.rows), total.credit, total.debit, total.fee, total.net,
                    kinds.joined(separator: ", ")
                ]
            }, right: [1, 2, 3, 4, 5])
        Terminal.line()
    }

    private func printRows() {
        guard !firstRows.isEmpty else { return }
        Terminal.line()
        Terminal.table(
            ["line", "time", "kind", "status", "amount", "fee", "currency", "channel reference", "merchant reference"],
            firstRows.map { row in
                [
                    String(row.line), row.time ?? row.valueDate ?? "", row.kind, row.status, row.amount, row.fee,
                    row.currency, row.channelReference, row.merchantReference
                ]
            }, right: [0, 4, 5])
        Terminal.line()
    }

    private func listed<Item>(_ label: String, _ items: [Item], _ text: (Item) -> String) {
        let pad = label + String(repeating: " ", count: max(1, 10 - label.count))
        for item in items.prefix(Self.mostListed) { Terminal.line(pad + text(item)) }
        if items.count > Self.mostListed { Terminal.line(pad + "… \(items.count - Self.mostListed) more") }
    }
}
