/// Why the matcher refuses its input.
public enum MatchError: Error, Hashable, CustomStringConvertible {
    /// Two lines of a side have one id, so that a finding could not say which of them it means.
    case idNotUnique(side: String, id: Int64)
    /// More lines than one run in memory numbers; files of that size are `FileReconciliation`'s.
    case tooManyRows(side: String, count: Int, limit: Int)

    public var description: String {
        switch self {
        case .idNotUnique(let side, let id):
            "two lines of \(side) have the id \(id): number the lines of a side, those carried over included"
        case .tooManyRows(let side, let count, let limit):
            "\(count) lines of \(side) are more than the \(limit) matched in memory: match them as files"
        }
    }
}

/// What is wrong with a rule set: the setting and what it may be.
public struct MatchRulesFault: Error, Hashable, Sendable, CustomStringConvertible {
    public var field: String
    public var expected: String

    init(_ field: String, _ expected: String) {
        self.field = field
        self.expected = expected
    }

    public var description: String { "\(field): \(expected)" }
}
