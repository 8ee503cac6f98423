/// Orders from the shelf to the books.
extension Model {
    struct Order: Hashable {
        enum State: Int64 {
            case placed, paid, partiallyFulfilled, fulfilled, partiallyReturned, returned, completed, cancelled
        }
        enum Paid: Int64 {
            case none, pending, authorised, captured, failed, unknown, partiallyRefunded, refunded
        }
        struct Payment: Hashable {
            let id: Int
            var state = Paid.pending
            var captured: Int64 = 0
            var refunded: Int64 = 0
            var isCounted = false
        }
        struct Refund: Hashable {
            enum State { case requested, done, failed }
            let payment: Int
            let index: Int
            let amount: Int64
            let isCounted: Bool
            var state = State.requested
        }

        let pieces: [Piece]
        let worth: Worth
        var state = State.placed
        var paid = Paid.none
        var captured: Int64 = 0
        var refunded: Int64 = 0
        var refunding: Int64 = 0
        var undoneRevenue: Int64 = 0
        var undoneTax: Int64 = 0
        var reservedUntil: Int64?
        var sent: [Int64]
        var back: [Int64]
        var payments: [Payment] = []
        var refunds: [Refund] = []

        var refundable: Int64 { captured - refunded - refunding }
    }

    private static func reference(_ order: Int) -> String { "order-\(order)" }

    private func order(_ id: Int) throws(Refusal) -> Order {
        guard let order = orders[id] else { throw Refusal("unknownOrder") }
        return order
    }

    // MARK: what callers ask for

    mutating func place(_ pieces: [Piece], shipped: Bool, _ number: Int) throws(Refusal) -> String {
        let pieces = Model.merged(pieces)
        let until = now + Model.reservationMs
        try reserve(pieces, Model.reference(number), expiresAt: until)
        let worth = Worth(pieces, shipped: shipped)
        let none = pieces.map { _ in Int64(0) }
        orders[number] = Order(pieces: pieces, worth: worth, reservedUntil: until, sent: none, back: none)
        return "placed \(worth.total)"
    }

    mutating func pay(
        _ id: Int, _ mood: ChannelMood, _ capture: ChannelMood, _ number: Int
    ) throws(Refusal) -> String {
        let found = try order(id)
        guard found.state == .placed else { throw Refusal("illegalMove") }
        guard let until = found.reservedUntil, until > now else { throw Refusal("reservationLapsed") }
        guard found.paid == .none || found.paid == .failed else { throw Refusal("paymentUnderWay") }
        try open(found.worth.total, manual: false, order: id, number)
        orders[id]?.payments.append(.init(id: number))
        orders[id]?.paid = .pending
        try authorise(number, mood, capture)
        hear()
        sendRefunds(id, .agrees)
        return shown(id)
    }

    mutating func send(_ id: Int, _ pieces: [Piece]) throws(Refusal) -> String {
        var found = try order(id)
        guard found.state == .paid || found.state == .partiallyFulfilled else { throw Refusal("illegalMove") }
        let left = zip(found.pieces, found.sent).map { $0.quantity - $1 }
        let now = try quantities(pieces, found, left: left)
        let before = found.worth.earned(found.sent)
        for index in now.indices { found.sent[index] += now[index] }
        try ship(
            Model.reference(id),
            now.indices.filter { now[$0] > 0 }.map { Piece(variant: found.pieces[$0].variant, quantity: now[$0]) })
        let earned = found.worth.earned(found.sent).less(before)
        move("customer_deposits", "sales", earned.sales)
        move("customer_deposits", "shipping_revenue", earned.shipping)
        move("customer_deposits", "tax_payable", earned.tax)
        move("cost_of_goods", "inventory", earned.cost)
        found.state = zip(found.pieces, found.sent).allSatisfy { $0.quantity == $1 } ? .fulfilled : .partiallyFulfilled
        correct(&found)
        orders[id] = found
        return shown(id)
    }

