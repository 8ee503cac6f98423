import Contract
import Ledger
import Money
import Runtime
import Store
import SwiftProtobuf

/// What orders write into the ledger. Each method posts all of its transfers or none.
extension Orders {
    /// Goods left the house: what they earned leaves the customers' deposits, what they cost leaves the inventory.
    func postSale(_ earned: Recognition.Earned, reference: String, in tx: Transaction) throws {
        var transfers: [Transfer] = []
        transfers.add("customer_deposits", "sales", earned.sales, .sale, reference)
        transfers.add("discounts", "sales", earned.discount, .discount, reference)
        transfers.add("customer_deposits", "shipping_revenue", earned.shipping, .shipping, reference)
        transfers.add("customer_deposits", "tax_payable", earned.tax, .tax, reference)
        for (currency, minor) in earned.cost.sorted(by: { $0.key < $1.key }) where minor != 0 {
            try ledger.installChart(currency: currency, in: tx)
            transfers.add("cost_of_goods", "inventory", Amount(minor: minor, currency), .costOfGoods, reference)
        }
        try post(transfers, in: tx)
    }

    /// Goods went back onto the shelf: they are worth their cost again.
    func postRestock(_ cost: [Currency: Int64], reference: String, in tx: Transaction) throws {
        var transfers: [Transfer] = []
        for (currency, minor) in cost.sorted(by: { $0.key < $1.key }) {
            transfers.add("inventory", "cost_of_goods", Amount(minor: minor, currency), .returned, reference)
        }
        try post(transfers, in: tx)
    }

    /// Earned money went back: revenue and tax are taken back into the customers' deposits, out of which it was paid.
    func postCorrection(_ correction: RevenueCorrection, reference: String, in tx: Transaction) throws {
        var transfers: [Transfer] = []
        transfers.add("refunds", "customer_deposits", correction.revenue, .refund, reference)
        transfers.add("tax_payable", "customer_deposits", correction.tax, .tax, reference)
        try post(transfers, in: tx)
    }

    /// Brings the correction of revenue up to what refunds, returns and fulfilments now ask for; the caller writes the
    /// row.
    func correctRevenue(_ row: inout OrderRow, _ recognition: Recognition, in tx: Transaction) throws {
        let done = row.quantities
        let due = try RevenueCorrection.due(
            captured: row.amount(row.captured), refunded: row.amount(row.refunded),
            recognised: recognition.earned(done.fulfilled), whole: recognition.whole(),
            cameBack: recognition.goods(done.returned))
        let change = try due.subtracting(
            RevenueCorrection(revenue: row.amount(row.correctedRevenue), tax: row.amount(row.correctedTax)))
        if change.revenue.isZero, change.tax.isZero { return }
        try postCorrection(change, reference: row.reference, in: tx)
        row.correctedRevenue = due.revenue.minor
        row.correctedTax = due.tax.minor
        let order = row.id.uuid.data
        try tx.record(
            V1OrderRevenueCorrected.with {
                $0.order = order
                $0.revenueMinor = change.revenue.minor
                $0.taxMinor = change.tax.minor
                $0.currency = change.revenue.currency.code
                $0.atUs = tx.now.microseconds
            })
    }

    private func post(_ transfers: [Transfer], in tx: Transaction) throws {
        if !transfers.isEmpty { try ledger.post(transfers, in: tx) }
    }
}

extension [Transfer] {
    /// Adds nothing for nothing, and turns a negative amount around: a transfer is always positive.
    fileprivate mutating func add(
        _ debit: AccountRef, _ credit: AccountRef, _ amount: Amount, _ code: TransferCode, _ reference: String
    ) {
        if amount.isZero { return }
        let size = Amount(minor: Int64(amount.minor.magnitude), amount.currency)
        append(
            Transfer(
                debit: amount.isNegative ? credit : debit, credit: amount.isNegative ? debit : credit, amount: size,
                code: code, reference: reference))
    }
}
