/// What the payment channel does with a request.
enum ChannelMood: String, Hashable, Sendable, CaseIterable {
    case agrees, declines
    /// The channel did it, but its answer is lost.
    case loses
    /// The request is lost before the channel saw it, and the house cannot tell.
    case misses
    /// No connection: the house knows that nothing was sent.
    case isAway
}

/// So many of a variant, by its place on the shelf.
struct Piece: Hashable, Sendable {
    var variant: Int
    var quantity: Int64
}

/// What a notice of the channel says.
enum Word: Hashable, Sendable {
    case authorised, voided, expired, declined
    case captured(Int64, fee: Int64)
    case refunded(Int, Int64)
    case refundFailed(Int)
}

/// One transfer of a group that stands or falls together.
struct Leg: Hashable, Sendable {
    var debit: Int
    var credit: Int
    var amount: Int64
}

/// One command with all that it needs, so that a sequence can be run again without some of its members. Whatever a
/// command makes (an order, a payment, a held transfer) is called by the command's own number.
enum Step: Hashable, Sendable {
    // The ledger
    case transfer([Leg])
    case hold(Leg, expiresInMs: Int64?)
    case postHold(Int, amount: Int64?)
    case voidHold(Int)
    // The shelves
    case receive(Piece, reference: Int)
    case adjust(Piece, reference: Int)
    case reserve([Piece], reference: Int, expiresInMs: Int64?)
    case keep(Int)
    case release(Int)
    case ship(Int, [Piece]?)
    // Orders
    case place([Piece], shipped: Bool)
    case pay(Int, ChannelMood, capture: ChannelMood)
    case send(Int, [Piece])
    case takeBack(Int, [Piece], restock: Bool)
    case refund(Int, Int64, ChannelMood)
    case cancel(Int, ChannelMood)
    // Payments
    case open(Int64, manual: Bool)
    case authorise(Int, ChannelMood, capture: ChannelMood)
    case capture(Int, Int64?, ChannelMood)
    case void(Int, ChannelMood)
    case giveBack(Int, Int64?, ChannelMood)
    case resolve(Int, reachable: Bool)
    /// The channel forgets an authorisation that nobody captured.
    case lapse(Int)
    case notice(payment: Int, attempt: Int, Word, id: Int)
    // Time
    case wait(Int64)
    case sweep
    /// Two hours pass, and whatever is uncertain is asked about.
    case jobs
    // The same again
    /// The command of that number once more, under the same key.
    case again(Int)
    /// Another command under the key of that one.
    case clash(Int)
    // The book
    case fold
    case reopen
}

/// A command and its number in the sequence as it was generated; leaving others out does not change it.
struct NumberedStep: Hashable, Sendable, CustomStringConvertible {
    var number: Int
    var step: Step

    var description: String { "\(number): \(step)" }
}

/// What became of a command: its answer where that says something, or why it was refused.
enum Outcome: Hashable, Sendable, CustomStringConvertible {
    case done(String)
    case refused(String)
    /// Refused, and the journal tells so: a callback that names nothing of ours.
    case refusedAndTold(String)

    static let done = Outcome.done("")

    var description: String {
        switch self {
        case .done(let answer): answer.isEmpty ? "done" : "done (\(answer))"
        case .refused(let code): "refused: \(code)"
        case .refusedAndTold(let code): "refused and told: \(code)"
        }
    }
}
