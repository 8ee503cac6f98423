public import Contract
public import Money
public import Runtime
public import Store

/// What the books say of one movement of money at a channel, in the words of the channel's statement.
public struct ClearingItem: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable { case payment, refund }
    public enum Status: String, Hashable, Sendable { case succeeded, pending, failed }

    public let kind: Kind
    public let payment: PaymentID
    /// What was paid, for example an order's identifier: the reference of its transfers in the ledger.
    public let reference: String
    /// The name under which the channel knows the movement: the attempt's, or the refund's.
    public let merchantReference: String
    /// The channel's own name; of a refund that of the payment it returns.
    public let channelReference: String
    /// Plus is money to us, so refunds are negative.
    public let amount: Amount
    /// What the channel was known to keep when this was read; zero while it has not said.
    public let fee: Amount
    public let status: Status
    /// When it was captured or refunded; for what is neither, when it began.
    public let at: Timestamp
}

extension Payments {
    /// The captures and refunds of a channel with a business time from `from` (included) to `until` (excluded), and
    /// what was tried there and came to nothing or is not known yet; captures first, each kind in the order of time.
    /// One row at a time: memory does not grow with the window.
    public static func clearingItems(
        channel: String, from: Timestamp, until: Timestamp, in reader: any SQLReader,
        _ onItem: (ClearingItem) throws -> Void
    ) throws {
        try reader.forEach(
            """
            SELECT a.payment_id, a.number, a.state, COALESCE(a.capture_minor, p.amount_minor), a.captured_minor,
            a.fee_minor, a.channel_reference, a.clearing_at, p.reference, p.currency
            FROM payment_attempts AS a JOIN payments AS p ON p.id = a.payment_id
            WHERE a.clearing_at >= \(from) AND a.clearing_at < \(until) AND p.channel = \(channel)
            ORDER BY a.clearing_at, a.payment_id, a.number
            """
        ) { try onItem(try attempt($0)) }
        try reader.forEach(
            """
            SELECT r.payment_id, r.id, r.state, r.amount_minor, r.clearing_at, p.reference, r.currency,
            a.channel_reference
            FROM payment_refunds AS r JOIN payments AS p ON p.id = r.payment_id
            JOIN payment_attempts AS a ON a.payment_id = r.payment_id AND a.number = r.attempt
            WHERE r.clearing_at >= \(from) AND r.clearing_at < \(until) AND p.channel = \(channel)
            ORDER BY r.clearing_at, r.payment_id, r.id
            """
        ) { try onItem(try refund($0)) }
    }

    private static func attempt(_ row: Row) throws -> ClearingItem {
        let payment: PaymentID = try row.get(0)
        let state: AttemptState = try StoredWord.read(row.text(2))
        let currency = try Currency(code: row.text(9))
        let isCaptured = state == .captured
        return ClearingItem(
            kind: .payment, payment: payment, reference: row.text(8),
            merchantReference: AttemptReference(payment: payment, number: try row.get(1)).text,
            channelReference: row.text(6),
            amount: Amount(minor: isCaptured ? row.int64(4) : row.int64(3), currency),
            fee: Amount(minor: isCaptured ? row.int64(5) : 0, currency),
            status: isCaptured ? .succeeded : state.isFinal ? .failed : .pending, at: try row.get(7))
    }

    private static func refund(_ row: Row) throws -> ClearingItem {
        let state: RefundState = try StoredWord.read(row.text(2))
        let currency = try Currency(code: row.text(6))
        let id: PaymentRefundID = try row.get(1)
        return ClearingItem(
            kind: .refund, payment: try row.get(0), reference: row.text(5), merchantReference: id.description,
            channelReference: row.text(7), amount: Amount(minor: 0 - row.int64(3), currency), fee: .zero(currency),
            status: state == .succeeded ? .succeeded : state == .failed ? .failed : .pending, at: try row.get(4))
    }
}
