/// What news do to an attempt or a refund: the moves, and the money of each.
extension Model {
    /// Something that happened to an attempt.
    enum Event { case authorised, captured, voided, expired, declined, failed }

    enum Effect: String { case applied, known, contradiction }

    /// Where an event leads; nil when it contradicts what is known, the same state when it is late.
    private func next(_ event: Event, _ attempt: Attempt) -> Attempt.State? {
        switch (attempt.state, attempt.doubt, event) {
        case (.asked, _, .authorised): .authorised
        case (.asked, _, .captured): .captured
        case (.asked, _, .voided): .voided
        case (.asked, _, .expired): .expired
        case (.asked, _, .declined): .declined
        case (.asked, _, .failed): .failed
        case (.authorised, _, .authorised): .authorised
        case (.authorised, _, .captured): .captured
        case (.authorised, _, .voided): .voided
        case (.authorised, _, .expired): .expired
        case (.captured, _, .captured), (.captured, _, .authorised): .captured
        case (.voided, _, .voided), (.voided, _, .authorised): .voided
        case (.expired, _, .expired), (.expired, _, .authorised): .expired
        case (.declined, _, .declined): .declined
        case (.failed, _, .voided), (.failed, _, .failed): .failed
        default: nil
        }
    }

    @discardableResult
    mutating func apply(
        _ event: Event, _ id: Int, _ index: Int, amount: Int64 = 0, fee: Int64? = nil, isNamed: Bool = false
    ) -> Effect {
        guard var payment = payments[id] else { return .contradiction }
        var attempt = payment.attempts[index]
        guard let state = next(event, attempt) else { return .contradiction }
        if event == .captured {
            guard amount > 0, amount <= payment.amount else { return .contradiction }
            if attempt.state == .captured, attempt.captured != amount { return .contradiction }
        }
        var isNew = state != attempt.state
        if isNew {
            attempt.state = state
            attempt.doubt = .none
            attempt.questions = 0
            attempt.dueAt = state == .authorised && attempt.wish != .nothing ? now + 1_000 : nil
        }
        let moved = isNew
        if isNamed, !attempt.isNamed {
            attempt.isNamed = true
            isNew = true
        }
        var rise: Int64 = 0
        if state == .captured, let fee, fee > attempt.fee {
            rise = fee - attempt.fee
            attempt.fee = fee
            payment.fee += rise
        }
        guard isNew || rise > 0 else { return .known }
        if moved {
            book(state, amount, id, index, &attempt, &payment)
        }
        if rise > 0 { move("channel_fees", "clearing:test", rise) }
        payment.attempts[index] = attempt
        payments[id] = payment
        return .applied
    }

    private mutating func book(
        _ state: Attempt.State, _ amount: Int64, _ id: Int, _ index: Int, _ attempt: inout Attempt,
        _ payment: inout Payment
    ) {
        // Holds of payments are told from those of the ledger's own commands by being negative.
        let hold = -(id * 32 + index + 1)
        switch state {
        case .authorised:
            attempt.isHeld = true
            self.hold(hold, "clearing:test", "customer_deposits", payment.amount, expiresAt: nil)
            tell(id, .authorised)
        case .captured:
            if attempt.isHeld { end(hold, "") }
            attempt.isHeld = false
            attempt.captured = amount
            payment.captured += amount
            let share = Round.share(amount, 80, 10_000)
            payment.platformFee += share
            move("clearing:test", "customer_deposits", amount)
            move("platform_fee", "platform_payable", share)
            tell(id, .captured(amount))
        case .voided, .expired:
            if attempt.isHeld { end(hold, "") }
            attempt.isHeld = false
            tell(id, .failed)
        case .declined, .failed: tell(id, .failed)
        case .asked: break
        }
    }

    mutating func refundEnds(_ id: Int, _ index: Int, well: Bool) {
        guard var payment = payments[id] else { return }
        let amount = payment.refunds[index].amount
        payment.refunds[index].state = well ? .succeeded : .failed
        payment.refunds[index].dueAt = nil
        payment.reserved -= amount
        if well {
            payment.refunded += amount
            let due = Round.share(payment.platformFee, payment.refunded, payment.captured)
            let isForgotten = fault == .feeOfLastRefund && payment.refunded == payment.captured && index > 0
            let share = isForgotten ? 0 : due - payment.platformFeeReturned
            payment.platformFeeReturned += share
            move("customer_deposits", "clearing:test", amount)
            move("platform_payable", "platform_fee", share)
        }
        payments[id] = payment
        tell(id, well ? .refunded(index, amount) : .refundFailed(index))
    }

    // MARK: notices

    mutating func notice(_ id: Int, _ number: Int, _ word: Word, _ noticeID: Int) -> Outcome {
        guard let payment = payments[id], (1...max(1, payment.attempts.count)).contains(number),
            !payment.attempts.isEmpty
        else { return .refusedAndTold("payment-unknown") }
        guard notices.insert(noticeID).inserted else { return .done("duplicate") }
        let index = number - 1
        switch word {
        case .authorised: return .done(heard(.authorised, id, index, isNamed: true))
        case .captured(let amount, let fee):
            return .done(heard(.captured, id, index, amount: amount, fee: fee, isNamed: true))
        case .voided: return .done(heard(.voided, id, index))
        case .expired: return .done(heard(.expired, id, index))
        case .declined: return .done(heard(.declined, id, index))
        case .refunded(let refund, let amount):
            guard payment.refunds.indices.contains(refund) else { return .refusedAndTold("payment-unknown") }
            guard payment.refunds[refund].amount == amount else { return .done("contradiction") }
            return .done(refundHeard(id, refund, well: true))
        case .refundFailed(let refund):
            guard payment.refunds.indices.contains(refund) else { return .refusedAndTold("payment-unknown") }
            return .done(refundHeard(id, refund, well: false))
        }
    }

    private mutating func heard(
        _ event: Event, _ id: Int, _ index: Int, amount: Int64 = 0, fee: Int64? = nil, isNamed: Bool = false
    ) -> String {
        apply(event, id, index, amount: amount, fee: fee, isNamed: isNamed).rawValue
    }

    private mutating func refundHeard(_ id: Int, _ index: Int, well: Bool) -> String {
        switch payments[id]?.refunds[index].state {
        case .requested, .unknown:
            refundEnds(id, index, well: well)
            return "applied"
        case .succeeded: return well ? "known" : "contradiction"
        default: return well ? "contradiction" : "known"
        }
    }
}
