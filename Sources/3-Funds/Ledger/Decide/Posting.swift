/// The rules that a transfer must keep on its two accounts. Pure: it looks, and answers.
enum Posting {
    /// Which account refuses, and why.
    struct Refusal: Hashable {
        enum Side { case debit, credit }
        let side: Side
        let code: LedgerError.Code
    }

    /// Whether `amount` may be posted to, or held on, the accounts with these balances and limits; nil when it may.
    ///
    /// Posting what is held and releasing it need no check: the sum of posted and held never grows by that.
    static func refusal(
        amount: Int64, debit: borrowing Balance, debitLimit: AccountLimit, credit: borrowing Balance,
        creditLimit: AccountLimit
    ) -> Refusal? {
        guard let debits = total(debit.debitsPosted, debit.debitsPending, amount) else {
            return Refusal(side: .debit, code: .overflow)
        }
        guard let credits = total(credit.creditsPosted, credit.creditsPending, amount) else {
            return Refusal(side: .credit, code: .overflow)
        }
        if debitLimit == .debitsMustNotExceedCredits, debits > debit.creditsPosted {
            return Refusal(side: .debit, code: .debitsExceedCredits)
        }
        if creditLimit == .creditsMustNotExceedDebits, credits > credit.debitsPosted {
            return Refusal(side: .credit, code: .creditsExceedDebits)
        }
        return nil
    }

    /// posted + held + amount, or nil when that leaves 64 bits.
    private static func total(_ posted: Int64, _ held: Int64, _ amount: Int64) -> Int64? {
        let (base, first) = posted.addingReportingOverflow(held)
        let (sum, second) = base.addingReportingOverflow(amount)
        return first || second ? nil : sum
    }
}
