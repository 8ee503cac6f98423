public import Contract
public import Ledger
internal import Logging
internal import Matching
internal import Runtime
internal import Store
internal import SwiftProtobuf

/// Who stands behind a caller: the same text for every credential of one person, so that a key and its successor are
/// one. Throws when that cannot be found out.
public typealias PersonBehind = @Sendable (Caller) async throws -> String

/// Keeps every difference as a case until it is explained or put right.
///
/// A case is opened, explained by the live cause rules, and ended by what a run finds later, by a repair or by a
/// person. A *repair* is typed entries with their reversal: shown before it is done, let through by a second person or by
/// the tenant's policy, and done in one transaction with the case's move. *Rule sets* (causes, policy, matching) are kept
/// in the book, tried beside the live ones, and activated by a second person.
///
/// It follows runs (`RunFollower`), so it needs no job of its own but `work`, which explains large runs.
public struct Cases: Sendable {
    /// The largest page of a list.
    public static let pageLimit = ListPage.largest
    /// Notes and attachments of one case.
    public static let notesPerCase = 500
    public static let filesPerCase = 50
    /// Bytes of one attachment.
    public static let attachmentLimit = 4 << 20
    /// Repairs that one case may have had, so that proposing and rejecting has an end.
    public static let repairsPerCase = 100
    /// Cases that one command explains or repairs.
    static let pieceSize = 500

    let ledger: Ledger
    let person: PersonBehind
    let oddities = OddityMemory()
    let logger = Logger(label: "kontor.reconciliation.cases")

    /// - Parameter person: who stands behind a caller. Without it every credential is a person of its own.
    public init(ledger: Ledger, person: @escaping PersonBehind = { $0.subject }) {
        self.ledger = ledger
        self.person = person
    }

    func actor(_ context: CallContext) async throws -> Actor {
        Actor(subject: context.caller.subject, person: try await person(context.caller))
    }

    /// What an owner is called: no mail address, no name with spaces.
    static func isPseudonym(_ text: String) -> Bool {
        text.utf8.count <= 80
            && text.utf8.allSatisfy {
                (97...122).contains($0) || (65...90).contains($0) || (48...58).contains($0) || [45, 46, 95].contains($0)
            }
    }
}

extension Cases {
    /// Moves a case and tells the journal.
    func move(
        _ row: inout CaseRecord, _ move: CaseMove, by actor: Actor, outcome: String = "", repaired: Bool = false,
        in tx: Transaction
    ) throws {
        let from = row.state
        try row.move(move, at: tx.now, outcome: outcome)
        try CaseStorage.update(row, in: tx)
        let now = row
        try tx.record(
            V1CaseMoved.with {
                $0.caseID = "\(now.id)"
                $0.channel = now.channel
                $0.class = now.matchClass.code
                $0.move = move.rawValue
                $0.from = from.rawValue
                $0.to = now.state.rawValue
                $0.reason = outcome
                $0.by = actor.subject
                $0.automatic = actor == .policy
                $0.repaired = repaired
                $0.atUs = tx.now.microseconds
            })
    }
}
