internal import Contract
internal import Logging
internal import Money
internal import Runtime
internal import Store

extension AttemptNews {
    /// What the channel's word means for an attempt in this state; nil when it settles nothing. An absent authorisation
    /// is not here: it has to be closed at the channel first.
    init?(_ status: ChannelStatus, for state: AttemptState) {
        let event: AttemptEvent
        var captured: Amount?
        var refusal = ""
        switch status.state {
        case .absent: return nil
        case .authorised: event = state == .sent || state == .authoriseUnknown ? .authorised : .stillAuthorised
        case .captured(let amount):
            event = .captured
            captured = amount
        case .voided: event = .voided
        case .closed: event = .closed
        case .expired: event = .expired
        case .declined(let code):
            event = .declined
            refusal = code
        }
        self.init(
            event, captured: captured, channelReference: status.channelReference, feeTotal: status.feeTotal,
            refusal: refusal)
    }
}

/// Asking the channel what became of things. Never guessing, and never sending a lost request anew as another one.
extension Payments {
    func resolve(_ id: PaymentID, book: Book, tenant: String) async throws {
        let (payment, attempt, refunds) = try await book.read { reader in
            let payment = try existing(id, reader)
            return (
                payment, try PaymentsStorage.attempt(payment.attempts, of: payment, reader),
                try RefundsStorage.refunds(of: id, after: nil, limit: 1000, reader).filter { !$0.state.isFinal }
            )
        }
        if let attempt { try await resolve(attempt, of: payment, book: book, tenant: tenant) }
        for refund in refunds { try await resolve(refund, of: payment, book: book, tenant: tenant) }
    }

    private func resolve(
        _ attempt: AttemptRecord, of payment: PaymentRecord, book: Book, tenant: String
    ) async throws {
        let reference = attempt.reference
        if attempt.state == .authorised {
            guard attempt.nextActionAt.map({ $0 <= book.world.now() }) ?? false else { return }
            if let intent = try await book.housekeeping({ tx in try beginWish(reference, in: tx) }) {
                try await carryOut(intent, book: book, tenant: tenant)
            }
            return
        }
        guard attempt.state.isUnknown || attempt.state.isInFlight else { return }
        // A request that was sent just now is not lost yet; its own answer will come.
        if attempt.state.isInFlight, let due = attempt.nextActionAt, due > book.world.now() { return }
        guard let status = await ask(payment.channel, reference, tenant: tenant) else {
            return try await postpone(reference, book: book)
        }
        var news = AttemptNews(status, for: attempt.state)
        if status.state == .absent, attempt.state == .sent || attempt.state == .authoriseUnknown {
            news = await close(attempt, channel: payment.channel, tenant: tenant)
        }
        guard let news else { return try await postpone(reference, book: book) }
        let intent = try await book.housekeeping { tx in
            try apply(news, to: reference, in: tx)
            return try beginWish(reference, in: tx)
        }
        if let intent { try await carryOut(intent, book: book, tenant: tenant) }
    }

    private func resolve(
        _ refund: RefundRecord, of payment: PaymentRecord, book: Book, tenant: String
    ) async throws {
        if refund.state != .unknown, let due = refund.nextActionAt, due > book.world.now() { return }
        if refund.state != .requested {
            let reference = AttemptReference(payment: payment.id, number: refund.attempt)
            let news: RefundNews
            if let status = await ask(payment.channel, reference, tenant: tenant) {
                switch status.refunds[refund.id.description] {
                case .succeeded: news = RefundNews(.succeeded)
                case .failed(let code): news = RefundNews(.failed, refusal: code)
                case nil: news = RefundNews(.notSent)
                }
            } else {
                return try await postpone(refund, book: book)
            }
            try await book.housekeeping { tx in
                _ = try apply(news, to: refund.id, of: payment.id, in: tx)
            }
        }
        // The channel never heard of it: the same request goes out again, under the same identifier.
        let intent = try await book.housekeeping { tx -> Intent? in
            guard var refund = try RefundsStorage.refund(refund.id, of: payment.id, tx), refund.state == .requested
            else { return nil }
            return try sendRefund(&refund, channel: payment.channel, in: tx)
        }
        if let intent { try await carryOut(intent, book: book, tenant: tenant) }
    }

    /// Nil when the channel cannot say it now.
    private func ask(_ channel: String, _ reference: AttemptReference, tenant: String) async -> ChannelStatus? {
        do {
            return try await channels(channel, tenant).query(reference.text)
        } catch {
            logger.info("query failed", metadata: ["attempt": "\(reference.text)", "error": "\(error)"])
            return nil
        }
    }

    /// The channel has not seen the authorisation, but it may still be on its way. So the reference is closed at the
    /// channel, and only when the channel has confirmed that may another attempt follow.
    private func close(_ attempt: AttemptRecord, channel: String, tenant: String) async -> AttemptNews? {
        let request = VoidRequest(
            requestID: attempt.reference.request(attempt.operation + 1), merchantReference: attempt.reference.text)
        do {
            _ = try await channels(channel, tenant).void(request)
            return AttemptNews(.closed)
        } catch {
            logger.info("close failed", metadata: ["attempt": "\(attempt.reference.text)", "error": "\(error)"])
            return nil
        }
    }

    private func postpone(_ reference: AttemptReference, book: Book) async throws {
        try await book.housekeeping { tx in
            let payment = try existing(reference.payment, tx)
            guard var attempt = try PaymentsStorage.attempt(reference.number, of: payment, tx),
                attempt.state.isUnknown || attempt.state.isInFlight
            else { return }
            attempt.questions += 1
            attempt.nextActionAt = tx.now.adding(Backoff.delay(afterQuestions: attempt.questions))
            try PaymentsStorage.save(attempt, in: tx)
        }
    }

    private func postpone(_ refund: RefundRecord, book: Book) async throws {
        try await book.housekeeping { tx in
            guard var refund = try RefundsStorage.refund(refund.id, of: refund.payment, tx), !refund.state.isFinal
            else { return }
            refund.questions += 1
            refund.nextActionAt = tx.now.adding(Backoff.delay(afterQuestions: refund.questions))
            try RefundsStorage.save(refund, in: tx)
        }
    }
}
