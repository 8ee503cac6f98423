public import Contract

/// Why a call about cases, repairs or rules was refused. Nothing was changed.
public struct CasesError: Error, Hashable, Sendable, CustomStringConvertible {
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        enum Name: String {
            case illegalMove = "illegal-move"
            case notFound = "not-found"
            case invalidField = "invalid-field"
            case versionMismatch = "version-mismatch"
            case samePerson = "same-person"
            case repairPending = "repair-pending"
            case repairImpossible = "repair-impossible"
            case booksMoved = "books-moved"
            case overLimit = "over-limit"
            case rulesInvalid = "rules-invalid"
            case shadowMissing = "shadow-missing"
        }

        let name: Name

        /// The state does not allow it; the message names the state and what is allowed.
        public static let illegalMove = Code(name: .illegalMove)
        public static let notFound = Code(name: .notFound)
        public static let invalidField = Code(name: .invalidField)
        /// Somebody changed it since it was read.
        public static let versionMismatch = Code(name: .versionMismatch)
        /// Maker and checker are one person.
        public static let samePerson = Code(name: .samePerson)
        /// The case has a repair that is not decided.
        public static let repairPending = Code(name: .repairPending)
        /// This kind of repair does not fit the case.
        public static let repairImpossible = Code(name: .repairImpossible)
        /// The open item is not any more what the repair was made for.
        public static let booksMoved = Code(name: .booksMoved)
        /// A named bound is reached.
        public static let overLimit = Code(name: .overLimit)
        /// The rule set cannot be used; every mistake is named.
        public static let rulesInvalid = Code(name: .rulesInvalid)
        /// The rule set was not tried beside the live one.
        public static let shadowMissing = Code(name: .shadowMissing)

        public var description: String { name.rawValue }
    }

    public let code: Code
    public let detail: String
    public let field: String?
    /// Facts for programs: "state", "allowed".
    public let facts: [String: String]

    init(_ code: Code, field: String? = nil, _ detail: String, facts: [String: String] = [:]) {
        self.code = code
        self.field = field
        self.detail = detail
        self.facts = facts
    }

    public var description: String { "\(code): \(detail)" }
}

extension CasesError {
    static func illegalMove(_ move: String, of what: String, state: String, allowed: [String]) -> CasesError {
        let list = allowed.isEmpty ? "nothing" : allowed.joined(separator: ", ")
        return CasesError(
            .illegalMove, "\"\(move)\" is not possible: the \(what) is \(state), which allows \(list)",
            facts: ["state": state, "allowed": allowed.joined(separator: " ")])
    }

    static func invalid(_ field: String, _ value: String, _ rule: String) -> CasesError {
        CasesError(.invalidField, field: field, "\(field): \"\(value.prefix(80))\" \(rule)")
    }

    static func notFound(_ kind: String, _ id: String) -> CasesError {
        CasesError(.notFound, "there is no \(kind) \"\(id.prefix(80))\"", facts: ["kind": kind])
    }

    static func version(_ kind: String, now: Int64, sent: Int64) -> CasesError {
        CasesError(
            .versionMismatch, field: "version",
            "the \(kind) has version \(now) and \(sent) was sent: somebody changed it; read it again")
    }
}

extension CasesError: ProblemConvertible {
    public var problem: Problem {
        let (title, status) =
            switch code.name {
            case .notFound: ("Not found", 404)
            case .invalidField: ("A field has a value that is not allowed", 422)
            case .rulesInvalid: ("The rule set cannot be used", 422)
            case .versionMismatch: ("It was changed meanwhile", 412)
            case .samePerson: ("A second person is needed", 403)
            default: ("The state of things does not allow this", 409)
            }
        return Problem(
            type: code.description, title: title, status: status, detail: detail, field: field, extensions: facts)
    }
}
