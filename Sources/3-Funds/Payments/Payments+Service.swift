public import Contract
internal import Money
internal import Runtime
internal import Store
internal import Synchronization

/// The calls of the contract.
extension Payments: PaymentsService {
    public func getPayment(_ request: V1GetPaymentRequest, _ context: CallContext) async throws -> V1Payment {
        let id = try PaymentID(request.paymentID, field: "payment_id")
        return try await context.book.read { try message(id, $0) }
    }

    public func listPayments(
        _ request: V1ListPaymentsRequest, _ context: CallContext
    ) async throws -> V1ListPaymentsReply {
        guard !request.reference.isEmpty else {
            throw Problem.invalidParameter("reference", value: "", rule: "is needed")
        }
        let page = try Page(request.pageSize, request.pageToken)
        return try await context.book.read { reader in
            let payments = try PaymentsStorage.payments(
                reference: request.reference, after: try page.after(), limit: page.size, reader)
            var reply = V1ListPaymentsReply()
            reply.payments = try payments.map { try message($0, reader) }
            reply.nextPageToken = payments.count < page.size ? "" : payments.last?.id.description ?? ""
            return reply
        }
    }

    public func capturePayment(
        _ request: V1CapturePaymentRequest, _ context: CallContext
    ) async throws -> V1Payment {
        let id = try PaymentID(request.paymentID, field: "payment_id")
        let amount = request.hasAmount ? try Amount(request.amount, field: "amount") : nil
        let begun = Begun()
        _ = try await context.book.perform(context, request) { tx in
            begun.set(try beginCapture(id, amount: amount, in: tx))
            return try message(id, tx)
        }
        return try await finish(begun, id, context)
    }

    public func voidPayment(_ request: V1VoidPaymentRequest, _ context: CallContext) async throws -> V1Payment {
        let id = try PaymentID(request.paymentID, field: "payment_id")
        let begun = Begun()
        _ = try await context.book.perform(context, request) { tx in
            begun.set(try beginVoid(id, in: tx))
            return try message(id, tx)
        }
        return try await finish(begun, id, context)
    }

    public func refundPayment(
        _ request: V1RefundPaymentRequest, _ context: CallContext
    ) async throws -> V1PaymentRefund {
        let id = try PaymentID(request.paymentID, field: "payment_id")
        let amount = request.hasAmount ? try Amount(request.amount, field: "amount") : nil
        guard request.reason.utf8.count <= 64 else {
            throw Problem.invalid(field: "reason", value: request.reason, rule: "must have at most 64 bytes")
        }
        let begun = Begun()
        let first = try await context.book.perform(context, request) { tx in
            let (refund, intent) = try beginRefund(id, amount: amount, reason: request.reason, in: tx)
            begun.set(intent)
            return V1PaymentRefund(refund)
        }
        if let intent = begun.intent {
            try await carryOut(intent, book: context.book, tenant: context.caller.tenant)
        }
        return try await context.book.read { reader in
            guard let refundID = PaymentRefundID(first.id),
                let refund = try RefundsStorage.refund(refundID, of: id, reader)
            else { throw PaymentsError(.refundUnknown, "there is no refund \(first.id)") }
            return V1PaymentRefund(refund)
        }
    }

    public func listPaymentRefunds(
        _ request: V1ListPaymentRefundsRequest, _ context: CallContext
    ) async throws -> V1ListPaymentRefundsReply {
        let id = try PaymentID(request.paymentID, field: "payment_id")
        let page = try Page(request.pageSize, request.pageToken)
        return try await context.book.read { reader in
            _ = try existing(id, reader)
            let refunds = try RefundsStorage.refunds(of: id, after: try page.after(), limit: page.size, reader)
            var reply = V1ListPaymentRefundsReply()
            reply.refunds = refunds.map(V1PaymentRefund.init)
            reply.nextPageToken = refunds.count < page.size ? "" : refunds.last?.id.description ?? ""
            return reply
        }
    }

    public func resolvePayment(
        _ request: V1ResolvePaymentRequest, _ context: CallContext
    ) async throws -> V1Payment {
        let id = try PaymentID(request.paymentID, field: "payment_id")
        try await resolve(id, book: context.book, tenant: context.caller.tenant)
        return try await context.book.read { try message(id, $0) }
    }

    public func receivePaymentCallback(
        _ request: V1PaymentCallbackRequest, _ context: CallContext
    ) async throws -> V1PaymentCallbackReply {
        let channel = try await channels(request.channel, context.caller.tenant)
        let callback = ChannelCallback(
            header: { context.header($0) }, body: Array(request.payload), receivedAt: context.book.world.now())
        let notice: ChannelNotice
        do throws(CallbackRefusal) {
            notice = try channel.verifyCallback(callback)
        } catch {
            let reason = error.rawValue
            try await context.book.write("payments.callback", deadline: context.deadline) { tx in
                try tellRefused(channel: channel.name, reason: reason, in: tx)
            }
            throw PaymentsError(.callbackRefused, "the callback is \(reason)")
        }
        let outcome = try await context.book.write("payments.callback", deadline: context.deadline) { tx in
            try take(notice, channel: channel.name, in: tx)
        }
        var reply = V1PaymentCallbackReply()
        switch outcome {
        case .applied: reply.effect = "applied"
        case .known: reply.effect = "known"
        case .duplicate: reply.effect = "duplicate"
        case .contradiction: reply.effect = "contradiction"
        case .refused(let reason):
            throw PaymentsError(.paymentUnknown, "the notice names nothing that we know (\(reason))")
        }
        return reply
    }

    /// Sends what the first command recorded. A repeated call with the same key recorded nothing and sends nothing.
    private func finish(_ begun: Begun, _ id: PaymentID, _ context: CallContext) async throws -> V1Payment {
        if let intent = begun.intent {
            try await carryOut(intent, book: context.book, tenant: context.caller.tenant)
        }
        return try await context.book.read { try message(id, $0) }
    }
}

/// What the first command of this very call recorded. A repeated call never fills it, because its command is not run. A
/// command that is run twice in a batch fills it twice, and the last time counts.
private final class Begun: Sendable {
    private let box = Mutex<Intent?>(nil)

    var intent: Intent? { box.withLock { $0 } }

    func set(_ intent: Intent?) { box.withLock { $0 = intent } }
}

/// The bounds of a list: at most 200 rows, after the identifier that the last page ended with.
private struct Page: Sendable {
    let size: Int
    let token: String

    init(_ size: Int32, _ token: String) throws {
        guard (0...200).contains(size) else {
            throw Problem.invalidParameter("page_size", value: "\(size)", rule: "must be 1 to 200")
        }
        self.size = size == 0 ? 50 : Int(size)
        self.token = token
    }

    func after<Tag: IdentifierTag>() throws -> Identifier<Tag>? {
        if token.isEmpty { return nil }
        guard let id = Identifier<Tag>(token) else {
            throw Problem.invalidParameter(
                "page_token", value: token, rule: "is not one that we gave out for this list")
        }
        return id
    }
}
