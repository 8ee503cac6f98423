public import Contract
public import Reconciliation
import Runtime
import Store
import SwiftProtobuf

import struct Foundation.Data

/// Answers the pages by the calls of the contracts.
public struct HouseReconciliation: ReconciliationReads {
    /// What looking at all of it needs.
    public static let readScope = "reconciliation:read"

    let runs: any ReconciliationService
    let cases: any ReconciliationCasesService
    let quality: any ReconciliationQualityService

    public init(
        runs: any ReconciliationService, cases: any ReconciliationCasesService,
        quality: any ReconciliationQualityService
    ) {
        self.runs = runs
        self.cases = cases
        self.quality = quality
    }

    // MARK: quality

    public func quality(from: String, until: String, _ caller: Caller) async throws -> V1QualityReport {
        let request = V1GetQualityRequest.with {
            $0.from = from
            $0.until = until
        }
        return try await quality.getQuality(request, call(ReconciliationQualityContract.getQuality, caller))
    }

    public func heatmap(from: String, until: String, _ caller: Caller) async throws -> V1QualityHeatmap {
        let request = V1GetQualityHeatmapRequest.with {
            $0.from = from
            $0.until = until
        }
        return try await quality.getQualityHeatmap(
            request, call(ReconciliationQualityContract.getQualityHeatmap, caller))
    }

    public func ageing(_ caller: Caller) async throws -> V1QualityAgeing {
        try await quality.getQualityAgeing(
            V1GetQualityAgeingRequest(), call(ReconciliationQualityContract.getQualityAgeing, caller))
    }

    public func awaited(_ caller: Caller) async throws -> [V1AwaitedStatement] {
        try await quality.listAwaitedStatements(
            V1ListAwaitedStatementsRequest(), call(ReconciliationQualityContract.listAwaitedStatements, caller)
        ).statements
    }

    public func openItems(
        channel: String, currency: String, after: String, size: Int, _ caller: Caller
    ) async throws -> V1ListChannelOpenItemsReply {
        let request = V1ListChannelOpenItemsRequest.with {
            $0.channel = channel
            $0.currency = currency
            $0.pageSize = Int32(size)
            $0.pageToken = after
        }
        return try await quality.listChannelOpenItems(
            request, call(ReconciliationQualityContract.listChannelOpenItems, caller))
    }

    // MARK: runs

    public func runs(day: String, after: String, size: Int, _ caller: Caller) async throws -> V1ListRunsReply {
        let request = V1ListRunsRequest.with {
            $0.day = day
            $0.pageSize = Int32(size)
            $0.pageToken = after
        }
        return try await runs.listRuns(request, call(ReconciliationContract.listRuns, caller))
    }

    public func run(_ id: String, _ caller: Caller) async throws -> V1ReconciliationRun {
        try await runs.getRun(.with { $0.runID = id }, call(ReconciliationContract.getRun, caller))
    }

    public func statement(_ id: String, _ caller: Caller) async throws -> V1ReconciliationStatement {
        try await runs.getStatement(.with { $0.statementID = id }, call(ReconciliationContract.getStatement, caller))
    }

    public func confirm(run id: String, version: Int64, _ caller: Caller) async throws {
        let request = V1ConfirmRunRequest.with {
            $0.runID = id
            $0.version = version
        }
        _ = try await runs.confirmRun(request, call(ReconciliationContract.confirmRun, request, caller))
    }

    public func suggestions(run id: String, size: Int, _ caller: Caller) async throws -> V1ListSuggestionsReply {
        let request = V1ListSuggestionsRequest.with {
            $0.runID = id
            $0.pageSize = Int32(size)
        }
        return try await runs.listSuggestions(request, call(ReconciliationContract.listSuggestions, caller))
    }

    public func retry(run id: String, version: Int64, _ caller: Caller) async throws {
        let request = V1RetryRunRequest.with {
            $0.runID = id
            $0.version = version
        }
        _ = try await runs.retryRun(request, call(ReconciliationContract.retryRun, request, caller))
    }

    public func abort(run id: String, version: Int64, reason: String, _ caller: Caller) async throws {
        let request = V1AbortRunRequest.with {
            $0.runID = id
            $0.version = version
            $0.reason = reason
        }
        _ = try await runs.abortRun(request, call(ReconciliationContract.abortRun, request, caller))
    }

    // MARK: cases

    public func cases(_ filter: V1ListCasesRequest, _ caller: Caller) async throws -> V1ListCasesReply {
        try await cases.listCases(filter, call(ReconciliationCasesContract.listCases, caller))
    }

