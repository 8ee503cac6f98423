public import Contract
internal import Foundation
internal import Journal
internal import Matching
internal import Money
internal import Runtime
internal import Store
internal import SwiftProtobuf

// The calls about rule sets.
extension Cases {
    public func listRuleSets(
        _ request: V1ListRuleSetsRequest, _ context: CallContext
    ) async throws -> V1ListRuleSetsReply {
        let kinds = request.kind.isEmpty ? RuleSetKind.allCases : [try Self.kind(request.kind)]
        return try await context.book.read { reader in
            var reply = V1ListRuleSetsReply()
            for kind in kinds {
                let rows = try RuleSetStorage.all(kind, reader)
                let standard = RuleSetRecord.standard(kind, isLive: !rows.contains { $0.state == .live })
                reply.ruleSets += (rows + [standard].compactMap { $0 }).map { V1RuleSet($0, withSource: false) }
            }
            return reply
        }
    }

    public func getRuleSet(_ request: V1GetRuleSetRequest, _ context: CallContext) async throws -> V1RuleSet {
        let kind = try Self.kind(request.kind)
        return try await context.book.read { reader in
            let live = try RuleSetStorage.live(kind, reader).first
            let number = request.number == -1 ? live?.number ?? 0 : request.number
            return V1RuleSet(try Self.existing(kind, number, reader), withSource: true)
        }
    }

    public func putRuleSet(_ request: V1PutRuleSetRequest, _ context: CallContext) async throws -> V1RuleSet {
        let document = try RuleSetDocument(request.source)
        let actor = try await actor(context)
        return try await context.book.perform(context, request) { tx in
            if case .matching(let channel, _) = document { try requireChannel(channel, tx) }
            let row = RuleSetRecord(
                kind: document.kind, number: try RuleSetStorage.nextNumber(document.kind, tx), state: .candidate,
                source: request.source, sha256: RuleSetRecord.hash(request.source), maker: actor, checker: "",
                putAt: tx.now, activatedAt: nil)
            try RuleSetStorage.insert(row, in: tx)
            try tx.record(
                V1RuleSetPut.with {
                    $0.kind = row.kind.rawValue
                    $0.number = row.number
                    $0.sha256 = Data(row.sha256)
                    $0.by = actor.subject
                    $0.atUs = tx.now.microseconds
                })
            return V1RuleSet(row, withSource: true)
        }
    }

    public func activateRuleSet(
        _ request: V1ActivateRuleSetRequest, _ context: CallContext
    ) async throws -> V1RuleSet {
        let kind = try Self.kind(request.kind)
        let actor = try await actor(context)
        return try await context.book.perform(context, request) { tx in
            let row = try Self.existing(kind, request.number, tx)
            if row.state == .live { return V1RuleSet(row, withSource: true) }
            // The standard set has no maker to be told apart from; a set that lived before may come back.
            if row.number > 0 { try FourEyes.check(maker: row.maker, checker: actor, "rule set \(row.number)") }
            try requireShadow(row, tx)
            try activate(row, by: actor, in: tx)
            return V1RuleSet(try Self.existing(kind, request.number, tx), withSource: true)
        }
    }

    /// What decides must have run beside the live rules, as soon as there is a run that it could run on.
    private func requireShadow(_ row: RuleSetRecord, _ tx: Transaction) throws {
        guard row.kind != .policy, row.number > 0, row.activatedAt == nil else { return }
        let hasRuns = try tx.first("SELECT id FROM recon_cases LIMIT 1") { _ in true } ?? false
        guard hasRuns, try ShadowStorage.all(row.kind, row.number, limit: 1, tx).isEmpty else { return }
        throw CasesError(
            .shadowMissing,
            "\(row.kind.rawValue) \(row.number) has not run beside the live rules: run it on a past run first, so that "
                + "what it changes is known")
    }

    private func activate(_ row: RuleSetRecord, by actor: Actor, in tx: Transaction) throws {
        var others = try RuleSetStorage.live(row.kind, tx)
        if case .matching(let channel, let rules) = try LiveRules.document(row) {
            others = try others.filter { other in
                guard case .matching(channel, _) = try LiveRules.document(other) else { return false }
                return true
            }
            try putRules(rules, channel: channel, in: tx)
        }
        if row.number > 0 {
            try RuleSetStorage.activate(row, retiring: others.map(\.number), checker: actor.subject, in: tx)
        } else {
            try RuleSetStorage.retire(row.kind, others.map(\.number), in: tx)
        }
        try tx.record(
            V1RuleSetActivated.with {
                $0.kind = row.kind.rawValue
                $0.number = row.number
                $0.sha256 = Data(row.sha256)
                $0.by = actor.subject
                $0.atUs = tx.now.microseconds
            })
    }

