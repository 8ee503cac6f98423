import Money

/// Transfers as book-keepers write them: a debit and a credit line each, with sums that must be equal.
struct PostingsView {
    struct Account {
        let name: String
        let code: String
        let href: String
    }

    struct Posting {
        let id: Int64
        let href: String
        let at: Moment
        let purpose: String
        let kind: String?
        let debtor: Account
        let creditor: Account
        let sum: Sum
        /// It moved nothing: it held an amount or released one.
        let isHold: Bool
        /// Where the reference leads, when the page is not that one already.
        let reference: Link?
    }

    struct Total {
        let currency: String
        let debits: Sum
        let credits: Sum
        let isZero: Bool
        let verdict: String
    }

    struct Effect {
        let account: Account
        let debits: Sum?
        let credits: Sum?
    }

    let rows: [Posting]
    let isEmpty: Bool
    let sums: [Total]
    /// The only currency; empty when there are several, and then each amount names its own.
    let code: String
    let isMixed: Bool
    let effects: [Effect]

    init(_ transfers: [TransferFact], today: String, texts: Texts, showsReference: Bool = false) {
        rows = transfers.map { transfer in
            let isHold = transfer.amount.isZero
            let held = (try? transfer.held.absolute()) ?? transfer.held
            let note =
                isHold
                ? texts[transfer.held.isNegative ? .releasedNote : .heldNote]
                : transfer.kind == "posted" ? nil : texts.name("kind", transfer.kind)
            return Posting(
                id: transfer.id, href: Place.transfer(transfer.id), at: Moment(transfer.at, today: today),
                purpose: texts.name("code", "\(transfer.code)"), kind: note,
                debtor: Self.account(transfer.debit, transfer.amount.currency, texts),
                creditor: Self.account(transfer.credit, transfer.amount.currency, texts),
                sum: Sum(isHold ? held : transfer.amount), isHold: isHold,
                reference: showsReference ? .reference(transfer.reference) : nil)
        }
        isEmpty = rows.isEmpty
        sums = Self.totals(transfers, texts)
        effects = Self.effects(transfers, texts)
        let currencies = Set(transfers.map(\.amount.currency.code))
        isMixed = currencies.count > 1
        code = isMixed ? "" : currencies.first ?? ""
    }

    static func account(_ code: String, _ currency: Currency, _ texts: Texts) -> Account {
        let name = AccountNames.name(code, in: texts.language)
        return Account(name: name.isEmpty ? code : name, code: code, href: Place.account(code, currency.code))
    }

    /// Both columns are summed from their own lines, so that equal sums are a finding and not a definition.
    private static func totals(_ transfers: [TransferFact], _ texts: Texts) -> [Total] {
        Figures.summed(transfers.map(\.amount)).map { sum in
            let debits = lines(transfers).filter { $0.currency == sum.currency && $0.isDebit }.map(\.amount)
            let credits = lines(transfers).filter { $0.currency == sum.currency && !$0.isDebit }.map(\.amount)
            let debit = (try? Amount.sum(debits, currency: sum.currency)) ?? .zero(sum.currency)
            let credit = (try? Amount.sum(credits, currency: sum.currency)) ?? .zero(sum.currency)
            return Total(
                currency: sum.currency.code, debits: Sum(debit), credits: Sum(credit), isZero: debit == credit,
                verdict: texts[debit == credit ? .sumsToZero : .doesNotSum])
        }
    }

    /// What all of it did to each account, in the order of first use; accounts that end where they began show nothing.
    private static func effects(_ transfers: [TransferFact], _ texts: Texts) -> [Effect] {
        var order: [Key] = []
        var nets: [Key: Amount] = [:]
        for line in lines(transfers) {
            let key = Key(code: line.code, currency: line.currency)
            if nets[key] == nil { order.append(key) }
            let before = nets[key] ?? .zero(line.currency)
            nets[key] = (try? line.isDebit ? before.adding(line.amount) : before.subtracting(line.amount)) ?? before
        }
        return order.compactMap { key in
            guard let net = nets[key] else { return nil }
            return Effect(
                account: account(key.code, key.currency, texts), debits: net.isPositive ? Sum(net) : nil,
                credits: net.isNegative ? Sum((try? net.negated()) ?? net) : nil)
        }
    }

    private struct Key: Hashable {
        let code: String
        let currency: Currency
    }

    private struct Line {
        let code: String
        let currency: Currency
        let isDebit: Bool
        let amount: Amount
    }

    private static func lines(_ transfers: [TransferFact]) -> [Line] {
        transfers.filter { !$0.amount.isZero }.flatMap { transfer in
            [
                Line(code: transfer.debit, currency: transfer.amount.currency, isDebit: true, amount: transfer.amount),
                Line(code: transfer.credit, currency: transfer.amount.currency, isDebit: false, amount: transfer.amount)
            ]
        }
    }
}

/// The postings of one reference, or one transfer alone.
struct PostingsPageView {
    let heading: String
    let subject: String
    let back = Place.ledger
    let postings: PostingsView
}