    public func item(_ id: String, _ caller: Caller) async throws -> V1ReconciliationCase {
        try await cases.getCase(.with { $0.caseID = id }, call(ReconciliationCasesContract.getCase, caller))
    }

    public func preview(repair id: String, _ caller: Caller) async throws -> V1RepairPreview {
        try await cases.previewRepair(
            .with { $0.repairID = id }, call(ReconciliationCasesContract.previewRepair, caller))
    }

    public func note(case id: String, text: String, _ caller: Caller) async throws {
        let request = V1AddCaseNoteRequest.with {
            $0.caseID = id
            $0.text = text
        }
        _ = try await cases.addCaseNote(request, call(ReconciliationCasesContract.addCaseNote, request, caller))
    }

    public func move(case id: String, _ move: String, reason: String, version: Int64, _ caller: Caller) async throws {
        let request = V1MoveCaseRequest.with {
            $0.caseID = id
            $0.move = move
            $0.reason = reason
            $0.version = version
        }
        _ = try await cases.moveCase(request, call(ReconciliationCasesContract.moveCase, request, caller))
    }

    public func assign(
        case id: String, owner: String, deadline: String, version: Int64, _ caller: Caller
    ) async throws {
        let request = V1AssignCaseRequest.with {
            $0.caseID = id
            $0.owner = owner
            $0.deadlineAt = deadline
            $0.version = version
        }
        _ = try await cases.assignCase(request, call(ReconciliationCasesContract.assignCase, request, caller))
    }

    public func unassign(case id: String, version: Int64, _ caller: Caller) async throws {
        let request = V1AssignCaseRequest.with {
            $0.caseID = id
            $0.unassign = true
            $0.version = version
        }
        _ = try await cases.assignCase(request, call(ReconciliationCasesContract.assignCase, request, caller))
    }

    public func attach(_ content: [UInt8], named name: String, to id: String, _ caller: Caller) async throws {
        let request = V1AttachToCaseRequest.with {
            $0.caseID = id
            $0.name = CaseFileName.plain(name)
            $0.content = Data(content)
        }
        _ = try await cases.attachToCase(request, call(ReconciliationCasesContract.attachToCase, request, caller))
    }

    public func attachment(_ sha256: String, of id: String, _ caller: Caller) async throws -> [UInt8] {
        let request = V1DownloadCaseFileRequest.with {
            $0.caseID = id
            $0.sha256 = sha256
        }
        let call = try call(ReconciliationCasesContract.downloadCaseFile, caller)
        return Array(try await cases.downloadCaseFile(request, call).content)
    }

    public func propose(_ request: V1ProposeRepairRequest, key: String, _ caller: Caller) async throws {
        var context = try call(ReconciliationCasesContract.proposeRepair, request, caller)
        context.idempotencyKey = key
        _ = try await cases.proposeRepair(request, context)
    }

    public func decide(
        repair id: String, _ decision: RepairDecision, reason: String, version: Int64, _ caller: Caller
    ) async throws {
        let request = V1DecideRepairRequest.with {
            $0.repairID = id
            $0.reason = reason
            $0.version = version
        }
        switch decision {
        case .approve:
            _ = try await cases.approveRepair(request, call(ReconciliationCasesContract.approveRepair, request, caller))
        case .reject:
            _ = try await cases.rejectRepair(request, call(ReconciliationCasesContract.rejectRepair, request, caller))
        case .withdraw:
            _ = try await cases.withdrawRepair(
                request, call(ReconciliationCasesContract.withdrawRepair, request, caller))
        case .execute:
            _ = try await cases.executeRepair(request, call(ReconciliationCasesContract.executeRepair, request, caller))
        }
    }

    /// The same for a request that somebody wrote: the contract's rules for its fields hold here too.
    private func call(_ operation: Operation, _ request: some Message, _ caller: Caller) throws -> CallContext {
        let context = try call(operation, caller)
        try (request as? any Validated)?.validate("")
        return context
    }

    /// The context of a call; refused when the caller lacks the call's scope. It has the deadline of the contract.
    private func call(_ operation: Operation, _ caller: Caller) throws -> CallContext {
        guard caller.holds(operation.scope) else { throw Problem.forbidden(scope: operation.scope) }
        let deadline = caller.book.world.now().adding(.milliseconds(operation.promise.deadlineMs))
        return CallContext(caller: caller, operation: operation, deadline: deadline)
    }
}
