internal import Money

/// Adyen's settlement detail report: columns by their names, so that any selection in any order is read.
///
/// Public code disagrees on whether `Settled` stands on the gross debit or the gross credit side. The net side and the
/// fees decide: a row is read as the one sign of its gross amount for which gross less fees is net. Amounts are in the
/// net currency, because that is what is paid out; the gross amount of another currency is in the description.
///
/// Source: https://docs.adyen.com/reporting/settlement-detail-report/settlement-detail-report-structure
struct AdyenReader: StatementReader {
    let format = StatementFormat(id: "adyen-settlement", name: "Adyen settlement detail report", channel: "adyen")

    func recognise(_ probe: Probe) -> Recognition {
        let names = probe.columnNames
        let required = [
            "Merchant Account", "Psp Reference", "Type", "Net Currency", "Net Debit (NC)", "Net Credit (NC)"
        ]
        return required.allSatisfy(names.contains) ? .yes : .no
    }

    func read(_ input: StatementInput, _ session: ReadSession) throws {
        var columns: Columns?
        var batches = AdyenBatches()
        try input.table(input.tableDialect, session, header: { columns = try Columns($0) }) { fields in
            guard let columns else { return }
            try session.row(at: fields.record.line, lines: fields.record.lines) {
                try fields.checkWidth()
                let row = try columns.row(fields)
                batches.add(row, batch: try fields.text(columns.batch))
                session.account(row.account)
                return row
            }
        }
        if session.summary.rejectedCount == 0 { batches.check(session) }
    }

    /// Where the columns stand.
    private struct Columns {
        let account, psp, reference, type, modification, netCurrency, netDebit, netCredit: Int
        let modificationReference, method, created, zone, booked, bookedZone, batch, grossCurrency, rate: Int?
        let grossDebit, grossCredit: Int?
        let fees: [Int]

        init(_ map: HeaderMap) throws {
            account = try map.require("Merchant Account")
            psp = try map.require("Psp Reference")
            reference = try map.require("Merchant Reference")
            type = try map.require("Type")
            modification = try map.require("Modification Reference")
            netCurrency = try map.require("Net Currency")
            netDebit = try map.require("Net Debit (NC)")
            netCredit = try map.require("Net Credit (NC)")
            modificationReference = map["Modification Merchant Reference"]
            method = map["Payment Method"]
            created = map["Creation Date"]
            zone = map["TimeZone"]
            booked = map["Booking Date"]
            bookedZone = map["Booking Date TimeZone"]
            batch = map["Batch Number"]
            grossCurrency = map["Gross Currency"]
            grossDebit = map["Gross Debit (GC)"]
            grossCredit = map["Gross Credit (GC)"]
            rate = map["Exchange Rate"]
            fees = ["Commission (NC)", "Markup (NC)", "Scheme Fees (NC)", "Interchange (NC)"].compactMap { map[$0] }
        }

        func row(_ fields: TableFields) throws(FieldProblem) -> StatementRow {
            let currency = try fields.currency(netCurrency)
            let net = (try fields.money(netCredit, currency) ?? 0) - (try fields.money(netDebit, currency) ?? 0)
            var fee: Int64 = 0
            for place in fees {
                fee = try StatementRow.sum(fee, try fields.money(place, currency) ?? 0, "Commission (NC)")
            }
            let word = try fields.text(type)
            guard !word.isEmpty else { throw FieldProblem("is empty", field: "Type") }
            let amount = try amount(fields, currency, net: try StatementRow.bounded(net, "Net Credit (NC)"), fee: fee)
            let minor = try StatementRow.bounded(amount.minor, "Net Credit (NC)")
            let kept = try StatementRow.bounded(minor - net, "Net Credit (NC)")
            let psp = try fields.text(psp)
            let modification = try fields.text(modification)
            let kind = AdyenReader.kind(word)
            // A refund and a dispute have references of their own and name the payment that they belong to.
            let isOwn = kind == .payment || psp.isEmpty
            return StatementRow(
                channel: "adyen", kind: kind, currency: currency, amountMinor: minor, feeMinor: kept,
                channelReference: isOwn
                    ? (psp.isEmpty ? modification : psp) : (modification.isEmpty ? psp : modification),
                merchantReference: try fields.text(reference),
                merchantRefundReference: try refundReference(fields, kind),
                originalReference: isOwn ? "" : psp, account: try fields.text(account), status: .succeeded,
                rawStatus: word, time: try AdyenReader.time(fields, created, zone),
                valueDate: try AdyenReader.time(fields, booked, bookedZone)?.date,
                description: [try fields.text(method), isOwn && psp.isEmpty ? modification : "", amount.note]
                    .filter { !$0.isEmpty }.joined(separator: "; "),
                line: fields.record.line, offset: fields.record.offset)
        }

