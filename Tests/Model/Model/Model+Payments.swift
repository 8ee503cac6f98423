/// Payments, their attempts and refunds, and the channel behind them.
extension Model {
    struct Payment: Hashable {
        let amount: Int64
        let manual: Bool
        /// The order that it pays, if any.
        let order: Int?
        var attempts: [Attempt] = []
        var refunds: [Refund] = []
        var captured: Int64 = 0
        var refunded: Int64 = 0
        var reserved: Int64 = 0
        var fee: Int64 = 0
        var platformFee: Int64 = 0
        var platformFeeReturned: Int64 = 0

        var refundable: Int64 { captured - refunded - reserved }
    }

    struct Attempt: Hashable {
        enum State: String { case asked, authorised, captured, voided, expired, declined, failed }
        enum Wish { case nothing, capture, void }
        /// What the channel has really done.
        enum Truth: Hashable {
            case absent, authorised, voided, closed, expired, declined
            case captured(Int64)
        }
        /// What is asked and not answered.
        enum Doubt { case none, authorise, capture, void }

        var state = State.asked
        var doubt = Doubt.authorise
        var wish: Wish
        var truth = Truth.absent
        /// The amount of a capture that was sent and not refused.
        var sent: Int64?
        var captured: Int64 = 0
        var fee: Int64 = 0
        var isHeld = false
        var isNamed = false
        var questions = 0
        /// When the job looks at it.
        var dueAt: Int64?
    }

    struct Refund: Hashable {
        enum State { case requested, unknown, succeeded, failed }
        enum Truth { case absent, succeeded, failed }

        let amount: Int64
        var state = State.requested
        var truth = Truth.absent
        var questions = 0
        var dueAt: Int64?

        var isFinal: Bool { state == .succeeded || state == .failed }
    }

    /// What payments tell and orders follow.
    enum News: Hashable {
        case authorised, failed, unknown
        case captured(Int64)
        case refunded(Int, Int64)
        case refundFailed(Int)
    }

    // MARK: what callers ask for

    mutating func open(_ amount: Int64, manual: Bool, order: Int? = nil, _ number: Int) throws(Refusal) {
        guard amount > 0 else { throw Refusal("amount-not-positive") }
        payments[number] = Payment(amount: amount, manual: manual, order: order)
    }

    mutating func authorise(_ id: Int, _ mood: ChannelMood, _ capture: ChannelMood) throws(Refusal) {
        guard let payment = payments[id] else { throw Refusal("payment-unknown") }
        if payment.captured > 0 { return }
        if let last = payment.attempts.last {
            if last.doubt != .none { throw Refusal("payment-outcome-unknown") }
            switch last.state {
            case .authorised: return
            case .voided, .captured, .asked: throw Refusal("payment-state")
            case .declined, .failed, .expired: break
            }
        }
        guard payment.attempts.count < 20 else { throw Refusal("too-many-attempts") }
        payments[id]?.attempts.append(Attempt(wish: payment.manual ? .nothing : .capture))
        let index = payment.attempts.count
        switch mood {
        case .agrees:
            change(id, index) { $0.truth = .authorised }
            post(id, index, .authorised)
            apply(.authorised, id, index, isNamed: true)
            carryOn(id, index, capture)
        case .declines:
            change(id, index) { $0.truth = .declined }
            post(id, index, .declined)
            apply(.declined, id, index)
        case .loses:
            change(id, index) { $0.truth = .authorised }
            post(id, index, .authorised)
            doubt(id, index, .authorise)
        case .misses: doubt(id, index, .authorise)
        case .isAway: apply(.failed, id, index)
        }
    }

    mutating func capture(_ id: Int, _ amount: Int64?, _ mood: ChannelMood) throws(Refusal) {
        let (payment, last) = try settled(id)
        let amount = amount ?? last.sent ?? payment.amount
        guard amount > 0 else { throw Refusal("amount-not-positive") }
        guard amount <= payment.amount else { throw Refusal("capture-exceeds-authorised") }
        if let sent = last.sent, sent != amount { throw Refusal("capture-amount-fixed") }
        guard last.state == .authorised else { throw Refusal("payment-state") }
        sendCapture(id, payment.attempts.count - 1, amount, mood)
    }

    mutating func void(_ id: Int, _ mood: ChannelMood) throws(Refusal) {
        let (payment, last) = try settled(id)
        if last.state == .voided { return }
        guard last.state == .authorised else { throw Refusal("payment-state") }
        sendVoid(id, payment.attempts.count - 1, mood)
    }

