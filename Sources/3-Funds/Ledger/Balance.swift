public import Money

/// The four running totals of an account, in minor units. None is ever negative.
public struct Balance: Hashable, Sendable {
    public internal(set) var debitsPosted: Int64 = 0
    public internal(set) var debitsPending: Int64 = 0
    public internal(set) var creditsPosted: Int64 = 0
    public internal(set) var creditsPending: Int64 = 0

    public init() {}

    init(debitsPosted: Int64, debitsPending: Int64, creditsPosted: Int64, creditsPending: Int64) {
        self.debitsPosted = debitsPosted
        self.debitsPending = debitsPending
        self.creditsPosted = creditsPosted
        self.creditsPending = creditsPending
    }

    var isZero: Bool { debitsPosted | debitsPending | creditsPosted | creditsPending == 0 }

    // The wrapping operators below never wrap: `Posting` refuses whatever would leave 64 bits before it is added, and
    // what is taken away was added before.

    mutating func debit(_ effect: Effect) {
        debitsPosted &+= effect.amount
        debitsPending &+= effect.held
    }

    mutating func credit(_ effect: Effect) {
        creditsPosted &+= effect.amount
        creditsPending &+= effect.held
    }

    mutating func add(_ other: Balance) {
        debitsPosted &+= other.debitsPosted
        debitsPending &+= other.debitsPending
        creditsPosted &+= other.creditsPosted
        creditsPending &+= other.creditsPending
    }

    /// What is posted, on the side given: negative when the other side outweighs it.
    public func posted(_ side: NormalSide) -> Int64 {
        side == .debit ? debitsPosted - creditsPosted : creditsPosted - debitsPosted
    }

    /// What can still be taken from the side given: posted, less what is held against it.
    public func available(_ side: NormalSide) -> Int64 {
        let held = side == .debit ? creditsPending : debitsPending
        let (available, overflow) = posted(side).subtractingReportingOverflow(held)
        return overflow ? .min : available
    }
}

/// What a transfer does to its two accounts: how much moves, and by how much the held amount changes.
struct Effect: Hashable, Sendable {
    var amount: Int64 = 0
    var held: Int64 = 0

    var reversed: Effect { Effect(amount: 0 &- amount, held: 0 &- held) }
}

/// The balance of one account with the account it is of.
public struct AccountBalance: Hashable, Sendable {
    public let account: Account
    public let totals: Balance

    /// What is posted, on the account's normal side.
    public var posted: Amount { Amount(minor: totals.posted(account.normalSide), account.currency) }
    /// What can still be taken: posted, less what is held against it.
    public var available: Amount { Amount(minor: totals.available(account.normalSide), account.currency) }
    /// What is held and will, when posted, take from the account.
    public var held: Amount {
        Amount(
            minor: account.normalSide == .debit ? totals.creditsPending : totals.debitsPending, account.currency)
    }
    /// What is held and will, when posted, add to the account.
    public var expected: Amount {
        Amount(
            minor: account.normalSide == .debit ? totals.debitsPending : totals.creditsPending, account.currency)
    }
}
