import Contract
import Journal
import Money
import Runtime
import Store
import SwiftProtobuf
import Vault

/// Keeps what lists and days need, from the orders' own events. It can be dropped and derived again.
struct OrderLists: Projection {
    var name: String { "orders.lists" }

    var types: Set<String> {
        [
            V1OrderPlaced.protoMessageName, V1OrderMoved.protoMessageName, V1OrderPaymentMoved.protoMessageName,
            V1OrderFulfilled.protoMessageName, V1OrderRefunded.protoMessageName,
            V1OrderReturned.protoMessageName, V1OrderRevenueCorrected.protoMessageName
        ]
    }

    private static let insertState = Prepared("INSERT INTO order_states (state, order_id) VALUES (?, ?)")
    private static let deleteState = Prepared("DELETE FROM order_states WHERE state = ? AND order_id = ?")
    private static let insertPerson = Prepared("INSERT INTO order_people (person, order_id) VALUES (?, ?)")
    private static let insertLine = Prepared(
        "INSERT INTO order_lines (order_id, line, variant, quantity, total) VALUES (?, ?, ?, ?, ?)")

    func apply(_ event: JournalEvent, in tx: Transaction) throws {
        switch event.type {
        case V1OrderPlaced.protoMessageName: try placed(V1OrderPlaced(serializedBytes: event.payload), in: tx)
        case V1OrderMoved.protoMessageName: try moved(V1OrderMoved(serializedBytes: event.payload), in: tx)
        case V1OrderPaymentMoved.protoMessageName:
            let told = try V1OrderPaymentMoved(serializedBytes: event.payload)
            guard told.state == "captured" else { return }
            DayFigures.add(told.atUs, told.currency, "captured", told.amountMinor, in: tx)
        case V1OrderFulfilled.protoMessageName:
            let told = try V1OrderFulfilled(serializedBytes: event.payload)
            let revenue = told.salesMinor + told.shippingMinor
            DayFigures.add(told.atUs, told.currency, "revenue", revenue, in: tx)
            DayFigures.add(told.atUs, told.currency, "tax", told.taxMinor, in: tx)
            if told.discountMinor != 0 {
                DayFigures.add(told.atUs, told.currency, "discount", told.discountMinor, in: tx)
            }
            if told.costMinor != 0 { DayFigures.add(told.atUs, told.currency, "cost", told.costMinor, in: tx) }
        case V1OrderRefunded.protoMessageName:
            let told = try V1OrderRefunded(serializedBytes: event.payload)
            DayFigures.add(told.atUs, told.currency, "refunded", told.amountMinor, in: tx)
        case V1OrderReturned.protoMessageName:
            let told = try V1OrderReturned(serializedBytes: event.payload)
            if told.costMinor != 0 {
                DayFigures.add(told.atUs, told.currency, "cost", -told.costMinor, count: 0, in: tx)
            }
        case V1OrderRevenueCorrected.protoMessageName:
            let told = try V1OrderRevenueCorrected(serializedBytes: event.payload)
            DayFigures.add(told.atUs, told.currency, "revenue_corrected", told.revenueMinor, in: tx)
            DayFigures.add(told.atUs, told.currency, "tax", -told.taxMinor, count: 0, in: tx)
        default:
            return
        }
    }

    func reset(in tx: Transaction) throws {
        for table in ["order_states", "order_people", "order_lines", "order_days"] {
            try tx.execute("DELETE FROM \(raw: table)")
        }
    }

    private func placed(_ fact: V1OrderPlaced, in tx: Transaction) throws {
        let order = [UInt8](fact.order)
        try tx.execute(Self.insertState, [.integer(OrderState.placed.rawValue), .bytes(order)])
        if let person = PersonID(fact.personID) {
            try tx.execute(Self.insertPerson, [.bytes(person.uuid.bytes), .bytes(order)])
        }
        try tx.execute(each: Self.insertLine, count: fact.lines.count) { index, row in
            let line = fact.lines[index]
            row.bytes(order)
            row.integer(Int64(index + 1))
            row.bytes([UInt8](line.variant))
            row.integer(line.quantity)
            row.integer(line.totalMinor)
        }
        DayFigures.add(fact.atUs, fact.currency, "placed", fact.totalMinor, in: tx)
        DayFigures.add(fact.atUs, fact.currency, "state:placed", fact.totalMinor, in: tx)
    }

    private func moved(_ event: V1OrderMoved, in tx: Transaction) throws {
        guard let from = OrderState(name: event.from), let to = OrderState(name: event.to), from != to else { return }
        let order = [UInt8](event.order)
        try tx.execute(Self.deleteState, [.integer(from.rawValue), .bytes(order)])
        try tx.execute(Self.insertState, [.integer(to.rawValue), .bytes(order)])
        // The count by state belongs to the day on which the order was placed, and its id tells that day.
        let placedAt = try OrderID(data: event.order).uuid.madeAt.microseconds
        DayFigures.add(placedAt, event.currency, "state:\(from.name)", -event.totalMinor, count: -1, in: tx)
        DayFigures.add(placedAt, event.currency, "state:\(to.name)", event.totalMinor, in: tx)
    }
}
