import Matching
import Money
public import Runtime
import Store

public enum CaseTag: IdentifierTag { public static let prefix = "case" }
public typealias CaseID = Identifier<CaseTag>

public enum CaseNoteTag: IdentifierTag { public static let prefix = "note" }
public typealias CaseNoteID = Identifier<CaseNoteTag>

public enum RepairTag: IdentifierTag { public static let prefix = "rep" }
public typealias RepairID = Identifier<RepairTag>

public enum ShadowTag: IdentifierTag { public static let prefix = "shd" }
public typealias ShadowID = Identifier<ShadowTag>

/// A row of `recon_cases`.
struct CaseRecord: Sendable {
    let id: CaseID
    let difference: DifferenceID
    var run: RunID
    let channel: String
    let day: BusinessDay
    let matchClass: MatchClass
    var state = CaseState.open
    var severity: CasePolicy.Severity
    var reason: String
    var ours: DifferenceSide?
    var theirs: DifferenceSide?
    /// What the run leaves open because of it.
    var open: Amount
    var reference: String
    var cause = CauseVerdict()
    /// The version of the cause rules that named it.
    var rules: Int64 = 0
    var oddity: Oddity?
    var owner: String
    var deadline: Timestamp
    var carriedTo = ""
    var outcome = ""
    var version: Int64 = 1
    let openedAt: Timestamp
    var updatedAt: Timestamp
    var endedAt: Timestamp?

    struct Oddity: Sendable, Hashable {
        var basisPoints: Int
        var feature: String
    }

    /// The lines' amount where only one side has a line: what it might be mistaken for is looked up by it.
    var oneSided: DifferenceSide? {
        switch (ours, theirs) {
        case (let ours?, nil): ours
        case (nil, let theirs?): theirs
        default: nil
        }
    }

    func isOverdue(at now: Timestamp) -> Bool { !state.isEnded && deadline < now }

    /// When the line itself happened; nil where no side knows it.
    var lineTimeUs: Int64? { theirs?.timeUs ?? ours?.timeUs }

    /// Applies a move and what follows of it for the row.
    mutating func move(_ move: CaseMove, at now: Timestamp, outcome: String = "") throws(CasesError) {
        try state.move(move)
        if state.isEnded {
            endedAt = now
            self.outcome = outcome
        } else if endedAt != nil {
            endedAt = nil
            self.outcome = ""
        }
        version += 1
        updatedAt = now
    }
}
