/// Why a statement was refused, in words that say what to do.
public struct StatementError: Error, Hashable, Sendable {
    /// What went wrong.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        enum Kind: String {
            case unreadable, unknownFormat, ambiguousFormat, unknownEntry, malformed, truncated, contradiction
            case tooManyRejected, limit, encoding, unsupported
        }
        let kind: Kind

        /// The file cannot be opened or unpacked.
        public static let unreadable = Code(kind: .unreadable)
        /// No format knows the file.
        public static let unknownFormat = Code(kind: .unknownFormat)
        /// More than one format, or more than one file of an archive, would fit: see `candidates`.
        public static let ambiguousFormat = Code(kind: .ambiguousFormat)
        /// The archive has no file of that name.
        public static let unknownEntry = Code(kind: .unknownEntry)
        /// The file breaks its format in a way that is no matter of one line.
        public static let malformed = Code(kind: .malformed)
        /// The file ends before it is complete.
        public static let truncated = Code(kind: .truncated)
        /// What the file says of itself is not what its rows are: see `stated` and `found`.
        public static let contradiction = Code(kind: .contradiction)
        /// More lines were bad than `ReadLimits.maxRejected` allows: see `rejected`.
        public static let tooManyRejected = Code(kind: .tooManyRejected)
        /// A bound of `ReadLimits` was passed.
        public static let limit = Code(kind: .limit)
        /// The bytes are not text of the encoding.
        public static let encoding = Code(kind: .encoding)
        /// The file is understood and is of a kind that is not read.
        public static let unsupported = Code(kind: .unsupported)

        public var description: String { kind.rawValue }
    }

    public let code: Code
    public let message: String
    /// The line at fault, from 1.
    public let line: Int?
    /// Of a contradiction: what the file says.
    public let stated: String?
    /// Of a contradiction: what its rows say.
    public let found: String?
    /// Of an ambiguity: what may be named to resolve it.
    public let candidates: [String]
    /// Of too many rejected lines: the first of them.
    public let rejected: [RejectedLine]

    public init(
        _ code: Code, _ message: String, line: Int? = nil, stated: String? = nil, found: String? = nil,
        candidates: [String] = [], rejected: [RejectedLine] = []
    ) {
        self.code = code
        self.message = message
        self.line = line
        self.stated = stated
        self.found = found
        self.candidates = candidates
        self.rejected = rejected
    }

    /// The file says one thing of itself and its rows another.
    public static func contradiction(
        _ what: String, stated: String, found: String, line: Int? = nil
    ) -> StatementError {
        StatementError(
            .contradiction, "the file contradicts itself: \(what) is stated as \(stated) and found to be \(found)",
            line: line, stated: stated, found: found)
    }

    public static func malformed(_ reason: String, line: Int? = nil) -> StatementError {
        StatementError(.malformed, reason, line: line)
    }

    public static func truncated(_ reason: String, line: Int? = nil) -> StatementError {
        StatementError(.truncated, reason, line: line)
    }
}

extension StatementError: CustomStringConvertible {
    public var description: String {
        (line.map { "line \($0): " } ?? "") + message
    }
}

/// Why one field of one line cannot be read. Readers throw it from the code of a row; `ReadSession.row` turns it
/// into a rejected line.
public struct FieldProblem: Error, Hashable, Sendable {
    /// The column, tag or field; empty when it is the whole line.
    public var field: String
    public var reason: String

    public init(_ reason: String, field: String = "") {
        self.field = field
        self.reason = reason
    }
}
