public import Money
public import Runtime

/// An account's number: dense within a book, from 1. Cheaper than its code in hot paths.
public struct AccountKey: Hashable, Comparable, Sendable {
    public let number: Int64

    public init(_ number: Int64) { self.number = number }

    public static func < (left: AccountKey, right: AccountKey) -> Bool { left.number < right.number }
}

/// How a transfer names an account: by its code in the currency of the amount, by its key, or as that of the pending
/// transfer that is posted or voided. A string literal is a code.
public enum AccountRef: Hashable, Sendable, ExpressibleByStringLiteral {
    case code(String)
    case key(AccountKey)
    case ofPending

    public init(stringLiteral code: String) { self = .code(code) }
}

/// The side on which an account grows: assets and expenses by debits, liabilities, equity and income by credits.
public enum NormalSide: Int64, Hashable, Sendable {
    case debit = 1
    case credit = 2
}

/// What an account may never do. Held amounts count as if they were posted.
public enum AccountLimit: Int64, Hashable, Sendable {
    case none = 0
    /// For accounts that grow by credits: one cannot pay out more than came in.
    case debitsMustNotExceedCredits = 1
    /// For accounts that grow by debits: one cannot take out more than is there.
    case creditsMustNotExceedDebits = 2
}

/// An account of the book. It is opened once and never changes.
public struct Account: Hashable, Sendable {
    public let key: AccountKey
    public let code: String
    public let currency: Currency
    public let normalSide: NormalSide
    public let limit: AccountLimit
    public let openedAt: Timestamp
}

/// What it takes to open an account.
public struct AccountSpec: Hashable, Sendable {
    /// The longest code, in bytes.
    public static let codeLimit = 64

    public let code: String
    public let currency: Currency
    public let normalSide: NormalSide
    public let limit: AccountLimit

    public init(code: String, currency: Currency, normalSide: NormalSide, limit: AccountLimit = .none) {
        self.code = code
        self.currency = currency
        self.normalSide = normalSide
        self.limit = limit
    }

    /// Throws unless the code is 1 to 64 of a–z, 0–9, `_`, `-`, `.` and `:`.
    func validate() throws(LedgerError) {
        let bytes = code.utf8
        let isWellFormed = bytes.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"):
                true
            default: false
            }
        }
        guard isWellFormed, (1...AccountSpec.codeLimit).contains(bytes.count) else {
            throw LedgerError(.accountCodeInvalid, account: String(code.prefix(AccountSpec.codeLimit)))
        }
    }
}
