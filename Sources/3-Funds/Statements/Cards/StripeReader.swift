internal import Money

/// Stripe's itemized reports: changes of the balance, payouts, payout reconciliation, and the balance history of the
/// dashboard. Columns are selectable, so everything goes by their names.
///
/// Amounts are major units with either decimal separator (`decimal_separator` of the report), fees are positive when
/// Stripe keeps them, and gross less fee is net on every line.
///
/// Sources: https://docs.stripe.com/reports/report-types/balance, …/payout-reconciliation, …/reporting-categories
struct StripeReader: StatementReader {
    let format = StatementFormat(id: "stripe", name: "Stripe balance and payout reports", channel: "stripe")

    func recognise(_ probe: Probe) -> Recognition {
        let names = probe.columnNames
        let isReport =
            names.isSuperset(of: ["gross", "net", "currency"])
            && !names.isDisjoint(with: ["balance_transaction_id", "payout_id"])
        let isHistory =
            names.isSuperset(of: ["id", "Type", "Source", "Amount", "Fee", "Net", "Currency"])
            && names.contains { $0.hasPrefix("Created") }
        return isReport || isHistory ? .yes : .no
    }

    func read(_ input: StatementInput, _ session: ReadSession) throws {
        var columns: Columns?
        try input.table(
            input.tableDialect, session,
            header: { map in
                let found = try Columns(map)
                session.variant(found.variant)
                columns = found
            },
            body: { fields in
                guard let columns else { return }
                try session.row(at: fields.record.line, lines: fields.record.lines) {
                    try fields.checkWidth()
                    return try columns.row(fields, zone: session.options.offsetSeconds)
                }
            })
    }

    private struct Columns {
        let variant: String
        let gross, currency: Int
        let fee, net, id, source, charge, payout, category, reason: Int?
        /// A time in UTC, a time in the zone that the report was asked for, and when money becomes available.
        let utc, local, availableUTC, available: Int?
        let orders: [Int]

        init(_ map: HeaderMap) throws {
            gross = try map.require("gross", "Amount")
            currency = try map.require("currency", "Currency")
            fee = map["fee", "Fee"]
            net = map["net", "Net"]
            id = map["balance_transaction_id", "id"]
            source = map["source_id", "Source"]
            charge = map["charge_id"]
            payout = map["automatic_payout_id", "payout_id"]
            category = map["reporting_category", "Type"]
            reason = map["description", "Description"]
            utc = map["created_utc", "effective_at_utc", "Created (UTC)"]
            local = map["created", "effective_at", "automatic_payout_effective_at"]
            availableUTC = map["available_on_utc", "Available On (UTC)"]
            available = map["available_on", "automatic_payout_effective_at"]
            // Merchants put their order into the metadata; among several columns the plainest name wins.
            let wanted = [
                "order_id", "order", "order_no", "order_number", "merchant_reference", "reference", "invoice", "cart_id"
            ]
            var orders: [Int] = []
            for name in wanted {
                for prefix in ["payment_metadata", "transfer_metadata", "refund_metadata"] {
                    if let place = map["\(prefix)[\(name)]"] { orders.append(place) }
                }
                if let place = map["\(name) (metadata)"] { orders.append(place) }
            }
            for (place, name) in map.names.enumerated()
            where name.hasPrefix("payment_metadata[") && !orders.contains(place) {
                orders.append(place)
            }
            if let place = map["invoice_number", "invoice_id", "client_reference_id"] { orders.append(place) }
            self.orders = orders
            let isReconciliation = map["automatic_payout_id"] != nil
            variant =
                map["payout_id"] != nil ? "payouts" : isReconciliation ? "payout_reconciliation" : "balance_change"
        }

        func row(_ fields: TableFields, zone: Int32?) throws(FieldProblem) -> StatementRow {
            let currency = try fields.currency(currency)
            let amount = try money(fields, gross, currency)
            guard let amount else { throw FieldProblem("is empty", field: fields.header.names[gross]) }
            var kept = try money(fields, fee, currency)
            let net = try money(fields, net, currency)
            if kept == nil, let net { kept = try StatementRow.bounded(amount - net, "net") }
            if let net, let kept, amount - kept != net {
                throw FieldProblem(
                    "is \(Digits.decimal(net, currency)), gross less fee is \(Digits.decimal(amount - kept, currency))",
                    field: "net")
            }
            let word = try fields.text(category)
            let kind = category == nil && variant == "payouts" ? .payout : StripeReader.kind(word)
            let created = try fields.time(utc, offset: 0)
            let createdLocally = try fields.time(local, offset: zone)
            let ready = try fields.time(availableUTC, offset: 0)
            let readyLocally = try fields.time(available, offset: zone)
            let source = try first(fields, [source, payout != nil && kind == .payout ? payout : nil, charge, id])
            return StatementRow(
                channel: "stripe", kind: kind, currency: currency, amountMinor: amount, feeMinor: kept ?? 0,
                channelReference: source, merchantReference: try first(fields, orders),
                originalReference: kind == .refund || kind == .chargeback ? try fields.text(charge) : "",
                status: .succeeded, rawStatus: word,
                time: created ?? createdLocally, valueDate: (ready ?? readyLocally)?.date,
                description: try description(fields, shown: source), line: fields.record.line,
                offset: fields.record.offset)
        }

        /// Either separator and no group: `1234.50`, `1234,50`. Where both stand in one number the last one is the
        /// decimal mark: `1,234.50`.
        private func money(_ fields: TableFields, _ place: Int?, _ currency: Currency) throws(FieldProblem) -> Int64? {
            guard let place, place < fields.record.count else { return nil }
            let bytes = fields.record.bytes(place)
            let comma = bytes.lastIndex(of: UInt8(ascii: ","))
            let point = bytes.lastIndex(of: UInt8(ascii: "."))
            if let comma, let point { return try fields.money(place, currency, comma > point ? .comma : .point) }
            let mark = UInt8(ascii: comma == nil ? "." : ",")
            return try fields.money(
                place, currency, DecimalStyle(point: mark, group: nil, allowsBarePoint: false))
        }

        private func first(_ fields: TableFields, _ places: [Int?]) throws(FieldProblem) -> String {
            for place in places {
                let text = try fields.text(place)
                if !text.isEmpty { return text }
            }
            return ""
        }

        /// The description, with the balance transaction and the payout that the reference does not show.
        private func description(_ fields: TableFields, shown: String) throws(FieldProblem) -> String {
            var parts = [try fields.text(reason)]
            for place in [id, payout] {
                let text = try fields.text(place)
                if text != shown { parts.append(text) }
            }
            return parts.filter { !$0.isEmpty }.joined(separator: "; ")
        }
    }

    /// Reporting categories, and the types of the balance history.
    static func kind(_ category: String) -> RowKind {
        switch category {
        case "charge", "payment", "charge_failure", "payment_failure_refund", "partial_capture_reversal",
            "payment_reversal":
            .payment
        case "refund", "payment_refund", "refund_failure": .refund
        case "dispute", "dispute_reversal", "issuing_dispute": .chargeback
        case "payout", "payout_reversal", "payout_cancel", "payout_failure", "obligation_payout": .payout
        case "fee", "stripe_fee", "stripe_fx_fee", "network_cost", "tax_fee", "tax", "application_fee", "platform_fee",
            "platform_earning", "application_fee_refund", "platform_earning_refund", "risk_reserved_fee":
            .fee
        case "currency_conversion": .fx
        default: .adjustment
        }
    }
}
