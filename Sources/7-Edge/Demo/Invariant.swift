/// What must hold after any day, however shoppers, channels and networks behaved.
package enum Invariant: CaseIterable, Sendable {
    case shoppers, orders, ledger, journal, stock, outcomes, channel, reconciliation

    package var promise: String {
        switch self {
        case .shoppers: "every shopper got an answer"
        case .orders: "every order that was answered is in the books, and no other"
        case .ledger: "debits equal credits"
        case .journal: "each journal's chain verifies from its first event"
        case .stock: "stock on hand is the sum of its movements, and covers what is reserved"
        case .outcomes: "no payment's outcome is left unknown"
        case .channel: "the clearing account is what the channel's own statement says"
        case .reconciliation:
            "each difference put into the statement became a case, and open items add up to the clearing account"
        }
    }
}

/// An invariant that does not hold, and where.
package struct Fault: Sendable {
    package let invariant: Invariant
    package let detail: String

    package init(_ invariant: Invariant, _ detail: String) {
        self.invariant = invariant
        self.detail = detail
    }
}
