import Contract
import Inventory
import Journal
import Money
import Payments
import Runtime
import Store
import SwiftProtobuf

/// Follows what became of payments. Orders never asks Payments' tables: what it knows of money came through here.
///
/// An order may be cancelled or expire while its payment is under way. Then the captured money belongs to nobody's
/// order and goes back by itself:
///
///     shopper              channel            house
///     pay ───────────────► captures
///                                             order expires, stock is freed
///                          PaymentCaptured ─► the order is cancelled: refund it
struct PaymentFollower: Projection {
    let orders: Orders

    var name: String { "orders.payments" }

    var types: Set<String> {
        [
            V1PaymentAuthorised.protoMessageName, V1PaymentCaptured.protoMessageName,
            V1PaymentDeclined.protoMessageName, V1PaymentFailed.protoMessageName, V1PaymentVoided.protoMessageName,
            V1PaymentExpired.protoMessageName, V1PaymentOutcomeUnknown.protoMessageName,
            V1PaymentRefunded.protoMessageName, V1RefundFailed.protoMessageName
        ]
    }

    func apply(_ event: JournalEvent, in tx: Transaction) throws {
        switch event.type {
        case V1PaymentAuthorised.protoMessageName:
            let told = try V1PaymentAuthorised(serializedBytes: event.payload)
            try orders.paymentMoved(told.paymentID, told.reference, to: .authorised, in: tx)
        case V1PaymentCaptured.protoMessageName:
            let told = try V1PaymentCaptured(serializedBytes: event.payload)
            try orders.captured(told.paymentID, told.reference, told.amount.minor, told.channel, in: tx)
        case V1PaymentDeclined.protoMessageName:
            let told = try V1PaymentDeclined(serializedBytes: event.payload)
            // A declined capture leaves the hold in place; only a declined authorisation ends the payment.
            guard told.operation == "authorise" else { return }
            try orders.paymentMoved(told.paymentID, told.reference, to: .failed, in: tx)
        case V1PaymentFailed.protoMessageName:
            let told = try V1PaymentFailed(serializedBytes: event.payload)
            try orders.paymentMoved(told.paymentID, told.reference, to: .failed, in: tx)
        case V1PaymentVoided.protoMessageName:
            let told = try V1PaymentVoided(serializedBytes: event.payload)
            try orders.paymentMoved(told.paymentID, told.reference, to: .failed, in: tx)
        case V1PaymentExpired.protoMessageName:
            let told = try V1PaymentExpired(serializedBytes: event.payload)
            try orders.paymentMoved(told.paymentID, told.reference, to: .failed, in: tx)
        case V1PaymentOutcomeUnknown.protoMessageName:
            let told = try V1PaymentOutcomeUnknown(serializedBytes: event.payload)
            try orders.paymentMoved(told.paymentID, told.reference, to: .unknown, in: tx)
        case V1PaymentRefunded.protoMessageName:
            let told = try V1PaymentRefunded(serializedBytes: event.payload)
            try orders.refunded(told.paymentID, told.reference, told.refundID, told.amount.minor, in: tx)
        case V1RefundFailed.protoMessageName:
            let told = try V1RefundFailed(serializedBytes: event.payload)
            try orders.refundFailed(told.paymentID, told.reference, told.refundID, told.amount.minor, in: tx)
        default:
            return
        }
    }

    /// Orders move by these events: deriving them again would move them twice.
    func reset(in tx: Transaction) throws {
        throw StoreError(.constraint, "the orders' payments are no derived table and cannot be rebuilt")
    }
}

extension Orders {
    /// The order and the payment that an event is about; nil when the payment is for something else.
    private func find(
        _ payment: String, _ reference: String, in tx: Transaction
    ) throws -> (row: OrderRow, payment: OrderPaymentRow)? {
        guard let id = OrderID(reference), let paymentID = PaymentID(payment),
            let row = try OrderStorage.find(id, in: tx),
            let known = try OrderPaymentStorage.find(paymentID, in: tx), known.order == id
        else { return nil }
        return (row, known)
    }

    func paymentMoved(
        _ payment: String, _ reference: String, to state: OrderPaymentState, in tx: Transaction
    ) throws {
        guard var (row, known) = try find(payment, reference, in: tx), known.captured == 0, known.state != state
        else { return }
        known.state = state
        try OrderPaymentStorage.update(known, in: tx)
        // The order shows its newest payment; an older one that ends late changes nothing that the shopper sees.
        let newest = try OrderPaymentStorage.all(of: row.id, in: tx).last?.payment
        if row.captured == 0, newest == known.payment {
            row.paymentState = state
            row.version += 1
            try OrderStorage.update(row, in: tx)
        }
        try tell(row, known, state.name, known.amount, in: tx)
    }

