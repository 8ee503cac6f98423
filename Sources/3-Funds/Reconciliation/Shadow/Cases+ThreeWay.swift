public import Contract
internal import Ledger
internal import Money
internal import Runtime
internal import Store
internal import SwiftProtobuf

// One order seen three ways: what was sold, what was charged with its fees, and what came to the bank.
extension Cases {
    /// Days that one list of orders may span.
    public static let checkedDays: Int64 = 400
    /// Transfers of one order that are read; an order with more is said to differ.
    static let transfersPerOrder = 1_000

    public func checkOrder(_ request: V1CheckOrderRequest, _ context: CallContext) async throws -> V1OrderCheck {
        try await context.book.read { reader in
            guard let order = try SeenOrder.find(request.reference, reader) else {
                throw CasesError.notFound("order", request.reference)
            }
            return V1OrderCheck(try legs(order, reader))
        }
    }

    public func checkOrders(_ request: V1CheckOrdersRequest, _ context: CallContext) async throws -> V1CheckOrdersReply
    {
        guard let from = BusinessDay(request.from) else {
            throw Problem.invalidParameter("from", value: request.from, rule: "must be a day as 2026-11-21")
        }
        guard let until = BusinessDay(request.until), until >= from, until.number - from.number < Self.checkedDays
        else {
            throw Problem.invalidParameter(
                "until", value: request.until, rule: "must be a day from `from` on, at most \(Self.checkedDays) days")
        }
        let page = try ListPage(request.pageSize, request.pageToken, kinds: 2)
        let (time, reference): (Timestamp?, String?) = (try page.after(0), try page.after(1))
        let last = time.flatMap { time in reference.map { (time, $0) } }
        return try await context.book.read { reader in
            let found = try SeenOrder.page(
                from: from.start, until: until.adding(days: 1).start, after: last, limit: page.limit, reader)
            let (orders, next) = page.cut(found) { [$0.placedAt.sqlValue, $0.reference.sqlValue] }
            return try .with {
                $0.orders = try orders.map { V1OrderCheck(try legs($0, reader)) }
                    .filter { !request.differing || $0.verdict == "differs" }
                $0.nextPageToken = next
            }
        }
    }

    /// The three legs of an order, from the journal's view of it and from the ledger's transfers under its reference.
    private func legs(_ order: SeenOrder, _ reader: any SQLReader) throws -> OrderLegs {
        var legs = OrderLegs(order)
        let transfers = try ledger.transfers(reference: order.reference, limit: Self.transfersPerOrder, in: reader)
        legs.isCutShort = transfers.count == Self.transfersPerOrder
        var codes: [AccountKey: Account] = [:]
        func account(_ key: AccountKey) throws -> Account? {
            if let known = codes[key] { return known }
            codes[key] = try ledger.account(key, in: reader)
            return codes[key]
        }
        for transfer in transfers where transfer.amountMinor != 0 {
            guard let debit = try account(transfer.debit), let credit = try account(transfer.credit),
                debit.currency == order.currency
            else { continue }
            legs.add(
                debit: debit.code, credit: credit.code, minor: transfer.amountMinor, code: transfer.code)
        }
        return legs
    }
}

extension BusinessDay {
    /// The first moment of the day in UTC.
    var start: Timestamp { Timestamp(microseconds: number * 86_400_000_000) }
}
