import Contract
import Journal
import Ledger
import Matching
import Money
import Payments
import Runtime
import Store
import SwiftProtobuf
import TestStores

@testable import Reconciliation

/// A book with one channel's money in it, and people who look after its cases.
struct CaseDesk: Sendable {
    let test: TestBook
    let cases: Cases
    let ledger = Ledger()
    let clock: ManualClock

    var book: Book { test.book }

    /// `anna-2` is the key that Anna got when hers was rotated.
    static func make(seed: UInt64 = 1) async throws -> CaseDesk {
        let world = World.simulated(seed: seed)
        guard let clock = world.manualClock else { preconditionFailure("the world is simulated") }
        let test = try await TestBook.make(
            migrations: Journal.migrations + Ledger.migrations + Payments.migrations + Reconciliation.migrations,
            world: world)
        let cases = Cases(
            ledger: Ledger(), person: { String($0.subject.prefix { $0 != "-" }) })
        let desk = CaseDesk(test: test, cases: cases, clock: clock)
        try await desk.book.write("chart") { tx in
            try desk.ledger.installChart(currency: .eur, in: tx)
            try desk.ledger.openClearing(channel: "sandbox", currency: .eur, in: tx)
        }
        return desk
    }

    func context(_ subject: String = "anna", key: String? = nil, ifMatch: Int64? = nil) -> CallContext {
        CallContext(
            caller: Caller(subject: subject, tenant: "shop", scopes: ["*"], book: book),
            operation: ReconciliationCasesContract.getCase, idempotencyKey: key,
            deadline: clock.now().adding(.seconds(3_600)),
            header: { name in name == "if-match" ? ifMatch.map { "\"\($0)\"" } : nil })
    }

    // MARK: runs

    func run(_ state: RunState = .preparing, id: RunID, differences: Int64 = 1, lines: Int64 = 1_000) -> Run {
        var counts = RunCounts()
        counts.theirs = lines
        counts.classes = ["matched": lines, "amount": differences]
        let day = BusinessDay("2026-01-01")
        return Run(
            id: id, channel: "sandbox", day: day ?? BusinessDay(number: 0), number: 1, state: state, isReady: false,
            version: 1, statement: nil, previous: nil, from: World.simulatedStart,
            until: World.simulatedStart.adding(.seconds(86_400)), currency: .eur, shards: 1, profile: [], reason: "",
            confirmedBy: "", counts: counts, openedAt: World.simulatedStart, preparedAt: nil, confirmedAt: nil,
            settledAt: nil)
    }

    func newRun() -> RunID { book.world.newID() }

    func difference(
        _ matchClass: MatchClass, run: RunID, id: DifferenceID? = nil, ours: DifferenceSide?, theirs: DifferenceSide?,
        open: Int64 = 0, reference: String = "order-1"
    ) -> Difference {
        Difference(
            id: id ?? book.world.newID(), run: run, number: 1, channel: "sandbox",
            day: BusinessDay("2026-01-01") ?? BusinessDay(number: 0), matchClass: matchClass, state: .open,
            reason: "made for a test", confidence: 100, ours: ours, theirs: theirs,
            open: Amount(minor: open, .eur), reference: reference, foundAt: World.simulatedStart)
    }

    static func side(
        _ minor: Int64, fee: Int64? = nil, reference: String = "pay-1", channelReference: String = "ch-1",
        kind: String = "payment", status: String = "succeeded", minute: Int64? = 600, line: Int64 = 1
    ) -> DifferenceSide {
        DifferenceSide(
            kind: kind, merchantReference: reference, channelReference: channelReference, reference: "",
            paymentID: "", currency: "EUR", amountMinor: minor, feeMinor: fee, status: status, rawStatus: "",
            timeUs: minute.map { World.simulatedStart.microseconds + $0 * 60_000_000 }, line: line, lines: 1)
    }

    /// Tells of differences as a run does: all of them, then that the run has settled.
    func find(_ differences: [Difference], run: RunID, settles: Bool = true) async throws {
        try await book.write("find") { tx in
            try cases.opened(differences, of: self.run(id: run, differences: Int64(differences.count)), in: tx)
        }
        if settles { try await settle(run, differences: Int64(differences.count)) }
    }

