import Money

/// The balance behind every movement of one account: each must begin where another ended.
///
/// Files run forwards or backwards in time, and lines of one second may stand in any order. So the chain is not
/// followed line by line: every balance after a movement is paired with an equal balance before another one. Only the
/// opening and the closing balance may stay alone. Memory is the number of balances that wait for their pair, a
/// handful in a file that is nearly in order; `mostOpen` bounds it.
struct BalanceChain {
    /// A file with more unpaired balances than this is no chain.
    static let mostOpen = 100_000

    /// Positive: how many movements ended at this balance and wait for one that begins there; negative: the reverse.
    private var open: [Int64: Int] = [:]
    private var last: Movement?
    private var first: Movement?
    private var forwards = Direction()
    private var backwards = Direction()
    private var isBroken = false
    private var isIncomplete = false

    private struct Movement {
        let before: Int64
        let after: Int64
        let line: Int
    }

    /// Where the file stops being a chain, read in one direction.
    private struct Direction {
        var breaks = 0
        var first: (line: Int, stated: Int64, found: Int64)?
    }

    /// A line without a balance: nothing can be said of the chain.
    mutating func skip() { isIncomplete = true }

    /// A movement of `change` that left `after`.
    mutating func add(change: Int64, after: Int64, line: Int) {
        // Both are bounded by 10^18, so that the difference fits.
        let movement = Movement(before: after - change, after: after, line: line)
        if let last {
            if movement.before != last.after {
                forwards.breaks += 1
                forwards.first = forwards.first ?? (line, movement.after, last.after + change)
            }
            if last.before != movement.after {
                backwards.breaks += 1
                backwards.first = backwards.first ?? (line, movement.after, last.before)
            }
        }
        first = first ?? movement
        last = movement
        guard !isBroken else { return }
        note(movement.after, 1)
        note(movement.before, -1)
        isBroken = open.count > Self.mostOpen
    }

    private mutating func note(_ balance: Int64, _ step: Int) {
        let count = (open[balance] ?? 0) + step
        open[balance] = count == 0 ? nil : count
    }

    /// Reports the check, and the opening and closing balance when the chain holds.
    func report(to session: ReadSession, what: String, account: String, _ currency: Currency) {
        guard let first, let last, !isIncomplete else { return }
        let holds = !isBroken && (open.isEmpty || (open.count == 2 && Set(open.values) == [1, -1]))
        guard holds else {
            let direction = forwards.breaks <= backwards.breaks ? forwards : backwards
            guard let found = direction.first else { return }
            session.check(what, stated: found.stated, found: found.found, currency, line: found.line)
            return
        }
        let isForwards = forwards.breaks <= backwards.breaks
        let opening = open.first { $0.value < 0 }?.key ?? (isForwards ? first.before : last.before)
        let closing = open.first { $0.value > 0 }?.key ?? (isForwards ? last.after : first.after)
        let text = "\(Digits.decimal(closing, currency)) \(currency)"
        session.check(what, stated: text, found: text)
        session.balance(StatedBalance(account: account, kind: .opening, currency: currency, minor: opening))
        session.balance(StatedBalance(account: account, kind: .closing, currency: currency, minor: closing))
    }
}
