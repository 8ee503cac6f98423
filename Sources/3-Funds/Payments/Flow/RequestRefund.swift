public import Contract
public import Money
public import Runtime
public import Store

/// Refunds for capabilities above, which decide them inside a transaction of their own.
extension Payments {
    /// Reserves the amount and asks for its refund; it stands or falls with the caller's transaction. Nothing is sent
    /// inside a transaction: `sendRefunds` or the job sends it afterwards, once, however often either runs.
    public func requestRefund(
        _ id: PaymentID, amount: Amount, reason: String, in tx: Transaction
    ) throws -> PaymentRefundID {
        var (refund, _) = try beginRefund(id, amount: amount, reason: reason, in: tx)
        refund.state = .requested
        refund.nextActionAt = tx.now
        try RefundsStorage.save(refund, in: tx)
        return refund.id
    }

    /// Sends what was asked for and is not sent yet, and asks the channel about what is uncertain.
    public func sendRefunds(of id: PaymentID, _ book: Book, tenant: String) async throws {
        try await resolve(id, book: book, tenant: tenant)
    }
}