    mutating func giveBack(_ id: Int, _ amount: Int64?, _ mood: ChannelMood) throws(Refusal) {
        let index = try beginRefund(id, amount)
        sendRefund(id, index, mood)
    }

    /// Reserves the amount; the refund is not sent yet.
    mutating func beginRefund(_ id: Int, _ amount: Int64?) throws(Refusal) -> Int {
        guard let payment = payments[id] else { throw Refusal("payment-unknown") }
        if let amount, amount <= 0 { throw Refusal("amount-not-positive") }
        let amount = amount ?? payment.refundable
        guard amount > 0, amount <= payment.refundable else { throw Refusal("refund-exceeds-captured") }
        payments[id]?.reserved += amount
        payments[id]?.refunds.append(Refund(amount: amount, dueAt: now))
        return payment.refunds.count
    }

    private func settled(_ id: Int) throws(Refusal) -> (Payment, Attempt) {
        guard let payment = payments[id] else { throw Refusal("payment-unknown") }
        guard let last = payment.attempts.last else { throw Refusal("payment-state") }
        guard last.doubt == .none else { throw Refusal("payment-outcome-unknown") }
        return (payment, last)
    }

    // MARK: what the channel does

    mutating func lapse(_ id: Int) {
        guard let payment = payments[id], let last = payment.attempts.last, last.truth == .authorised else { return }
        change(id, payment.attempts.count - 1) { $0.truth = .expired }
        post(id, payment.attempts.count - 1, .expired)
    }

    static func feeAtOnce(_ amount: Int64) -> Int64? { amount % 2 == 0 ? amount / 100 : nil }
    static func feeInTheEnd(_ amount: Int64) -> Int64 { amount / 100 + amount % 3 }

    private mutating func sendCapture(_ id: Int, _ index: Int, _ amount: Int64, _ mood: ChannelMood) {
        change(id, index) {
            $0.wish = .capture
            $0.sent = amount
            $0.questions = 0
        }
        guard let truth = payments[id]?.attempts[index].truth else { return }
        if mood == .isAway {
            return change(id, index) { [now] in $0.dueAt = now + 1_000 }
        }
        if case .captured(let before) = truth {
            apply(.captured, id, index, amount: amount, fee: Model.feeAtOnce(before), isNamed: true)
            return
        }
        if mood == .misses { return doubt(id, index, .capture) }
        guard truth == .authorised, mood != .declines else {
            return change(id, index) {
                $0.wish = .nothing
                $0.sent = nil
                $0.dueAt = nil
            }
        }
        change(id, index) { $0.truth = .captured(amount) }
        post(id, index, .captured(amount, fee: Model.feeInTheEnd(amount)))
        if mood == .loses { return doubt(id, index, .capture) }
        apply(.captured, id, index, amount: amount, fee: Model.feeAtOnce(amount), isNamed: true)
    }

    private mutating func sendVoid(_ id: Int, _ index: Int, _ mood: ChannelMood) {
        change(id, index) {
            $0.wish = .void
            $0.questions = 0
        }
        guard let truth = payments[id]?.attempts[index].truth else { return }
        if mood == .isAway {
            return change(id, index) { [now] in $0.dueAt = now + 1_000 }
        }
        if mood == .misses { return doubt(id, index, .void) }
        switch truth {
        case .absent: change(id, index) { $0.truth = .closed }
        case .authorised where mood != .declines:
            change(id, index) { $0.truth = .voided }
            post(id, index, .voided)
        case .voided, .closed: break
        default:
            return change(id, index) {
                $0.wish = .nothing
                $0.dueAt = nil
            }
        }
        if mood == .loses { return doubt(id, index, .void) }
        apply(.voided, id, index)
    }

    mutating func sendRefund(_ id: Int, _ index: Int, _ mood: ChannelMood) {
        guard let refund = payments[id]?.refunds[index] else { return }
        switch mood {
        case .isAway: waitAgain(id, index, .requested)
        case .misses: waitAgain(id, index, .unknown)
        case _ where refund.truth == .succeeded || refund.truth == .absent && mood != .declines:
            if refund.truth == .absent {
                payments[id]?.refunds[index].truth = .succeeded
                post(id, (payments[id]?.attempts.count ?? 1) - 1, .refunded(index, refund.amount))
            }
            if mood == .loses { waitAgain(id, index, .unknown) } else { refundEnds(id, index, well: true) }
        default:
            if refund.truth == .absent {
                payments[id]?.refunds[index].truth = .failed
                post(id, (payments[id]?.attempts.count ?? 1) - 1, .refundFailed(index))
            }
            refundEnds(id, index, well: false)
        }
    }

    // MARK: asking what became of things

