internal import Money

/// The daily statement: what the sandbox really did for one account, as providers send it.
///
///     HDR,kontor-sandbox,1,<account>,<day>
///     type,channel_reference,merchant_reference,refund_reference,occurred_at,currency,gross,fee,net
///     capture,sbx1,pay_…-1,,2026-11-21T10:00:00Z,EUR,12.34,0.07,12.27
///     TOTAL,<currency>,<rows>,<gross>,<fee>,<net>
///     END,<rows>
enum SandboxStatement {
    static func csv(account: String, day: String, entries: [SandboxBooks.Entry]) throws -> String {
        var lines = [
            "HDR,kontor-sandbox,1,\(account),\(day)",
            "type,channel_reference,merchant_reference,refund_reference,occurred_at,currency,gross,fee,net"
        ]
        var totals: [String: (rows: Int, gross: Amount, fee: Amount)] = [:]
        for entry in entries {
            let currency = try Currency(code: entry.currency)
            let gross = Amount(minor: entry.gross_minor, currency)
            let fee = Amount(minor: entry.fee_minor, currency)
            lines.append(
                "\(entry.type),\(entry.channel_reference),\(entry.reference),\(entry.refund_reference),"
                    + "\(entry.occurred_at),\(currency.code),\(gross.decimalText),\(fee.decimalText),"
                    + "\(try gross.subtracting(fee).decimalText)")
            let sum = totals[currency.code] ?? (0, .zero(currency), .zero(currency))
            totals[currency.code] = (sum.rows + 1, try sum.gross.adding(gross), try sum.fee.adding(fee))
        }
        for (code, sum) in totals.sorted(by: { $0.key < $1.key }) {
            lines.append(
                "TOTAL,\(code),\(sum.rows),\(sum.gross.decimalText),\(sum.fee.decimalText),"
                    + "\(try sum.gross.subtracting(sum.fee).decimalText)")
        }
        lines.append("END,\(entries.count)")
        return lines.joined(separator: "\n") + "\n"
    }
}