    public func tryRuleSet(_ request: V1TryRuleSetRequest, _ context: CallContext) async throws -> V1RuleTrial {
        let limit = request.cases == 0 ? 1_000 : Int(request.cases)
        return try await context.book.read { reader in
            let document =
                request.source.isEmpty
                ? try LiveRules.document(Self.existing(.causes, request.number, reader))
                : try RuleSetDocument(request.source)
            guard case .causes(let rules) = document else {
                throw CasesError.invalid("source", document.kind.rawValue, "must be a set of kind causes")
            }
            return try Self.trial(rules, limit: limit, reader)
        }
    }

    /// Evaluates rules on the newest cases, each with what is common in its run.
    private static func trial(_ rules: CauseRules, limit: Int, _ reader: any SQLReader) throws -> V1RuleTrial {
        let rows = try CaseStorage.page(CaseStorage.Filter(), before: nil, limit: limit, reader)
        var trial = V1RuleTrial()
        var counts: [String: (before: Int64, after: Int64)] = [:]
        var failures: Set<String> = []
        for (_, ofRun) in Dictionary(grouping: rows, by: \.run).sorted(by: { $0.key < $1.key }) {
            for (row, verdict) in try verdicts(rules, ofRun, reader) {
                trial.cases += 1
                if verdict.cause == row.cause.cause { trial.same += 1 }
                if !row.cause.cause.isEmpty { trial.knownBefore += 1 }
                if !verdict.cause.isEmpty { trial.knownNow += 1 }
                counts[row.cause.cause, default: (0, 0)].before += 1
                counts[verdict.cause, default: (0, 0)].after += 1
                if failures.count < 50 { failures.formUnion(verdict.failures) }
                guard verdict.cause != row.cause.cause, trial.changes.count < 1_000 else { continue }
                trial.changes.append(
                    .with {
                        $0.caseID = "\(row.id)"
                        $0.class = row.matchClass.code
                        $0.before = row.cause.cause
                        $0.after = verdict.cause
                        $0.confidence = Int32(verdict.confidence)
                    })
            }
        }
        trial.causes = counts.sorted { $0.key < $1.key }.map { cause, count in
            .with {
                $0.cause = cause
                $0.before = count.before
                $0.after = count.after
            }
        }
        trial.failures = failures.sorted()
        return trial
    }

    /// What rules say of cases of one run.
    static func verdicts(
        _ rules: CauseRules, _ rows: [CaseRecord], _ reader: any SQLReader
    ) throws -> [(CaseRecord, CauseVerdict)] {
        guard let id = rows.first?.run else { return [] }
        let run = try RunRows.find(id, reader)
        var profile = RunProfile(lines: run?.counts.theirs ?? 0)
        let originals = try run.map { try Originals.find(rows, of: $0, reader) } ?? [:]
        let evidence = try rows.map {
            try CaseEvidence($0, runEnd: run?.until.microseconds, original: originals[$0.id], reader)
        }
        for item in evidence { profile.add(item.facts) }
        return evidence.map { ($0.record, rules.verdict(profile.completed($0.facts))) }
    }

    static func kind(_ text: String) throws -> RuleSetKind {
        guard let kind = RuleSetKind(rawValue: text) else {
            let kinds = RuleSetKind.allCases.map(\.rawValue).joined(separator: ", ")
            throw CasesError.invalid("kind", text, "must be one of \(kinds)")
        }
        return kind
    }

    static func existing(_ kind: RuleSetKind, _ number: Int64, _ reader: any SQLReader) throws -> RuleSetRecord {
        guard let row = try RuleSetStorage.find(kind, number, reader) else {
            throw CasesError.notFound("rule set", "\(kind.rawValue) \(number)")
        }
        return row
    }
}

extension V1RuleSet {
    init(_ row: RuleSetRecord, withSource: Bool) {
        self.init()
        kind = row.kind.rawValue
        number = row.number
        state = row.state.rawValue
        if withSource { source = row.source }
        sha256 = Hex.text(row.sha256)
        putBy = row.maker.subject
        activatedBy = row.checker
        putAt = row.number == 0 ? "" : row.putAt.rfc3339
        activatedAt = row.activatedAt?.rfc3339 ?? ""
    }
}
