public import Contract
internal import Runtime
internal import Store
internal import SwiftProtobuf

// The calls about repairs.
extension Cases {
    public func tryRepair(_ request: V1ProposeRepairRequest, _ context: CallContext) async throws -> V1RepairPreview {
        let (id, kind, wish) = try Self.wanted(request)
        let actor = try await actor(context)
        var preview = try await DryRun(cases: self).run(context.book, deadline: context.deadline) { tx in
            var row = try CaseStorage.existing(id, tx)
            let plan = try RepairPlan.make(kind, try subject(row, tx), wish)
            let repair = try propose(plan, for: &row, reason: request.reason, by: actor, in: tx)
            return (row, repair)
        }
        preview.waitsBecause = try await context.book.read { reader in
            let row = try CaseStorage.existing(id, reader)
            let plan = try RepairPlan.make(kind, try subject(row, reader), wish)
            return try waits(plan, row, reader, now: context.book.world.now())
        }
        return preview
    }

    public func proposeRepair(_ request: V1ProposeRepairRequest, _ context: CallContext) async throws -> V1Repair {
        let (id, kind, wish) = try Self.wanted(request)
        let actor = try await actor(context)
        return try await context.book.perform(context, request) { tx in
            var row = try CaseStorage.existing(id, tx)
            let plan = try RepairPlan.make(kind, try subject(row, tx), wish)
            return V1Repair(try propose(plan, for: &row, reason: request.reason, by: actor, in: tx))
        }
    }

    public func listRepairs(_ request: V1ListRepairsRequest, _ context: CallContext) async throws -> V1ListRepairsReply
    {
        let page = try ListPage(request.pageSize, request.pageToken)
        let id = request.caseID.isEmpty ? nil : try CaseID(request.caseID, field: "case_id")
        if !request.state.isEmpty, RepairState(rawValue: request.state) == nil {
            throw Problem.invalidParameter("state", value: request.state, rule: "is no state of a repair")
        }
        return try await context.book.read { reader in
            let found = try RepairStorage.page(
                caseID: id, state: request.state, before: try page.after(), limit: page.limit, reader)
            let (rows, next) = page.cut(found) { [$0.id.sqlValue] }
            return .with {
                $0.repairs = rows.map(V1Repair.init)
                $0.nextPageToken = next
            }
        }
    }

    public func getRepair(_ request: V1GetRepairRequest, _ context: CallContext) async throws -> V1Repair {
        let id = try RepairID(request.repairID, field: "repair_id")
        return try await context.book.read { V1Repair(try RepairStorage.existing(id, $0)) }
    }

    public func previewRepair(
        _ request: V1PreviewRepairRequest, _ context: CallContext
    ) async throws -> V1RepairPreview {
        let id = try RepairID(request.repairID, field: "repair_id")
        let waits = try await context.book.read { try RepairStorage.existing(id, $0).waits }
        var preview = try await DryRun(cases: self).run(context.book, deadline: context.deadline) { tx in
            let repair = try RepairStorage.existing(id, tx)
            return (try CaseStorage.existing(repair.caseID, tx), repair)
        }
        preview.waitsBecause = waits
        return preview
    }

    public func approveRepair(_ request: V1DecideRepairRequest, _ context: CallContext) async throws -> V1Repair {
        try await decide(request, context, .approve)
    }

    public func rejectRepair(_ request: V1DecideRepairRequest, _ context: CallContext) async throws -> V1Repair {
        guard !request.reason.isEmpty else { throw CasesError.invalid("reason", "", "is needed to reject a repair") }
        return try await decide(request, context, .reject)
    }

    public func withdrawRepair(_ request: V1DecideRepairRequest, _ context: CallContext) async throws -> V1Repair {
        try await decide(request, context, .withdraw)
    }

    public func executeRepair(_ request: V1DecideRepairRequest, _ context: CallContext) async throws -> V1Repair {
        try await change(request, context) { repair, actor, tx in
            try execute(&repair, by: actor, in: tx)
            return repair
        }
    }

    public func reverseRepair(_ request: V1DecideRepairRequest, _ context: CallContext) async throws -> V1Repair {
        guard !request.reason.isEmpty else { throw CasesError.invalid("reason", "", "is needed to reverse a repair") }
        return try await change(request, context) { repair, actor, tx in
            guard repair.state == .executed, repair.plan.kind != .reversal, repair.plan.kind != .markTiming else {
                throw CasesError(
                    .repairImpossible,
                    "only an executed repair with entries can be reversed; this one (\(repair.plan.kind.rawValue)) is "
                        + repair.state.rawValue)
            }
            var row = try CaseStorage.existing(repair.caseID, tx)
            return try propose(
                repair.plan.reversal, for: &row, reason: request.reason, reverses: repair.id, by: actor, in: tx)
        }
    }

    private func decide(
        _ request: V1DecideRepairRequest, _ context: CallContext, _ step: RepairMove
    ) async throws -> V1Repair {
        try await change(request, context) { repair, actor, tx in
            try decide(&repair, step, reason: request.reason, by: actor, in: tx)
            return repair
        }
    }

    /// A change of a repair by somebody who has seen its version.
    private func change(
        _ request: V1DecideRepairRequest, _ context: CallContext,
        _ body: @escaping @Sendable (inout RepairRecord, Actor, Transaction) throws -> RepairRecord
    ) async throws -> V1Repair {
        let id = try RepairID(request.repairID, field: "repair_id")
        let actor = try await actor(context)
        return try await context.book.perform(context, request) { tx in
            var repair = try RepairStorage.existing(id, tx)
            try SeenVersion.check(repair.version, request.version, context, "repair")
            return V1Repair(try body(&repair, actor, tx))
        }
    }

    private static func wanted(_ request: V1ProposeRepairRequest) throws -> (CaseID, RepairKind, RepairWish) {
        guard let kind = RepairKind(rawValue: request.kind), kind != .reversal else {
            let kinds = RepairKind.allCases.filter { $0 != .reversal }.map(\.rawValue)
            throw CasesError.invalid("kind", request.kind, "must be one of \(kinds.joined(separator: ", "))")
        }
        if !request.carryTo.isEmpty, BusinessDay(request.carryTo) == nil {
            throw CasesError.invalid("carry_to", request.carryTo, "must be a day as 2026-11-21")
        }
        return (
            try CaseID(request.caseID, field: "case_id"), kind,
            RepairWish(
                amountMinor: request.amountMinor == 0 ? nil : request.amountMinor,
                targetReference: request.targetReference, carryTo: request.carryTo)
        )
    }
}