    func settle(_ run: RunID, differences: Int64 = 1) async throws {
        try await book.write("settle") { tx in
            try cases.moved(self.run(.settled, id: run, differences: differences), from: .confirmed, in: tx)
        }
    }

    // MARK: money

    /// Books a capture and what of it settled, so that the rest stands open under the reference.
    func leaveOpen(_ captured: Int64, settled: Int64, reference: String = "order-1") async throws {
        try await book.write("money") { tx in
            if captured > 0 {
                try ledger.post(
                    Transfer(
                        debit: "clearing:sandbox", credit: "customer_deposits", amount: Amount(minor: captured, .eur),
                        code: .capture, reference: reference), in: tx)
            }
            if settled > 0 {
                try ledger.post(
                    Transfer(
                        debit: "cash", credit: "clearing:sandbox", amount: Amount(minor: settled, .eur),
                        code: .settlement, reference: reference), in: tx)
            }
        }
    }

    func balance(_ code: String) async throws -> Int64 {
        try await book.write("balance") { tx in
            try ledger.balance(of: code, currency: .eur, in: tx).posted.minor
        }
    }

    func open(_ reference: String = "order-1") async throws -> Int64 {
        try await book.write("open") { tx in
            try ledger.openItem(account: "clearing:sandbox", currency: .eur, reference: reference, in: tx)?.open.minor
                ?? 0
        }
    }

    // MARK: calls

    func all(_ change: (inout V1ListCasesRequest) -> Void = { _ in }) async throws -> [V1ReconciliationCase] {
        var request = V1ListCasesRequest()
        change(&request)
        return try await cases.listCases(request, context()).cases
    }

    func one() async throws -> V1ReconciliationCase {
        let listed = try await all()
        guard let first = listed.first, listed.count == 1 else {
            throw CasesError(.notFound, "there are \(listed.count) cases instead of one")
        }
        return try await cases.getCase(.with { $0.caseID = first.id }, context())
    }

    func propose(
        _ kind: RepairKind, of id: String, by subject: String = "anna", key: String? = nil,
        _ change: (inout V1ProposeRepairRequest) -> Void = { _ in }
    ) async throws -> V1Repair {
        var request = V1ProposeRepairRequest.with {
            $0.caseID = id
            $0.kind = kind.rawValue
        }
        change(&request)
        return try await cases.proposeRepair(request, context(subject, key: key))
    }

    func decide(
        _ repair: V1Repair, by subject: String,
        _ call: (Cases) -> (V1DecideRepairRequest, CallContext) async throws -> V1Repair
    ) async throws -> V1Repair {
        let request = V1DecideRepairRequest.with {
            $0.repairID = repair.id
            $0.version = repair.version
            $0.reason = "because"
        }
        return try await call(cases)(request, context(subject))
    }

    /// Proposed by Anna, approved by Bert, executed by Anna.
    func carryOut(
        _ kind: RepairKind, of id: String, _ change: (inout V1ProposeRepairRequest) -> Void = { _ in }
    ) async throws -> V1Repair {
        let proposed = try await propose(kind, of: id, change)
        let approved = try await decide(proposed, by: "bert") { $0.approveRepair }
        return try await decide(approved, by: "anna") { $0.executeRepair }
    }

    func events(_ suffix: String) async throws -> [JournalEvent] {
        try await book.read { reader in
            try Journal.events(after: 0, limit: 100_000, reader).filter { $0.type.hasSuffix("." + suffix) }
        }
    }

    /// Every row of every table, as text: two books that are the same have the same.
    func contents() async throws -> String {
        try await book.read { reader in
            var text = ""
            for table in try reader.tables() {
                text += "# \(table.name)\n"
                try reader.copyOut(table) { row in
                    text +=
                        try table.columns.indices.map { "\(try row.get($0, as: SQLValue.self))" }
                        .joined(separator: "|") + "\n"
                }
            }
            return text
        }
    }
}

/// What a call was refused with; nil when it was not refused by Cases.
func refusal(_ call: () async throws -> some Any) async -> CasesError.Code? {
    do {
        _ = try await call()
        return nil
    } catch {
        return (error as? CasesError)?.code
    }
}
