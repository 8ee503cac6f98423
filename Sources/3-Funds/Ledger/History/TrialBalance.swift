public import Money
import Store

/// All accounts of one currency, each on the side on which it stands: the two sums are equal.
public struct TrialBalance: Hashable, Sendable {
    /// The most accounts that are listed; the sums are of all.
    public static let lineLimit = 5_000

    public struct Line: Hashable, Sendable {
        public let code: String
        public let normalSide: NormalSide
        public let debit: Amount
        public let credit: Amount
    }

    public let currency: Currency
    /// Accounts that were ever moved, in the order of their keys.
    public let lines: [Line]
    public let totalDebit: Amount
    public let totalCredit: Amount
    /// True when there were more accounts than are listed.
    public let isTruncated: Bool

    public var isBalanced: Bool { totalDebit == totalCredit }
}

extension TrialBalance {
    /// One for each currency that has accounts, in the order of their codes.
    static func read(_ view: LedgerView, currency only: Currency?) throws -> [TrialBalance] {
        let totals = try view.allTotals()
        var drafts: [Currency: Draft] = [:]
        var last: Int64 = 0
        while true {
            let page = try view.accounts(after: last, currency: only, limit: 4_096)
            guard let end = page.last else { break }
            for account in page {
                drafts[account.currency, default: Draft()].add(account, totals[account.key.number])
            }
            last = end.key.number
        }
        return try drafts.sorted { $0.key < $1.key }.map { try $0.value.finished($0.key) }
    }

    private struct Draft {
        var lines: [Line] = []
        var debit: Int128 = 0
        var credit: Int128 = 0
        var isTruncated = false

        mutating func add(_ account: Account, _ totals: Balance?) {
            guard let totals else { return }
            let net = totals.posted(.debit)
            if net > 0 { debit += Int128(net) } else { credit -= Int128(net) }
            guard lines.count < TrialBalance.lineLimit else {
                isTruncated = true
                return
            }
            lines.append(
                Line(
                    code: account.code, normalSide: account.normalSide,
                    debit: Amount(minor: max(0, net), account.currency),
                    credit: Amount(minor: max(0, 0 - net), account.currency)))
        }

        func finished(_ currency: Currency) throws -> TrialBalance {
            guard let debit = Int64(exactly: debit), let credit = Int64(exactly: credit) else {
                throw LedgerError(.overflow, account: "of the trial balance", currency: currency)
            }
            return TrialBalance(
                currency: currency, lines: lines, totalDebit: Amount(minor: debit, currency),
                totalCredit: Amount(minor: credit, currency), isTruncated: isTruncated)
        }
    }
}

extension LedgerView {
    /// The totals of every account that was ever moved.
    func allTotals() throws -> [Int64: Balance] {
        var totals: [Int64: Balance] = [:]
        try BalanceRows.forEach(from: 0, to: .max, reader) { totals[$0] = $1 }
        try TransferRows.forEachEffect(after: try LedgerCursor.balances.read(reader), reader) { debit, credit, effect in
            totals[debit, default: Balance()].debit(effect)
            totals[credit, default: Balance()].credit(effect)
        }
        for transfer in try transfers(after: try durableHead(), limit: .max) {
            totals[transfer.debit.number, default: Balance()].debit(transfer.effect)
            totals[transfer.credit.number, default: Balance()].credit(transfer.effect)
        }
        return totals
    }

    private func durableHead() throws -> Int64 { try TransferRows.last(reader).sequence }
}
