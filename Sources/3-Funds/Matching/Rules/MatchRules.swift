/// A rule set of matching: tolerances, keys, fees, rates, calendars and scores, all data.
///
/// `Codable` with every setting optional; a setting that does not exist is refused. `validate` before use: what it
/// accepts can be matched with in bounded time.
public struct MatchRules: Sendable, Hashable, Codable {
    /// How far amounts of one currency may lie apart.
    public var amount: AmountTolerance
    /// Instead of `amount` for the currencies named.
    public var amountByCurrency: [String: AmountTolerance]
    /// How far fees may lie apart.
    public var fee: AmountTolerance
    /// What is known about the key at each position; keys without a rule are used as they are.
    public var keys: [KeyRule]
    /// Words that some systems write where they have no reference: no keys.
    public var placeholders: Set<String>
    /// Whether one line may be matched by several under the same key that sum to it.
    public var splits: Bool
    /// What the channel is expected to keep, where our books do not know the fee.
    public var fees: FeeSchedule?
    /// Whether their amount may be ours less the fee.
    public var netOfFee: Bool
    /// From the currency of our line to that of theirs.
    public var exchangeRates: [ExchangeRate]
    /// How far a converted amount may lie from theirs.
    public var exchange: AmountTolerance
    /// The channel's days: our lines are expected in its files by this calendar.
    public var calendar: SettlementCalendar
    /// The days of our own books.
    public var books: SettlementCalendar
    public var late: LateRules
    /// Nil does without the tolerant stage: keys decide alone.
    public var tolerant: TolerantRules?

    static let maximumKeys = 8
    public static let commonPlaceholders: Set<String> = [
        "0", "-", "--", "N/A", "NA", "NULL", "null", "NONREF", "NOTPROVIDED", "NOTAVAILABLE"
    ]

    public init(
        amount: AmountTolerance = .none, amountByCurrency: [String: AmountTolerance] = [:],
        fee: AmountTolerance = .none, keys: [KeyRule] = [], placeholders: Set<String> = commonPlaceholders,
        splits: Bool = true, fees: FeeSchedule? = nil, netOfFee: Bool = false, exchangeRates: [ExchangeRate] = [],
        exchange: AmountTolerance = .none, calendar: SettlementCalendar = .plain, books: SettlementCalendar = .plain,
        late: LateRules = LateRules(), tolerant: TolerantRules? = TolerantRules()
    ) {
        self.amount = amount
        self.amountByCurrency = amountByCurrency
        self.fee = fee
        self.keys = keys
        self.placeholders = placeholders
        self.splits = splits
        self.fees = fees
        self.netOfFee = netOfFee
        self.exchangeRates = exchangeRates
        self.exchange = exchange
        self.calendar = calendar
        self.books = books
        self.late = late
        self.tolerant = tolerant
    }

    /// Whether two amounts of one currency agree. Cheap: one comparison where nothing is tolerated.
    @inlinable
    public func amountsAgree(_ ours: Int64, _ theirs: Int64, currency: String? = nil) -> Bool {
        if ours == theirs { return true }
        if let currency, let tolerance = amountByCurrency[currency] { return tolerance.agrees(ours, theirs) }
        return amount.agrees(ours, theirs)
    }

    /// Whether two fees agree; one that nobody knows agrees with every other.
    @inlinable
    public func feesAgree(_ ours: Int64?, _ theirs: Int64?) -> Bool {
        guard let ours, let theirs else { return true }
        return fee.agrees(ours, theirs)
    }

    func tolerance(of currency: String) -> AmountTolerance { amountByCurrency[currency] ?? amount }

    /// Our fee: what the books say, else what the channel's table says.
    func expectedFee(of row: MatchRow) -> Int64? { row.feeMinor ?? fees?.fee(of: row) }

    func rate(from: String, to: String) -> ExchangeRate? {
        exchangeRates.first { $0.from == from && $0.to == to }
    }
}

/// What is known about one position of the keys.
public struct KeyRule: Sendable, Hashable, Codable {
    /// Lines of one key further apart than this many days are not the same: a bank that begins its ids anew each year
    /// gets 180, one that numbers each day's lines from one gets 0. Lines without a day then have no key. Nil: never.
    public var reusedAfterDays: Int?

    public init(reusedAfterDays: Int? = nil) {
        self.reusedAfterDays = reusedAfterDays
    }

    private enum Key: String, CodingKey, CaseIterable { case reusedAfterDays }

    public init(from decoder: any Decoder) throws {
        try decoder.refuseOthers(than: Key.self)
        let values = try decoder.container(keyedBy: Key.self)
        reusedAfterDays = try values.decodeIfPresent(Int.self, forKey: .reusedAfterDays)
    }
}

/// When a line without a counterpart is late rather than missing.
public struct LateRules: Sendable, Hashable, Codable {
    /// Both sides' clocks may differ: a line this close to the cut-off may stand in the next file.
    public var slackSeconds: Int64
    /// After this many settlement days a line carried over is missing.
    public var carryDays: Int

    public init(slackSeconds: Int64 = 0, carryDays: Int = 1) {
        self.slackSeconds = slackSeconds
        self.carryDays = carryDays
    }

    private enum Key: String, CodingKey, CaseIterable { case slackSeconds, carryDays }

    public init(from decoder: any Decoder) throws {
        try decoder.refuseOthers(than: Key.self)
        let values = try decoder.container(keyedBy: Key.self)
        self.init(
            slackSeconds: try values.get(.slackSeconds, or: 0), carryDays: try values.get(.carryDays, or: 1))
    }
}
