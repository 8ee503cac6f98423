import Money
import Payments
import Synchronization

/// A payment channel that is in the mood that the running command says, and remembers what it really did.
final class ModelChannel: PaymentChannel {
    struct Moods {
        var authorise = ChannelMood.agrees
        var capture = ChannelMood.agrees
        var void = ChannelMood.agrees
        var refund = ChannelMood.agrees
        var isReachable = true
    }

    private struct State {
        var moods = Moods()
        var attempts: [String: ChannelStatus.State] = [:]
        var refunds: [String: ChannelStatus.RefundState] = [:]
        var spoken: ChannelNotice?
    }

    let name = "test"
    private let state = Mutex(State())

    func set(_ moods: Moods) { state.withLock { $0.moods = moods } }

    /// The authorisation is over, and nobody was told yet.
    func lapse(_ reference: String) {
        state.withLock { if $0.attempts[reference] == .authorised { $0.attempts[reference] = .expired } }
    }

    /// What the next callback says.
    func speak(_ notice: ChannelNotice) { state.withLock { $0.spoken = notice } }

    func authorise(_ request: AuthoriseRequest) async throws(ChannelFailure) -> ChannelAnswer {
        try answer { state in
            let reference = request.merchantReference
            switch state.moods.authorise {
            case .isAway: return .failure(.refusedBeforeSend)
            case .misses: return .failure(.unknownOutcome)
            case .declines:
                state.attempts[reference] = .declined(code: "card_declined")
                return .failure(.declined(code: "card_declined"))
            case .agrees, .loses:
                state.attempts[reference] = .authorised
                if state.moods.authorise == .loses { return .failure(.unknownOutcome) }
                return .success(ChannelAnswer(channelReference: "ch"))
            }
        }
    }

    func capture(_ request: CaptureRequest) async throws(ChannelFailure) -> ChannelAnswer {
        try answer { state in
            let reference = request.merchantReference
            if state.moods.capture == .isAway { return .failure(.refusedBeforeSend) }
            if case .captured(let before) = state.attempts[reference] {
                return .success(Self.taken(before.minor, in: request.amount))
            }
            if state.moods.capture == .misses { return .failure(.unknownOutcome) }
            guard state.attempts[reference] == .authorised, state.moods.capture != .declines else {
                return .failure(.declined(code: "not_authorised"))
            }
            state.attempts[reference] = .captured(request.amount)
            if state.moods.capture == .loses { return .failure(.unknownOutcome) }
            return .success(Self.taken(request.amount.minor, in: request.amount))
        }
    }

    func void(_ request: VoidRequest) async throws(ChannelFailure) -> ChannelAnswer {
        try answer { state in
            let reference = request.merchantReference
            if state.moods.void == .isAway { return .failure(.refusedBeforeSend) }
            if state.moods.void == .misses { return .failure(.unknownOutcome) }
            switch state.attempts[reference] {
            case nil: state.attempts[reference] = .closed
            case .authorised where state.moods.void != .declines: state.attempts[reference] = .voided
            case .voided, .closed: break
            default: return .failure(.declined(code: "not_voidable"))
            }
            if state.moods.void == .loses { return .failure(.unknownOutcome) }
            return .success(ChannelAnswer(channelReference: ""))
        }
    }

    func refund(_ request: RefundRequest) async throws(ChannelFailure) -> ChannelAnswer {
        try answer { state in
            let reference = request.refundReference
            if state.moods.refund == .isAway { return .failure(.refusedBeforeSend) }
            if state.moods.refund == .misses { return .failure(.unknownOutcome) }
            switch state.refunds[reference] {
            case .succeeded: break
            case nil where state.moods.refund != .declines: state.refunds[reference] = .succeeded
            default:
                state.refunds[reference] = .failed(code: "account_closed")
                return .failure(.declined(code: "account_closed"))
            }
            if state.moods.refund == .loses { return .failure(.unknownOutcome) }
            return .success(ChannelAnswer(channelReference: ""))
        }
    }

    func query(_ merchantReference: String) async throws(ChannelFailure) -> ChannelStatus {
        let status = state.withLock { state -> ChannelStatus? in
            guard state.moods.isReachable else { return nil }
            let found = state.attempts[merchantReference] ?? .absent
            let isNamed =
                switch found {
                case .authorised, .captured: true
                default: false
                }
            return ChannelStatus(state: found, channelReference: isNamed ? "ch" : "", refunds: state.refunds)
        }
        guard let status else { throw .refusedBeforeSend }
        return status
    }

    func verifyCallback(_ callback: ChannelCallback) throws(CallbackRefusal) -> ChannelNotice {
        guard let notice = state.withLock({ $0.spoken }) else { throw .forged }
        return notice
    }

    private func answer(
        _ body: (inout State) -> Result<ChannelAnswer, ChannelFailure>
    ) throws(ChannelFailure) -> ChannelAnswer {
        try state.withLock { body(&$0) }.get()
    }

    private static func taken(_ minor: Int64, in amount: Amount) -> ChannelAnswer {
        ChannelAnswer(
            channelReference: "ch", feeTotal: Model.feeAtOnce(minor).map { Amount(minor: $0, amount.currency) })
    }
}
