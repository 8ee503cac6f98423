import Money
import Runtime

/// The trial balance: one table a currency.
struct TrialView {
    struct Line {
        let account: PostingsView.Account
        let debits: Sum?
        let credits: Sum?
    }

    struct Table {
        let currency: String
        let lines: [Line]
        let debitTotal: Sum
        let creditTotal: Sum
        let isBalanced: Bool
        let verdict: String
        let isTruncated: Bool
        /// What the sides differ by, where they do.
        let gap: Sum?
    }

    let at: Moment
    let tables: [Table]
    let isEmpty: Bool

    init(_ facts: [TrialFact], at: Timestamp, texts: Texts) {
        self.at = Moment(at)
        tables = facts.map { fact in
            // Trusted twice: what the ledger says, and what its own totals say.
            let isBalanced = fact.balanced && fact.debit == fact.credit
            return Table(
                currency: fact.currency.code,
                lines: fact.lines.map { line in
                    Line(
                        account: PostingsView.account(line.code, fact.currency, texts),
                        debits: line.debit.isZero ? nil : Sum(line.debit),
                        credits: line.credit.isZero ? nil : Sum(line.credit))
                },
                debitTotal: Sum(fact.debit), creditTotal: Sum(fact.credit), isBalanced: isBalanced,
                verdict: texts[isBalanced ? .balanced : .notBalanced], isTruncated: fact.truncated,
                gap: isBalanced ? nil : (try? fact.debit.subtracting(fact.credit)).map { Sum($0) })
        }
        isEmpty = facts.isEmpty
    }
}

/// The statement of one account.
struct StatementView {
    struct Row {
        let id: Int64
        let href: String
        let at: Moment
        let purpose: String
        let kind: String?
        let counter: PostingsView.Account
        let reference: Link?
        let debits: Sum?
        let credits: Sum?
        let heldSum: Sum?
        let heldWord: String
        let running: Sum
    }

    let name: String
    let code: String
    let currency: String
    let back = Place.ledger
    /// The account's balance now, whichever page is shown.
    let nowSum: Sum
    let openingWord: String
    let openingSum: Sum
    let closingWord: String
    let closingSum: Sum
    let rows: [Row]
    let isEmpty: Bool
    let pager: Pager?

    init(_ fact: StatementFact, balance: Amount, after: String, texts: Texts) {
        let account = PostingsView.account(fact.code, fact.currency, texts)
        name = account.name
        code = fact.code
        currency = fact.currency.code
        nowSum = Sum(balance)
        openingWord = texts[after.isEmpty ? .opening : .broughtForward]
        openingSum = Sum(fact.opening)
        closingWord = texts[fact.next.isEmpty ? .closing : .carriedForward]
        closingSum = Sum(fact.closing)
        rows = fact.entries.map { entry in
            let isHold = entry.amount.isZero
            return Row(
                id: entry.transfer, href: Place.transfer(entry.transfer), at: Moment(entry.at),
                purpose: texts.name("code", "\(entry.code)"),
                kind: entry.kind == "posted" || isHold ? nil : texts.name("kind", entry.kind),
                counter: PostingsView.account(entry.counterAccount, fact.currency, texts),
                reference: .reference(entry.reference),
                debits: entry.isDebit && !isHold ? Sum(entry.amount) : nil,
                credits: !entry.isDebit && !isHold ? Sum(entry.amount) : nil,
                heldSum: isHold ? Sum((try? entry.held.absolute()) ?? entry.held) : nil,
                heldWord: texts[entry.held.isNegative ? .releasedNote : .heldNote], running: Sum(entry.balance))
        }
        isEmpty = rows.isEmpty
        pager = Pager(path: Place.account(fact.code, fact.currency.code), query: [], after: after, next: fact.next)
    }
}
