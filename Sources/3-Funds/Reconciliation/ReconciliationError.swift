public import Contract

/// Why Reconciliation refused. Nothing was changed.
public struct ReconciliationError: Error, Hashable, Sendable, CustomStringConvertible {
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        enum Name: String {
            case runUnknown = "run-unknown"
            case statementUnknown = "statement-unknown"
            case uploadUnknown = "upload-unknown"
            case profileUnknown = "profile-unknown"
            case profileInvalid = "profile-invalid"
            case versionConflict = "version-conflict"
            case illegalMove = "run-state"
            case statementRefused = "statement-refused"
            case uploadMismatch = "upload-mismatch"
            case tooLarge = "file-too-large"
            case dayInvalid = "day-invalid"
        }

        let name: Name

        public static let runUnknown = Code(name: .runUnknown)
        public static let statementUnknown = Code(name: .statementUnknown)
        public static let uploadUnknown = Code(name: .uploadUnknown)
        /// The channel has no profile: nothing says how its days run.
        public static let profileUnknown = Code(name: .profileUnknown)
        public static let profileInvalid = Code(name: .profileInvalid)
        /// The run was changed since the caller read it; the message names both versions.
        public static let versionConflict = Code(name: .versionConflict)
        /// The run's state does not allow it; the message names the state.
        public static let illegalMove = Code(name: .illegalMove)
        /// The file contradicts itself or has too many unreadable lines.
        public static let statementRefused = Code(name: .statementRefused)
        /// What arrived is not what was announced: another length, hash or place.
        public static let uploadMismatch = Code(name: .uploadMismatch)
        public static let tooLarge = Code(name: .tooLarge)
        public static let dayInvalid = Code(name: .dayInvalid)

        public var description: String { name.rawValue }
    }

    public let code: Code
    public let detail: String
    public let state: String?

    init(_ code: Code, _ detail: String, state: String? = nil) {
        self.code = code
        self.detail = detail
        self.state = state
    }

    public var description: String { "\(code): \(detail)" }
}

extension ReconciliationError: ProblemConvertible {
    public var problem: Problem {
        var extensions: [String: String] = [:]
        if let state { extensions["state"] = state }
        return Problem(
            type: "reconciliation-" + code.description, title: "The reconciliation refused", status: status,
            detail: detail, extensions: extensions)
    }

    private var status: Int {
        switch code.name {
        case .runUnknown, .statementUnknown, .uploadUnknown, .profileUnknown: 404
        case .versionConflict, .illegalMove: 409
        case .tooLarge: 413
        case .profileInvalid, .statementRefused, .uploadMismatch, .dayInvalid: 422
        }
    }
}
