/// What a line, or a pair of lines, came to. Every line of either side gets exactly one class.
///
/// The raw value is stable: it is written to files and sorts the worst differences by kind, not by severity.
public enum MatchClass: UInt8, CaseIterable, Sendable, Hashable {
    /// Both sides have it and nothing differs beyond what the rules tolerate.
    case matched = 0
    /// They report a line that our books do not have: surplus money is as wrong as lacking money.
    case missingOurs = 1
    /// Our books have a line that they do not report.
    case missingTheirs = 2
    /// Same key and currency, different amounts.
    case amount = 3
    /// Same key, currency and amount, but one side calls it succeeded and the other does not.
    case status = 4
    /// Same key, different currencies: the amounts cannot be compared at all.
    case currency = 5
    /// Same key, currency, amount and status; what the channel kept differs.
    case fee = 6
    /// Our books have the key again: the first line by number was matched, this one is over.
    case duplicateOurs = 7
    /// They report the key again.
    case duplicateTheirs = 8
    /// Missing so close to the cut-off that the other side's next file is expected to bring it: carried over.
    case late = 9

    /// The word in files and APIs: `missing_ours`.
    public var code: String {
        switch self {
        case .matched: "matched"
        case .missingOurs: "missing_ours"
        case .missingTheirs: "missing_theirs"
        case .amount: "amount"
        case .status: "status"
        case .currency: "currency"
        case .fee: "fee"
        case .duplicateOurs: "duplicate_ours"
        case .duplicateTheirs: "duplicate_theirs"
        case .late: "late"
        }
    }

    /// The class that a word of a file or an API names.
    public init?(code: String) {
        guard let found = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = found
    }
}

/// What became of a line's money, on both sides' words mapped to one vocabulary.
public enum MatchStatus: UInt8, CaseIterable, Sendable, Hashable {
    case succeeded = 0
    case pending = 1
    case failed = 2
    case reversed = 3
    /// The word is in nobody's map. It differs from every known status and equals itself.
    case unknown = 4

    /// The word in files and APIs.
    public var code: String {
        switch self {
        case .succeeded: "succeeded"
        case .pending: "pending"
        case .failed: "failed"
        case .reversed: "reversed"
        case .unknown: "unknown"
        }
    }
}

/// What a line is. Only lines of one kind are matched with each other: a refund may carry its payment's order number.
public enum MatchKind: UInt8, CaseIterable, Sendable, Hashable {
    case payment = 0
    case refund = 1
    case fee = 2
    case payout = 3
    case chargeback = 4
    case adjustment = 5
    case fx = 6

    /// The word in files and APIs.
    public var code: String { String(describing: self) }
}
