/// The house again, as simply as it can be said: values in dictionaries, one rule after another, nothing clever.
///
/// It stands on no code of the house. Amounts are minor units, times are milliseconds since the beginning.
struct Model {
    static let prices: [Int64] = [1_000, 2_500, 333]
    static let costs: [Int64] = [400, 1_111, 0]
    static let stock: Int64 = 40
    static let shippingPrice: Int64 = 490
    static let reservationMs: Int64 = 30 * 60_000
    /// Accounts of the tenant's own, with their rules.
    static let accounts = ["own.bank", "own.wallet", "own.till", "own.sales", "own.fees"]

    var now: Int64 = 0
    var totals: [String: Totals] = [:]
    var holds: [Int: Hold] = [:]
    var shelves: [Shelf] = Model.prices.map { _ in Shelf(onHand: Model.stock, reserved: 0) }
    var reservations: [String: Reservation] = [:]
    var deeds: [String: Piece] = [:]
    var orders: [Int: Order] = [:]
    var payments: [Int: Payment] = [:]
    /// What payments told and orders have not heard yet.
    var unheard: [(payment: Int, news: News)] = []
    var notices: Set<Int> = []
    /// What the channel has sent or will send: a notice is taken out as often as one likes.
    var postBag: [(payment: Int, attempt: Int, word: Word, id: Int)] = []
    /// The commands that can be asked for again, with what they answered.
    var answered: [Int: (step: Step, answer: String)] = [:]
    var fault = Fault.none

    /// A rule that the model gets wrong on purpose, to see that the comparison finds it.
    enum Fault: String, Sendable {
        case none
        /// Forgets that the last part of a fee returns with the last refund.
        case feeOfLastRefund
        /// Believes that an expired reservation can be kept.
        case keepsExpired
        /// Counts the money of a cancelled order as the order's.
        case lateCapture
    }

    struct Totals: Hashable {
        var debits: Int64 = 0
        var debitsHeld: Int64 = 0
        var credits: Int64 = 0
        var creditsHeld: Int64 = 0

        var columns: [Int64] { [debits, debitsHeld, credits, creditsHeld] }
    }

    struct Hold: Hashable {
        var debit: String
        var credit: String
        var amount: Int64
        var expiresAt: Int64?
        var end: String?
    }

    struct Shelf: Hashable {
        var onHand: Int64
        var reserved: Int64
    }

    struct Reservation: Hashable {
        enum State { case held, kept, fulfilled, released, expired }
        struct Line: Hashable {
            var variant: Int
            var quantity: Int64
            var shipped: Int64 = 0

            var open: Int64 { quantity - shipped }
        }

        var state: State
        var lines: [Line]
        var expiresAt: Int64?

        var isActive: Bool { state == .held || state == .kept }
    }

    /// A millisecond passes before each command, so that no two commands are at the same moment. True when the time of
    /// a held transfer is over by that: whatever touches the ledger next releases it.
    mutating func tick() -> Bool {
        now += 1
        let isDue = holds.values.contains { $0.end == nil && ($0.expiresAt ?? .max) <= now }
        if isDue { expireHolds() }
        return isDue
    }

    /// Runs one command. A refused one has changed nothing.
    mutating func run(_ numbered: NumberedStep) -> Outcome {
        let before = self
        do {
            let outcome = try run(numbered.step, numbered.number)
            if case .done(let answer) = outcome, Model.canBeRepeated(numbered.step) {
                answered[numbered.number] = (numbered.step, answer)
            }
            return outcome
        } catch {
            self = before
            return .refused(error.code)
        }
    }

    static func canBeRepeated(_ step: Step) -> Bool {
        switch step {
        case .transfer, .hold, .postHold, .voidHold, .receive, .adjust, .reserve, .keep, .release, .ship, .place, .send,
            .takeBack:
            true
        default: false
        }
    }

    private mutating func run(_ step: Step, _ number: Int) throws(Refusal) -> Outcome {
        switch step {
        case .transfer(let legs): try transfer(legs)
        case .hold(let leg, let expires): try hold(leg, expiresInMs: expires, number)
        case .postHold(let hold, let amount): try postHold(hold, amount)
        case .voidHold(let hold): try voidHold(hold)
        case .receive(let piece, let reference):
            try move(piece, deed: "received:d\(reference)")
        case .adjust(let piece, let reference):
            try move(piece, deed: "adjusted:d\(reference)")
        case .reserve(let pieces, let reference, let expires):
            try reserve(pieces, "res-\(reference)", expiresAt: expires.map { now + $0 })
        case .keep(let reference): try keep("res-\(reference)")
        case .release(let reference): try release("res-\(reference)")
        case .ship(let reference, let pieces): try ship("res-\(reference)", pieces)
        case .place(let pieces, let shipped): return .done(try place(pieces, shipped: shipped, number))
        case .pay(let order, let mood, let capture): return .done(try pay(order, mood, capture, number))
        case .send(let order, let pieces): return .done(try send(order, pieces))
        case .takeBack(let order, let pieces, let restock):
            return .done(try takeBack(order, pieces, restock: restock))
        case .refund(let order, let amount, let mood): return .done(try refund(order, amount, mood))
        case .cancel(let order, let mood): return .done(try cancel(order, mood))
        case .open(let amount, let manual): try open(amount, manual: manual, number)
        case .authorise(let payment, let mood, let capture):
            try authorise(payment, mood, capture)
            hear()
        case .capture(let payment, let amount, let mood):
            try capture(payment, amount, mood)
            hear()
        case .void(let payment, let mood):
            try void(payment, mood)
            hear()
        case .giveBack(let payment, let amount, let mood):
            try giveBack(payment, amount, mood)
            hear()
        case .resolve(let payment, let reachable):
            guard payments[payment] != nil else { throw Refusal("payment-unknown") }
            resolve(payment, reachable: reachable, refunds: reachable ? .agrees : .isAway)
            hear()
        case .lapse(let payment): lapse(payment)
        case .notice(let payment, let attempt, let word, let id):
            let outcome = notice(payment, attempt, word, id)
            hear()
            return outcome
        case .wait(let milliseconds):
            now += milliseconds
            expireHolds()
        case .sweep: sweep()
        case .jobs: jobs()
        case .again(let number):
            guard let known = answered[number] else { return .done }
            return .done(known.answer)
        case .clash(let number):
            guard answered[number] != nil else { return .done }
            throw Refusal("idempotencyKeyReused")
        case .fold, .reopen: break
        }
        return .done
    }
}
