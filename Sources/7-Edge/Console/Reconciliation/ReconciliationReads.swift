public import Contract
public import Reconciliation

/// What the pages of reconciliation ask of the house, in the caller's name. `HouseReconciliation` answers from the
/// capability; tests answer by hand.
///
/// Every method throws `Problem`, or an error that converts to one, when the caller may not do it or it is not there.
public protocol ReconciliationReads: Sendable {
    func quality(from: String, until: String, _ caller: Caller) async throws -> V1QualityReport
    func heatmap(from: String, until: String, _ caller: Caller) async throws -> V1QualityHeatmap
    func ageing(_ caller: Caller) async throws -> V1QualityAgeing
    func awaited(_ caller: Caller) async throws -> [V1AwaitedStatement]
    func openItems(
        channel: String, currency: String, after: String, size: Int, _ caller: Caller
    ) async throws -> V1ListChannelOpenItemsReply

    func runs(day: String, after: String, size: Int, _ caller: Caller) async throws -> V1ListRunsReply
    func run(_ id: String, _ caller: Caller) async throws -> V1ReconciliationRun
    func statement(_ id: String, _ caller: Caller) async throws -> V1ReconciliationStatement
    func confirm(run id: String, version: Int64, _ caller: Caller) async throws
    /// The surest suggestions of a run.
    func suggestions(run id: String, size: Int, _ caller: Caller) async throws -> V1ListSuggestionsReply
    func retry(run id: String, version: Int64, _ caller: Caller) async throws
    func abort(run id: String, version: Int64, reason: String, _ caller: Caller) async throws

    func cases(_ filter: V1ListCasesRequest, _ caller: Caller) async throws -> V1ListCasesReply
    func item(_ id: String, _ caller: Caller) async throws -> V1ReconciliationCase
    func preview(repair id: String, _ caller: Caller) async throws -> V1RepairPreview
    func note(case id: String, text: String, _ caller: Caller) async throws
    func move(case id: String, _ move: String, reason: String, version: Int64, _ caller: Caller) async throws
    /// An empty owner or deadline is left as it is.
    func assign(case id: String, owner: String, deadline: String, version: Int64, _ caller: Caller) async throws
    func unassign(case id: String, version: Int64, _ caller: Caller) async throws
    func attach(_ content: [UInt8], named name: String, to id: String, _ caller: Caller) async throws
    func attachment(_ sha256: String, of id: String, _ caller: Caller) async throws -> [UInt8]
    /// `key` makes a form that is sent twice one proposal.
    func propose(_ request: V1ProposeRepairRequest, key: String, _ caller: Caller) async throws
    func decide(
        repair id: String, _ decision: RepairDecision, reason: String, version: Int64, _ caller: Caller
    ) async throws
}

/// What may be done with a repair that was proposed.
public enum RepairDecision: String, Sendable, CaseIterable {
    case approve, reject, withdraw, execute
}
