internal import Contract
internal import Ledger
internal import Money
internal import Runtime
internal import Store

/// First commands: they check, record the intent, and hand back what has to be sent.
extension Payments {
    /// Nil when the payment is taken already: there is nothing to send.
    func beginAuthorise(_ id: PaymentID, instrument: String, in tx: Transaction) throws -> Intent? {
        var payment = try existing(id, tx)
        if payment.captured.isPositive { return nil }
        if let last = try PaymentsStorage.attempt(payment.attempts, of: payment, tx) {
            if last.state == .authorised { return nil }
            try refuseUnlessSettled(last, of: payment)
            guard last.state.allowsAnotherAttempt else {
                throw PaymentsError(
                    .illegalMove, "payment \(id) is \(last.state.rawValue) and cannot be paid again",
                    state: last.state.rawValue, allowed: last.state.allowedEvents.map(\.rawValue))
            }
        }
        guard payment.attempts < Payments.attemptLimit else {
            throw PaymentsError(.tooManyAttempts, "payment \(id) was tried \(payment.attempts) times")
        }
        payment.attempts += 1
        var attempt = AttemptRecord(payment: payment, number: payment.attempts, now: tx.now)
        attempt.operation = 1
        try apply(AttemptNews(.send), to: &attempt, of: &payment, in: tx)
        let reference = attempt.reference
        return .authorise(
            reference, channel: payment.channel,
            AuthoriseRequest(
                requestID: reference.request(1), merchantReference: reference.text, instrument: instrument,
                amount: payment.amount))
    }

    func beginCapture(_ id: PaymentID, amount: Amount?, in tx: Transaction) throws -> Intent {
        var (payment, attempt) = try lastAttempt(id, tx)
        try refuseUnlessSettled(attempt, of: payment)
        let amount = amount ?? attempt.capture ?? payment.amount
        guard amount.currency == payment.amount.currency else {
            throw PaymentsError(.currencyMismatch, "payment \(id) is in \(payment.amount.currency.code)")
        }
        guard amount.isPositive else { throw PaymentsError(.amountNotPositive, "a capture must be more than zero") }
        guard amount.minor <= payment.amount.minor else {
            throw PaymentsError(
                .captureExceedsAuthorised, "\(amount) is more than the \(payment.amount) that are authorised")
        }
        if let sent = attempt.capture, sent != amount {
            throw PaymentsError(
                .captureAmountFixed, "a capture of \(sent) was sent before and may still arrive; ask for that amount")
        }
        return try sendCapture(amount, &attempt, &payment, in: tx)
    }

    func beginVoid(_ id: PaymentID, in tx: Transaction) throws -> Intent? {
        var (payment, attempt) = try lastAttempt(id, tx)
        try refuseUnlessSettled(attempt, of: payment)
        if attempt.state == .voided { return nil }
        return try sendVoid(&attempt, &payment, in: tx)
    }

    /// Goes on with what is to become of an authorised attempt: nothing, its capture, or its void.
    func beginWish(_ reference: AttemptReference, in tx: Transaction) throws -> Intent? {
        var payment = try existing(reference.payment, tx)
        guard var attempt = try PaymentsStorage.attempt(reference.number, of: payment, tx),
            attempt.state == .authorised
        else { return nil }
        switch attempt.wish {
        case .nothing: return nil
        case .capture: return try sendCapture(attempt.capture ?? payment.amount, &attempt, &payment, in: tx)
        case .void: return try sendVoid(&attempt, &payment, in: tx)
        }
    }

    private func sendCapture(
        _ amount: Amount, _ attempt: inout AttemptRecord, _ payment: inout PaymentRecord, in tx: Transaction
    ) throws -> Intent {
        // The same capture sent again keeps its number, so that the channel does it once.
        let operation = attempt.captureOperation ?? attempt.operation + 1
        var next = attempt
        next.captureOperation = operation
        next.operation = max(attempt.operation, operation)
        next.capture = amount
        next.wish = .capture
        try apply(AttemptNews(.sendCapture), to: &next, of: &payment, in: tx)
        attempt = next
        return .capture(
            next.reference, channel: payment.channel,
            CaptureRequest(
                requestID: next.reference.request(operation), merchantReference: next.reference.text, amount: amount))
    }

    private func sendVoid(
        _ attempt: inout AttemptRecord, _ payment: inout PaymentRecord, in tx: Transaction
    ) throws -> Intent {
        var next = attempt
        next.operation += 1
        next.wish = .void
        try apply(AttemptNews(.sendVoid), to: &next, of: &payment, in: tx)
        attempt = next
        return .void(
            next.reference, channel: payment.channel,
            VoidRequest(
                requestID: next.reference.request(next.operation), merchantReference: next.reference.text))
    }
}

extension Payments {
    func existing(_ id: PaymentID, _ reader: any SQLReader) throws -> PaymentRecord {
        guard let payment = try PaymentsStorage.payment(id, reader) else {
            throw PaymentsError(.paymentUnknown, "there is no payment \(id)")
        }
        return payment
    }

    func lastAttempt(_ id: PaymentID, _ reader: any SQLReader) throws -> (PaymentRecord, AttemptRecord) {
        let payment = try existing(id, reader)
        guard let attempt = try PaymentsStorage.attempt(payment.attempts, of: payment, reader) else {
            throw PaymentsError(
                .illegalMove, "payment \(id) was not tried yet", state: PaymentState.open.rawValue, allowed: ["pay"])
        }
        return (payment, attempt)
    }

    /// A new request is refused while an older one is under way or unknown: it could pay twice.
    private func refuseUnlessSettled(_ attempt: AttemptRecord, of payment: PaymentRecord) throws {
        if attempt.state.isUnknown {
            throw PaymentsError(
                .outcomeUnknown, "what became of attempt \(attempt.number) of payment \(payment.id) is not known yet",
                state: attempt.state.rawValue, allowed: ["resolve"])
        }
        if attempt.state.isInFlight {
            throw PaymentsError(
                .paymentInProgress, "attempt \(attempt.number) of payment \(payment.id) is under way",
                state: attempt.state.rawValue)
        }
    }
}

extension Payments {
    /// The accounts that a payment touches. They are there after the first payment, so this costs a look-up.
    func openAccounts(channel: String, currency: Currency, in tx: Transaction) throws {
        try ledger.installChart(currency: currency, in: tx)
        try ledger.openClearing(channel: channel, currency: currency, in: tx)
    }
}
