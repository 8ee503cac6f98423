public import Money
import Runtime
public import Store

/// What is not settled yet, at any moment and without a join.
extension Ledger {
    /// The open items of a clearing account, oldest first, `limit` of those opened after the transfer `opened`.
    /// Throws `accountUnknown`.
    public func openItems(
        account code: String, currency: Currency, after opened: TransferID = TransferID(0),
        limit: Int = Ledger.pageLimit, in reader: any SQLReader
    ) throws -> [OpenItem] {
        let (view, account) = try clearing(code, currency, reader)
        let touched = try view.touchedItems(of: account.key.number)
        // Rows that this batch changes are replaced by what it makes of them.
        let rows = try OpenItemRows.page(
            account.key.number, after: opened.sequence, limit: limit + touched.count, reader
        ).filter { touched[$0.reference] == nil }
        let changed = touched.filter { $0.value.open != 0 && $0.value.opened > opened.sequence }
            .map { (reference: $0.key, item: $0.value) }
        let all = changed.isEmpty ? rows : (rows + changed).sorted { $0.item.opened < $1.item.opened }
        return all.prefix(limit).map { OpenItem($0.reference, $0.item, currency) }
    }

    /// One open item; nil when nothing is open under the reference.
    public func openItem(
        account code: String, currency: Currency, reference: String, in reader: any SQLReader
    ) throws -> OpenItem? {
        let (view, account) = try clearing(code, currency, reader)
        let key = OpenItemEffects.Key(account: account.key.number, reference: reference)
        let item =
            try view.touchedItems(of: account.key.number)[reference] ?? OpenItemRows.find([key], reader)[key]
        return item.flatMap { $0.open == 0 ? nil : OpenItem(reference, $0, currency) }
    }

    /// The open items of a clearing account as one sum, and how many they are. The sum is the account's balance.
    public func openTotal(
        account code: String, currency: Currency, in reader: any SQLReader
    ) throws -> (open: Amount, count: Int64) {
        let (view, account) = try clearing(code, currency, reader)
        let rows = try OpenItemRows.total(account.key.number, reader)
        let touched = try view.touchedItems(of: account.key.number)
        let before = try OpenItemRows.find(
            touched.keys.map { OpenItemEffects.Key(account: account.key.number, reference: $0) }, reader)
        var (open, count) = rows
        for (reference, item) in touched {
            let was = before[OpenItemEffects.Key(account: account.key.number, reference: reference)]
            open += item.open - (was?.open ?? 0)
            count += (item.open == 0 ? 0 : 1) - (was == nil ? 0 : 1)
        }
        return (Amount(minor: open, currency), count)
    }

    /// Compares the open items of every clearing account with its balance; empty when all is well.
    public func openItemFaults(in reader: any SQLReader) throws -> [OpenItemFault] {
        let view = try LedgerView(reader)
        return try OpenItemRows.clearingKeys(reader).compactMap { key in
            guard let account = try view.account(key) else { return nil }
            let open = try openTotal(account: account.code, currency: account.currency, in: reader).open
            let balance = Amount(minor: try view.totals(of: key).posted(.debit), account.currency)
            return open == balance ? nil : OpenItemFault(account: account, balance: balance, open: open)
        }
    }

    private func clearing(
        _ code: String, _ currency: Currency, _ reader: any SQLReader
    ) throws -> (LedgerView, Account) {
        let view = try LedgerView(reader)
        guard ChartAccount.isClearing(code), let account = try view.account(code, currency) else {
            throw LedgerError(.accountUnknown, account: code, currency: currency)
        }
        return (view, account)
    }
}

extension OpenItem {
    init(_ reference: String, _ item: OpenItemEffects.Item, _ currency: Currency) {
        self.init(
            reference: reference, open: Amount(minor: item.open, currency), opened: TransferID(item.opened),
            openedAt: Timestamp(microseconds: item.openedAt), moved: TransferID(item.moved))
    }
}

extension LedgerView {
    /// What the running batch makes of an account's items, by reference; empty outside a transaction.
    func touchedItems(of account: Int64) throws -> [String: OpenItemEffects.Item] {
        guard let sides = stagedSides(of: account), !sides.isEmpty else { return [:] }
        let effects = try OpenItemEffects(sides) { try OpenItemRows.find($0, reader) }
        return Dictionary(uniqueKeysWithValues: effects.items.map { ($0.key.reference, $0.value) })
    }
}
