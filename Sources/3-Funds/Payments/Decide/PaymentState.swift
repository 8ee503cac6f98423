internal import Money

/// Where a payment stands. It is never set: it follows from its last attempt and its sums.
public enum PaymentState: String, Hashable, Sendable, CaseIterable {
    case open, processing, unknown, authorised, captured, refunded, declined, failed, voided, expired
    case partiallyRefunded = "partially_refunded"

    public static func of(attempt: AttemptState?, capturedMinor: Int64, refundedMinor: Int64) -> PaymentState {
        if capturedMinor > 0 {
            if refundedMinor == 0 { return .captured }
            return refundedMinor < capturedMinor ? .partiallyRefunded : .refunded
        }
        guard let attempt else { return .open }
        if attempt.isUnknown { return .unknown }
        if attempt.isInFlight { return .processing }
        return switch attempt {
        case .authorised: .authorised
        case .captured: .captured
        case .voided: .voided
        case .declined: .declined
        case .failed: .failed
        case .expired: .expired
        default: .open
        }
    }
}

/// Whether the money is taken at once after it is held, or when the merchant asks.
public enum CaptureMode: String, Hashable, Sendable {
    case automatic, manual
}

/// The platform's share of a payment and what of it goes back with refunds.
enum PlatformFee {
    /// The share of a capture, half to even.
    static func share(of captured: Amount, at rate: Rate) throws -> Amount {
        try captured.multiplied(by: rate, rounding: .halfEven)
    }

    /// The share to return when `refunded` of `captured` has gone back in all and `returned` was returned before.
    /// The running total is rounded, not each refund, so a full refund in any number of parts returns exactly everything.
    static func toReturn(fee: Amount, captured: Amount, refunded: Amount, returned: Amount) throws -> Amount {
        guard captured.isPositive else { return .zero(fee.currency) }
        return try fee.scaled(numerator: refunded.minor, denominator: captured.minor, rounding: .halfEven)
            .subtracting(returned)
    }
}

/// When to ask a channel again: one second, then twice as long each time, at most an hour. It never gives up, because
/// an outcome is never guessed, and never hurries, because a channel that is down is not helped by questions.
enum Backoff {
    static let first = Duration.seconds(1)
    static let longest = Duration.seconds(3600)

    static func delay(afterQuestions count: Int) -> Duration {
        count >= 12 ? longest : min(longest, first * (1 << max(0, count)))
    }
}
