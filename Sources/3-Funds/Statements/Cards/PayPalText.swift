internal import Money

/// How PayPal's reports write amounts, directions, times and events.
enum PayPalText {
    /// Currencies that PayPal uses without decimals although ISO 4217 has two; a report has whole units of them.
    /// Source: https://developer.paypal.com/reference/currency-codes/
    private static let wholeUnits: Set<Currency> = [.huf, .twd]

    /// A whole number of PayPal's smallest unit: 10000 is 100.00 USD and 10,000 JPY.
    static func minor(_ bytes: ArraySlice<UInt8>, _ currency: Currency) throws(FieldProblem) -> Int64 {
        guard bytes.allSatisfy({ FieldText.digitValue($0) != nil }) else {
            throw FieldProblem("is not a whole number without a sign: \(FieldText.shown(bytes))")
        }
        let units = try FieldText.integer(bytes)
        let scale = wholeUnits.contains(currency) ? 0 : currency.minorUnits
        return try ExactDecimal(units: units, scale: scale).minor(currency)
    }

    /// `CR` is money that came in; nil for neither.
    static func isCredit(_ bytes: ArraySlice<UInt8>) -> Bool? {
        switch String(decoding: bytes, as: UTF8.self).uppercased() {
        case "CR": true
        case "DR": false
        default: nil
        }
    }

    /// `2009/03/22 00:00:00 -0700`.
    static func time(_ bytes: ArraySlice<UInt8>) throws(FieldProblem) -> StatementTime {
        let dashed = bytes.map { $0 == UInt8(ascii: "/") ? UInt8(ascii: "-") : $0 }
        return try FieldText.iso8601(dashed[...])
    }

    /// Transaction event codes (T-codes): two digits of a group and two of the event.
    /// Source: https://developer.paypal.com/docs/reports/reference/tcodes/
    static func kind(_ code: String, isCredit: Bool) -> RowKind {
        switch code {
        case "T1107": return .refund
        case "T1100", "T1101", "T1102", "T1106", "T1201", "T1202": return .chargeback
        case "T1108", "T1109", "T1115": return .fee
        default: break
        }
        switch code.prefix(3) {
        // What we paid to others with our balance is no sale; it has no order to be matched with.
        case "T00", "T05", "T10", "T18", "T30": return isCredit ? .payment : .adjustment
        case "T01": return .fee
        case "T02": return .fx
        case "T04", "T06", "T17": return .payout
        case "T12": return .chargeback
        default: return .adjustment
        }
    }
}
