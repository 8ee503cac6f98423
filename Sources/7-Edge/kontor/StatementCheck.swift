import Demo
import Money

/// Holds a sandbox statement against the clearing account: what the channel owes us must be what the books say.
enum StatementCheck {
    static func differences(_ statement: String, _ report: MallReport) -> [Fault] {
        var owed: Int64 = 0
        var rows = 0
        for line in statement.split(separator: "\n") {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 9, fields[2] == "payment" || fields[2] == "refund",
                fields[5] == report.currency.code
            else { continue }
            rows += 1
            guard let amount = Int64(fields[3]), let fee = Int64(fields[4]) else {
                return [
                    Fault(.channel, "\(report.slug): the channel's statement has a line that cannot be read: \(line)")
                ]
            }
            owed += amount - fee
        }
        let booked = report.netDebit("clearing:sandbox")
        guard booked != owed else { return [] }
        return [
            Fault(
                .channel,
                "\(report.slug): the channel's statement (\(rows) lines) says \(owed) minor units, the clearing account "
                    + "\(booked)")
        ]
    }
}
