public import Contract
import Inventory
import Money
import Payments
import Runtime
import Store
import SwiftProtobuf

// Giving money back: cancelling and refunding.
//
// A refund is asked for in the transaction that decides it, so that neither a crash nor a repeated call can forget it or
// do it twice. Payments sends it after the commit and tells in its events what became of it.
extension Orders {
    public func cancelOrder(_ request: V1CancelOrderRequest, _ context: CallContext) async throws -> V1Order {
        let id = try Self.orderID(request.orderID)
        let version = context.header("if-match")
        let cancelled = try await context.book.perform(context, request) { tx in
            var row = try existing(id, in: tx)
            try Self.checkVersion(row, version)
            try cancel(&row, .cancel, reason: request.reason, in: tx)
            try OrderStorage.update(row, in: tx)
            return try OrderView.order(row, row.placed(), reader: tx)
        }
        return try await afterSending(cancelled, id, context)
    }

    public func refundOrder(_ request: V1RefundOrderRequest, _ context: CallContext) async throws -> V1Order {
        let id = try Self.orderID(request.orderID)
        let amount = try Amount(request.amount, field: "amount")
        let version = context.header("if-match")
        let asked = try await context.book.perform(context, request) { tx in
            var row = try existing(id, in: tx)
            try Self.checkVersion(row, version)
            try refund(&row, amount, reason: request.reason, in: tx)
            try OrderStorage.update(row, in: tx)
            return try OrderView.order(row, row.placed(), reader: tx)
        }
        return try await afterSending(asked, id, context)
    }

    private func refund(_ row: inout OrderRow, _ amount: Amount, reason: String, in tx: Transaction) throws {
        guard amount.currency == row.currency else {
            throw OrdersError.invalid("amount.currency", amount.currency.code, "must be \(row.currency)")
        }
        guard amount.isPositive else {
            throw OrdersError.invalid("amount.minor", "\(amount.minor)", "must be above zero")
        }
        guard amount.minor <= row.refundable else {
            throw OrdersError(
                .refundTooLarge, field: "amount",
                "\(amount) cannot be refunded: \(row.amount(row.captured)) was captured, \(row.amount(row.refunded)) "
                    + "is refunded and \(row.amount(row.refunding)) is on its way.",
                facts: ["state": row.state.name, "refundable": row.amount(row.refundable).formatted])
        }
        var left = amount.minor
        for payment in try OrderPaymentStorage.all(of: row.id, in: tx) where payment.counted && left > 0 {
            let pending = try DeedStorage.refunds(of: row.id, in: tx).reduce(0) {
                $0 + ($1.payment == payment.payment && $1.state == .requested ? $1.amount : 0)
            }
            let part = min(left, payment.captured - payment.refunded - pending)
            guard part > 0 else { continue }
            try giveBack(&row, from: payment, part, reason: reason, counted: true, in: tx)
            left -= part
        }
    }

    /// Cancels an order: its stock is free again and what was paid goes back. The caller writes the row.
    func cancel(_ row: inout OrderRow, _ move: OrderMove, reason: String, in tx: Transaction) throws {
        try self.move(&row, move, reason: reason, in: tx)
        try inventory.release(reference: row.reference, in: tx)
        row.cancelReason = reason
        row.reservedUntil = nil
        if row.refundable > 0 {
            try refund(&row, row.amount(row.refundable), reason: reason, in: tx)
        }
    }

    /// Asks Payments to send money back and notes that it was asked. The caller writes the row.
    func giveBack(
        _ row: inout OrderRow, from payment: OrderPaymentRow, _ minor: Int64, reason: String, counted: Bool,
        in tx: Transaction
    ) throws {
        let id: PaymentRefundID
        do {
            id = try payments.requestRefund(payment.payment, amount: row.amount(minor), reason: reason, in: tx)
        } catch let error as PaymentsError where error.code == .refundExceedsCaptured {
            // Somebody refunded the payment itself a moment ago: the money is on its way back already.
            return
        }
        let number = Int64(try DeedStorage.refunds(of: row.id, in: tx).count + 1)
        try DeedStorage.insert(
            .init(
                order: row.id, number: number, payment: payment.payment, refund: id, amount: minor, state: .requested,
                counted: counted, reason: reason, at: tx.now),
            in: tx)
        if counted { row.refunding += minor }
        row.version += 1
        let order = row
        try tx.record(
            V1OrderRefundRequested.with {
                $0.order = order.id.uuid.data
                $0.number = Int32(number)
                $0.paymentID = "\(payment.payment)"
                $0.amountMinor = minor
                $0.currency = order.currency.code
                $0.reason = reason
                $0.atUs = tx.now.microseconds
            })
    }

    /// Sends what was asked for and shows the order as it then is; without a refund there is nothing to wait for.
    private func afterSending(_ order: V1Order, _ id: OrderID, _ context: CallContext) async throws -> V1Order {
        guard order.refunds.contains(where: { $0.state == DeedStorage.RefundState.requested.name }) else {
            return order
        }
        try await sendRefunds(of: id, context)
        return try await context.book.read { reader in try show(id, reader) }
    }

    /// Sends an order's refunds at once, so that the caller sees their outcome. What fails is sent again by Payments'
    /// own job.
    func sendRefunds(of id: OrderID, _ context: CallContext) async throws {
        let waiting = try await context.book.read { reader in
            try DeedStorage.refunds(of: id, in: reader).filter { $0.state == .requested }
        }
        if waiting.isEmpty { return }
        for payment in Set(waiting.map(\.payment)) {
            try await payments.sendRefunds(of: payment, context.book, tenant: context.caller.tenant)
        }
        try await catchUp(context.book)
    }
}
