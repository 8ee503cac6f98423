public import Money

/// What a whole statement amounts to: the proof that is kept beside its rows.
public struct StatementSummary: Hashable, Sendable {
    /// The format's id: `wechat-trade`, `camt053`, …
    public var format = ""
    /// What kind of that format it was: `ALL`, `camt.053.001.08`, …
    public var variant = ""
    /// Which file of an archive, or sheet of a workbook, was read.
    public var entry: String?
    /// The encoding of the text: `utf-8`, `gb18030`, …
    public var encoding = ""
    /// The accounts the statement is of, in the order of the file.
    public var accounts: [String] = []
    /// The time the file says it covers.
    public var period: StatementPeriod?
    public var rows = 0
    /// One entry a currency, in order of the code.
    public var totals: [CurrencyTotals] = []
    public var balances: [StatedBalance] = []
    /// Everything the file says of itself, and whether its rows agree.
    public var checks: [StatementCheck] = []
    /// Lines that could not be read, the first ones; `rejectedCount` counts all.
    public var rejected: [RejectedLine] = []
    public var rejectedCount = 0
    /// What every line of the file was.
    public var lines = LineCounts()
    /// Bytes of the unpacked file.
    public var bytes: Int64 = 0

    public init() {}

    /// True when no check fails.
    public var isConsistent: Bool { checks.allSatisfy { $0.holds || $0.isUnproven } }
}

/// From when to when a file says it reaches; both ends belong to it.
public struct StatementPeriod: Hashable, Sendable {
    public var from: StatementTime
    public var through: StatementTime

    public init(from: StatementTime, through: StatementTime) {
        self.from = from
        self.through = through
    }
}

/// Sums of the rows of one currency, in minor units.
public struct CurrencyTotals: Hashable, Sendable {
    public let currency: Currency
    public var rows = 0
    /// The sum of all positive amounts.
    public var creditMinor: Int64 = 0
    /// The sum of all negative amounts, as a negative number.
    public var debitMinor: Int64 = 0
    public var feeMinor: Int64 = 0
    /// Credits and debits less fees.
    public var netMinor: Int64 = 0
    /// How many rows and how much money of each kind.
    public var kinds: [RowKind: KindTotal] = [:]

    public init(_ currency: Currency) { self.currency = currency }
}

/// Rows of one kind in one currency.
public struct KindTotal: Hashable, Sendable {
    public var rows = 0
    public var amountMinor: Int64 = 0

    public init() {}
}

/// A balance that the file states.
public struct StatedBalance: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, Codable {
        case opening, closing, availableOpening, availableClosing, interim
        /// Of ISO 20022: PRCD, ITAV, FWAV, XPCD, INFO.
        case previousClosing, availableInterim, forwardAvailable, expected, information
    }

    public var account: String
    public var kind: Kind
    public var currency: Currency
    public var minor: Int64
    public var date: CivilDate?

    public init(account: String, kind: Kind, currency: Currency, minor: Int64, date: CivilDate? = nil) {
        self.account = account
        self.kind = kind
        self.currency = currency
        self.minor = minor
        self.date = date
    }
}

/// Something a file says about itself, held against what its rows add up to.
public struct StatementCheck: Hashable, Sendable {
    /// In the file's own words where it has some: `手续费总金额`, `closing balance of NL26…`.
    public var what: String
    public var stated: String
    public var found: String
    public var holds: Bool
    /// It fails and proves nothing: rejected lines, which the setting allows, may be the difference.
    public var isUnproven = false
    /// The line that states it, when it is one.
    public var line: Int?

    public init(what: String, stated: String, found: String, holds: Bool, line: Int? = nil) {
        self.what = what
        self.stated = stated
        self.found = found
        self.holds = holds
        self.line = line
    }
}

/// A line that could not be read, and why.
public struct RejectedLine: Hashable, Sendable {
    public var line: Int
    /// The column, tag or field at fault; empty when it is the whole line.
    public var field: String
    public var reason: String

    public init(line: Int, field: String, reason: String) {
        self.line = line
        self.field = field
        self.reason = reason
    }
}

/// Every line of a file is exactly one of these: nothing is lost silently.
public struct LineCounts: Hashable, Sendable {
    /// Lines that belong to rows; a row may have several.
    public var rows = 0
    public var headers = 0
    public var comments = 0
    public var trailers = 0
    public var blank = 0
    public var rejected = 0

    public init() {}

    public var total: Int { rows + headers + comments + trailers + blank + rejected }
}
