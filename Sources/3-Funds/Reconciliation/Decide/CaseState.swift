/// Where a case stands. Three ends, each of which can be opened again.
public enum CaseState: String, CaseIterable, Sendable, Hashable {
    case open
    /// A person has taken it.
    case investigating
    /// A repair waits for a second person, or for its execution.
    case repairProposed = "repair_proposed"
    /// Put right, or explained without any entry.
    case resolved
    /// The difference was taken into the books as a loss or a gain.
    case writtenOff = "written_off"
    /// The difference is gone: a corrected file or the next day's one matched it.
    case closedByMatch = "closed_by_match"

    /// An ended case waits for nobody and is never overdue.
    public var isEnded: Bool {
        switch self {
        case .open, .investigating, .repairProposed: false
        case .resolved, .writtenOff, .closedByMatch: true
        }
    }

    public static let live: [CaseState] = allCases.filter { !$0.isEnded }

    /// The moves that the state allows, for people whose move was refused.
    var allowed: [CaseMove] { CaseMove.allCases.filter { Self.table[Step(self, $0)] != nil } }

    /// The state after a move.
    /// - Throws: `illegalMove`, naming what is allowed.
    mutating func move(_ move: CaseMove) throws(CasesError) {
        guard let next = Self.table[Step(self, move)] else {
            throw .illegalMove(move.rawValue, of: "case", state: rawValue, allowed: allowed.map(\.rawValue))
        }
        self = next
    }

    private struct Step: Hashable {
        let from: CaseState
        let move: CaseMove

        init(_ from: CaseState, _ move: CaseMove) {
            self.from = from
            self.move = move
        }
    }

    private static let table: [Step: CaseState] = {
        var table: [Step: CaseState] = [:]
        for state in live {
            table[Step(state, .matched)] = .closedByMatch
            table[Step(state, .repaired)] = .resolved
            table[Step(state, .wroteOff)] = .writtenOff
            table[Step(state, .carried)] = .open
            table[Step(state, .partlyRepaired)] = .investigating
        }
        for state in [CaseState.open, .investigating] {
            table[Step(state, .investigate)] = .investigating
            table[Step(state, .propose)] = .repairProposed
            // A case with a proposal is resolved by that, or after its withdrawal.
            table[Step(state, .resolve)] = .resolved
        }
        table[Step(.repairProposed, .withdraw)] = .investigating
        for state in allCases where state.isEnded {
            table[Step(state, .reopen)] = .open
            // What was put right by an entry is open again when the entry is taken back.
            table[Step(state, .reversed)] = .open
        }
        return table
    }()
}

/// What can happen to a case. The first four are a person's; the others follow from a run or a repair.
public enum CaseMove: String, CaseIterable, Sendable, Hashable {
    case investigate, resolve, reopen
    case propose, withdraw
    /// A repair was executed that puts it right; one that writes it off; one that carries it to another day.
    case repaired, wroteOff = "wrote_off", carried
    /// A repair was executed and something is still open.
    case partlyRepaired = "partly_repaired"
    case reversed
    /// The difference is not found any more.
    case matched

    /// What a person may ask for by name; the others have calls of their own.
    static let manual: [CaseMove] = [.investigate, .resolve, .reopen]
}
