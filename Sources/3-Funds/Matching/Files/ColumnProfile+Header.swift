extension ColumnProfile {
    /// The profile that a header speaks for, where it uses the usual names.
    ///
    /// - Throws: `FileReconciliationError.profile` that says which column is lacking and what was found.
    public static func detected(inHeader names: [String], separator: UInt8) throws(FileReconciliationError) -> Self {
        let known = names.map { $0.lowercased() }
        func find(_ candidates: [String]) -> Column? {
            for candidate in candidates {
                if let index = known.firstIndex(of: candidate) { return .index(index) }
            }
            return nil
        }
        let found = [("order", find(merchantNames)), ("channel", find(channelNames))].compactMap { name, column in
            column.map { (name: name, column: $0) }
        }
        guard !found.isEmpty else { throw lacking("key", merchantNames + channelNames, names) }
        let minor = find(["amount_minor", "amount_cents", "amount_fen"])
        guard let amount = minor ?? find(["amount", "gross", "gross_amount", "total"]) else {
            throw lacking("amount", ["amount", "amount_minor", "gross", "total"], names)
        }
        var profile = ColumnProfile(
            keys: found.map { [$0.column] }, amount: amount, unit: minor == nil ? .major : .minor,
            currency: find(["currency", "currency_code", "ccy"]), status: find(["status", "state"]),
            fee: find([minor == nil ? "fee" : "fee_minor"]),
            time: find(["time", "paid_at", "created_at", "timestamp", "date", "day"]), separator: separator,
            kind: find(["kind", "type"]), batch: find(["batch", "payout", "payout_id"]))
        profile.keyNames = found.map(\.name)
        return profile
    }

    private static let merchantNames = [
        "order_no", "merchant_order_no", "merchant_reference", "order_id", "out_trade_no", "order", "key", "reference",
        "id"
    ]
    private static let channelNames = [
        "channel_reference", "channel_ref", "transaction_id", "trade_no", "channel_no", "psp_reference"
    ]

    private static func lacking(_ what: String, _ wanted: [String], _ names: [String]) -> FileReconciliationError {
        .profile(
            "the header names no \(what) column: it has \(names.prefix(20).joined(separator: ", ")), and known are "
                + "\(wanted.joined(separator: ", ")); say which columns they are by a profile")
    }
}