    /// `refunds` is what the channel does with refunds that have to be sent (again).
    mutating func resolve(_ id: Int, reachable: Bool, refunds mood: ChannelMood) {
        guard let payment = payments[id] else { return }
        let waiting = payment.refunds.indices.filter { !payment.refunds[$0].isFinal }
        if let last = payment.attempts.last { resolve(id, payment.attempts.count - 1, last, reachable) }
        for index in waiting { resolve(id, refund: index, payment.refunds[index], reachable, mood) }
    }

    private mutating func resolve(_ id: Int, _ index: Int, _ attempt: Attempt, _ reachable: Bool) {
        let mood = reachable ? ChannelMood.agrees : .isAway
        if attempt.state == .authorised, attempt.doubt == .none {
            if let dueAt = attempt.dueAt, dueAt <= now { carryOn(id, index, mood) }
            return
        }
        guard attempt.doubt != .none else { return }
        guard reachable else { return postpone(id, index) }
        switch attempt.truth {
        case .absent:
            guard attempt.doubt == .authorise else { return postpone(id, index) }
            change(id, index) { $0.truth = .closed }
            apply(.failed, id, index)
        case .authorised:
            if attempt.doubt == .authorise {
                apply(.authorised, id, index, isNamed: true)
            } else {
                still(id, index)
            }
        case .captured(let amount): apply(.captured, id, index, amount: amount, isNamed: true)
        case .voided: apply(.voided, id, index)
        case .closed: if attempt.doubt == .authorise { apply(.failed, id, index) }
        case .expired: apply(.expired, id, index)
        case .declined: apply(.declined, id, index)
        }
        carryOn(id, index, mood)
    }

    private mutating func resolve(
        _ id: Int, refund index: Int, _ refund: Refund, _ reachable: Bool, _ mood: ChannelMood
    ) {
        if refund.state != .unknown, let dueAt = refund.dueAt, dueAt > now { return }
        if refund.state == .unknown {
            guard reachable else {
                payments[id]?.refunds[index].questions += 1
                payments[id]?.refunds[index].dueAt = now + Model.patience(refund.questions + 1)
                return
            }
            switch refund.truth {
            case .succeeded: return refundEnds(id, index, well: true)
            case .failed: return refundEnds(id, index, well: false)
            case .absent: waitAgain(id, index, .requested)
            }
        }
        sendRefund(id, index, mood)
    }

    /// One second, then twice as long each time, at most an hour.
    static func patience(_ questions: Int) -> Int64 { min(3_600, 1 << Int64(min(questions, 12))) * 1_000 }

    private mutating func carryOn(_ id: Int, _ index: Int, _ mood: ChannelMood) {
        guard let payment = payments[id], payment.attempts[index].state == .authorised,
            payment.attempts[index].doubt == .none
        else { return }
        switch payment.attempts[index].wish {
        case .nothing: return
        case .capture: sendCapture(id, index, payment.attempts[index].sent ?? payment.amount, mood)
        case .void: sendVoid(id, index, mood)
        }
    }

    private mutating func postpone(_ id: Int, _ index: Int) {
        change(id, index) { [now] in
            $0.questions += 1
            $0.dueAt = now + Model.patience($0.questions)
        }
    }

    private mutating func doubt(_ id: Int, _ index: Int, _ doubt: Attempt.Doubt) {
        change(id, index) { [now] in
            $0.doubt = doubt
            $0.questions = 0
            $0.dueAt = now + 1_000
        }
        tell(id, .unknown)
    }

    /// Asked about a capture or void, the channel says that it never took effect.
    private mutating func still(_ id: Int, _ index: Int) {
        change(id, index) { [now] in
            $0.doubt = .none
            $0.questions = 0
            $0.dueAt = $0.wish == .nothing ? nil : now + 1_000
            $0.isNamed = true
        }
    }

    mutating func change(_ id: Int, _ index: Int, _ body: (inout Attempt) -> Void) {
        guard var attempt = payments[id]?.attempts[index] else { return }
        body(&attempt)
        payments[id]?.attempts[index] = attempt
    }

    private mutating func post(_ id: Int, _ attempt: Int, _ word: Word) {
        postBag.append((id, attempt + 1, word, postBag.count))
    }

    private mutating func waitAgain(_ id: Int, _ index: Int, _ state: Refund.State) {
        guard var refund = payments[id]?.refunds[index] else { return }
        refund.state = state
        refund.dueAt = now + Model.patience(refund.questions)
        refund.questions += 1
        payments[id]?.refunds[index] = refund
    }

    mutating func tell(_ id: Int, _ news: News) {
        if payments[id]?.order != nil { unheard.append((id, news)) }
    }
}
