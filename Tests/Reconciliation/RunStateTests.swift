import Testing

@testable import Reconciliation

@Suite struct RunStateTests {
    @Test("a run goes from pending over preparing and confirmed to settled, and no other way")
    func path() {
        #expect(RunState.pending.after(.statementArrived) == .preparing)
        #expect(RunState.preparing.after(.confirm) == .confirmed)
        #expect(RunState.confirmed.after(.finished) == .settled)
        #expect(RunState.pending.after(.confirm) == nil)
        #expect(RunState.preparing.after(.finished) == nil)
    }

    @Test("nothing leads out of settled and aborted")
    func ends() {
        for event in RunEvent.allCases {
            #expect(RunState.settled.after(event) == nil)
            #expect(RunState.aborted.after(event) == nil)
        }
    }

    @Test("what has begun to settle is not given up")
    func confirmedStays() {
        #expect(RunState.confirmed.after(.abort) == nil)
        #expect(RunState.pending.after(.abort) == .aborted)
    }

    @Test("a day reads its own text, and nothing that is no day")
    func days() {
        #expect(BusinessDay("2026-02-28")?.adding(days: 1).description == "2026-03-01")
        #expect(BusinessDay("2026-02-30") == nil)
        #expect(BusinessDay("2026-2-3") == nil)
    }
}
