import Runtime

/// What one shopper will do, drawn from the demo's seed.
struct ShopperPlan: Sendable {
    enum Payment: Sendable { case ok, slow, declined, declinedThenOK, timeoutDone, timeoutUndone, none }
    enum Afterwards: Sendable {
        case fulfilled, fulfilledInParts, partialRefund, fullReturn, cancelledAfterPaying, left
    }

    let number: Int
    let tenant: Int
    let throughCart: Bool
    let usesCoupon: Bool
    let payment: Payment
    let afterwards: Afterwards
    let lines: [(pick: Int, quantity: Int64)]

    init(number: Int, tenants: Int, random: RandomSource) {
        self.number = number
        tenant = random.integer(in: 0..<tenants)
        throughCart = random.integer(in: 0..<100) < 70
        usesCoupon = random.integer(in: 0..<100) < 15
        payment =
            switch random.integer(in: 0..<100) {
            case 0..<8: .none
            case 8..<12: .declined
            case 12..<16: .declinedThenOK
            case 16..<20: .timeoutDone
            case 20..<23: .timeoutUndone
            case 23..<26: .slow
            default: .ok
            }
        afterwards =
            switch random.integer(in: 0..<100) {
            case 0..<58: .fulfilled
            case 58..<70: .fulfilledInParts
            case 70..<80: .partialRefund
            case 80..<86: .fullReturn
            case 86..<92: .cancelledAfterPaying
            default: .left
            }
        lines = (0..<random.integer(in: 1..<4)).map { _ in
            (random.integer(in: 0..<10_000), Int64(random.integer(in: 1..<4)))
        }
    }
}
