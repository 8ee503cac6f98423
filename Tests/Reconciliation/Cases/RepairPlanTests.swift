import Matching
import Money
import Testing

@testable import Reconciliation

@Suite("What a repair books")
struct RepairPlanTests {
    private func subject(_ matchClass: MatchClass, open: Int64, kind: String = "payment") -> RepairSubject {
        RepairSubject(
            matchClass: matchClass, channel: "sandbox", currency: .eur, itemReference: "order-1", openMinor: open,
            lineKind: kind)
    }

    /// What a plan moves on an account: debits less credits.
    private func moved(_ plan: RepairPlan, _ account: String, _ reference: String? = nil) -> Int64 {
        plan.entries.filter { reference == nil || $0.reference == reference }.reduce(0) { sum, entry in
            sum + (entry.debit == account ? entry.amount.minor : 0) - (entry.credit == account ? entry.amount.minor : 0)
        }
    }

    @Test(
        "every kind with entries brings the open item to zero, whichever way it is open", arguments: [7, -7] as [Int64])
    func settles(open: Int64) throws {
        let kinds: [(RepairKind, MatchClass)] = [
            (.writeOffRounding, .amount), (.bookChannelFee, .fee), (.bookUnknownMoney, .missingOurs),
            (.reclassify, .missingOurs), (.returnDuplicate, .duplicateOurs), (.returnDuplicate, .duplicateTheirs),
            (open < 0 ? .bookMissingCapture : .bookMissingRefund, .missingOurs)
        ]
        for (kind, matchClass) in kinds {
            let plan = try RepairPlan.make(
                kind, subject(matchClass, open: open), RepairWish(targetReference: "order-2"))
            #expect(open + moved(plan, "clearing:sandbox", "order-1") == 0, "\(kind)")
            if kind == .reclassify {
                #expect(moved(plan, "clearing:sandbox", "order-2") == open, "what left one order is at the other")
                #expect(moved(plan, "suspense") == 0, "nothing stays on the way")
            }
        }
    }

    @Test("the reversal takes back exactly what was booked, on every account and reference")
    func reversal() throws {
        let plan = try RepairPlan.make(
            .reclassify, subject(.missingOurs, open: -500), RepairWish(targetReference: "order-2"))
        let back = plan.reversal
        for account in ["clearing:sandbox", "suspense"] {
            for reference in ["order-1", "order-2"] {
                #expect(moved(plan, account, reference) + moved(back, account, reference) == 0)
            }
        }
        #expect(back.kind == .reversal)
    }

    @Test("nothing is booked where nothing is open, nor more than is open")
    func bounds() throws {
        #expect(throws: CasesError.self) { try RepairPlan.make(.writeOffRounding, subject(.amount, open: 0)) }
        #expect(throws: CasesError.self) { try RepairPlan.make(.writeOffRounding, subject(.amount, open: .min)) }
        #expect(throws: CasesError.self) {
            try RepairPlan.make(.writeOffRounding, subject(.amount, open: 5), RepairWish(amountMinor: 6))
        }
        #expect(throws: CasesError.self) {
            try RepairPlan.make(.writeOffRounding, subject(.amount, open: 5), RepairWish(amountMinor: 0))
        }
        let part = try RepairPlan.make(.writeOffRounding, subject(.amount, open: 5), RepairWish(amountMinor: 2))
        #expect(part.amountMinor == 2)
    }

    @Test("a kind that does not fit the class is refused, naming those that do")
    func fits() {
        do {
            _ = try RepairPlan.make(.bookMissingCapture, subject(.fee, open: 5))
            Issue.record("a fee is no missing capture")
        } catch {
            #expect(error.code == .repairImpossible)
            #expect(error.detail.contains("book_channel_fee"))
        }
        #expect(throws: CasesError.self) { try RepairPlan.make(.reversal, subject(.amount, open: 5)) }
    }

    @Test("a missing capture is money that came in, a missing refund money that went out")
    func direction() {
        #expect(throws: CasesError.self) { try RepairPlan.make(.bookMissingCapture, subject(.missingOurs, open: 5)) }
        #expect(throws: CasesError.self) { try RepairPlan.make(.bookMissingRefund, subject(.missingOurs, open: -5)) }
    }

    @Test("a timing difference books nothing and needs its day")
    func timing() throws {
        #expect(throws: CasesError.self) { try RepairPlan.make(.markTiming, subject(.late, open: 5)) }
        let plan = try RepairPlan.make(.markTiming, subject(.late, open: 5), RepairWish(carryTo: "2026-01-02"))
        #expect(plan.entries.isEmpty)
        #expect(plan.carryTo == "2026-01-02")
    }
}

@Suite("What a tenant lets repair itself")
struct RepairPolicyTests {
    private let policy = RepairPolicy([
        .init(
            kind: .writeOffRounding, classes: [.amount], currency: "EUR", limitMinor: 5, dailyCapMinor: 12,
            minimumConfidence: 80),
        .init(
            kind: .writeOffRounding, classes: [.amount], currency: "*", limitMinor: 1, dailyCapMinor: 100,
            minimumConfidence: 0)
    ])

    private func decide(
        _ kind: RepairKind = .writeOffRounding, _ matchClass: MatchClass = .amount, currency: String = "EUR",
        amount: Int64 = 5, confidence: Int = 90, spent: Int64 = 0
    ) -> RepairPolicy.Decision {
        policy.decide(
            kind, matchClass, currency: currency, amountMinor: amount, confidence: confidence, spentToday: spent)
    }

    private func isAutomatic(_ decision: RepairPolicy.Decision) -> Bool { decision == .automatic }

    @Test("the limit is the last amount that repairs itself")
    func limit() {
        #expect(isAutomatic(decide(amount: 5)))
        #expect(!isAutomatic(decide(amount: 6)))
    }

    @Test("the day's cap counts what was repaired before, and is never passed by one repair")
    func cap() {
        #expect(isAutomatic(decide(amount: 5, spent: 7)))
        #expect(!isAutomatic(decide(amount: 5, spent: 8)))
        #expect(!isAutomatic(decide(amount: 5, spent: .max)), "a sum that leaves 64 bits is over every cap")
    }

    @Test("an unsure cause, another class, another kind and a currency without a rule wait for a person")
    func others() {
        #expect(!isAutomatic(decide(confidence: 79)))
        #expect(!isAutomatic(decide(.writeOffRounding, .fee)))
        #expect(!isAutomatic(decide(.bookChannelFee, .amount)))
        #expect(isAutomatic(decide(currency: "JPY", amount: 1)))
        #expect(!isAutomatic(decide(currency: "JPY", amount: 2)))
        #expect(
            !isAutomatic(
                RepairPolicy([]).decide(
                    .writeOffRounding, .amount, currency: "EUR", amountMinor: 1, confidence: 100, spentToday: 0)))
    }
}
