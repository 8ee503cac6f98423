import Testing

@testable import Reconciliation

@Suite("The moves of cases and repairs")
struct CaseStateTests {
    @Test("an ended case moves only by being opened again")
    func ended() {
        for state in CaseState.allCases where state.isEnded {
            #expect(Set(state.allowed) == [.reopen, .reversed], "\(state)")
        }
    }

    @Test("a case with a proposal is not resolved beside it, and every live case closes when its difference is gone")
    func live() throws {
        #expect(!CaseState.repairProposed.allowed.contains(.resolve))
        #expect(!CaseState.repairProposed.allowed.contains(.propose))
        for state in CaseState.live {
            var state = state
            try state.move(.matched)
            #expect(state == .closedByMatch)
        }
    }

    @Test("a refused move names the state and what it allows")
    func refused() {
        var state = CaseState.resolved
        do {
            try state.move(.propose)
            Issue.record("an ended case takes no proposal")
        } catch {
            #expect(error.code == .illegalMove)
            #expect(error.facts["state"] == "resolved")
            #expect(error.facts["allowed"] == "reopen reversed")
        }
        #expect(state == .resolved, "a refused move changes nothing")
    }

    @Test("a repair is executed once, and only when it is approved")
    func repair() throws {
        var state = RepairState.proposed
        #expect(throws: CasesError.self) { try state.move(.execute) }
        try state.move(.approve)
        try state.move(.execute)
        #expect(throws: CasesError.self) { try state.move(.execute) }
        #expect(throws: CasesError.self) { try state.move(.withdraw) }
        try state.move(.reverse)
        for move in RepairMove.allCases { #expect(throws: CasesError.self) { try state.move(move) } }
    }

    @Test("maker and checker are two people, whatever keys they hold")
    func eyes() throws {
        let anna = Actor(subject: "key-1", person: "anna")
        let rotated = Actor(subject: "key-2", person: "anna")
        let bert = Actor(subject: "key-3", person: "bert")
        #expect(throws: CasesError.self) { try FourEyes.check(maker: anna, checker: anna, "it") }
        #expect(throws: CasesError.self) { try FourEyes.check(maker: anna, checker: rotated, "it") }
        try FourEyes.check(maker: anna, checker: bert, "it")
    }
}
