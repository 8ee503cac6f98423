import Contract
import Journal
import Matching
import Runtime
import Store
import SwiftProtobuf
import TestStores
import Testing

@testable import Reconciliation

@Suite("Rule sets", .onBothStores)
struct RuleSetTests {
    private static func causes(_ code: String) -> String {
        """
        kind: causes
        rules:
          - { code: \(code), title: Named by a tenant, when: "class == 'amount'", confidence: 99 }
        """
    }

    private func put(_ source: String, _ desk: CaseDesk, by subject: String = "anna") async throws -> V1RuleSet {
        try await desk.cases.putRuleSet(.with { $0.source = source }, desk.context(subject))
    }

    private func activate(_ set: V1RuleSet, _ desk: CaseDesk, by subject: String) async throws -> V1RuleSet {
        try await desk.cases.activateRuleSet(
            .with {
                $0.kind = set.kind
                $0.number = set.number
            }, desk.context(subject))
    }

    private func findOne(_ desk: CaseDesk, _ reference: String) async throws -> RunID {
        let run = desk.newRun()
        try await desk.find(
            [
                desk.difference(
                    .amount, run: run, ours: CaseDesk.side(10_150), theirs: CaseDesk.side(9_000), open: 1_150,
                    reference: reference)
            ], run: run)
        return run
    }

    @Test("a set decides from the very next difference on, in every process, and needs a second person")
    func live() async throws {
        let desk = try await CaseDesk.make()
        let set = try await put(Self.causes("ours_alone"), desk)
        #expect(set.number == 1)
        #expect(set.state == "candidate")
        #expect(await refusal { try await activate(set, desk, by: "anna") } == .samePerson)
        #expect(await refusal { try await activate(set, desk, by: "anna-2") } == .samePerson)
        #expect(try await activate(set, desk, by: "bert").state == "live")
        _ = try await findOne(desk, "order-1")
        let found = try await desk.one()
        #expect(found.cause.code == "ours_alone")
        #expect(found.cause.rules == 1)
        #expect(found.cause.title == "Named by a tenant")
        let told = try await desk.events("RuleSetActivated").map { try V1RuleSetActivated(serializedBytes: $0.payload) }
        #expect(told.map { Hex.text(Array($0.sha256)) } == [set.sha256], "the journal has the hash of what decides")
        await desk.test.discard()
    }

    @Test("another process compiles what this one made live")
    func otherProcess() async throws {
        let desk = try await CaseDesk.make()
        let set = try await put(Self.causes("shared"), desk)
        _ = try await activate(set, desk, by: "bert")
        let other = try await desk.test.openedByAnotherProcess()
        let live = try await other.read { try LiveRules.causes($0) }
        #expect(live.number == 1)
        #expect(live.rules.rules.map(\.code) == ["shared"])
        await other.close()
        await desk.test.discard()
    }

    @Test("with past cases a candidate has to run beside the live set before it decides, and that changes nothing else")
    func shadow() async throws {
        let desk = try await CaseDesk.make()
        let run = try await findOne(desk, "order-1")
        let set = try await put(Self.causes("ours_alone"), desk)
        #expect(await refusal { try await activate(set, desk, by: "bert") } == .shadowMissing)
        let before = try await desk.one()
        let report = try await desk.cases.runShadow(
            .with {
                $0.runID = "\(run)"
                $0.kind = "causes"
                $0.number = set.number
            }, desk.context())
        #expect(report.same == 0)
        #expect(report.changes.map(\.live) == ["partial_capture"])
        #expect(report.changes.map(\.candidate) == ["ours_alone"])
        #expect(report.changes.map(\.about) == [before.id])
        #expect(try await desk.one() == before, "the case is what it was")
        #expect(try await desk.cases.getShadow(.with { $0.shadowID = report.id }, desk.context()) == report)
        #expect(
            try await desk.cases.listShadows(V1ListShadowsRequest(), desk.context()).shadows.map(\.id) == [report.id])
        #expect(try await activate(set, desk, by: "bert").state == "live")
        #expect(try await desk.one().cause.code == "partial_capture", "past cases keep their cause")
        await desk.test.discard()
    }

    @Test("a new set retires the one before, and the standard set may come back")
    func back() async throws {
        let desk = try await CaseDesk.make()
        let first = try await put(Self.causes("first"), desk)
        let second = try await put(Self.causes("second"), desk)
        _ = try await activate(first, desk, by: "bert")
        _ = try await activate(second, desk, by: "bert")
        func states() async throws -> [String] {
            try await desk.cases.listRuleSets(.with { $0.kind = "causes" }, desk.context()).ruleSets.map(\.state)
        }
        #expect(try await states() == ["live", "retired", "retired"])
        _ = try await desk.cases.activateRuleSet(.with { $0.kind = "causes" }, desk.context("bert"))
        #expect(try await states() == ["retired", "retired", "live"])
        _ = try await findOne(desk, "order-1")
        #expect(try await desk.one().cause.code == "partial_capture")
        await desk.test.discard()
    }

    @Test("rules are tried on past cases before they are kept, and nothing of it is written")
    func trial() async throws {
        let desk = try await CaseDesk.make()
        _ = try await findOne(desk, "order-1")
        _ = try await findOne(desk, "order-2")
        let before = try await desk.contents()
        let trial = try await desk.cases.tryRuleSet(.with { $0.source = Self.causes("tried") }, desk.context())
        #expect(trial.cases == 2)
        #expect(trial.same == 0)
        #expect(trial.knownNow == 2)
        #expect(trial.changes.map(\.after) == ["tried", "tried"])
        let same = try await desk.cases.tryRuleSet(V1TryRuleSetRequest(), desk.context())
        #expect(same.same == 2, "the standard set says what it said")
        #expect(try await desk.contents() == before)
        #expect(await refusal { try await put("kind: causes\nrules: []", desk) } == .rulesInvalid)
        await desk.test.discard()
    }

    @Test("a policy that was activated decides what repairs itself")
    func policy() async throws {
        let desk = try await CaseDesk.make()
        let set = try await put(
            """
            kind: policy
            cases:
              - { class: amount, deadlineHours: 1, severity: critical, owner: night-shift }
            repairs:
              - { kind: write_off_rounding, classes: [amount], currency: EUR, limitMinor: 0, dailyCapMinor: 0, minimumConfidence: 1 }
            """, desk)
        _ = try await activate(set, desk, by: "bert")
        let run = desk.newRun()
        try await desk.leaveOpen(10_150, settled: 10_149)
        try await desk.find(
            [desk.difference(.amount, run: run, ours: CaseDesk.side(10_150), theirs: CaseDesk.side(10_149), open: 1)],
            run: run)
        let found = try await desk.one()
        #expect(found.state == "open", "one cent is over a limit of none")
        #expect(found.owner == "night-shift")
        #expect(found.severity == "critical")
        await desk.test.discard()
    }
}
