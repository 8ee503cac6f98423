public import Money

/// What a line of a statement is about, whatever words its channel uses.
public enum RowKind: String, Hashable, Sendable, Codable, CaseIterable {
    /// Money for a sale, or any credit of a bank account.
    case payment
    /// Money given back to a customer.
    case refund
    /// What the channel or the bank charges, on a line of its own.
    case fee
    /// Money that left the channel for the merchant's bank account.
    case payout
    /// A payment that the customer's bank took back, and what becomes of such a dispute.
    case chargeback
    /// A correction, a reserve, a transfer between own accounts; whatever is none of the others.
    case adjustment
    /// An exchange between two currencies of one account.
    case fx

    /// The place in `allCases`.
    var place: Int {
        switch self {
        case .payment: 0
        case .refund: 1
        case .fee: 2
        case .payout: 3
        case .chargeback: 4
        case .adjustment: 5
        case .fx: 6
        }
    }
}

/// How far the channel has got with the line's money. The channel's own word stays in `StatementRow.rawStatus`.
public enum RowStatus: String, Hashable, Sendable, Codable, CaseIterable {
    case succeeded, pending, failed, reversed
}

/// One line of a statement in the words of no channel in particular.
///
/// Signs are the merchant's: a positive amount came to us, a positive fee was kept by the channel, and so
/// `netMinor = amountMinor - feeMinor`. Amounts come from the file's text by integer arithmetic alone.
public struct StatementRow: Hashable, Sendable {
    /// The largest amount of either sign: it leaves room for a difference of two amounts in 64 bits.
    public static let largestMinor: Int64 = 1_000_000_000_000_000_000

    /// Who sent the statement: `wechat`, `alipay`, `unionpay`, `stripe`, `bank`, …
    public var channel: String
    public var kind: RowKind
    /// The channel's name of this movement; empty when the file gives none.
    public var channelReference: String
    /// Our own name of the payment it belongs to, usually the order; empty when the file gives none.
    public var merchantReference: String
    /// Our own name of a refund or another change of a payment, where the file gives one beside the order.
    public var merchantRefundReference: String
    /// Of a refund or chargeback: the channel's reference of the payment it belongs to.
    public var originalReference: String
    /// The account of the line, where a file has several; empty otherwise.
    public var account: String
    public var currency: Currency
    /// Minor units, positive when money comes to us.
    public var amountMinor: Int64
    /// The amount as the file has it, where it is finer than the currency (brokers: four decimals of a dollar);
    /// `amountMinor` is then rounded half away from zero.
    public var fineAmount: ExactDecimal?
    /// Minor units, positive when the channel keeps them. Rounded half away from zero when the file is finer.
    public var feeMinor: Int64
    /// The fee as the file has it, where it is finer than the currency (WeChat: five decimals).
    public var fineFee: ExactDecimal?
    public var status: RowStatus
    /// The channel's own word for the status.
    public var rawStatus: String
    /// When it happened.
    public var time: StatementTime?
    /// When it counts for interest or is paid out.
    public var valueDate: CivilDate?
    public var description: String
    /// The first line of the row in the unpacked file, from 1.
    public var line: Int
    /// Where that line begins in the unpacked file, in bytes from 0.
    public var offset: Int64

    /// What remains for us: the amount less the fee.
    public var netMinor: Int64 { amountMinor - feeMinor }

    public init(
        channel: String, kind: RowKind, currency: Currency, amountMinor: Int64, feeMinor: Int64 = 0,
        channelReference: String = "", merchantReference: String = "", merchantRefundReference: String = "",
        originalReference: String = "", account: String = "", fineFee: ExactDecimal? = nil,
        status: RowStatus = .succeeded, rawStatus: String = "", time: StatementTime? = nil, valueDate: CivilDate? = nil,
        description: String = "", line: Int, offset: Int64
    ) {
        precondition(
            amountMinor.magnitude <= Self.largestMinor.magnitude && feeMinor.magnitude <= Self.largestMinor.magnitude,
            "amounts of a row were bounded when they were read")
        self.channel = channel
        self.kind = kind
        self.channelReference = channelReference
        self.merchantReference = merchantReference
        self.merchantRefundReference = merchantRefundReference
        self.originalReference = originalReference
        self.account = account
        self.currency = currency
        self.amountMinor = amountMinor
        self.feeMinor = feeMinor
        self.fineFee = fineFee
        self.status = status
        self.rawStatus = rawStatus
        self.time = time
        self.valueDate = valueDate
        self.description = description
        self.line = line
        self.offset = offset
    }
}
