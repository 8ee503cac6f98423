public import Contract
import Inventory
import Money
import Runtime
import Store
import SwiftProtobuf

// Sending goods and taking them back.
extension Orders {
    public func fulfilOrder(_ request: V1FulfilOrderRequest, _ context: CallContext) async throws -> V1Order {
        let id = try Self.orderID(request.orderID)
        let version = context.header("if-match")
        return try await context.book.perform(context, request) { tx in
            var row = try existing(id, in: tx)
            try Self.checkVersion(row, version)
            // The state is asked first: "paid" says more than "nothing is left of line 1".
            _ = try row.state.after(.fulfilPart)
            try fulfil(&row, request, in: tx)
            try OrderStorage.update(row, in: tx)
            return try OrderView.order(row, row.placed(), reader: tx)
        }
    }

    public func returnOrder(_ request: V1ReturnOrderRequest, _ context: CallContext) async throws -> V1Order {
        let id = try Self.orderID(request.orderID)
        let version = context.header("if-match")
        return try await context.book.perform(context, request) { tx in
            var row = try existing(id, in: tx)
            try Self.checkVersion(row, version)
            _ = try row.state.after(.returnPart)
            guard !request.lines.isEmpty else {
                throw OrdersError.invalid("lines", "0", "must name what came back")
            }
            try takeBack(&row, request, in: tx)
            try OrderStorage.update(row, in: tx)
            return try OrderView.order(row, row.placed(), reader: tx)
        }
    }

    private func fulfil(_ row: inout OrderRow, _ request: V1FulfilOrderRequest, in tx: Transaction) throws {
        let fact = try row.placed()
        let recognition = try fact.recognition()
        var done = row.quantities
        let left = zip(fact.lines, done.fulfilled).map { $0.quantity - $1 }
        let sent = try Self.quantities(request.lines, left: left, doing: "sent")
        let before = try recognition.earned(done.fulfilled)
        for index in sent.indices { done.fulfilled[index] += sent[index] }
        let earned = try recognition.earned(done.fulfilled).subtracting(before)
        let number = Int64(try DeedStorage.fulfilments(of: row.id, in: tx).count + 1)

        try inventory.fulfil(
            reference: row.reference, lines: stock(fact, sent), deed: "\(row.reference)/f\(number)", in: tx)
        try postSale(earned, reference: row.reference, in: tx)
        let lines = Self.lines(sent)
        try DeedStorage.insert(
            .init(
                number: number, lines: lines, carrier: request.carrier, trackingNumber: request.trackingNumber,
                at: tx.now),
            of: row.id, in: tx)
        row.set(done)
        let isAll = zip(fact.lines, done.fulfilled).allSatisfy { $0.quantity == $1 }
        try tx.record(
            V1OrderFulfilled.with {
                $0.order = fact.order
                $0.number = Int32(number)
                $0.lines = lines
                $0.carrier = request.carrier
                $0.trackingNumber = request.trackingNumber
                $0.currency = fact.currency
                $0.salesMinor = earned.sales.minor
                $0.discountMinor = earned.discount.minor
                $0.shippingMinor = earned.shipping.minor
                $0.taxMinor = earned.tax.minor
                $0.costMinor = earned.cost[earned.sales.currency] ?? 0
                $0.atUs = tx.now.microseconds
            })
        try move(&row, isAll ? .fulfilRest : .fulfilPart, in: tx)
        try correctRevenue(&row, recognition, in: tx)
    }

    private func takeBack(_ row: inout OrderRow, _ request: V1ReturnOrderRequest, in tx: Transaction) throws {
        let fact = try row.placed()
        let recognition = try fact.recognition()
        var done = row.quantities
        let out = zip(done.fulfilled, done.returned).map { $0 - $1 }
        let back = try Self.quantities(request.lines, left: out, doing: "returned")
        let number = Int64(try DeedStorage.returns(of: row.id, in: tx).count + 1)
        for index in back.indices {
            done.returned[index] += back[index]
            if request.restock { done.restocked[index] += back[index] }
        }
        var cost: Int64 = 0
        if request.restock {
            let worth = try recognition.cost(of: back)
            cost = worth[row.currency] ?? 0
            try inventory.restock(
                stock(fact, back), reason: .returned, reference: "\(row.reference)/r\(number)", in: tx)
            try postRestock(worth, reference: row.reference, in: tx)
        }
        let lines = Self.lines(back)
        try DeedStorage.insert(
            .init(number: number, lines: lines, restocked: request.restock, reason: request.reason, at: tx.now),
            of: row.id, in: tx)
        row.set(done)
        try tx.record(
            V1OrderReturned.with { [cost] in
                $0.order = fact.order
                $0.number = Int32(number)
                $0.lines = lines
                $0.restocked = request.restock
                $0.reason = request.reason
                $0.currency = fact.currency
                $0.costMinor = cost
                $0.atUs = tx.now.microseconds
            })
        let isAll = zip(fact.lines, done.returned).allSatisfy { $0.quantity == $1 }
        try move(&row, isAll ? .returnAll : .returnPart, reason: request.reason, in: tx)
        try correctRevenue(&row, recognition, in: tx)
    }

    private func stock(_ fact: V1OrderPlaced, _ quantities: [Int64]) throws -> [StockLine] {
        try zip(fact.lines, quantities).filter { $1 > 0 }.map { line, quantity in
            StockLine(variant: try line.variantID, quantity: quantity, tracked: line.tracked)
        }
    }

    private static func lines(_ quantities: [Int64]) -> [V1FulfilledLine] {
        quantities.enumerated().filter { $0.element > 0 }.map { index, quantity in
            .with {
                $0.line = Int32(index + 1)
                $0.quantity = quantity
            }
        }
    }
}
