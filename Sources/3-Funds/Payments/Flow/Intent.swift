internal import Contract
internal import Logging
internal import Money
internal import Runtime
internal import Store

/// A request that is recorded and now has to be sent. It carries all that the channel needs.
enum Intent: Sendable {
    case authorise(AttemptReference, channel: String, AuthoriseRequest)
    case capture(AttemptReference, channel: String, CaptureRequest)
    case void(AttemptReference, channel: String, VoidRequest)
    case refund(PaymentID, PaymentRefundID, channel: String, RefundRequest)

    var channel: String {
        switch self {
        case .authorise(_, let channel, _), .capture(_, let channel, _), .void(_, let channel, _): channel
        case .refund(_, _, let channel, _): channel
        }
    }
}

/// What the channel said to an intent.
enum Reply: Sendable {
    case done(ChannelAnswer)
    case failed(ChannelFailure)
}

extension Payments {
    /// Sends a recorded intent and records the outcome, and so on while the outcome asks for a next request.
    ///
    /// It runs in a task of its own: a caller who hangs up must not leave an outcome unrecorded. It is bounded, because
    /// an authorisation is followed by one capture at most.
    func carryOut(_ first: Intent, book: Book, tenant: String) async throws {
        try await Task {
            var next: Intent? = first
            while let intent = next {
                let reply = await send(intent, tenant: tenant)
                next = try await book.housekeeping { tx in try record(reply, to: intent, in: tx) }
            }
        }.value
    }

    private func send(_ intent: Intent, tenant: String) async -> Reply {
        let channel: any PaymentChannel
        do {
            channel = try await channels(intent.channel, tenant)
        } catch {
            logger.error("channel not available", metadata: ["channel": "\(intent.channel)", "error": "\(error)"])
            return .failed(.refusedBeforeSend)
        }
        do throws(ChannelFailure) {
            switch intent {
            case .authorise(_, _, let request): return .done(try await channel.authorise(request))
            case .capture(_, _, let request): return .done(try await channel.capture(request))
            case .void(_, _, let request): return .done(try await channel.void(request))
            case .refund(_, _, _, let request): return .done(try await channel.refund(request))
            }
        } catch {
            return .failed(error)
        }
    }

    /// Records what became of an intent; returns the request that follows from it.
    private func record(_ reply: Reply, to intent: Intent, in tx: Transaction) throws -> Intent? {
        switch intent {
        case .authorise(let reference, _, _):
            try apply(news(reply, done: .authorised, declined: .declined), to: reference, in: tx)
            return try beginWish(reference, in: tx)
        case .capture(let reference, _, let request):
            let news = news(reply, done: .captured, declined: .captureDeclined, amount: request.amount)
            try apply(news, to: reference, in: tx)
        case .void(let reference, _, _):
            try apply(news(reply, done: .voided, declined: .voidDeclined), to: reference, in: tx)
        case .refund(let payment, let refund, _, _):
            try apply(RefundNews(reply), to: refund, of: payment, in: tx)
        }
        return nil
    }

    private func news(
        _ reply: Reply, done: AttemptEvent, declined: AttemptEvent, amount: Amount? = nil
    ) -> AttemptNews {
        switch reply {
        case .done(let answer):
            AttemptNews(
                done, captured: amount, channelReference: answer.channelReference, feeTotal: answer.feeTotal)
        case .failed(.declined(let code)): AttemptNews(declined, refusal: code)
        case .failed(.unknownOutcome): AttemptNews(.lost)
        case .failed(.refusedBeforeSend): AttemptNews(.notSent)
        }
    }
}
