public import Contract
public import Money
public import Runtime

/// What the pages ask of the house. `HouseReads` answers from the capabilities; tests answer by hand.
///
/// Every method throws `Problem`, or an error that converts to one, when the caller may not read it or it is not there.
public protocol ConsoleReads: Sendable {
    func day(_ day: String, _ caller: Caller) async throws -> [DayFigureFact]
    func hours(of day: Timestamp, _ caller: Caller) async throws -> [HourFact]
    func orders(state: String, after: String, size: Int, _ caller: Caller) async throws -> Listed<OrderRowFact>
    func order(_ id: String, _ caller: Caller) async throws -> OrderFact
    func payments(of reference: String, _ caller: Caller) async throws -> [PaymentFact]
    func payment(_ id: String, _ caller: Caller) async throws -> PaymentFact

    func transfers(of reference: String, _ caller: Caller) async throws -> [TransferFact]
    func transfer(_ id: Int64, _ caller: Caller) async throws -> TransferFact
    func trialBalances(_ caller: Caller) async throws -> [TrialFact]
    func statement(
        of code: String, currency: String, after: String, size: Int, _ caller: Caller
    ) async throws -> StatementFact
    /// The posted balance of an account now, on its normal side.
    func balance(of code: String, currency: String, _ caller: Caller) async throws -> Amount
    /// What has moved on an account since a moment, on its normal side; nil when there is no such account.
    func movement(on code: String, currency: Currency, since: Timestamp, _ caller: Caller) async throws -> Amount?

    /// The newest events, or those before `before`.
    func journal(before: Int64?, size: Int, _ caller: Caller) async throws -> JournalFact
    func verifyJournal(_ caller: Caller) async throws -> VerdictFact

    func stock(after: String, size: Int, _ caller: Caller) async throws -> Listed<StockFact>
    func stock(matching words: String, size: Int, _ caller: Caller) async throws -> [StockFact]
    func stock(of variants: [String], _ caller: Caller) async throws -> [StockFact]
    func products(status: String, after: String, size: Int, _ caller: Caller) async throws -> Listed<ProductFact>
    func products(matching words: String, size: Int, _ caller: Caller) async throws -> [ProductFact]
    func product(_ id: String, _ caller: Caller) async throws -> ProductFact
    /// The product that a variant belongs to.
    func productID(ofVariant id: String, _ caller: Caller) async throws -> String
}
