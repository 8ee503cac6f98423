public import Money
public import Runtime

/// What is not settled yet on a clearing account under one reference: captures less refunds, fees and settlements.
///
/// Open items are kept for accounts whose code begins with `clearing:`, in the batch that moves them, so the open
/// items of such an account add up to its balance at any moment. An item that comes to zero is closed and goes; what it
/// was stands in the transfers.
public struct OpenItem: Hashable, Sendable {
    /// The reference of the transfers, for example an order's identifier; empty for those that carried none.
    public let reference: String
    /// Plus: the channel owes it to us. Minus: more came than our books knew of.
    public let open: Amount
    /// The transfer that opened it, and when.
    public let opened: TransferID
    public let openedAt: Timestamp
    /// The last transfer that changed it.
    public let moved: TransferID
}

/// A clearing account whose open items do not add up to its balance: the books are broken.
public struct OpenItemFault: Hashable, Sendable {
    public let account: Account
    public let balance: Amount
    public let open: Amount
}

extension ChartAccount {
    /// What the codes of accounts begin with whose items are kept open until they are settled.
    public static let clearingPrefix = "clearing:"

    static func isClearing(_ code: String) -> Bool { code.hasPrefix(clearingPrefix) }
}
