public import Contract
public import Money

/// Why the ledger refused. Nothing of a refused transfer remains.
public struct LedgerError: Error, Hashable, Sendable, CustomStringConvertible {
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        enum Name: String, CaseIterable {
            case amountNotPositive = "amount-not-positive"
            case amountMissing = "amount-missing"
            case sameAccount = "same-account"
            case accountUnknown = "account-unknown"
            case accountExists = "account-exists"
            case accountCodeInvalid = "account-code-invalid"
            case currencyMismatch = "currency-mismatch"
            case debitsExceedCredits = "debits-exceed-credits"
            case creditsExceedDebits = "credits-exceed-debits"
            case overflow = "overflow"
            case transferUnknown = "transfer-unknown"
            case pendingUnknown = "pending-unknown"
            case pendingAlreadyPosted = "pending-already-posted"
            case pendingAlreadyVoided = "pending-already-voided"
            case pendingExpired = "pending-expired"
            case pendingMismatch = "pending-mismatch"
            case exceedsPendingAmount = "exceeds-pending-amount"
            case expiryNotInFuture = "expiry-not-in-future"
            case referenceTooLong = "reference-too-long"
            case linkedTransferFailed = "linked-transfer-failed"
            case linkedChainOpen = "linked-chain-open"
            case batchTooLarge = "batch-too-large"
        }

        let name: Name

        public static let amountNotPositive = Code(name: .amountNotPositive)
        /// A posted or pending transfer came without an amount.
        public static let amountMissing = Code(name: .amountMissing)
        public static let sameAccount = Code(name: .sameAccount)
        public static let accountUnknown = Code(name: .accountUnknown)
        /// The code is taken in this currency by an account with another normal side or limit.
        public static let accountExists = Code(name: .accountExists)
        public static let accountCodeInvalid = Code(name: .accountCodeInvalid)
        /// An account named by its key is not in the currency of the amount.
        public static let currencyMismatch = Code(name: .currencyMismatch)
        /// The account may not pay out more than came in, counting what is held.
        public static let debitsExceedCredits = Code(name: .debitsExceedCredits)
        /// The account may not give more than it has, counting what is held.
        public static let creditsExceedDebits = Code(name: .creditsExceedDebits)
        /// A total of the account would leave 64 bits.
        public static let overflow = Code(name: .overflow)
        public static let transferUnknown = Code(name: .transferUnknown)
        public static let pendingUnknown = Code(name: .pendingUnknown)
        public static let pendingAlreadyPosted = Code(name: .pendingAlreadyPosted)
        public static let pendingAlreadyVoided = Code(name: .pendingAlreadyVoided)
        public static let pendingExpired = Code(name: .pendingExpired)
        /// The accounts or the currency named are not those of the pending transfer.
        public static let pendingMismatch = Code(name: .pendingMismatch)
        public static let exceedsPendingAmount = Code(name: .exceedsPendingAmount)
        public static let expiryNotInFuture = Code(name: .expiryNotInFuture)
        public static let referenceTooLong = Code(name: .referenceTooLong)
        /// Another transfer of the linked chain was refused.
        public static let linkedTransferFailed = Code(name: .linkedTransferFailed)
        /// The batch ended while a chain was still open.
        public static let linkedChainOpen = Code(name: .linkedChainOpen)
        public static let batchTooLarge = Code(name: .batchTooLarge)

        public var description: String { name.rawValue }
    }

    public let code: Code
    /// The account that refused, by its code or `#key`.
    public let account: String?
    public let currency: Currency?
    /// The amount that was refused, in minor units; with `batchTooLarge` the size of the batch.
    public let amountMinor: Int64?
    public let transfer: TransferID?

    init(
        _ code: Code, account: String? = nil, currency: Currency? = nil, amountMinor: Int64? = nil,
        transfer: TransferID? = nil
    ) {
        self.code = code
        self.account = account
        self.currency = currency
        self.amountMinor = amountMinor
        self.transfer = transfer
    }

    /// One sentence that names the value and the rule.
    public var description: String {
        let account = "account \(account ?? "?")\(currency.map { " in \($0)" } ?? "")"
        let amount = "the amount \(amountMinor ?? 0)\(currency.map { " (minor units of \($0))" } ?? "")"
        let transfer = "pending transfer \(transfer?.sequence ?? 0)"
        return switch code.name {
        case .amountNotPositive: "\(amount) must be greater than zero"
        case .amountMissing: "a posted or pending transfer must have an amount"
        case .sameAccount: "\(account) must not be both debit and credit"
        case .accountUnknown: "\(account) does not exist"
        case .accountExists: "\(account) exists already with another normal side or limit"
        case .accountCodeInvalid:
            "the account code \"\(self.account ?? "")\" must be 1 to 64 of a–z, 0–9, _, -, . and :"
        case .currencyMismatch: "\(account) is not in the currency of the amount"
        case .debitsExceedCredits: "\(account) may not be debited by \(amountMinor ?? 0): debits would exceed credits"
        case .creditsExceedDebits: "\(account) may not be credited by \(amountMinor ?? 0): credits would exceed debits"
        case .overflow: "\(amount) would carry \(account) out of 64 bits"
        case .transferUnknown: "transfer \(self.transfer?.sequence ?? 0) does not exist"
        case .pendingUnknown: "\(transfer) does not exist or never was pending"
        case .pendingAlreadyPosted: "\(transfer) was posted already"
        case .pendingAlreadyVoided: "\(transfer) was voided already"
        case .pendingExpired: "\(transfer) has expired"
        case .pendingMismatch: "the accounts and the currency must be those of \(transfer)"
        case .exceedsPendingAmount: "\(amount) is more than \(transfer) holds"
        case .expiryNotInFuture: "a pending transfer must expire in the future"
        case .referenceTooLong: "a reference must not be longer than \(Transfer.referenceLimit) bytes"
        case .linkedTransferFailed: "another transfer of the linked chain was refused"
        case .linkedChainOpen: "the last transfer of a batch must not be linked to a next one"
        case .batchTooLarge: "a batch of \(amountMinor ?? 0) transfers is larger than \(Ledger.batchLimit)"
        }
    }
}

extension LedgerError: ProblemConvertible {
    public var problem: Problem {
        var extensions: [String: String] = [:]
        if let account { extensions["account"] = account }
        if let currency { extensions["currency"] = currency.code }
        if let transfer { extensions["transfer"] = String(transfer.sequence) }
        return Problem(
            type: "ledger-" + code.description, title: "The ledger refused", status: status, detail: description,
            extensions: extensions)
    }

    private var status: Int {
        switch code.name {
        case .accountUnknown, .transferUnknown, .pendingUnknown: 404
        case .accountExists, .debitsExceedCredits, .creditsExceedDebits, .pendingAlreadyPosted, .pendingAlreadyVoided,
            .pendingExpired, .linkedTransferFailed:
            409
        case .batchTooLarge: 413
        default: 422
        }
    }
}
