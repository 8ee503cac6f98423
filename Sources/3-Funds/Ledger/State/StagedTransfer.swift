/// A transfer that was accepted and waits for its batch to be written. Its sequence is its place.
struct StagedTransfer {
    let debit: Int64
    let credit: Int64
    let effect: Effect
    /// The pending transfer it resolves; 0 for none.
    let pending: Int64
    let expiresAt: Int64?
    let code: TransferCode
    let kind: PostedTransfer.Kind
    let reference: String
}
