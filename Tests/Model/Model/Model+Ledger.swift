/// Money between accounts.
extension Model {
    /// An account of the tenant's own may have a rule; those of the chart have none.
    static func mayOverdraw(_ account: String) -> Bool { account != "own.wallet" }
    static func mayGoNegative(_ account: String) -> Bool { account != "own.till" }

    static func code(_ index: Int) -> String { index < accounts.count ? accounts[index] : "own.nobody" }

    mutating func transfer(_ legs: [Leg]) throws(Refusal) {
        for leg in legs {
            try check(leg)
            move(Model.code(leg.debit), Model.code(leg.credit), leg.amount)
        }
    }

    mutating func hold(_ leg: Leg, expiresInMs: Int64?, _ number: Int) throws(Refusal) {
        if let expiresInMs, expiresInMs <= 0 { throw Refusal("expiry-not-in-future") }
        try check(leg)
        hold(
            number, Model.code(leg.debit), Model.code(leg.credit), leg.amount,
            expiresAt: expiresInMs.map { now + $0 })
    }

    mutating func hold(_ number: Int, _ debit: String, _ credit: String, _ amount: Int64, expiresAt: Int64?) {
        holds[number] = Hold(debit: debit, credit: credit, amount: amount, expiresAt: expiresAt)
        totals[debit, default: Totals()].debitsHeld += amount
        totals[credit, default: Totals()].creditsHeld += amount
    }

    mutating func postHold(_ number: Int, _ amount: Int64?) throws(Refusal) {
        let hold = try openHold(number)
        if let amount, amount <= 0 { throw Refusal("amount-not-positive") }
        if let amount, amount > hold.amount { throw Refusal("exceeds-pending-amount") }
        end(number, "pending-already-posted")
        move(hold.debit, hold.credit, amount ?? hold.amount)
    }

    mutating func voidHold(_ number: Int) throws(Refusal) {
        _ = try openHold(number)
        end(number, "pending-already-voided")
    }

    mutating func expireHolds() {
        for (number, hold) in holds where hold.end == nil {
            if let expiresAt = hold.expiresAt, expiresAt <= now { end(number, "pending-expired") }
        }
    }

    mutating func move(_ debit: String, _ credit: String, _ amount: Int64) {
        if amount == 0 { return }
        let (from, to) = amount > 0 ? (debit, credit) : (credit, debit)
        totals[from, default: Totals()].debits += abs(amount)
        totals[to, default: Totals()].credits += abs(amount)
    }

    mutating func end(_ number: Int, _ reason: String) {
        guard let hold = holds[number] else { return }
        holds[number]?.end = reason
        totals[hold.debit, default: Totals()].debitsHeld -= hold.amount
        totals[hold.credit, default: Totals()].creditsHeld -= hold.amount
    }

    private func openHold(_ number: Int) throws(Refusal) -> Hold {
        guard let hold = holds[number] else { throw Refusal("pending-unknown") }
        if let end = hold.end { throw Refusal(end) }
        if let expiresAt = hold.expiresAt, expiresAt <= now { throw Refusal("pending-expired") }
        return hold
    }

    private func check(_ leg: Leg) throws(Refusal) {
        guard leg.amount > 0 else { throw Refusal("amount-not-positive") }
        guard leg.debit < Model.accounts.count, leg.credit < Model.accounts.count else {
            throw Refusal("account-unknown")
        }
        guard leg.debit != leg.credit else { throw Refusal("same-account") }
        let from = totals[Model.code(leg.debit)] ?? Totals()
        let to = totals[Model.code(leg.credit)] ?? Totals()
        if !Model.mayOverdraw(Model.code(leg.debit)), from.debits + from.debitsHeld + leg.amount > from.credits {
            throw Refusal("debits-exceed-credits")
        }
        if !Model.mayGoNegative(Model.code(leg.credit)), to.credits + to.creditsHeld + leg.amount > to.debits {
            throw Refusal("credits-exceed-debits")
        }
    }
}
