import Contract
import Orders
import Payments
import Store

/// Order by order and payment by payment: a longer look than the census.
enum Details {
    static func of(_ model: Model) -> [String] {
        var lines: [String] = []
        for (number, order) in model.orders {
            let figures = [
                order.state.rawValue, order.paid.rawValue, order.captured, order.refunded, order.refunding,
                order.undoneRevenue, order.undoneTax
            ]
            lines.append("order \(number): \(figures)")
        }
        for (number, payment) in model.payments {
            let figures = [payment.captured, payment.refunded, payment.reserved, payment.fee, payment.platformFee]
            lines.append("payment \(number): \(figures) \(payment.attempts.map(\.word))")
            for (index, refund) in payment.refunds.enumerated() {
                lines.append("refund \(index) of \(number): \(refund.amount) \(refund.state)")
            }
        }
        return lines.sorted()
    }

    static func of(_ reader: any SQLReader, orders: [OrderID: Int], payments: [PaymentID: Int]) throws -> [String] {
        var lines: [String] = []
        try reader.forEach(
            """
            SELECT id, state, payment_state, captured, refunded, refunding, corrected_revenue, corrected_tax FROM orders
            """
        ) { row in
            let number = orders[try row.get(0)] ?? 0
            lines.append("order \(number): \((1...7).map { row.int64($0) })")
        }
        var attempts: [PaymentID: [String]] = [:]
        try reader.forEach("SELECT payment_id, state FROM payment_attempts ORDER BY payment_id, number") { row in
            attempts[try row.get(0), default: []].append(row.text(1))
        }
        try reader.forEach(
            """
            SELECT id, captured_minor, refunded_minor, refund_reserved_minor, channel_fee_minor, platform_fee_minor
            FROM payments
            """
        ) { row in
            let id: PaymentID = try row.get(0)
            lines.append("payment \(payments[id] ?? 0): \((1...5).map { row.int64($0) }) \(attempts[id] ?? [])")
        }
        var places: [PaymentID: Int] = [:]
        try reader.forEach("SELECT payment_id, amount_minor, state FROM payment_refunds ORDER BY payment_id, id") {
            row in
            let id: PaymentID = try row.get(0)
            let place = places[id, default: 0]
            lines.append("refund \(place) of \(payments[id] ?? 0): \(row.int64(1)) \(row.text(2))")
            places[id] = place + 1
        }
        return lines.sorted()
    }
}

extension Model.Attempt {
    /// As the table of attempts says it.
    var word: String {
        switch doubt {
        case .authorise where state == .asked: "authorise_unknown"
        case .capture: "capture_unknown"
        case .void: "void_unknown"
        default: state.rawValue
        }
    }
}