    mutating func takeBack(_ id: Int, _ pieces: [Piece], restock: Bool) throws(Refusal) -> String {
        var found = try order(id)
        guard [.partiallyFulfilled, .fulfilled, .partiallyReturned].contains(found.state) else {
            throw Refusal("illegalMove")
        }
        guard !pieces.isEmpty else { throw Refusal("invalidField") }
        let now = try quantities(pieces, found, left: zip(found.sent, found.back).map { $0 - $1 })
        for index in now.indices {
            found.back[index] += now[index]
            if restock {
                shelves[found.pieces[index].variant].onHand += now[index]
                move("inventory", "cost_of_goods", Model.costs[found.pieces[index].variant] * now[index])
            }
        }
        let isAll = zip(found.pieces, found.back).allSatisfy { $0.quantity == $1 }
        if isAll {
            found.state = .returned
        } else if found.state != .partiallyFulfilled {
            found.state = .partiallyReturned
        }
        correct(&found)
        orders[id] = found
        return shown(id)
    }

    mutating func refund(_ id: Int, _ amount: Int64, _ mood: ChannelMood) throws(Refusal) -> String {
        var found = try order(id)
        guard amount > 0 else { throw Refusal("invalidField") }
        guard amount <= found.refundable else { throw Refusal("refundTooLarge") }
        askBack(&found, amount)
        orders[id] = found
        sendRefunds(id, mood)
        return shown(id)
    }

    mutating func cancel(_ id: Int, _ mood: ChannelMood) throws(Refusal) -> String {
        var found = try order(id)
        guard found.state == .placed || found.state == .paid else { throw Refusal("illegalMove") }
        end(&found, id)
        orders[id] = found
        sendRefunds(id, mood)
        return shown(id)
    }

    func shown(_ id: Int) -> String {
        guard let found = orders[id] else { return "" }
        return "\(found.state) \(found.paid) \(found.captured) \(found.refunded)"
    }

    /// How many of each line; a line is named by its variant, and no piece at all means all that is left.
    private func quantities(_ pieces: [Piece], _ order: Order, left: [Int64]) throws(Refusal) -> [Int64] {
        if pieces.isEmpty { return left }
        var asked = left.map { _ in Int64(0) }
        for piece in pieces {
            guard let index = order.pieces.firstIndex(where: { $0.variant == piece.variant }), piece.quantity > 0
            else { throw Refusal("invalidField") }
            asked[index] += piece.quantity
            guard asked[index] <= left[index] else { throw Refusal("invalidField") }
        }
        return asked
    }

    // MARK: money on its way back

    private mutating func askBack(_ order: inout Order, _ amount: Int64) {
        var left = amount
        for payment in order.payments where payment.isCounted && left > 0 {
            let pending = order.refunds.reduce(0) {
                $0 + ($1.payment == payment.id && $1.state == .requested ? $1.amount : 0)
            }
            let part = min(left, payment.captured - payment.refunded - pending)
            guard part > 0 else { continue }
            askBack(&order, payment.id, part, isCounted: true)
            left -= part
        }
    }

    private mutating func askBack(_ order: inout Order, _ payment: Int, _ amount: Int64, isCounted: Bool) {
        // Somebody else may have asked the payment itself for the same money; then it is on its way already.
        guard let index = try? beginRefund(payment, amount) else { return }
        order.refunds.append(.init(payment: payment, index: index, amount: amount, isCounted: isCounted))
        if isCounted { order.refunding += amount }
    }

    mutating func sendRefunds(_ id: Int, _ mood: ChannelMood) {
        let waiting = Set((orders[id]?.refunds ?? []).filter { $0.state == .requested }.map(\.payment))
        if waiting.isEmpty { return }
        for payment in waiting.sorted() { resolve(payment, reachable: true, refunds: mood) }
        hear()
    }

    private mutating func end(_ order: inout Order, _ id: Int) {
        order.state = .cancelled
        try? release(Model.reference(id))
        order.reservedUntil = nil
        if order.refundable > 0 { askBack(&order, order.refundable) }
    }

    // MARK: time

    mutating func sweep() {
        sweepShelves()
        for id in orders.keys.sorted() {
            guard var found = orders[id], found.state == .placed, let until = found.reservedUntil, until <= now else {
                continue
            }
            end(&found, id)
            orders[id] = found
        }
    }

