public import Contract
internal import Matching
internal import Runtime
internal import Store
internal import SwiftProtobuf

// A candidate runs beside the live rules on the lines of a run. Nothing but the comparison is written.
extension Cases {
    /// Cases of a run that cause rules are compared on.
    static let shadowCases = 10_000

    public func runShadow(_ request: V1RunShadowRequest, _ context: CallContext) async throws -> V1ShadowReport {
        let run = try RunID(request.runID, field: "run_id")
        let kind = try Self.kind(request.kind)
        let actor = try await actor(context)
        let comparison = try await context.book.read { reader in
            let candidate = try LiveRules.document(try Self.existing(kind, request.number, reader))
            return try compare(candidate, run, reader)
        }
        return try await context.book.perform(context, request) { tx in
            let id: ShadowID = tx.newID()
            var report = comparison.report(id, run: run, kind: kind, number: request.number)
            report.runBy = actor.subject
            report.at = tx.now.rfc3339
            try ShadowStorage.insert(report, id, run: run, in: tx)
            let told = report
            try tx.record(
                V1ShadowRan.with {
                    $0.shadowID = told.id
                    $0.runID = told.runID
                    $0.kind = told.kind
                    $0.number = told.number
                    $0.same = told.same
                    $0.onlyLive = told.onlyLive
                    $0.onlyCandidate = told.onlyCandidate
                    $0.by = actor.subject
                    $0.atUs = tx.now.microseconds
                })
            return report
        }
    }

    public func listShadows(_ request: V1ListShadowsRequest, _ context: CallContext) async throws -> V1ListShadowsReply
    {
        let kind = request.kind.isEmpty ? nil : try Self.kind(request.kind)
        return try await context.book.read { reader in
            var reply = V1ListShadowsReply()
            reply.shadows =
                try kind.map { try ShadowStorage.all($0, request.number, limit: 100, reader) }
                ?? ShadowStorage.newest(limit: 100, reader)
            for index in reply.shadows.indices { reply.shadows[index].changes = [] }
            return reply
        }
    }

    public func getShadow(_ request: V1GetShadowRequest, _ context: CallContext) async throws -> V1ShadowReport {
        let id = try ShadowID(request.shadowID, field: "shadow_id")
        return try await context.book.read { reader in
            guard let report = try ShadowStorage.find(id, reader) else {
                throw CasesError.notFound("comparison", request.shadowID)
            }
            return report
        }
    }

    private func compare(
        _ candidate: RuleSetDocument, _ run: RunID, _ reader: any SQLReader
    ) throws -> ShadowComparison {
        switch candidate {
        case .causes(let rules): return try compareCauses(rules, run, reader)
        case .matching(let channel, let rules): return try compareMatching(channel, rules, run, reader)
        case .policy:
            throw CasesError.invalid("kind", "policy", "is not compared on a run: try a repair, and read why it waits")
        }
    }

    private func compareCauses(_ candidate: CauseRules, _ run: RunID, _ reader: any SQLReader) throws
        -> ShadowComparison
    {
        let rows = try CaseStorage.of(run: run, after: nil, limit: Self.shadowCases, reader)
        let live = try Self.verdicts(try LiveRules.causes(reader).rules, rows, reader)
        let other = try Self.verdicts(candidate, rows, reader)
        var comparison = ShadowComparison()
        for (before, after) in zip(live, other) {
            comparison.add(
                "\(before.0.id)", live: before.1.cause, candidate: after.1.cause,
                reason: "\(before.0.matchClass.code): \(before.0.reason)")
        }
        return comparison
    }
}
