/// A pending transfer and what became of it: open → posted, voided or expired, once.
struct Hold: Hashable, Sendable {
    enum State: Int64, Sendable {
        case open = 0
        case posted = 1
        case voided = 2
        case expired = 3
    }

    let debit: Int64
    let credit: Int64
    let amount: Int64
    /// Microseconds; nil when it never expires.
    let expiresAt: Int64?
    var state = State.open
    /// The transfer that posted, voided or expired it.
    var resolvedBy: Int64?

    /// Why it can no longer be posted or voided at this moment; nil when it can.
    func refusal(now: Int64) -> LedgerError.Code? {
        switch state {
        case .posted: .pendingAlreadyPosted
        case .voided: .pendingAlreadyVoided
        case .expired: .pendingExpired
        case .open: hasExpired(now: now) ? .pendingExpired : nil
        }
    }

    func hasExpired(now: Int64) -> Bool {
        guard let expiresAt else { return false }
        return expiresAt <= now
    }

    /// Posting `amount` of it moves that and releases all that is held.
    func posting(_ amount: Int64) -> Effect { Effect(amount: amount, held: 0 - self.amount) }

    var releasing: Effect { Effect(amount: 0, held: 0 - amount) }
}
