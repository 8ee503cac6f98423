public import Contract
import Runtime
import Store
import SwiftProtobuf
import Vault

// Reading orders: one, many, and the figures of a day.
extension Orders {
    public func getOrder(_ request: V1GetOrderRequest, _ context: CallContext) async throws -> V1Order {
        let id = try Self.orderID(request.orderID)
        guard request.reveal else {
            return try await context.book.read { reader in try show(id, reader) }
        }
        guard context.caller.holds("personal:read") else {
            throw OrdersError(
                .missingScope, field: "reveal", "Revealing personal values needs the scope \"personal:read\".",
                facts: ["scope": "personal:read"])
        }
        let caller = context.caller
        return try await context.book.write("orders.reveal", deadline: context.deadline) { tx in
            let row = try existing(id, in: tx)
            let fact = try row.placed()
            var tokens = fact.emailToken.isEmpty ? [] : [fact.emailToken]
            for token in fact.shippingAddress.tokens + fact.billingAddress.tokens where !tokens.contains(token) {
                tokens.append(token)
            }
            let revealed =
                tokens.isEmpty
                ? [:] : try vault.reveal(tokens: tokens, reason: "order \(id)", caller: caller, in: tx)
            return try OrderView.order(row, fact, reader: tx, revealed: revealed)
        }
    }

    public func listOrders(_ request: V1ListOrdersRequest, _ context: CallContext) async throws -> V1ListOrdersReply {
        let query = try OrderQuery(request)
        return try await context.book.read { reader in
            let rows = try query.rows(reader)
            return .with { reply in
                reply.orders = rows.prefix(query.limit).map(OrderView.summary)
                if rows.count > query.limit { reply.nextPageToken = "\(rows[query.limit - 1].id)" }
            }
        }
    }

    public func getOrderDay(_ request: V1GetOrderDayRequest, _ context: CallContext) async throws -> V1OrderDay {
        guard Timestamp(civilDay: request.day) != nil else {
            throw OrdersError.invalid("day", request.day, "must be a day as \"2026-11-21\"")
        }
        let day = request.day
        return try await context.book.read { reader in
            let figures = try DayStorage.figures(of: day, in: reader)
            return .with {
                $0.day = day
                $0.figures = figures
            }
        }
    }

    /// An order with everything that was done with it.
    func show(_ id: OrderID, _ reader: any SQLReader) throws -> V1Order {
        let row = try existing(id, in: reader)
        return try OrderView.order(row, row.placed(), reader: reader)
    }

    func existing(_ id: OrderID, in reader: any SQLReader) throws -> OrderRow {
        guard let row = try OrderStorage.find(id, in: reader) else { throw OrdersError.unknownOrder("\(id)") }
        return row
    }
}

/// Which orders a list shows. One page holds `limit`; one row more is read to know whether another page follows.
struct OrderQuery {
    let state: OrderState?
    let person: PersonID?
    let lower: UUIDv7?
    let cursor: UUIDv7?
    let limit: Int

    init(_ request: V1ListOrdersRequest) throws {
        if request.state.isEmpty {
            state = nil
        } else {
            guard let state = OrderState(name: request.state) else {
                let names = OrderState.allCases.map(\.name).joined(separator: ", ")
                throw OrdersError.invalid("state", request.state, "must be one of \(names)")
            }
            self.state = state
        }
        if request.personID.isEmpty {
            person = nil
        } else {
            guard let person = PersonID(request.personID) else {
                throw OrdersError.invalid("person_id", request.personID, "must be a person's id, as \"per_01h…\"")
            }
            self.person = person
        }
        guard (0...Int32(Orders.largestPage)).contains(request.pageSize) else {
            throw OrdersError.invalid(
                "page_size", "\(request.pageSize)", "must be from 1 to \(Orders.largestPage)")
        }
        limit = request.pageSize == 0 ? 50 : Int(request.pageSize)
        var cursor: UUIDv7?
        if !request.pageToken.isEmpty {
            guard let last = OrderID(request.pageToken) else {
                throw OrdersError.invalid("page_token", request.pageToken, "must be a token of an earlier page")
            }
            cursor = last.uuid
        }
        if request.day.isEmpty {
            lower = nil
        } else {
            guard let day = Timestamp(civilDay: request.day) else {
                throw OrdersError.invalid("day", request.day, "must be a day as \"2026-11-21\"")
            }
            // An id holds its time, so a day is a range of ids and needs no index.
            lower = .lowest(at: day)
            let next = UUIDv7.lowest(at: day.adding(.seconds(86_400)))
            cursor = cursor.map { min($0, next) } ?? next
        }
        self.cursor = cursor
    }

    func rows(_ reader: any SQLReader) throws -> [OrderRow] {
        guard let person else {
            guard let state else {
                return try OrderStorage.newest(before: cursor, from: lower, limit: limit + 1, in: reader)
            }
            let ids = try OrderStorage.newest(of: state, before: cursor, from: lower, limit: limit + 1, in: reader)
            return try ids.compactMap { try OrderStorage.find($0, in: reader) }
        }
        let ids = try OrderStorage.newest(
            of: person, in: state, before: cursor, from: lower, limit: limit + 1, in: reader)
        return try ids.compactMap { try OrderStorage.find($0, in: reader) }
    }
}