    func captured(
        _ payment: String, _ reference: String, _ minor: Int64, _ channel: String, in tx: Transaction
    ) throws {
        guard var (row, known) = try find(payment, reference, in: tx) else { return }
        known.captured += minor
        known.state = .captured
        guard row.state == .placed || known.counted else {
            try OrderPaymentStorage.update(known, in: tx)
            try tell(row, known, "returned", minor, in: tx)
            return try giveBack(
                &row, from: known, minor, reason: "the order is \(row.state.name)", counted: false, in: tx)
        }
        known.counted = true
        try OrderPaymentStorage.update(known, in: tx)
        row.captured += minor
        row.paymentState = .captured
        row.version += 1
        try tell(row, known, "captured", minor, in: tx)
        if row.state == .placed, row.captured >= row.total {
            if try holdStock(for: row, in: tx) {
                row.reservedUntil = nil
                try move(&row, .pay, in: tx)
            } else {
                try cancel(&row, .expire, reason: "sold out while it was paid", in: tx)
            }
        }
        try OrderStorage.update(row, in: tx)
    }

    func refunded(
        _ payment: String, _ reference: String, _ refundID: String, _ minor: Int64, in tx: Transaction
    ) throws {
        guard var (row, known) = try find(payment, reference, in: tx) else { return }
        known.refunded += minor
        try OrderPaymentStorage.update(known, in: tx)
        if let refund = try waiting(refundID, of: row.id, in: tx) {
            try DeedStorage.close(refund, as: .done, in: tx)
            if refund.counted { row.refunding -= minor }
        }
        guard known.counted else { return try OrderStorage.update(row, in: tx) }
        row.refunded += minor
        row.paymentState = row.refunded >= row.captured ? .refunded : .partiallyRefunded
        row.version += 1
        let now = row
        try tx.record(
            V1OrderRefunded.with {
                $0.order = now.id.uuid.data
                $0.paymentID = payment
                $0.amountMinor = minor
                $0.currency = now.currency.code
                $0.atUs = tx.now.microseconds
            })
        try correctRevenue(&row, row.placed().recognition(), in: tx)
        if row.state == .paid, row.paymentState == .refunded {
            // Nothing has left the house and nothing is paid any more: there is no order left.
            try cancel(&row, .cancel, reason: "refunded in full", in: tx)
        }
        try OrderStorage.update(row, in: tx)
    }

    func refundFailed(
        _ payment: String, _ reference: String, _ refundID: String, _ minor: Int64, in tx: Transaction
    ) throws {
        guard var row = try find(payment, reference, in: tx)?.row,
            let refund = try waiting(refundID, of: row.id, in: tx)
        else { return }
        try DeedStorage.close(refund, as: .failed, in: tx)
        if refund.counted { row.refunding -= minor }
        row.version += 1
        try OrderStorage.update(row, in: tx)
    }

    /// Keeps the stock for good. When its reservation lapsed a moment ago it is taken again, if it is still there.
    private func holdStock(for row: OrderRow, in tx: Transaction) throws -> Bool {
        do {
            try inventory.keep(reference: row.reference, in: tx)
            return true
        } catch let error as InventoryError where error.code == .reservationEnded {
            let lines = try row.placed().lines.map {
                StockLine(variant: try $0.variantID, quantity: $0.quantity, tracked: $0.tracked)
            }
            do {
                try inventory.reserve(lines, reference: row.reference, expiresAt: nil, in: tx)
                try inventory.keep(reference: row.reference, in: tx)
                return true
            } catch let error as InventoryError where error.code == .insufficientStock {
                return false
            }
        }
    }

    /// The refund that this order asked for and that waits for its outcome; nil for one that was asked elsewhere.
    private func waiting(
        _ refundID: String, of order: OrderID, in tx: Transaction
    ) throws -> DeedStorage.Refund? {
        try DeedStorage.refunds(of: order, in: tx).first { "\($0.refund)" == refundID && $0.state == .requested }
    }

    func tell(
        _ row: OrderRow, _ payment: OrderPaymentRow, _ state: String, _ minor: Int64, in tx: Transaction
    ) throws {
        try tx.record(
            V1OrderPaymentMoved.with {
                $0.order = row.id.uuid.data
                $0.paymentID = "\(payment.payment)"
                $0.state = state
                $0.amountMinor = minor
                $0.currency = row.currency.code
                $0.atUs = tx.now.microseconds
            })
    }
}
