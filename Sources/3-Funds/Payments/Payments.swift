public import Contract
internal import Journal
public import Ledger
public import Logging
public import Money
public import Runtime
public import Store

/// Finds a tenant's channel by its name; throws when the tenant has no account there.
public typealias ChannelDirectory = @Sendable (_ channel: String, _ tenant: String) async throws -> any PaymentChannel

/// The share of each capture that the platform keeps, for the book that is read.
public typealias FeePolicy = @Sendable (any SQLReader) throws -> Rate

/// Asks payment channels for money and books what really happened.
///
/// Every call to a channel stands between two commands: the first records the intent, the second the outcome. No
/// transaction is open and nothing is locked while a channel thinks. Whatever is not certain stays `unknown` until the
/// channel says what became of it.
public struct Payments: Sendable {
    /// 0.8 % of what is captured, unless a tenant has another rule.
    public static let standardFee = Rate(basisPoints: 80)
    /// A payment that was refused this often is not tried again.
    public static let attemptLimit = 20
    /// How long a request may be under way before the job asks what became of it. Longer than any channel's time-out.
    public static let patience = Duration.seconds(60)

    let ledger: Ledger
    let channels: ChannelDirectory
    let feePolicy: FeePolicy
    let logger: Logger

    public init(
        ledger: Ledger, channels: @escaping ChannelDirectory,
        feePolicy: @escaping FeePolicy = { _ in Payments.standardFee }, logger: Logger = Logger(label: "payments")
    ) {
        self.ledger = ledger
        self.channels = channels
        self.feePolicy = feePolicy
        self.logger = logger
    }

    /// Opens a payment for a reference, for example an order. No money moves yet.
    public func open(
        reference: String, amount: Amount, channel: String, captureMode: CaptureMode = .automatic, in tx: Transaction
    ) throws -> PaymentID {
        guard amount.isPositive else {
            throw PaymentsError(.amountNotPositive, "a payment of \(amount) must be more than zero")
        }
        try openAccounts(channel: channel, currency: amount.currency, in: tx)
        let payment = PaymentRecord(
            id: tx.newID(), reference: reference, channel: channel, amount: amount, captureMode: captureMode,
            now: tx.now)
        try PaymentsStorage.insert(payment, in: tx)
        try tell(.opened, payment, in: tx)
        return payment.id
    }

    /// Authorises the payment with an instrument and, when its capture mode is automatic, captures it.
    ///
    /// It answers with the payment as it then stands: captured, authorised, declined or unknown. A payment that is taken
    /// already is answered as it is. Refused while a request is under way or an outcome is unknown.
    public func pay(_ id: PaymentID, instrument: String, _ context: CallContext) async throws -> V1Payment {
        guard (1...200).contains(instrument.utf8.count) else {
            throw PaymentsError(.instrumentInvalid, "the instrument must have 1 to 200 bytes")
        }
        let book = context.book
        let intent = try await book.write("payments.authorise", deadline: context.deadline) { tx in
            try beginAuthorise(id, instrument: instrument, in: tx)
        }
        if let intent { try await carryOut(intent, book: book, tenant: context.caller.tenant) }
        return try await book.read { try message(id, $0) }
    }

    /// The payment as it stands, for a caller inside a transaction.
    public func payment(_ id: PaymentID, _ reader: any SQLReader) throws -> V1Payment { try message(id, reader) }

    /// Asks the channels what became of everything that has waited long enough, at most `limit` payments.
    /// Returns how many it looked at. Run it every second or so for each open book.
    @discardableResult
    public func resolveUnknown(_ book: Book, tenant: String, limit: Int = 50) async throws -> Int {
        let now = book.world.now()
        let due = try await book.read { try PaymentsStorage.due(at: now, limit: limit, $0) }
        for id in due {
            do {
                try await resolve(id, book: book, tenant: tenant)
            } catch {
                // One payment that cannot be resolved must not keep the others waiting.
                logger.warning("payment not resolved", metadata: ["payment": "\(id)", "error": "\(error)"])
            }
        }
        return due.count
    }
}
