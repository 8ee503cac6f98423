public import Contract
import Payments
import Runtime
import Store
import SwiftProtobuf

// Paying. Nothing is locked while the channel thinks, so the world may change meanwhile:
//
//     reserve     the order holds stock for a while
//     pay         a payment is opened and the channel is asked, outside any transaction
//     revalidate  when the money is captured, the order must still be placed and its stock still there
//     commit      then it is paid; else the money goes back (Follow/PaymentFollower.swift)
extension Orders {
    public func payOrder(_ request: V1PayOrderRequest, _ context: CallContext) async throws -> V1Order {
        let id = try Self.orderID(request.orderID)
        for (field, value) in [("instrument_token", request.instrumentToken), ("channel", request.channel)]
        where value.isEmpty {
            throw OrdersError.invalid(field, value, "must not be empty")
        }
        let version = context.header("if-match")
        // Under the caller's key the same payment is found again, so that a repeated call goes on with it instead of
        // opening a second one.
        let started = try await context.book.perform(context, request) { tx in
            try startPayment(id, request, version: version, in: tx)
        }
        guard let payment = PaymentID(started.paymentID) else {
            throw StoreError(.unexpectedValue, "a payment that was started has no identifier")
        }
        try await carryOut(payment, instrument: request.instrumentToken, context)
        try await catchUp(context.book)
        try await sendRefunds(of: id, context)
        return try await context.book.read { reader in try show(id, reader) }
    }

    private func startPayment(
        _ id: OrderID, _ request: V1PayOrderRequest, version: String?, in tx: Transaction
    ) throws -> V1OrderPaymentStarted {
        var row = try existing(id, in: tx)
        try Self.checkVersion(row, version)
        _ = try row.state.after(.pay)
        guard let until = row.reservedUntil, until > tx.now else {
            throw OrdersError(
                .reservationLapsed,
                "The stock was kept until \(row.reservedUntil?.rfc3339 ?? "now"); place the order again.",
                facts: ["state": row.state.name])
        }
        guard row.paymentState.allowsPayment else {
            throw OrdersError(
                .paymentUnderWay,
                "The payment of this order is \(row.paymentState.name); wait for its outcome before paying again.",
                facts: ["state": row.state.name, "payment_state": row.paymentState.name])
        }
        let payment = try payments.open(
            reference: row.reference, amount: row.amount(row.total), channel: request.channel, in: tx)
        let opened = OrderPaymentRow(
            payment: payment, order: id, channel: request.channel, state: .pending, amount: row.total, at: tx.now)
        try OrderPaymentStorage.insert(opened, in: tx)
        row.paymentState = .pending
        row.version += 1
        try OrderStorage.update(row, in: tx)
        try tell(row, opened, OrderPaymentState.pending.name, row.total, in: tx)
        return .with { $0.paymentID = "\(payment)" }
    }

    /// Asks the channel unless it was asked before: a repeated call only reports.
    private func carryOut(_ payment: PaymentID, instrument: String, _ context: CallContext) async throws {
        let isPending = try await context.book.read { reader in
            try OrderPaymentStorage.find(payment, in: reader)?.state == .pending
        }
        guard isPending else { return }
        do {
            _ = try await payments.pay(payment, instrument: instrument, context)
        } catch let error as PaymentsError where error.code == .paymentInProgress || error.code == .outcomeUnknown {
            // The first call is still at it, or nobody knows: the order tells which.
            return
        }
    }
}
