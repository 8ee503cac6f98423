public import Catalog
public import Contract
public import Inventory
import Journal
public import Ledger
public import Money
public import Orders
public import Payments
public import Runtime
import Store
import SwiftProtobuf

/// Answers the pages from the capabilities, by the calls of their contracts and in the caller's name.
public struct HouseReads: ConsoleReads {
    let orders: any OrdersService
    let payments: any PaymentsService
    let ledger: any LedgerService
    let inventory: any InventoryService
    let catalog: Catalog

    public init(
        orders: any OrdersService, payments: any PaymentsService, ledger: any LedgerService,
        inventory: any InventoryService, catalog: Catalog
    ) {
        self.orders = orders
        self.payments = payments
        self.ledger = ledger
        self.inventory = inventory
        self.catalog = catalog
    }

    /// The largest part of a list that one page shows, such as the transfers of one order.
    private static let longestList: Int32 = 200

    // MARK: orders

    public func day(_ day: String, _ caller: Caller) async throws -> [DayFigureFact] {
        let call = try call(OrdersContract.getOrderDay, caller)
        return try await orders.getOrderDay(.with { $0.day = day }, call).figures.map {
            DayFigureFact(figure: $0.figure, count: $0.count, amount: try Amount($0.amount, field: "amount"))
        }
    }

    public func hours(of day: Timestamp, _ caller: Caller) async throws -> [HourFact] {
        _ = try call(OrdersContract.listOrders, caller)
        let now = caller.book.world.now()
        return try await caller.book.read { reader in
            try Orders.hours(of: day, now: now, reader)
                .map { HourFact(hour: $0.hour, count: $0.count, total: $0.total) }
        }
    }

    public func orders(state: String, after: String, size: Int, _ caller: Caller) async throws -> Listed<OrderRowFact> {
        let call = try call(OrdersContract.listOrders, caller)
        let request = V1ListOrdersRequest.with {
            $0.state = state
            $0.pageSize = Int32(size)
            $0.pageToken = after
        }
        let reply = try await orders.listOrders(request, call)
        return Listed(try reply.orders.map { try OrderRowFact($0) }, next: reply.nextPageToken)
    }

    public func order(_ id: String, _ caller: Caller) async throws -> OrderFact {
        let call = try call(OrdersContract.getOrder, caller)
        return try OrderFact(try await orders.getOrder(.with { $0.orderID = id }, call))
    }

    public func payments(of reference: String, _ caller: Caller) async throws -> [PaymentFact] {
        let call = try call(PaymentsContract.listPayments, caller)
        let reply = try await payments.listPayments(.with { $0.reference = reference }, call)
        return try reply.payments.map { try PaymentFact($0) }
    }

    public func payment(_ id: String, _ caller: Caller) async throws -> PaymentFact {
        let call = try call(PaymentsContract.getPayment, caller)
        return try PaymentFact(try await payments.getPayment(.with { $0.paymentID = id }, call))
    }

    // MARK: money

    public func transfers(of reference: String, _ caller: Caller) async throws -> [TransferFact] {
        let call = try call(LedgerContract.listTransfers, caller)
        let request = V1ListTransfersRequest.with {
            $0.reference = reference
            $0.pageSize = Self.longestList
        }
        return try await ledger.listTransfers(request, call).transfers.map { try TransferFact($0) }
    }

    public func transfer(_ id: Int64, _ caller: Caller) async throws -> TransferFact {
        let call = try call(LedgerContract.getTransfer, caller)
        return try TransferFact(try await ledger.getTransfer(.with { $0.transferID = id }, call))
    }

    public func trialBalances(_ caller: Caller) async throws -> [TrialFact] {
        let call = try call(LedgerContract.getTrialBalance, caller)
        return try await ledger.getTrialBalance(V1GetTrialBalanceRequest(), call).currencies.map { try TrialFact($0) }
    }

    public func statement(
        of code: String, currency: String, after: String, size: Int, _ caller: Caller
    ) async throws -> StatementFact {
        let call = try call(LedgerContract.getLedgerStatement, caller)
        let request = V1GetLedgerStatementRequest.with {
            $0.code = code
            $0.currency = currency
            $0.pageSize = Int32(size)
            $0.pageToken = after
        }
        return try StatementFact(try await ledger.getLedgerStatement(request, call))
    }

    public func balance(of code: String, currency: String, _ caller: Caller) async throws -> Amount {
        let call = try call(LedgerContract.getLedgerBalance, caller)
        let request = V1GetLedgerBalanceRequest.with {
            $0.code = code
            $0.currency = currency
        }
        return try Amount(try await ledger.getLedgerBalance(request, call).posted, field: "posted")
    }

    public func movement(
        on code: String, currency: Currency, since: Timestamp, _ caller: Caller
    ) async throws -> Amount? {
        let call = try call(LedgerContract.getLedgerBalance, caller)
        var request = V1GetLedgerBalanceRequest.with {
            $0.code = code
            $0.currency = currency.code
        }
        do {
            let now = try await ledger.getLedgerBalance(request, call)
            // The balance of the last moment before: `at` includes its own microsecond.
            request.at = Timestamp(microseconds: since.microseconds - 1).rfc3339
            let then = try await ledger.getLedgerBalance(request, call)
            return try Amount(now.posted, field: "posted").subtracting(Amount(then.posted, field: "posted"))
        } catch let error as any ProblemConvertible where error.problem.status == 404 {
            return nil
        }
    }

