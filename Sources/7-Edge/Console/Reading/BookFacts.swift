public import Money
public import Runtime

/// A transfer of the ledger by its accounts' codes.
public struct TransferFact: Sendable {
    public var id: Int64
    public var debit: String
    public var credit: String
    /// What moved; zero while it is only held.
    public var amount: Amount
    /// By how much the held amount changed.
    public var held: Amount
    public var code: Int
    /// posted, pending, post_pending, void_pending or expire_pending.
    public var kind: String
    public var reference: String
    public var at: Timestamp

    public init(
        id: Int64, debit: String, credit: String, amount: Amount, held: Amount, code: Int, kind: String,
        reference: String, at: Timestamp
    ) {
        self.id = id
        self.debit = debit
        self.credit = credit
        self.amount = amount
        self.held = held
        self.code = code
        self.kind = kind
        self.reference = reference
        self.at = at
    }
}

/// The trial balance of one currency.
public struct TrialFact: Sendable {
    public struct Line: Sendable {
        public var code: String
        public var debit: Amount
        public var credit: Amount

        public init(code: String, debit: Amount, credit: Amount) {
            self.code = code
            self.debit = debit
            self.credit = credit
        }
    }

    public var currency: Currency
    public var lines: [Line]
    public var debit: Amount
    public var credit: Amount
    public var balanced: Bool
    public var truncated: Bool

    public init(
        currency: Currency, lines: [Line], debit: Amount, credit: Amount, balanced: Bool, truncated: Bool = false
    ) {
        self.currency = currency
        self.lines = lines
        self.debit = debit
        self.credit = credit
        self.balanced = balanced
        self.truncated = truncated
    }
}

/// A page of an account's statement.
public struct StatementFact: Sendable {
    public struct Entry: Sendable {
        public var transfer: Int64
        public var at: Timestamp
        public var isDebit: Bool
        public var amount: Amount
        public var held: Amount
        public var balance: Amount
        public var counterAccount: String
        public var code: Int
        public var kind: String
        public var reference: String

        public init(
            transfer: Int64, at: Timestamp, isDebit: Bool, amount: Amount, held: Amount, balance: Amount,
            counterAccount: String, code: Int, kind: String, reference: String
        ) {
            self.transfer = transfer
            self.at = at
            self.isDebit = isDebit
            self.amount = amount
            self.held = held
            self.balance = balance
            self.counterAccount = counterAccount
            self.code = code
            self.kind = kind
            self.reference = reference
        }
    }

    public var code: String
    public var currency: Currency
    public var opening: Amount
    public var closing: Amount
    public var entries: [Entry]
    public var next: String

    public init(
        code: String, currency: Currency, opening: Amount, closing: Amount, entries: [Entry], next: String = ""
    ) {
        self.code = code
        self.currency = currency
        self.opening = opening
        self.closing = closing
        self.entries = entries
        self.next = next
    }
}

/// An event of the journal, without its payload.
public struct EventFact: Sendable {
    public var sequence: Int64
    public var at: Timestamp
    public var type: String
    public var bytes: Int
    public var hash: String
    public var previousHash: String

    public init(sequence: Int64, at: Timestamp, type: String, bytes: Int, hash: String, previousHash: String) {
        self.sequence = sequence
        self.at = at
        self.type = type
        self.bytes = bytes
        self.hash = hash
        self.previousHash = previousHash
    }
}

public struct JournalFact: Sendable {
    public var head: Int64
    public var headHash: String
    /// Newest first.
    public var events: [EventFact]

    public init(head: Int64, headHash: String, events: [EventFact]) {
        self.head = head
        self.headHash = headHash
        self.events = events
    }
}

/// What a verification of the whole chain found.
public struct VerdictFact: Sendable {
    public var verified: Int64
    public var headHash: String
    /// Nil when every event is as it was written.
    public var fault: String?
    public var detail: String
    public var took: Duration

    public init(verified: Int64, headHash: String, fault: String? = nil, detail: String = "", took: Duration) {
        self.verified = verified
        self.headHash = headHash
        self.fault = fault
        self.detail = detail
        self.took = took
    }
}

public struct StockFact: Sendable {
    public var variant: String
    public var sku: String
    public var title: String
    public var tracked: Bool
    public var onHand: Int64
    public var reserved: Int64
    public var available: Int64

    public init(
        variant: String, sku: String, title: String, tracked: Bool, onHand: Int64, reserved: Int64, available: Int64
    ) {
        self.variant = variant
        self.sku = sku
        self.title = title
        self.tracked = tracked
        self.onHand = onHand
        self.reserved = reserved
        self.available = available
    }
}

public struct ProductFact: Sendable {
    public struct Variant: Sendable {
        public var id: String
        public var sku: String
        public var title: String
        public var price: Amount
        public var compareAt: Amount?
        public var cost: Amount?

        public init(id: String, sku: String, title: String, price: Amount, compareAt: Amount?, cost: Amount?) {
            self.id = id
            self.sku = sku
            self.title = title
            self.price = price
            self.compareAt = compareAt
            self.cost = cost
        }
    }

    public var id: String
    public var title: String
    public var handle: String
    public var vendor: String
    public var category: String
    public var status: String
    public var variants: [Variant]

    public init(
        id: String, title: String, handle: String, vendor: String, category: String, status: String, variants: [Variant]
    ) {
        self.id = id
        self.title = title
        self.handle = handle
        self.vendor = vendor
        self.category = category
        self.status = status
        self.variants = variants
    }
}
