internal import Matching

/// What may be done about a difference. There is no other way to change the books from a case: a repair is one of
/// these words with an amount and, for one of them, a reference; nothing of it is ever read as a statement.
public enum RepairKind: String, CaseIterable, Sendable, Hashable {
    /// A difference too small to be asked about goes to `rounding_differences`.
    case writeOffRounding = "write_off_rounding"
    /// What the channel kept beyond, or short of, the booked fee goes to `channel_fees`.
    case bookChannelFee = "book_channel_fee"
    /// Money whose owner is not known waits in `suspense`.
    case bookUnknownMoney = "book_unknown_money"
    /// The open item belongs to another order: it is moved there.
    case reclassify
    /// Nothing is wrong: the other file brings it. The case is carried to the next day; nothing is booked.
    case markTiming = "mark_timing"
    /// The channel captured a payment that our books lack.
    case bookMissingCapture = "book_missing_capture"
    /// The channel gave money back that our books still have.
    case bookMissingRefund = "book_missing_refund"
    /// Booked or charged twice: the second one is taken back, or owed to the shopper.
    case returnDuplicate = "return_duplicate"
    /// Takes back an executed repair.
    case reversal

    /// The classes that it can put right.
    var classes: Set<MatchClass> {
        switch self {
        case .writeOffRounding: [.amount, .fee, .currency]
        case .bookChannelFee: [.fee, .amount]
        case .bookUnknownMoney: [.missingOurs, .duplicateTheirs, .amount, .currency]
        case .reclassify: [.missingOurs, .missingTheirs, .duplicateTheirs, .late, .amount]
        case .markTiming: [.late, .missingOurs, .missingTheirs, .status]
        case .bookMissingCapture, .bookMissingRefund: [.missingOurs]
        case .returnDuplicate: [.duplicateOurs, .duplicateTheirs]
        case .reversal: Set(MatchClass.allCases)
        }
    }

    /// Whether the difference ends as a loss or a gain of the house.
    var isWriteOff: Bool { self == .writeOffRounding }
}