        /// The amount before fees, in the net currency.
        private func amount(
            _ fields: TableFields, _ currency: Currency, net: Int64, fee: Int64
        ) throws(FieldProblem) -> (minor: Int64, note: String) {
            guard let grossCurrency, !(try fields.text(grossCurrency)).isEmpty else { return (net + fee, "") }
            let gross = try fields.currency(grossCurrency)
            let debit = try fields.money(grossDebit, gross)
            let credit = try fields.money(grossCredit, gross)
            guard debit != nil || credit != nil else { return (net + fee, "") }
            let signed = (credit ?? 0) - (debit ?? 0)
            if gross != currency {
                let text = "\(Digits.decimal(signed, gross)) \(gross) at \(try fields.text(rate))"
                return (net + fee, text)
            }
            for candidate in [signed, -signed] where candidate - fee == net { return (candidate, "") }
            throw FieldProblem(
                "gross \(Digits.decimal(signed, gross)) less fees \(Digits.decimal(fee, currency)) is not net "
                    + Digits.decimal(net, currency), field: "Net Credit (NC)")
        }

        /// A modification's own reference, as we named it; `<auto>` is Adyen's for an automatic capture.
        private func refundReference(_ fields: TableFields, _ kind: RowKind) throws(FieldProblem) -> String {
            let own = try fields.text(modificationReference)
            return kind == .payment || own == "<auto>" ? "" : own
        }
    }

    private static func time(_ fields: TableFields, _ place: Int?, _ zone: Int?) throws(FieldProblem) -> StatementTime?
    {
        guard let time = try fields.time(place, offset: nil) else { return nil }
        let name = try fields.text(zone)
        guard !name.isEmpty, time.offsetSeconds == nil else { return time }
        guard let zoned = ZoneNames.place(time, in: name) else {
            throw FieldProblem("is no time zone that is known: \(name)", field: "TimeZone")
        }
        return zoned
    }

    /// Journal types of the settlement detail report. Unknown ones move money all the same, as adjustments.
    static func kind(_ type: String) -> RowKind {
        switch type {
        case "Settled", "SettledBulk", "SettledInstallment", "SettledExternally", "SettledReversed",
            "SettledInInstallments":
            .payment
        case "Refunded", "RefundedBulk", "RefundedReversed", "RefundedExternally", "RefundedInInstallments": .refund
        case "Chargeback", "SecondChargeback", "ChargebackReversed", "ChargebackReversedExternally",
            "ChargebackExternally", "SecondChargebackReversed":
            .chargeback
        case "Fee", "MiscCosts", "InvoiceDeduction", "PaymentCost", "AdvancementCommission", "MerchantCosts": .fee
        case "MerchantPayout", "MerchantPayin", "MerchantPayinReversed", "MerchantPayoutReversed", "PaidOut",
            "PaidOutReversed", "BPPaidOut", "BPPaidOutReversed", "BankInstructionReturned":
            .payout
        case "CurrencyConversion", "FXConversion": .fx
        default: .adjustment
        }
    }
}

/// What the batches of a report prove: a batch that was paid out adds up to its payout.
private struct AdyenBatches {
    private struct Batch {
        var others: Int128 = 0
        var paid: Int128 = 0
        var hasPayout = false
    }
    private struct Key: Hashable {
        var account: String
        var batch: String
        var currency: Currency
    }

    /// A report has a handful of batches; one with more than this is summed up no further.
    private static let most = 10_000
    private var batches: [Key: Batch] = [:]

    mutating func add(_ row: StatementRow, batch: String) {
        let key = Key(account: row.account, batch: batch, currency: row.currency)
        guard batches[key] != nil || batches.count < Self.most else { return }
        if row.rawStatus == "MerchantPayout" {
            batches[key, default: Batch()].paid -= Int128(row.netMinor)
            batches[key, default: Batch()].hasPayout = true
        } else {
            batches[key, default: Batch()].others += Int128(row.netMinor)
        }
    }

    func check(_ session: ReadSession) {
        let paid = batches.filter(\.value.hasPayout)
            .sorted {
                ($0.key.account, $0.key.batch, $0.key.currency) < ($1.key.account, $1.key.batch, $1.key.currency)
            }
        for (key, batch) in paid {
            let what = "payout of batch \(key.batch) of \(key.account)"
            session.check(
                what, stated: Digits.decimal(batch.paid, key.currency) + " \(key.currency)",
                found: Digits.decimal(batch.others, key.currency) + " \(key.currency)")
        }
    }
}

extension Digits {
    /// Sums of many amounts may be wider than one.
    static func decimal(_ minor: Int128, _ currency: Currency) -> String {
        let digits = padded(magnitudeText: String(minor.magnitude), to: currency.minorUnits + 1)
        let sign = minor < 0 ? "-" : ""
        guard currency.minorUnits > 0 else { return sign + digits }
        return sign + digits.dropLast(currency.minorUnits) + "." + digits.suffix(currency.minorUnits)
    }
}
