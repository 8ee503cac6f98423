internal import Money

/// The settlement statement of a day: what the sandbox really did for one account, as providers send it.
///
///     merchant_reference,channel_reference,kind,amount_minor,fee_minor,currency,status,time,original_reference
///     pay_…-1,sbx1,payment,1234,7,EUR,succeeded,2026-11-21T10:00:00.000000Z,
///     rfd_…,sbx1-r1,refund,-500,0,EUR,succeeded,2026-11-21T11:00:00.000000Z,pay_…-1
///     TOTAL,2,total,734,7,EUR,,,
///
/// Amounts are integers of minor units: plus is money for the merchant, a plus fee is kept by the sandbox. A refund
/// names the payment that it gives back. The last rows, one a currency, say how many rows there are and their sums; a
/// day without rows ends with `TOTAL,0,total,0,0,,,,`, so that an empty file is never mistaken for a cut one.
enum SandboxStatement {
    struct Line: Hashable, Sendable {
        var merchantReference: String
        var channelReference: String
        /// payment, refund, chargeback or adjustment
        var kind: String
        var amountMinor: Int64
        var feeMinor: Int64
        var currency: String
        var time: String
        var originalReference: String

        init(_ entry: SandboxBooks.Entry) {
            let isRefund = entry.type == "refund"
            merchantReference = isRefund ? entry.refund_reference : entry.reference
            channelReference = entry.channel_reference
            kind = isRefund ? "refund" : "payment"
            amountMinor = entry.gross_minor
            feeMinor = entry.fee_minor
            currency = entry.currency
            time = entry.occurred_at
            originalReference = isRefund ? entry.reference : ""
        }

        var text: String {
            "\(merchantReference),\(channelReference),\(kind),\(amountMinor),\(feeMinor),\(currency),succeeded,\(time),"
                + originalReference
        }
    }

    static let header =
        "merchant_reference,channel_reference,kind,amount_minor,fee_minor,currency,status,time,original_reference"

    /// Throws `MoneyError` when a sum does not fit 64 bits.
    static func csv(_ lines: [Line]) throws -> String {
        var rows = [header]
        var totals: [String: (rows: Int, amount: Amount, fee: Amount)] = [:]
        for line in lines {
            rows.append(line.text)
            let currency = try Currency(code: line.currency)
            let sum = totals[line.currency] ?? (0, .zero(currency), .zero(currency))
            totals[line.currency] = (
                sum.rows + 1, try sum.amount.adding(Amount(minor: line.amountMinor, currency)),
                try sum.fee.adding(Amount(minor: line.feeMinor, currency))
            )
        }
        for (code, sum) in totals.sorted(by: { $0.key < $1.key }) {
            rows.append("TOTAL,\(sum.rows),total,\(sum.amount.minor),\(sum.fee.minor),\(code),,,")
        }
        if totals.isEmpty { rows.append("TOTAL,0,total,0,0,,,,") }
        return rows.joined(separator: "\n") + "\n"
    }
}
