/// One thing that a doctor looked at.
public struct DoctorCheck: Sendable, Encodable {
    public enum Verdict: String, Sendable, Encodable {
        case ok
        /// It works, and could be better.
        case advice
        case wrong
    }

    public let name: String
    public let verdict: Verdict
    /// What was found; when it is not well, what to change.
    public let detail: String

    public init(_ name: String, _ verdict: Verdict = .ok, _ detail: String) {
        self.name = name
        self.verdict = verdict
        self.detail = detail
    }

    /// `well` when the condition holds, otherwise `verdict` with what to change.
    init(_ name: String, _ holds: Bool, _ well: String, else verdict: Verdict = .wrong, _ change: String) {
        self.init(name, holds ? .ok : verdict, holds ? well : change)
    }
}
