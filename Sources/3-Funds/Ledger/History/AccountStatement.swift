public import Money
public import Runtime

/// The statement of an account over a period, or a page of it.
public struct AccountStatement: Hashable, Sendable {
    public struct Line: Hashable, Sendable {
        public let transfer: TransferID
        public let time: Timestamp
        public let side: NormalSide
        /// What moved; zero where something was only held or released.
        public let amount: Amount
        /// By how much the held amount changed.
        public let held: Amount
        /// Posted, on the account's normal side, after this line.
        public let balance: Amount
        public let counterAccount: String
        public let code: TransferCode
        public let kind: PostedTransfer.Kind
        public let reference: String
    }

    public let account: Account
    /// Posted, on the account's normal side, before the first line.
    public let opening: Amount
    public let lines: [Line]
    /// Posted, on the account's normal side, after the last line.
    public let closing: Amount
    /// Where the next page begins; nil when this was the last.
    public let next: TransferID?
}
