import Contract
import Money
import Runtime

extension V1LedgerStatement {
    init(_ statement: AccountStatement) {
        self.init()
        code = statement.account.code
        currency = statement.account.currency.code
        opening = V1Amount(statement.opening)
        entries = statement.lines.map(V1LedgerEntry.init)
        closing = V1Amount(statement.closing)
        if let next = statement.next { nextPageToken = LedgerPage.token(next.sequence) }
    }
}

extension V1OpenItem {
    init(_ item: OpenItem) {
        self.init()
        reference = item.reference
        open = V1Amount(item.open)
        openedAt = item.openedAt.rfc3339
        openedBy = item.opened.sequence
        movedBy = item.moved.sequence
    }
}

extension V1LedgerEntry {
    init(_ line: AccountStatement.Line) {
        self.init()
        transferID = line.transfer.sequence
        time = line.time.rfc3339
        side = V1LedgerSide(line.side)
        amount = V1Amount(line.amount)
        held = V1Amount(line.held)
        balance = V1Amount(line.balance)
        counterAccount = line.counterAccount
        transferCode = UInt32(line.code.number)
        kind = V1LedgerTransferKind(line.kind)
        reference = line.reference
    }
}

extension V1CurrencyTrialBalance {
    init(_ balance: TrialBalance) {
        self.init()
        currency = balance.currency.code
        lines = balance.lines.map { line in
            var message = V1TrialBalanceLine()
            message.code = line.code
            message.normalSide = V1LedgerSide(line.normalSide)
            message.debit = V1Amount(line.debit)
            message.credit = V1Amount(line.credit)
            return message
        }
        totalDebit = V1Amount(balance.totalDebit)
        totalCredit = V1Amount(balance.totalCredit)
        balanced = balance.isBalanced
        truncated = balance.isTruncated
    }
}
