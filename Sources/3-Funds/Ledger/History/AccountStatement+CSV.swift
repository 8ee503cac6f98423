import Money
import Runtime

extension AccountStatement {
    /// The statement as RFC 4180 CSV with a heading. References are the only free text: they are quoted, and a leading
    /// `=`, `+`, `-` or `@` gets an apostrophe, because spreadsheets would run it as a formula.
    public var csv: String {
        var text = "time,transfer,debit,credit,held,balance,currency,counter_account,code,kind,reference\r\n"
        for line in lines {
            let amount = line.amount.decimalText
            text += [
                line.time.rfc3339, String(line.transfer.sequence), line.side == .debit ? amount : "",
                line.side == .credit ? amount : "", line.held.decimalText, line.balance.decimalText,
                account.currency.code, line.counterAccount, String(line.code.number), "\(line.kind)",
                AccountStatement.quoted(line.reference)
            ].joined(separator: ",")
            text += "\r\n"
        }
        return text
    }

    private static func quoted(_ text: String) -> String {
        guard let first = text.unicodeScalars.first else { return "" }
        let safe = "=+-@\t\r".unicodeScalars.contains(first) ? "'" + text : text
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }
}
