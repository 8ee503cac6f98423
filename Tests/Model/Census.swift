import Ledger
import Money
import Orders
import Store

/// What a book says of itself, or what the model says of it: the same figures in the same places, so that they can be
/// compared after every command at little cost.
struct Census: Equatable {
    /// Where each kind of figure begins, and how many columns it has.
    private enum Part: Int, CaseIterable {
        case shelves, orders, orderPayments, payments, fees, reservations, accounts

        var width: Int {
            switch self {
            case .shelves, .fees: 3
            case .orders, .payments: 5
            case .orderPayments, .reservations: 1
            case .accounts: 4
            }
        }

        private var count: Int {
            switch self {
            case .shelves: Model.prices.count
            case .orders, .orderPayments: 8
            case .payments, .fees: 1
            case .reservations: 5
            case .accounts: 0
            }
        }

        static let starts: [Int] = {
            var start = 0
            return allCases.map { part in
                defer { start += part.width * part.count }
                return start
            }
        }()

        var start: Int { Part.starts[rawValue] }

        func place(_ index: Int) -> Int { start + index * width }
    }

    private let accounts: Accounts
    private var figures: [Int64]

    /// The accounts of a book in a fixed order.
    struct Accounts: Equatable, Sendable {
        let codes: [String]
        let places: [Int64: Int]
        fileprivate let byCode: [String: Int]

        init(_ codeByKey: [Int64: String]) {
            codes = codeByKey.values.sorted()
            let byCode = Dictionary(uniqueKeysWithValues: codes.enumerated().map { ($1, $0) })
            places = codeByKey.compactMapValues { byCode[$0] }
            self.byCode = byCode
        }
    }

    private init(_ accounts: Accounts) {
        self.accounts = accounts
        figures = [Int64](repeating: 0, count: Part.accounts.place(accounts.codes.count))
    }

    /// An account's debits, debits held, credits, credits held.
    func account(_ index: Int) -> [Int64] { columns(.accounts, index) }

    private func columns(_ part: Part, _ index: Int) -> [Int64] {
        Array(figures[part.place(index)..<part.place(index + 1)])
    }

    private mutating func add(_ part: Part, _ index: Int, _ columns: [Int64]) {
        let place = part.place(index)
        for (offset, column) in columns.enumerated() { figures[place + offset] += column }
    }

    /// The first difference, for people.
    func difference(to model: Census) -> String? {
        guard let place = zip(figures, model.figures).enumerated().first(where: { $1.0 != $1.1 })?.offset else {
            return nil
        }
        let part = Part.allCases.last { $0.start <= place } ?? .shelves
        let index = (place - part.start) / part.width
        let name = part == .accounts ? "the account \(accounts.codes[index])" : "\(part) \(index)"
        return "\(name): the book has \(columns(part, index)), the model \(model.columns(part, index))"
    }

    /// What does not add up, whatever the model says.
    var broken: String? {
        var sums: [Int64] = [0, 0, 0, 0]
        let start = Part.accounts.start
        for place in start..<figures.count {
            if figures[place] < 0 { return "\(accounts.codes[(place - start) / 4]) has a negative part" }
            sums[(place - start) % 4] += figures[place]
        }
        for index in Model.prices.indices {
            let shelf = columns(.shelves, index)
            if shelf[0] < 0 || shelf[1] < 0 { return "shelf \(index) is negative: \(shelf)" }
            if shelf[0] != shelf[2] { return "shelf \(index): \(shelf[0]) on hand, \(shelf[2]) moved" }
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
        CAST(SUM(refunding) AS BIGINT), CAST(SUM(corrected_revenue + corrected_tax) AS BIGINT)
        FROM orders GROUP BY state
        UNION ALL SELECT 5, payment_state, COUNT(*), 0, 0, 0, 0 FROM orders GROUP BY payment_state
        UNION ALL SELECT 6, 0, COUNT(*), CAST(SUM(captured_minor) AS BIGINT), CAST(SUM(refunded_minor) AS BIGINT),
        CAST(SUM(refund_reserved_minor) AS BIGINT), CAST(SUM(attempts) AS BIGINT) FROM payments HAVING COUNT(*) > 0
        UNION ALL SELECT 7, 0, CAST(SUM(channel_fee_minor) AS BIGINT), CAST(SUM(platform_fee_minor) AS BIGINT),
        CAST(SUM(platform_fee_returned_minor) AS BIGINT), 0, 0 FROM payments HAVING COUNT(*) > 0
        UNION ALL SELECT 8, state, COUNT(*), 0, 0, 0, 0 FROM inventory_reservations GROUP BY state
        """)

    init(_ reader: any SQLReader, _ accounts: Accounts) throws {
        self.init(accounts)
        var unknown: Int64?
        try reader.forEach(Census.query, []) { row in
            let key = row.int64(1)
            switch row.int64(0) {
            case let kind where kind <= 2:
                guard let place = accounts.places[key] else {
                    unknown = key
                    return
                }
                let (debits, credits) = (row.int64(2), row.int64(3))
                add(.accounts, place, kind == 1 ? [debits, 0, credits, 0] : [0, debits, 0, credits])
            case 3: add(.shelves, Int(key), [row.int64(2), row.int64(3), row.int64(4)])
            case 4:
                add(.orders, Int(key), [row.int64(2), row.int64(3), row.int64(4), row.int64(5), row.int64(6)])
            case 5: add(.orderPayments, Int(key), [row.int64(2)])
            case 6:
                add(.payments, 0, [row.int64(2), row.int64(3), row.int64(4), row.int64(5), row.int64(6)])
            case 7: add(.fees, 0, [row.int64(2), row.int64(3), row.int64(4)])
            default: add(.reservations, Int(key), [row.int64(2)])
            }
        }
        if let unknown {
            throw StoreError(.unexpectedValue, "a transfer is of account \(unknown), which nobody opened")
        }
    }

    init(_ model: Model, _ accounts: Accounts) {
        self.init(accounts)
        for (account, totals) in model.totals {
            if let place = accounts.byCode[account] { add(.accounts, place, totals.columns) }
        }
        for (index, shelf) in model.shelves.enumerated() {
            add(.shelves, index, [shelf.onHand, shelf.reserved, shelf.onHand])
        }
        for order in model.orders.values {
            add(
                .orders, Int(order.state.rawValue),
                [1, order.captured, order.refunded, order.refunding, order.undoneRevenue + order.undoneTax])
            add(.orderPayments, Int(order.paid.rawValue), [1])
        }
        for payment in model.payments.values {
            add(
                .payments, 0,
                [1, payment.captured, payment.refunded, payment.reserved, Int64(payment.attempts.count)])
            add(.fees, 0, [payment.fee, payment.platformFee, payment.platformFeeReturned])
        }
        for reservation in model.reservations.values { add(.reservations, reservation.state.number, [1]) }
    }

    /// Where the ledger's own word on an account (balance rows, and what is not folded into them yet) differs from what
    /// its transfers say.
    func storedDifference(_ reader: any SQLReader, _ ledger: Ledger) throws -> String? {
        for (index, code) in accounts.codes.enumerated() {
            let totals = try ledger.balance(of: code, currency: .eur, in: reader).totals
            let stored = [totals.debitsPosted, totals.debitsPending, totals.creditsPosted, totals.creditsPending]
            if stored != account(index) { return "\(code): \(stored) is stored, \(account(index)) is derived" }
        }
        if let fault = try ledger.openItemFaults(in: reader).first {
            return "\(fault.account.code): \(fault.open) is open, \(fault.balance) is the balance"
        }
        return nil
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
