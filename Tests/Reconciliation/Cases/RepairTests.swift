import Contract
import Journal
import Ledger
import Matching
import Money
import Runtime
import Store
import SwiftProtobuf
import TestStores
import Testing

@testable import Reconciliation

@Suite("Repairs", .onBothStores)
struct RepairTests {
    /// A case of class amount that leaves so much open. Beyond two cents it waits for a person.
    private func desk(
        open: Int64 = 40, _ matchClass: MatchClass = .amount, seed: UInt64 = 1
    ) async throws -> (CaseDesk, V1ReconciliationCase) {
        let desk = try await CaseDesk.make(seed: seed)
        let run = desk.newRun()
        try await desk.leaveOpen(10_000, settled: 10_000 - open)
        try await desk.find(
            [
                desk.difference(
                    matchClass, run: run, ours: CaseDesk.side(10_000), theirs: CaseDesk.side(10_000 - open), open: open)
            ], run: run)
        return (desk, try await desk.one())
    }

    @Test("a repair is proposed, approved by a second person and executed, and the case is put right with it")
    func whole() async throws {
        let (desk, found) = try await desk()
        let proposed = try await desk.propose(.writeOffRounding, of: found.id)
        #expect(proposed.state == "proposed")
        #expect(try await desk.one().state == "repair_proposed")
        #expect(try await desk.open() == 40, "a proposal books nothing")
        let approved = try await desk.decide(proposed, by: "bert") { $0.approveRepair }
        #expect(approved.decidedBy == "bert")
        #expect(try await desk.open() == 40, "nor does its approval")
        let executed = try await desk.decide(approved, by: "anna") { $0.executeRepair }
        #expect(executed.state == "executed")
        #expect(try await desk.open() == 0)
        #expect(try await desk.balance("rounding_differences") == 40)
        #expect(try await desk.balance("clearing:sandbox") == 0)
        let ended = try await desk.one()
        #expect(ended.state == "written_off")
        #expect(ended.outcome == "repair \(executed.id)")
        for event in ["RepairProposed", "RepairExecuted"] { #expect(try await desk.events(event).count == 1) }
        await desk.test.discard()
    }

    @Test("who proposed cannot approve or reject, not with another key of the same person either")
    func fourEyes() async throws {
        let (desk, found) = try await desk()
        let proposed = try await desk.propose(.writeOffRounding, of: found.id, by: "anna")
        for subject in ["anna", "anna-2"] {
            #expect(
                await refusal { try await desk.decide(proposed, by: subject) { $0.approveRepair } } == .samePerson)
            #expect(
                await refusal { try await desk.decide(proposed, by: subject) { $0.rejectRepair } } == .samePerson)
        }
        #expect(try await desk.one().repairs.map(\.state) == ["proposed"])
        #expect(try await desk.events("RepairDecided").isEmpty)
        let withdrawn = try await desk.decide(proposed, by: "anna-2") { $0.withdrawRepair }
        #expect(withdrawn.state == "withdrawn", "taking it back needs nobody else")
        await desk.test.discard()
    }

    @Test("nothing is executed without approval, nothing twice, and nothing by a version that is not the newest")
    func order() async throws {
        let (desk, found) = try await desk()
        let proposed = try await desk.propose(.writeOffRounding, of: found.id)
        #expect(await refusal { try await desk.decide(proposed, by: "bert") { $0.executeRepair } } == .illegalMove)
        let approved = try await desk.decide(proposed, by: "bert") { $0.approveRepair }
        #expect(await refusal { try await desk.decide(proposed, by: "bert") { $0.executeRepair } } == .versionMismatch)
        let executed = try await desk.decide(approved, by: "anna") { $0.executeRepair }
        #expect(await refusal { try await desk.decide(approved, by: "anna") { $0.executeRepair } } == .versionMismatch)
        #expect(await refusal { try await desk.decide(executed, by: "anna") { $0.executeRepair } } == .illegalMove)
        #expect(try await desk.balance("rounding_differences") == 40)
        await desk.test.discard()
    }

    @Test("a proposal with the same key is one proposal; a second one waits for the first")
    func idempotent() async throws {
        let (desk, found) = try await desk()
        let first = try await desk.propose(.writeOffRounding, of: found.id, key: "k1")
        let again = try await desk.propose(.writeOffRounding, of: found.id, key: "k1")
        #expect(again.id == first.id)
        #expect(await refusal { try await desk.propose(.writeOffRounding, of: found.id) } == .repairPending)
        _ = try await desk.decide(first, by: "bert") { $0.rejectRepair }
        #expect(try await desk.one().state == "investigating")
        #expect(try await desk.propose(.writeOffRounding, of: found.id).id != first.id)
        await desk.test.discard()
    }

    @Test("a dry run shows what would change, and leaves every row of the book as it was")
    func dryRun() async throws {
        let (desk, found) = try await desk()
        let before = try await desk.contents()
        let request = V1ProposeRepairRequest.with {
            $0.caseID = found.id
            $0.kind = "write_off_rounding"
        }
        let preview = try await desk.cases.tryRepair(request, desk.context())
        #expect(try await desk.contents() == before)
        #expect(preview.balances.map(\.account) == ["clearing:sandbox", "rounding_differences"])
        #expect(preview.balances.map(\.beforeMinor) == [40, 0])
        #expect(preview.balances.map(\.afterMinor) == [0, 40])
        #expect(preview.items.map(\.beforeMinor) == [40])
        #expect(preview.items.map(\.afterMinor) == [0])
        #expect(preview.cases.map(\.after) == ["written_off"])
        #expect(!preview.waitsBecause.isEmpty)

        let proposed = try await desk.propose(.writeOffRounding, of: found.id)
        let proposedBook = try await desk.contents()
        let again = try await desk.cases.previewRepair(.with { $0.repairID = proposed.id }, desk.context())
        #expect(try await desk.contents() == proposedBook)
        #expect(again.balances == preview.balances)
        let executed = try await desk.decide(
            try await desk.decide(proposed, by: "bert") { $0.approveRepair }, by: "anna"
        ) { $0.executeRepair }
        #expect(executed.entries == preview.entries, "what was shown is what was done")
        await desk.test.discard()
    }

    @Test("a dry run beside other commands of its batch disturbs none of them")
    func neighbours() async throws {
        let (desk, found) = try await desk()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<20 {
                group.addTask {
                    if index.isMultiple(of: 2) {
                        _ = try await desk.cases.tryRepair(
                            .with {
                                $0.caseID = found.id
                                $0.kind = "write_off_rounding"
                            }, desk.context())
                    } else {
                        try await desk.leaveOpen(100, settled: 0, reference: "other-\(index)")
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await desk.open() == 40)
        for index in 0..<20 where !index.isMultiple(of: 2) { #expect(try await desk.open("other-\(index)") == 100) }
        await desk.test.discard()
    }

    @Test("a reversal is proposed by one and approved by another, and restores every balance")
    func reversal() async throws {
        let (desk, found) = try await desk()
        let accounts = ["clearing:sandbox", "rounding_differences", "customer_deposits", "cash"]
        var before: [Int64] = []
        for account in accounts { before.append(try await desk.balance(account)) }
        let executed = try await desk.carryOut(.writeOffRounding, of: found.id)
        let reversal = try await desk.decide(executed, by: "bert") { $0.reverseRepair }
        #expect(reversal.kind == "reversal")
        #expect(reversal.reverses == executed.id)
        #expect(await refusal { try await desk.decide(reversal, by: "bert") { $0.approveRepair } } == .samePerson)
        let approved = try await desk.decide(reversal, by: "anna") { $0.approveRepair }
        _ = try await desk.decide(approved, by: "bert") { $0.executeRepair }
        var after: [Int64] = []
        for account in accounts { after.append(try await desk.balance(account)) }
        #expect(after == before)
        #expect(try await desk.open() == 40)
        let reopened = try await desk.one()
        #expect(reopened.state == "open")
        #expect(reopened.repairs.map(\.state) == ["reversed", "executed"])
        #expect(reopened.repairs[0].reversedBy == reversal.id)
        let first = reopened.repairs[0]
        #expect(await refusal { try await desk.decide(first, by: "bert") { $0.reverseRepair } } == .repairImpossible)
        await desk.test.discard()
    }

    @Test("books that moved since the proposal are not repaired blindly")
    func moved() async throws {
        let (desk, found) = try await desk()
        let proposed = try await desk.propose(.writeOffRounding, of: found.id)
        let approved = try await desk.decide(proposed, by: "bert") { $0.approveRepair }
        try await desk.leaveOpen(0, settled: 15)
        #expect(await refusal { try await desk.decide(approved, by: "anna") { $0.executeRepair } } == .booksMoved)
        #expect(try await desk.balance("rounding_differences") == 0)
        #expect(try await desk.one().repairs.map(\.state) == ["approved"])
        await desk.test.discard()
    }

    @Test("an ended case takes no repair before it is opened again")
    func ended() async throws {
        let (desk, found) = try await desk()
        let resolved = try await desk.cases.moveCase(
            .with {
                $0.caseID = found.id
                $0.move = "resolve"
                $0.reason = "the channel credits it"
                $0.version = found.version
            }, desk.context())
        #expect(await refusal { try await desk.propose(.writeOffRounding, of: found.id) } == .illegalMove)
        _ = try await desk.cases.moveCase(
            .with {
                $0.caseID = found.id
                $0.move = "reopen"
                $0.reason = "it did not"
                $0.version = resolved.version
            }, desk.context("bert"))
        #expect(try await desk.propose(.writeOffRounding, of: found.id).state == "proposed")
        await desk.test.discard()
    }

    @Test("a part of what is open may be repaired; the case stays with the rest")
    func part() async throws {
        let (desk, found) = try await desk()
        var request = V1ProposeRepairRequest()
        request.caseID = found.id
        request.kind = "write_off_rounding"
        request.amountMinor = 41
        #expect(await refusal { try await desk.cases.proposeRepair(request, desk.context()) } == .invalidField)
        let executed = try await desk.carryOut(.writeOffRounding, of: found.id) { $0.amountMinor = 30 }
        #expect(executed.amount.minor == 30)
        #expect(try await desk.open() == 10)
        #expect(try await desk.one().state == "investigating")
        await desk.test.discard()
    }

    @Test("money that was found to belong to an order closes both cases at once")
    func reclassified() async throws {
        let desk = try await CaseDesk.make()
        let run = desk.newRun()
        try await desk.leaveOpen(3_300, settled: 0, reference: "order-1")
        try await desk.leaveOpen(0, settled: 3_300, reference: "ch-9")
        try await desk.find(
            [
                desk.difference(
                    .missingTheirs, run: run, ours: CaseDesk.side(3_300, reference: "aaa-123456"), theirs: nil,
                    open: 3_300, reference: "order-1"),
                desk.difference(
                    .missingOurs, run: run, ours: nil, theirs: CaseDesk.side(3_300, reference: "bbb-999999"),
                    open: -3_300, reference: "ch-9")
            ], run: run)
        let surplus = try #require(try await desk.all { $0.class = "missing_ours" }.first)
        _ = try await desk.carryOut(.reclassify, of: surplus.id) { $0.targetReference = "order-1" }
        #expect(try await desk.open("order-1") == 0)
        #expect(try await desk.open("ch-9") == 0)
        #expect(try await desk.balance("suspense") == 0)
        #expect(try await desk.all().map(\.state) == ["resolved", "resolved"])
        await desk.test.discard()
    }

    @Test("a case whose difference is gone takes its proposal with it")
    func gone() async throws {
        let desk = try await CaseDesk.make()
        let run = desk.newRun()
        try await desk.leaveOpen(10_000, settled: 9_960)
        let difference = desk.difference(
            .amount, run: run, ours: CaseDesk.side(10_000), theirs: CaseDesk.side(9_960), open: 40)
        try await desk.find([difference], run: run)
        let proposed = try await desk.propose(.writeOffRounding, of: try await desk.one().id)
        try await desk.book.write("end") { tx in
            try desk.cases.ended([difference], because: .matchedLater, by: desk.run(id: run), in: tx)
        }
        let ended = try await desk.one()
        #expect(ended.state == "closed_by_match")
        #expect(ended.repairs.map(\.state) == ["withdrawn"])
        #expect(ended.repairs[0].id == proposed.id)
        await desk.test.discard()
    }

    @Test("a timing difference is carried to the day that brings the line, and nothing is booked")
    func timing() async throws {
        let (desk, found) = try await desk(.late)
        // A late line was carried by the standard policy as soon as the run settled.
        #expect(found.state == "open")
        #expect(found.carriedTo == "2026-01-02")
        #expect(found.repairs.map(\.automatic) == [true])
        #expect(try await desk.open() == 40)
        await desk.test.discard()
    }

    // MARK: by itself

    /// Cases that leave each so much open, with a cause that the standard policy trusts.
    private func roundings(_ open: [Int64], _ desk: CaseDesk) async throws {
        let run = desk.newRun()
        var differences: [Difference] = []
        for (index, minor) in open.enumerated() {
            let reference = "order-\(run)-\(index)"
            try await desk.leaveOpen(10_150, settled: 10_150 - minor, reference: reference)
            differences.append(
                desk.difference(
                    .amount, run: run, ours: CaseDesk.side(10_150), theirs: CaseDesk.side(10_150 - minor), open: minor,
                    reference: reference))
        }
        try await desk.find(differences, run: run)
    }

    @Test("what the policy lets through repairs itself when the run has settled; a cent more waits for a person")
    func automatic() async throws {
        let desk = try await CaseDesk.make()
        try await roundings([2, 3, -1], desk)
        let found = try await desk.all().sorted { $0.open.minor < $1.open.minor }
        #expect(found.map(\.state) == ["written_off", "written_off", "open"])
        #expect(try await desk.balance("rounding_differences") == 1)
        let repairs = try await desk.cases.listRepairs(.with { $0.state = "executed" }, desk.context()).repairs
        #expect(repairs.count == 2)
        #expect(repairs.allSatisfy { $0.automatic && $0.proposedBy == "policy" && $0.decidedBy == "policy" })
        let moves = try await desk.events("CaseMoved").map { try V1CaseMoved(serializedBytes: $0.payload) }
        #expect(moves.filter { $0.move == "wrote_off" }.allSatisfy { $0.automatic && $0.repaired })
        await desk.test.discard()
    }

    @Test("nothing repairs itself before the run has settled")
    func unsettled() async throws {
        let desk = try await CaseDesk.make()
        let run = desk.newRun()
        try await desk.leaveOpen(10_150, settled: 10_149)
        try await desk.find(
            [desk.difference(.amount, run: run, ours: CaseDesk.side(10_150), theirs: CaseDesk.side(10_149), open: 1)],
            run: run, settles: false)
        #expect(try await desk.one().cause.code == "bank_rounding")
        #expect(try await desk.open() == 1)
        try await desk.settle(run)
        #expect(try await desk.open() == 0)
        await desk.test.discard()
    }

    @Test("the daily cap is reached, not passed, and is new on the next day")
    func dailyCap() async throws {
        let desk = try await CaseDesk.make()
        // 200 cents a day: a hundred of two cents.
        try await roundings(Array(repeating: 2, count: 101), desk)
        #expect(try await desk.balance("rounding_differences") == 200)
        let waiting = try await desk.all { $0.live = true }
        #expect(waiting.count == 1)
        let proposed = try await desk.propose(.writeOffRounding, of: waiting[0].id)
        #expect(proposed.waitsBecause.contains("200 are used up"))
        desk.clock.advance(by: .seconds(86_400))
        try await roundings([2], desk)
        #expect(try await desk.balance("rounding_differences") == 202)
        await desk.test.discard()
    }

    @Test("a reversed automatic repair is not made again by itself")
    func notAgain() async throws {
        let desk = try await CaseDesk.make()
        try await roundings([2], desk)
        let executed = try #require(try await desk.one().repairs.first)
        let reversal = try await desk.decide(executed, by: "anna") { $0.reverseRepair }
        let approved = try await desk.decide(reversal, by: "bert") { $0.approveRepair }
        _ = try await desk.decide(approved, by: "anna") { $0.executeRepair }
        let run = try #require(RunID(try await desk.one().runID))
        try await desk.settle(run)
        #expect(try await desk.one().state == "open")
        #expect(try await desk.balance("rounding_differences") == 0)
        await desk.test.discard()
    }

    @Test("requests that are no repair cannot be expressed")
    func nonsense() async throws {
        let (desk, found) = try await desk()
        for kind in ["reversal", "drop table recon_cases", "", "write_off_rounding; DELETE FROM journal"] {
            let code = await refusal {
                try await desk.cases.proposeRepair(
                    .with {
                        $0.caseID = found.id
                        $0.kind = kind
                    }, desk.context())
            }
            #expect(code == .invalidField, "\(kind)")
        }
        let code = await refusal {
            try await desk.propose(.reclassify, of: found.id) {
                $0.targetReference = String(repeating: "x", count: 129)
            }
        }
        #expect(code == .invalidField)
        await desk.test.discard()
    }

    @Test("through a random life of proposals the open items are the clearing account's balance, and no money is made")
    func random() async throws {
        let seed: UInt64 = 20_261_121
        let desk = try await CaseDesk.make(seed: seed)
        let random = RandomSource(seed: seed)
        func pick(_ bound: Int) -> Int { Int(random.bytes(1)[0]) % bound }
        let run = desk.newRun()
        var differences: [Difference] = []
        for index in 0..<6 {
            let minor = Int64(pick(200)) - 100
            let open = minor == 0 ? 7 : minor
            try await desk.leaveOpen(10_000, settled: 10_000 - open, reference: "order-\(index)")
            differences.append(
                desk.difference(
                    .amount, run: run, ours: CaseDesk.side(10_000), theirs: CaseDesk.side(10_000 - open), open: open,
                    reference: "order-\(index)"))
        }
        try await desk.find(differences, run: run, settles: false)
        for step in 0..<60 {
            let found = try await desk.all()
            let one = found[pick(found.count)]
            let repairs = try await desk.cases.getCase(.with { $0.caseID = one.id }, desk.context()).repairs
            do {
                if let last = repairs.last, pick(3) > 0 {
                    let calls: [(Cases) -> (V1DecideRepairRequest, CallContext) async throws -> V1Repair] = [
                        { $0.approveRepair }, { $0.executeRepair }, { $0.rejectRepair }, { $0.reverseRepair },
                        { $0.withdrawRepair }
                    ]
                    _ = try await desk.decide(last, by: ["anna", "bert", "carl"][pick(3)], calls[pick(calls.count)])
                } else {
                    let kinds: [RepairKind] = [.writeOffRounding, .bookChannelFee, .bookUnknownMoney]
                    _ = try await desk.propose(kinds[pick(3)], of: one.id, by: ["anna", "bert"][pick(2)])
                }
            } catch is CasesError {}
            let faults = try await desk.book.read { try desk.ledger.openItemFaults(in: $0) }
            #expect(faults.isEmpty, "seed \(seed), step \(step)")
            let balances = try await desk.book.read { try desk.ledger.trialBalance(in: $0) }
            #expect(!balances.contains { !$0.isBalanced }, "seed \(seed), step \(step)")
        }
        for event in try await desk.events("RepairDecided").map({ try V1RepairDecided(serializedBytes: $0.payload) })
        where event.state == "approved" {
            let maker = try await desk.cases.getRepair(.with { $0.repairID = event.repairID }, desk.context())
                .proposedBy
            #expect(maker != event.by, "seed \(seed)")
        }
        await desk.test.discard()
    }
}
