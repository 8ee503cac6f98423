import Runtime

/// Draws the next command from a seed. It looks at the model only, so a sequence is known before any store has seen it.
struct Generator {
    let random: RandomSource

    init(seed: UInt64) { random = RandomSource(seed: seed) }

    /// A whole sequence; the same for the same seed, on every machine and for every store.
    static func sequence(seed: UInt64, steps: Int) -> [NumberedStep] {
        let generator = Generator(seed: seed)
        var model = Model()
        return (1...steps).map { number in
            let step = NumberedStep(number: number, step: generator.next(model))
            _ = model.tick()
            _ = model.run(step)
            return step
        }
    }

    private func pick(_ range: Range<Int>) -> Int { random.integer(in: range) }
    private func one<T>(_ items: [T]) -> T { items[pick(0..<items.count)] }
    /// True once in `count` times.
    private func once(in count: Int) -> Bool { pick(0..<count) == 0 }

    private func next(_ model: Model) -> Step {
        switch pick(0..<100) {
        case 0..<30: money(model)
        case 30..<54: stock(model)
        case 54..<74: orders(model)
        case 74..<91: payments(model)
        default: other(model)
        }
    }

    // MARK: the ledger

    private func money(_ model: Model) -> Step {
        let open = model.holds.keys.filter { $0 > 0 }.sorted().suffix(12)
        switch pick(0..<10) {
        case 0..<5: return .transfer((0..<(once(in: 3) ? pick(2..<4) : 1)).map { _ in leg() })
        case 5..<7: return .hold(leg(), expiresInMs: once(in: 2) ? Int64(pick(-1..<60)) * 1_000 : nil)
        default:
            // Mostly one that was held once, sometimes any number.
            let hold = open.isEmpty || once(in: 8) ? pick(1..<600) : one(Array(open))
            if once(in: 3) { return .voidHold(hold) }
            return .postHold(hold, amount: once(in: 2) ? nil : Int64(pick(-1..<90)))
        }
    }

    private func leg() -> Leg {
        // Seldom an account that nobody opened.
        let accounts = Model.accounts.count + (once(in: 30) ? 1 : 0)
        return Leg(
            debit: pick(0..<accounts), credit: pick(0..<accounts), amount: Int64(pick(once(in: 12) ? -1..<1 : 1..<90)))
    }

    // MARK: the shelves

    private func pieces(_ most: Int) -> [Piece] {
        (0..<pick(1..<4)).map { _ in Piece(variant: pick(0..<Model.prices.count), quantity: Int64(pick(1..<most))) }
    }

    private func stock(_ model: Model) -> Step {
        let piece = pieces(9)[0]
        let reference = pick(0..<24)
        return switch pick(0..<12) {
        case 0, 1: .receive(piece, reference: pick(0..<60))
        case 2: .adjust(Piece(variant: piece.variant, quantity: Int64(pick(-9..<6))), reference: pick(0..<60))
        case 3..<7:
            .reserve(pieces(6), reference: reference, expiresInMs: once(in: 2) ? nil : Int64(pick(1..<400)) * 1_000)
        case 7: .keep(reference)
        case 8, 9: .release(reference)
        default: .ship(reference, once(in: 2) ? nil : pieces(4))
        }
    }

    // MARK: orders

    private func orders(_ model: Model) -> Step {
        func known(_ states: Set<Model.Order.State>) -> Int {
            let young = model.orders.keys.sorted().suffix(25)
            let fitting = young.filter { model.orders[$0].map { states.contains($0.state) } ?? false }
            if fitting.isEmpty || once(in: 12) { return young.isEmpty || once(in: 10) ? 7_777 : one(Array(young)) }
            return one(fitting)
        }
        switch pick(0..<20) {
        case 0..<6: return .place(pieces(5), shipped: once(in: 3))
        case 6..<11: return .pay(known([.placed]), mood(), capture: mood())
        case 11..<14:
            let order = known([.paid, .partiallyFulfilled])
            return .send(order, once(in: 2) ? [] : some(model, order))
        case 14..<16:
            let order = known([.fulfilled, .partiallyFulfilled, .partiallyReturned])
            return .takeBack(order, some(model, order), restock: once(in: 2))
        case 16..<18:
            let order = known([.paid, .partiallyFulfilled, .fulfilled, .partiallyReturned, .returned])
            let left = model.orders[order]?.refundable ?? 0
            return .refund(order, once(in: 3) ? max(left, 0) : Int64(pick(-1..<4_000)), mood())
        default: return .cancel(known([.placed, .paid]), mood())
        }
    }

    /// Pieces that mostly are of the order.
    private func some(_ model: Model, _ order: Int) -> [Piece] {
        guard let found = model.orders[order], !once(in: 10) else { return pieces(3) }
        return [Piece(variant: one(found.pieces).variant, quantity: Int64(pick(1..<3)))]
    }

    private func mood() -> ChannelMood {
        once(in: 2) ? .agrees : one(ChannelMood.allCases)
    }

    // MARK: payments

    private func payments(_ model: Model) -> Step {
        let young = Array(model.payments.keys.sorted().suffix(14))
        let own = young.filter { model.payments[$0]?.order == nil }
        let payment = young.isEmpty || once(in: 25) ? 8_888 : one(young)
        let amount = model.payments[payment]?.amount ?? 500
        switch pick(0..<24) {
        case 0..<3: return .open(Int64(pick(once(in: 20) ? -1..<1 : 1..<9_000)), manual: once(in: 2))
        case 3..<7: return .authorise(own.isEmpty ? 8_888 : one(own), mood(), capture: mood())
        case 7..<9: return .capture(payment, once(in: 2) ? nil : Int64(pick(0..<Int(amount) + 2)), mood())
        case 9: return .void(payment, mood())
        case 10..<13:
            let left = model.payments[payment]?.refundable ?? 0
            return .giveBack(payment, once(in: 3) ? nil : Int64(pick(-1..<Int(max(left, 1)) + 2)), mood())
        case 13..<16: return .resolve(payment, reachable: !once(in: 4))
        case 16: return .lapse(payment)
        default: return notice(model, payment)
        }
    }

    /// Mostly what the channel has to tell, at any time, in any order and more than once; sometimes a rumour.
    private func notice(_ model: Model, _ payment: Int) -> Step {
        if !model.postBag.isEmpty, !once(in: 5) {
            let told = model.postBag.suffix(30)
            let notice = told[told.startIndex + pick(0..<told.count)]
            return .notice(payment: notice.payment, attempt: notice.attempt, notice.word, id: notice.id)
        }
        let amount = Int64(pick(0..<3_000))
        let word: Word = one([
            .authorised, .voided, .expired, .declined, .captured(amount, fee: amount / 50),
            .refunded(pick(0..<3), amount),
            .refundFailed(pick(0..<3))
        ])
        return .notice(payment: payment, attempt: pick(1..<3), word, id: 1_000_000 + pick(0..<500))
    }

    // MARK: the rest

    private func other(_ model: Model) -> Step {
        let answered = model.answered.keys.sorted()
        return switch pick(0..<40) {
        case 0..<14: .wait(Int64(pick(1..<240)) * 1_000)
        case 14..<18: .sweep
        case 18..<20: .jobs
        case 20..<30: .again(answered.isEmpty ? 0 : one(answered))
        case 30..<34: .clash(answered.isEmpty ? 0 : one(answered))
        case 34..<38: .fold
        default: .reopen
        }
    }
}