    mutating func jobs() {
        now += 2 * 3_600_000
        expireHolds()
        sweep()
        func due(_ moments: (Payment) -> [Int64?]) -> [Int] {
            let found = payments.compactMap { id, payment in moments(payment).compactMap(\.self).min().map { (id, $0) }
            }
            return found.filter { $0.1 <= now }.sorted { $0.1 < $1.1 }.map(\.0)
        }
        var seen: Set<Int> = []
        for id in due({ $0.attempts.map(\.dueAt) }) + due({ $0.refunds.map(\.dueAt) }) where seen.insert(id).inserted {
            resolve(id, reachable: true, refunds: .agrees)
        }
        hear()
    }

    // MARK: following payments

    /// Orders hear what payments told, in the order of telling.
    mutating func hear() {
        while !unheard.isEmpty {
            let (payment, news) = unheard.removeFirst()
            guard let id = payments[payment]?.order, var found = orders[id],
                let place = found.payments.firstIndex(where: { $0.id == payment })
            else { continue }
            hear(news, &found, place, id)
            orders[id] = found
        }
    }

    private mutating func hear(_ news: News, _ order: inout Order, _ place: Int, _ id: Int) {
        switch news {
        case .authorised: moved(.authorised, &order, place)
        case .failed: moved(.failed, &order, place)
        case .unknown: moved(.unknown, &order, place)
        case .captured(let amount): captured(amount, &order, place, id)
        case .refunded(let index, let amount):
            order.payments[place].refunded += amount
            close(&order, order.payments[place].id, index, .done)
            guard order.payments[place].isCounted else { return }
            order.refunded += amount
            order.paid = order.refunded >= order.captured ? .refunded : .partiallyRefunded
            correct(&order)
            if order.state == .paid, order.paid == .refunded { end(&order, id) }
        case .refundFailed(let index): close(&order, order.payments[place].id, index, .failed)
        }
    }

    private func moved(_ state: Order.Paid, _ order: inout Order, _ place: Int) {
        guard order.payments[place].captured == 0, order.payments[place].state != state else { return }
        order.payments[place].state = state
        if order.captured == 0, place == order.payments.count - 1 { order.paid = state }
    }

    private mutating func captured(_ amount: Int64, _ order: inout Order, _ place: Int, _ id: Int) {
        order.payments[place].captured += amount
        order.payments[place].state = .captured
        guard order.state == .placed || order.payments[place].isCounted || fault == .lateCapture else {
            return askBack(&order, order.payments[place].id, amount, isCounted: false)
        }
        order.payments[place].isCounted = true
        order.captured += amount
        order.paid = .captured
        guard order.state == .placed, order.captured >= order.worth.total else { return }
        if holdStock(order, id) {
            order.reservedUntil = nil
            order.state = .paid
        } else {
            end(&order, id)
        }
    }

    private mutating func holdStock(_ order: Order, _ id: Int) -> Bool {
        if (try? keep(Model.reference(id))) != nil { return true }
        guard (try? reserve(order.pieces, Model.reference(id), expiresAt: nil)) != nil else { return false }
        return (try? keep(Model.reference(id))) != nil
    }

    private func close(_ order: inout Order, _ payment: Int, _ index: Int, _ end: Order.Refund.State) {
        guard
            let place = order.refunds.firstIndex(where: {
                $0.payment == payment && $0.index == index && $0.state == .requested
            })
        else { return }
        order.refunds[place].state = end
        if order.refunds[place].isCounted { order.refunding -= order.refunds[place].amount }
    }

    /// Earned money that goes back is taken out of revenue and tax again.
    private mutating func correct(_ order: inout Order) {
        let due = order.worth.undone(
            captured: order.captured, refunded: order.refunded, sent: order.sent, back: order.back)
        move("refunds", "customer_deposits", due.revenue - order.undoneRevenue)
        move("tax_payable", "customer_deposits", due.tax - order.undoneTax)
        order.undoneRevenue = due.revenue
        order.undoneTax = due.tax
    }
}
