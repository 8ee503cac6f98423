import Ledger
import Money
import Orders
import Store

/// What a book says of itself, or what the model says of it: the same lines, so that they can be compared.
struct Census: Hashable {
    /// By name: an account's four columns, a shelf's, the sums over orders and payments.
    var lines: [String: [Int64]] = [:]

    /// The first difference, for people.
    func difference(to model: Census) -> String? {
        for name in Set(lines.keys).union(model.lines.keys).sorted() where lines[name] != model.lines[name] {
            let (book, wanted) = (lines[name].map { "\($0)" } ?? "nothing", model.lines[name].map { "\($0)" } ?? "nothing")
            return "\(name): the book has \(book), the model \(wanted)"
        }
        return nil
    }

    /// What does not add up, whatever the model says.
    var broken: String? {
        var sums: [Int64] = [0, 0, 0, 0]
        for (name, columns) in lines {
            if name.hasPrefix("account ") {
                for index in 0..<4 { sums[index] += columns[index] }
                if columns.contains(where: { $0 < 0 }) { return "\(name) has a negative part: \(columns)" }
            }
            if name.hasPrefix("shelf "), columns[0] < 0 || columns[1] < 0 { return "\(name) is negative: \(columns)" }
            if name.hasPrefix("shelf "), columns.count > 2, columns[0] != columns[2] {
                return "\(name): \(columns[0]) on hand, \(columns[2]) moved"
            }
        }
        if sums[0] != sums[2] { return "debits are \(sums[0]), credits \(sums[2])" }
        return sums[1] == sums[3] ? nil : "\(sums[1]) is held on the debit side, \(sums[3]) on the other"
    }
}

extension Census {
    /// Everything in one statement, so that a look after every command stays cheap. Accounts are derived from the
    /// transfers and held amounts from the holds, not read from what the ledger keeps of them.
    private static let query = Prepared(
        """
        SELECT 1, account, CAST(SUM(debits) AS BIGINT), CAST(SUM(credits) AS BIGINT), 0, 0, 0 FROM (
        SELECT debit AS account, amount AS debits, 0 AS credits FROM ledger_transfers
        UNION ALL SELECT credit, 0, amount FROM ledger_transfers) AS sides GROUP BY account
        UNION ALL SELECT 2, account, CAST(SUM(debits) AS BIGINT), CAST(SUM(credits) AS BIGINT), 0, 0, 0 FROM (
        SELECT debit AS account, amount AS debits, 0 AS credits FROM ledger_holds WHERE state = 0
        UNION ALL SELECT credit, 0, amount FROM ledger_holds WHERE state = 0) AS held GROUP BY account
        UNION ALL SELECT 3, ROW_NUMBER() OVER (ORDER BY s.variant) - 1, s.on_hand, s.reserved, m.moved, 0, 0
        FROM inventory_stock s JOIN (SELECT variant, location, CAST(SUM(quantity) AS BIGINT) AS moved
        FROM inventory_movements GROUP BY variant, location) m ON m.variant = s.variant AND m.location = s.location
        UNION ALL SELECT 4, state, COUNT(*), CAST(SUM(captured) AS BIGINT), CAST(SUM(refunded) AS BIGINT),
        CAST(SUM(refunding) AS BIGINT), CAST(SUM(corrected_revenue + corrected_tax) AS BIGINT) FROM orders GROUP BY state
        UNION ALL SELECT 5, payment_state, COUNT(*), 0, 0, 0, 0 FROM orders GROUP BY payment_state
        UNION ALL SELECT 6, 0, COUNT(*), CAST(SUM(captured_minor) AS BIGINT), CAST(SUM(refunded_minor) AS BIGINT),
        CAST(SUM(refund_reserved_minor) AS BIGINT), CAST(SUM(attempts) AS BIGINT) FROM payments HAVING COUNT(*) > 0
        UNION ALL SELECT 7, 0, CAST(SUM(channel_fee_minor) AS BIGINT), CAST(SUM(platform_fee_minor) AS BIGINT),
        CAST(SUM(platform_fee_returned_minor) AS BIGINT), 0, 0 FROM payments HAVING COUNT(*) > 0
        UNION ALL SELECT 8, state, COUNT(*), 0, 0, 0, 0 FROM inventory_reservations GROUP BY state
        """)

    init(_ reader: any SQLReader, accounts: [Int64: String]) throws {
        var sides: [String: [Int64]] = [:]
        try reader.forEach(Census.query, []) { row in
            let key = row.int64(1)
            let values = (2...6).map { row.int64($0) }
            switch row.int64(0) {
            case 1, 2:
                let held = row.int64(0) == 2 ? 1 : 0
                sides[accounts[key] ?? "#\(key)", default: [0, 0, 0, 0]][held] = values[0]
                sides[accounts[key] ?? "#\(key)", default: [0, 0, 0, 0]][held + 2] = values[1]
            case 3: lines["shelf \(key)"] = Array(values.prefix(3))
            case 4: lines["orders in state \(key)"] = values
            case 5: lines["orders with payment \(key)"] = [values[0]]
            case 6: lines["payments"] = values
            case 7: lines["fees"] = Array(values.prefix(3))
            default: lines["reservations in state \(key)"] = [values[0]]
            }
        }
        for (account, columns) in sides where columns != [0, 0, 0, 0] { lines["account \(account)"] = columns }
    }

    init(_ model: Model) {
        for (account, totals) in model.totals where totals.columns != [0, 0, 0, 0] {
            lines["account \(account)"] = totals.columns
        }
        for (index, shelf) in model.shelves.enumerated() {
            lines["shelf \(index)"] = [shelf.onHand, shelf.reserved, shelf.onHand]
        }
        for order in model.orders.values {
            let columns = [
                1, order.captured, order.refunded, order.refunding, order.undoneRevenue + order.undoneTax
            ]
            add(columns, "orders in state \(order.state.rawValue)")
            add([1], "orders with payment \(order.paid.rawValue)")
        }
        for payment in model.payments.values {
            add(
                [1, payment.captured, payment.refunded, payment.reserved, Int64(payment.attempts.count)], "payments")
            add([payment.fee, payment.platformFee, payment.platformFeeReturned], "fees")
        }
        for reservation in model.reservations.values { add([1], "reservations in state \(reservation.state.number)") }
    }

    private mutating func add(_ columns: [Int64], _ name: String) {
        let before = lines[name] ?? columns.map { _ in 0 }
        lines[name] = zip(before, columns).map(+)
    }
}

extension Census {
    /// The ledger's own word on its accounts: balance rows and what is not folded into them yet.
    static func stored(_ reader: any SQLReader, _ ledger: Ledger) throws -> [String: [Int64]] {
        var stored: [String: [Int64]] = [:]
        for account in try ledger.accounts(in: reader) {
            let totals = try ledger.balance(of: account.code, currency: .eur, in: reader).totals
            let columns = [totals.debitsPosted, totals.debitsPending, totals.creditsPosted, totals.creditsPending]
            if columns != [0, 0, 0, 0] { stored["account \(account.code)"] = columns }
        }
        return stored
    }
}

extension Model.Reservation.State {
    /// As the shelves' table says it.
    var number: Int {
        switch self {
        case .held: 0
        case .kept: 1
        case .fulfilled: 2
        case .released: 3
        case .expired: 4
        }
    }
}