    // MARK: the journal

    public func journal(before: Int64?, size: Int, _ caller: Caller) async throws -> JournalFact {
        try await caller.book.read { reader in
            let head = try Journal.head(reader)
            let end = min(head.sequence, (before ?? .max) - 1)
            let start = max(0, end - Int64(size))
            let events = try Journal.events(after: start, limit: Int(max(0, end - start)), reader)
            return JournalFact(
                head: head.sequence, headHash: Hex.text(head.hash),
                events: events.reversed().map { event in
                    EventFact(
                        sequence: event.sequence, at: event.time, type: event.type, bytes: event.payload.count,
                        hash: Hex.text(event.hash), previousHash: Hex.text(event.previousHash))
                })
        }
    }

    public func verifyJournal(_ caller: Caller) async throws -> VerdictFact {
        let started = ContinuousClock.now
        let report = try await caller.book.read { try JournalVerifier.verify($0) }
        return VerdictFact(
            verified: report.verified, headHash: Hex.text(report.headHash), fault: report.finding?.fault.rawValue,
            detail: report.finding?.detail ?? "", took: ContinuousClock.now - started)
    }

    // MARK: goods

    public func stock(after: String, size: Int, _ caller: Caller) async throws -> Listed<StockFact> {
        let call = try call(InventoryContract.listStock, caller)
        let request = V1ListStockRequest.with {
            $0.pageSize = Int32(size)
            $0.pageToken = after
        }
        let reply = try await inventory.listStock(request, call)
        return Listed(try await named(reply.stock, caller), next: reply.nextPageToken)
    }

    public func stock(matching words: String, size: Int, _ caller: Caller) async throws -> [StockFact] {
        let variants = try await products(matching: words, size: size, caller).flatMap(\.variants)
        return try await stock(of: Array(variants.prefix(size).map(\.id)), caller)
    }

    public func stock(of variants: [String], _ caller: Caller) async throws -> [StockFact] {
        let call = try call(InventoryContract.getStock, caller)
        var stock: [V1VariantStock] = []
        for variant in variants.prefix(Int(Self.longestList)) {
            stock.append(try await inventory.getStock(.with { $0.variantID = variant }, call))
        }
        return try await named(stock, caller)
    }

    public func products(status: String, after: String, size: Int, _ caller: Caller) async throws -> Listed<ProductFact>
    {
        let call = try call(CatalogContract.listProducts, caller)
        let request = V1ListProductsRequest.with {
            $0.status = status
            $0.pageSize = Int32(size)
            $0.pageToken = after
        }
        let reply = try await catalog.listProducts(request, call)
        return Listed(try reply.products.map { try ProductFact($0) }, next: reply.nextPageToken)
    }

    public func products(matching words: String, size: Int, _ caller: Caller) async throws -> [ProductFact] {
        let call = try call(CatalogContract.searchProducts, caller)
        let request = V1SearchProductsRequest.with {
            $0.q = words
            $0.pageSize = Int32(size)
        }
        return try await catalog.searchProducts(request, call).products.map { try ProductFact($0) }
    }

    public func product(_ id: String, _ caller: Caller) async throws -> ProductFact {
        let call = try call(CatalogContract.getProduct, caller)
        return try ProductFact(try await catalog.getProduct(.with { $0.productID = id }, call))
    }

    public func productID(ofVariant id: String, _ caller: Caller) async throws -> String {
        let call = try call(CatalogContract.getVariant, caller)
        return try await catalog.getVariant(.with { $0.variantID = id }, call).productID
    }

    /// Stock with the titles of its variants, where the caller may read the catalogue.
    private func named(_ stock: [V1VariantStock], _ caller: Caller) async throws -> [StockFact] {
        let ids = caller.holds(CatalogContract.getVariant.scope) ? stock.compactMap { VariantID($0.variantID) } : []
        let variants = try await caller.book.read { try catalog.variants(ids, reader: $0) }
        return stock.map { stock in
            let variant = VariantID(stock.variantID).flatMap { variants[$0] }
            return StockFact(
                variant: stock.variantID, sku: variant?.sku ?? "", title: variant?.title ?? "",
                tracked: variant?.tracked ?? true, onHand: stock.onHand, reserved: stock.reserved,
                available: stock.available)
        }
    }

    /// The context of a call; refused when the caller lacks the call's scope. It has the deadline of the contract.
    private func call(_ operation: Operation, _ caller: Caller) throws -> CallContext {
        guard caller.holds(operation.scope) else { throw Problem.forbidden(scope: operation.scope) }
        let deadline = caller.book.world.now().adding(.milliseconds(operation.promise.deadlineMs))
        return CallContext(caller: caller, operation: operation, deadline: deadline)
    }
}
