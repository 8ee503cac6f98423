public import Contract
public import Runtime

/// A book's move to another place, from its beginning until the directory names the new place.
///
/// It stands in the directory, so that a process that dies leaves its successor everything: from where, to where, and
/// who works on it. Each attempt has its own mark and copies into a book of its own name; only the latest can end.
public struct Relocation: Sendable, Hashable {
    public let tenant: TenantID
    public let from: BookPlace
    public let to: BookPlace
    /// Names this attempt, on the seal of the book as well; greater for a later one.
    public let mark: [UInt8]
    public let since: Timestamp
}

/// A copy of a book that its tenant has left.
public struct LeftBook: Sendable, Hashable {
    public let tenant: TenantID
    public let place: BookPlace
    public let leftAt: Timestamp
}
