public import Money
public import Runtime

/// A transfer's number: dense within a book, from 1, in the order of writing.
public struct TransferID: Hashable, Comparable, Sendable {
    public let sequence: Int64

    public init(_ sequence: Int64) { self.sequence = sequence }

    public static func < (left: TransferID, right: TransferID) -> Bool { left.sequence < right.sequence }
}

/// Says what a transfer is for. Numbers below 1000 are Kontor's own; tenants use those above, up to 65535.
public struct TransferCode: Hashable, Sendable {
    public let number: UInt16

    public init(_ number: UInt16) { self.number = number }

    public static let unspecified = TransferCode(0)
    public static let opening = TransferCode(1)
    public static let correction = TransferCode(2)
    public static let authorisation = TransferCode(10)
    public static let capture = TransferCode(11)
    public static let refund = TransferCode(12)
    public static let platformFee = TransferCode(13)
    public static let channelFee = TransferCode(14)
    public static let settlement = TransferCode(15)
    public static let chargeback = TransferCode(16)
    public static let sale = TransferCode(20)
    public static let tax = TransferCode(21)
    public static let shipping = TransferCode(22)
    public static let discount = TransferCode(23)
    public static let costOfGoods = TransferCode(24)
    public static let returned = TransferCode(25)
    public static let stockReceived = TransferCode(30)
    public static let stockAdjusted = TransferCode(31)
    public static let storeCredit = TransferCode(40)
}

/// How a transfer moves its amount.
public enum TransferKind: Hashable, Sendable {
    /// At once.
    case posted
    /// It is held on both accounts until it is posted, voided or expires (never, when nil).
    case pending(expiresAt: Timestamp?)
    /// What a pending transfer holds moves, in whole or in part; the rest is released.
    case postPending(TransferID)
    /// What a pending transfer holds is released.
    case voidPending(TransferID)
}

/// A transfer to be written: a debit and a credit account, an amount, and what it is for.
public struct Transfer: Hashable, Sendable {
    /// The longest reference, in bytes.
    public static let referenceLimit = 128

    public var debit: AccountRef
    public var credit: AccountRef
    /// Positive. May be nil when a pending transfer is posted (then all of it) or voided.
    public var amount: Amount?
    public var code: TransferCode
    /// The caller's own words, such as an order's id; no personal data.
    public var reference: String
    public var kind: TransferKind
    /// Stands or falls with the next transfer of the batch.
    public var isLinked: Bool

    public init(
        debit: AccountRef, credit: AccountRef, amount: Amount?, code: TransferCode = .unspecified,
        reference: String = "", kind: TransferKind = .posted, isLinked: Bool = false
    ) {
        self.debit = debit
        self.credit = credit
        self.amount = amount
        self.code = code
        self.reference = reference
        self.kind = kind
        self.isLinked = isLinked
    }

    /// Posts a pending transfer on its own accounts: all of it, or `amount` of it, and the rest is released.
    public static func posting(
        _ pending: TransferID, amount: Amount? = nil, code: TransferCode = .capture, reference: String = ""
    ) -> Transfer {
        Transfer(
            debit: .ofPending, credit: .ofPending, amount: amount, code: code, reference: reference,
            kind: .postPending(pending))
    }

    /// Releases a pending transfer.
    public static func voiding(
        _ pending: TransferID, code: TransferCode = .authorisation, reference: String = ""
    ) -> Transfer {
        Transfer(
            debit: .ofPending, credit: .ofPending, amount: nil, code: code, reference: reference,
            kind: .voidPending(pending))
    }
}

/// What became of one transfer of a batch.
public enum TransferOutcome: Hashable, Sendable {
    case written(TransferID)
    indirect case refused(LedgerError)

    public var id: TransferID? {
        guard case .written(let id) = self else { return nil }
        return id
    }

    public var error: LedgerError? {
        guard case .refused(let error) = self else { return nil }
        return error
    }
}

/// A transfer as it stands in the book.
public struct PostedTransfer: Hashable, Sendable {
    public enum Kind: Int64, Hashable, Sendable {
        case posted = 0
        case pending = 1
        case postPending = 2
        case voidPending = 3
        case expirePending = 4
    }

    public let id: TransferID
    public let debit: AccountKey
    public let credit: AccountKey
    /// Minor units that moved.
    public let amountMinor: Int64
    /// Minor units by which the held amount changed.
    public let heldMinor: Int64
    public let code: TransferCode
    public let kind: Kind
    /// The pending transfer that was posted, voided or expired.
    public let pending: TransferID?
    public let expiresAt: Timestamp?
    public let reference: String
    public let time: Timestamp

    var effect: Effect { Effect(amount: amountMinor, held: heldMinor) }
}
