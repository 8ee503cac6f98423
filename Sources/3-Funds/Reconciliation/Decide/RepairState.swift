/// Where a repair stands: nothing is booked before `executed`, and what is booked can only be reversed.
public enum RepairState: String, CaseIterable, Sendable, Hashable {
    case proposed, approved, executed
    case rejected, withdrawn
    /// Another repair took its entries back.
    case reversed

    public var isPending: Bool { self == .proposed || self == .approved }

    /// The state after a move.
    /// - Throws: `illegalMove`, naming what is allowed.
    mutating func move(_ move: RepairMove) throws(CasesError) {
        guard let next = next(move) else {
            let allowed = RepairMove.allCases.filter { self.next($0) != nil }.map(\.rawValue)
            throw .illegalMove(move.rawValue, of: "repair", state: rawValue, allowed: allowed)
        }
        self = next
    }

    private func next(_ move: RepairMove) -> RepairState? {
        switch (self, move) {
        case (.proposed, .approve): .approved
        case (.proposed, .reject): .rejected
        case (.proposed, .withdraw), (.approved, .withdraw): .withdrawn
        case (.approved, .execute): .executed
        case (.executed, .reverse): .reversed
        default: nil
        }
    }
}

public enum RepairMove: String, CaseIterable, Sendable, Hashable {
    case approve, reject, withdraw, execute, reverse
}

/// Who stands behind a step. A key and its successor are one person, so credentials are never compared.
public struct Actor: Sendable, Hashable {
    /// The credential's own identifier, as the journal keeps it.
    public let subject: String
    /// The person behind it: the same for every key that the person was given or made.
    public let person: String

    public init(subject: String, person: String) {
        self.subject = subject
        self.person = person
    }

    /// What a policy does by itself is nobody's, so a policy approves only what it proposed.
    public static let policy = Actor(subject: "policy", person: "policy")
}

/// Four eyes: who made something is not who lets it through.
enum FourEyes {
    /// - Throws: `samePerson` when both are one person, whatever keys were used.
    static func check(maker: Actor, checker: Actor, _ what: String) throws(CasesError) {
        guard maker.person != checker.person, maker.subject != checker.subject else {
            throw CasesError(
                .samePerson,
                "\(what) was made by the same person (\(maker.subject)); somebody else must decide on it, and another "
                    + "key of the same holder is not somebody else")
        }
    }
}
