/// How a delimited file says what matching needs: which columns, in which unit, in which words.
public struct ColumnProfile: Sendable, Hashable {
    public enum Column: Sendable, Hashable, CustomStringConvertible {
        /// By the header's text, blanks around it left out.
        case name(String)
        /// From 0.
        case index(Int)

        public var description: String {
            switch self {
            case .name(let name): "'\(name)'"
            case .index(let index): "number \(index + 1)"
            }
        }
    }

    public enum Unit: String, Sendable, Hashable {
        /// `12.30`: as many decimals as the currency has.
        case major
        /// `1230`.
        case minor
    }

    /// What a word of a status column means for matching.
    public enum StatusMeaning: Sendable, Hashable {
        case status(MatchStatus)
        /// Lines with it are no business of either side: they are counted and left out.
        case leftOut
    }

    public var separator: UInt8
    public var hasHeader: Bool
    /// Lines before the header, or before the first line of data.
    public var skippedLines: Int
    /// The keys in order of strength, each of one column or of several together.
    public var keys: [[Column]]
    /// What the keys are, so that two profiles compare like with like; empty compares them by position.
    public var keyNames: [String] = []
    public var amount: Column
    public var unit: Unit
    /// Instead of the currency's own decimals.
    public var decimals: UInt8?
    /// Whether the file's plus is money from us.
    public var isNegated: Bool
    public var currency: Column?
    /// Used without a currency column.
    public var fixedCurrency: String
    public var status: Column?
    public var statuses: [String: StatusMeaning]
    public var kind: Column?
    public var kinds: [String: MatchKind]
    public var fixedKind: MatchKind
    public var fee: Column?
    public var time: Column?
    /// Seconds east of Greenwich of times that do not say it.
    public var zoneSeconds: Int64
    public var batch: Column?
    /// The line's number where the file is an extract of another one.
    public var line: Column?
    /// A byte before fields that is no part of them, like WeChat's backtick.
    public var prefix: UInt8?

    public static let maximumKeys = 4

    /// Leaves both profiles the keys that both sides have, in the order of the first one's strength.
    ///
    /// - Throws: `FileReconciliationError.profile` when they have none in common.
    public static func align(_ ours: inout Self, _ theirs: inout Self) throws(FileReconciliationError) {
        guard !ours.keyNames.isEmpty, !theirs.keyNames.isEmpty else { return }
        let common = ours.keyNames.filter(theirs.keyNames.contains)
        guard !common.isEmpty else {
            throw .profile(
                "our file has the keys \(ours.keyNames.joined(separator: ", ")), theirs "
                    + "\(theirs.keyNames.joined(separator: ", ")): they have none in common")
        }
        ours.keep(common)
        theirs.keep(common)
    }

    private mutating func keep(_ names: [String]) {
        let byName = Dictionary(zip(keyNames, keys)) { first, _ in first }
        keys = names.compactMap { byName[$0] }
        keyNames = names
    }

    public init(
        keys: [[Column]], amount: Column, unit: Unit = .major, currency: Column? = nil, fixedCurrency: String = "",
        status: Column? = nil, statuses: [String: StatusMeaning] = commonStatuses, fee: Column? = nil,
        time: Column? = nil, zoneSeconds: Int64 = 0, separator: UInt8 = UInt8(ascii: ","), hasHeader: Bool = true,
        skippedLines: Int = 0, decimals: UInt8? = nil, isNegated: Bool = false, kind: Column? = nil,
        kinds: [String: MatchKind] = commonKinds, fixedKind: MatchKind = .payment, batch: Column? = nil,
        line: Column? = nil, prefix: UInt8? = nil
    ) {
        self.keys = keys
        self.amount = amount
        self.unit = unit
        self.currency = currency
        self.fixedCurrency = fixedCurrency
        self.status = status
        self.statuses = statuses
        self.fee = fee
        self.time = time
        self.zoneSeconds = zoneSeconds
        self.separator = separator
        self.hasHeader = hasHeader
        self.skippedLines = skippedLines
        self.decimals = decimals
        self.isNegated = isNegated
        self.kind = kind
        self.kinds = kinds
        self.fixedKind = fixedKind
        self.batch = batch
        self.line = line
        self.prefix = prefix
    }

    /// The words of many systems, in lower case; a file's words are compared as written first, then in lower case.
    public static let commonStatuses: [String: StatusMeaning] = [
        "succeeded": .status(.succeeded), "success": .status(.succeeded), "paid": .status(.succeeded),
        "settled": .status(.succeeded), "completed": .status(.succeeded), "captured": .status(.succeeded),
        "trade_success": .status(.succeeded), "ok": .status(.succeeded),
        "pending": .status(.pending), "processing": .status(.pending), "authorised": .status(.pending),
        "authorized": .status(.pending),
        "failed": .status(.failed), "declined": .status(.failed), "closed": .status(.failed),
        "error": .status(.failed), "cancelled": .status(.failed), "canceled": .status(.failed),
        "reversed": .status(.reversed), "refunded": .status(.reversed), "refund": .status(.reversed),
        "voided": .status(.reversed), "revoked": .status(.reversed), "chargeback": .status(.reversed)
    ]

    public static let commonKinds: [String: MatchKind] = [
        "payment": .payment, "sale": .payment, "charge": .payment, "capture": .payment, "pay": .payment,
        "refund": .refund, "fee": .fee, "payout": .payout, "chargeback": .chargeback, "adjustment": .adjustment,
        "fx": .fx
    ]
}
