import Money
import Payments
import Synchronization

/// A channel that does what the test says, and otherwise agrees to everything.
final class ScriptedChannel: PaymentChannel {
    enum Step: Sendable {
        case agree
        case decline
        /// The channel did it, but its answer is lost.
        case answerIsLost
        /// Nothing reached the channel.
        case unreachable
    }

    private struct State {
        var authorise: [Step] = []
        var refund: [Step] = []
        var statuses: [String: ChannelStatus.State] = [:]
        var refunds: [String: ChannelStatus.RefundState] = [:]
        var captured: Int64 = 0
        var refunded: Int64 = 0
        var beforeCapture: (@Sendable () async -> Void)?
    }

    let name = "test"
    private let state = Mutex(State())

    /// What the channel took and gave back: the truth that the books must agree with.
    var captured: Int64 { state.withLock { $0.captured } }
    var refunded: Int64 { state.withLock { $0.refunded } }

    func nextAuthorise(_ steps: Step...) { state.withLock { $0.authorise = steps } }
    func nextRefund(_ steps: Step...) { state.withLock { $0.refund = steps } }
    /// Injects what a competitor does after the shopper has agreed and before the money is taken.
    func beforeCapture(_ body: (@Sendable () async -> Void)?) { state.withLock { $0.beforeCapture = body } }

    func authorise(_ request: AuthoriseRequest) async throws(ChannelFailure) -> ChannelAnswer {
        let step = state.withLock { $0.authorise.isEmpty ? Step.agree : $0.authorise.removeFirst() }
        switch step {
        case .decline:
            state.withLock { $0.statuses[request.merchantReference] = .declined(code: "card_declined") }
            throw .declined(code: "card_declined")
        case .unreachable: throw .refusedBeforeSend
        case .answerIsLost:
            state.withLock { $0.statuses[request.merchantReference] = .authorised }
            throw .unknownOutcome
        case .agree:
            state.withLock { $0.statuses[request.merchantReference] = .authorised }
            return ChannelAnswer(channelReference: "ch-\(request.merchantReference)")
        }
    }

    func capture(_ request: CaptureRequest) async throws(ChannelFailure) -> ChannelAnswer {
        if let competitor = state.withLock({ $0.beforeCapture }) { await competitor() }
        state.withLock {
            if case .captured = $0.statuses[request.merchantReference] { return }
            $0.statuses[request.merchantReference] = .captured(request.amount)
            $0.captured += request.amount.minor
        }
        return ChannelAnswer(channelReference: "ch-\(request.merchantReference)")
    }

    func void(_ request: VoidRequest) async throws(ChannelFailure) -> ChannelAnswer {
        state.withLock { $0.statuses[request.merchantReference] = .voided }
        return ChannelAnswer(channelReference: "ch-\(request.merchantReference)")
    }

    func refund(_ request: RefundRequest) async throws(ChannelFailure) -> ChannelAnswer {
        let step = state.withLock { $0.refund.isEmpty ? Step.agree : $0.refund.removeFirst() }
        switch step {
        case .decline:
            state.withLock { $0.refunds[request.refundReference] = .failed(code: "account_closed") }
            throw .declined(code: "account_closed")
        case .unreachable: throw .refusedBeforeSend
        case .answerIsLost, .agree:
            state.withLock {
                if $0.refunds[request.refundReference] == nil { $0.refunded += request.amount.minor }
                $0.refunds[request.refundReference] = .succeeded
            }
            if case .answerIsLost = step { throw .unknownOutcome }
            return ChannelAnswer(channelReference: "ch-\(request.refundReference)")
        }
    }

    func query(_ merchantReference: String) async throws(ChannelFailure) -> ChannelStatus {
        state.withLock {
            ChannelStatus(state: $0.statuses[merchantReference] ?? .absent, refunds: $0.refunds)
        }
    }

    func verifyCallback(_ callback: ChannelCallback) throws(CallbackRefusal) -> ChannelNotice {
        throw .forged
    }
}
